"""`--by`: from a word to what puts each case into exactly one group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.lookup import names
from tuicrm.crm.report.declared import DATES
from tuicrm.crm.report.groups import ByRef, ByStage, ByTime, ByValue
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.report.declared import Case, Report
    from tuicrm.crm.report.groups import Group
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

Record = dict[str, Any]

SHORT = {
    "rep": "owner",
    "team": "owner.team",
    "territory": "owner.territory",
    "region": "owner.territory",
    "manager": "owner.manager",
    "industry": "company.industry",
    "country": "company.country",
    "city": "company.city",
    "family": "product.family",
    "reason": "lost_reason",
}
"""Words for fields of records that a deal refers to; a field of the deal by that name goes before."""


def group_named(session: Session, report: Report, text: str) -> Group:
    """Return what a word after `--by` means for a report, its own where it is empty; raises Invalid."""
    typed = (text.strip() or report.by).lower().replace("-", "_")
    fields = session.kind(report.subject).by_name
    name = typed if typed in fields or typed in report.also else SHORT.get(typed, typed)
    if report.within and not {name, typed} & set(report.within):
        raise Invalid(
            f"by: {report.name} is reported by {', '.join(report.within)}, not by {text.strip()!r}", field="by"
        )
    if name in report.without:
        raise Invalid(f"by: {report.name} makes no sense by {name}; trends shows figures by month", field="by")
    if name in DATES:
        return ByTime(session, name)
    if name in report.also:
        return ByValue(name, name, lambda case: case.record.get("type" if name == "kind" else name), str)
    if name == "owner":
        return ByRef("owner", "owner", lambda case: case.owner, _namer(session, "user"))
    if report.subject == "deal" and name in _OF_DEALS:
        return _OF_DEALS[name](session)
    if "." in name:
        return _through(session, report, name)
    field = fields.get(name)
    if field is None or not _groupable(field):
        raise _unknown(session, report, text.strip())
    return _by_field(session, report.subject, field, lambda case: case.subject, field.name)


def _by_status(session: Session) -> Group:
    return ByValue("status", "status", lambda case: case.outcome, str)


def _by_pipeline(session: Session) -> Group:
    from tuicrm.crm import derive

    facts = derive.deals(session)
    return ByRef("pipeline", "pipeline", lambda case: facts.pipeline(case.subject), _namer(session, "pipeline"))


def _by_product(session: Session) -> Group:
    from tuicrm.crm.lookup import products_of

    def read(case: Case) -> list[str]:
        return list(dict.fromkeys(products_of(case.subject)))

    return ByRef("product", "product", read, _namer(session, "product"))


_OF_DEALS: dict[str, Callable[[Session], Group]] = {
    "stage": ByStage,
    "status": _by_status,
    "pipeline": _by_pipeline,
    "product": _by_product,
}
"""Fields of deals that are grouped by what held when a case counts, or by several values together."""


def _by_field(session: Session, kind: str, field: Field, of: Callable[[Case], Record | None], name: str) -> Group:
    from tuicrm.crm.rows import value_reader
    from tuicrm.records.values import Day

    read = value_reader(session, kind, field)

    def value(case: Case) -> Any:
        record = of(case)
        return read(record) if record else None

    if field.type.refers:
        return ByRef(name, field.title, value, _namer(session, field.type.refers))
    if isinstance(field.type, Day):
        return ByValue(name, f"month of {field.title}", lambda case: word(value(case))[:7], str)
    plain = field.type.text
    return ByValue(name, field.title, value, lambda held: held if isinstance(held, str) else plain(held))


def _through(session: Session, report: Report, name: str) -> Group:
    """Return a group by a field of the record that the subject refers to: `company.country`, `owner.team`."""
    head, _, tail = name.partition(".")
    field = session.kind(report.subject).by_name.get(head)
    refers = field.type.refers if field is not None and not field.type.many and field.type.refers != "stage" else ""
    inner = session.kind(refers).by_name.get(tail) if refers else None
    if field is None or inner is None or not _groupable(inner):
        from tuicrm.folding import nearest

        held = [one.name for one in session.kind(refers).all_fields if _groupable(one)] if refers else []
        near = nearest(tail, held) if refers else None
        guess = f"; did you mean {head}.{near}?" if near else "; write one such as owner.team or company.country"
        raise Invalid(f"by: there is nothing to group by called {name!r}{guess}", field="by")
    everyone, read = session.ws.all(refers), _reference(session, report, field)
    return _by_field(session, refers, inner, lambda case: everyone.get(read(case)), name)


def _reference(session: Session, report: Report, field: Field) -> Callable[[Case], str]:
    """Return what reads the id that a subject's field refers to, an owner as of the day that a case counts on."""
    if field.name == "owner":
        return lambda case: case.owner
    from tuicrm.crm.rows import value_reader

    read = value_reader(session, report.subject, field)
    return lambda case: word(read(case.subject)) if case.subject else ""


def _namer(session: Session, kind: str) -> Callable[[Any], str]:
    held = names(session, kind)
    return lambda key: held[key] or f"…{str(key)[-4:]}"


def _groupable(field: Field) -> bool:
    """Tell whether a field has values that records share: no amounts, no long texts, no maps."""
    return field.type.name not in ("money", "long text", "map", "e-mails", "phones", "repeat rule")


def choices(session: Session, report: Report) -> list[str]:
    """Return the words that `--by` takes for a report."""
    if report.within:
        return list(report.within)
    fields = [one.name for one in session.kind(report.subject).all_fields if _groupable(one)]
    return [*report.also, *fields, *SHORT, *DATES]


def _unknown(session: Session, report: Report, text: str) -> Invalid:
    from tuicrm.folding import nearest

    near = nearest(text, choices(session, report))
    guess = f"; did you mean {near}?" if near else "; write one such as owner, team, stage, source, industry or month"
    return Invalid(f"by: there is nothing to group by called {text!r}{guess}", field="by")
