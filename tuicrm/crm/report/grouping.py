"""`--by`: from a word to what puts each case into exactly one group."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.crm.lookup import names
from tuicrm.crm.report.declared import DATES
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Case, Report
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
EMPTY = "(none)"
NOBODY = "(nobody)"
UNKNOWN = "(not known)"


class Group:
    """What puts cases into groups."""

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title
        self._labels: dict[str, str] = {}

    def key(self, case: Case) -> str:
        """Return the key of the one group that a case belongs to."""
        raise NotImplementedError

    def label(self, key: str) -> str:
        """Return what people call a group."""
        return self._labels.get(key) or key or EMPTY

    def place(self, key: str) -> Any:
        """Return what sorts groups in their natural order; None where they have none."""
        return None


class ByTime(Group):
    """By the day that a case counts on."""

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(name, name)
        self._week_start = session.reading.week_start
        self._spans: dict[str, Period] = {}

    def key(self, case: Case) -> str:
        """Return `2026-10-08`, `2026-10`, `2026-Q4`, `2026`; of a week, its first day."""
        return self.of(date.fromordinal(case.day))

    def of(self, day: date) -> str:
        """Return the key of the group that a day is in."""
        span = self._span(day)
        key = span.first.isoformat() if self.name in ("day", "week") else span.key
        if key not in self._spans:
            self._spans[key] = span
            self._labels[key] = key if self.name in ("day", "week") else span.title
        return key

    def _span(self, day: date) -> Period:
        from tuicrm.crm.periods import Period, month_of, quarter_of, year_of

        if self.name == "day":
            return Period(day, day + timedelta(days=1))
        if self.name == "week":
            first = day - timedelta(days=(day.weekday() - self._week_start) % 7)
            return Period(first, first + timedelta(days=7))
        return {"month": month_of, "quarter": quarter_of, "year": year_of}[self.name](day)

    def period(self, key: str) -> Period:
        """Return the days of a group that was met."""
        return self._spans[key]

    def before(self, key: str) -> str:
        """Return the key of the group right before another."""
        return self.of(self._spans[key].first - timedelta(days=1))

    def within(self, span: Period, last: date) -> list[str]:
        """Return the keys of all groups in a span, up to the one that holds a last day."""
        found, day = [], span.first
        while day < span.end and day <= last:
            key = self.of(day)
            found.append(key)
            day = self._spans[key].end
        return found

    def place(self, key: str) -> Any:
        """Return the first day of a group."""
        return self._spans[key].first


class ByStage(Group):
    """By the stage that a deal was in, in the order of its pipeline; named with it where there are several."""

    def __init__(self, session: Session) -> None:
        super().__init__("stage", "stage")
        from tuicrm.crm import derive
        from tuicrm.crm.stages import stages

        self._facts = derive.deals(session)
        self.places: dict[str, tuple[int, int]] = {}
        """The place of each stage: the pipeline's among pipelines, the stage's in it."""
        held = session.ws.all("pipeline")
        several = len(held) > 1
        for nth, (pipeline, record) in enumerate(held.items()):
            for at, stage in enumerate(stages(record)):
                key = f"{pipeline}/{stage.key}" if several else stage.key
                self._labels[key] = f"{word(record.get('name'))}: {stage.name}" if several else stage.name
                self.places[key] = (nth, at)
        self._several = several

    def key(self, case: Case) -> str:
        """Return the stage's key, with the id of its pipeline before it where there are several."""
        return self.of(self._facts.pipeline(case.subject), case.stage) if case.subject and case.stage else ""

    def of(self, pipeline: str, stage: str) -> str:
        """Return the key of a stage of a pipeline."""
        return f"{pipeline}/{stage}" if self._several else stage

    def label(self, key: str) -> str:
        """Return the stage's name."""
        return super().label(key) if key else UNKNOWN

    def place(self, key: str) -> Any:
        """Return the place in the pipelines; stages that nobody knows come last."""
        return self.places.get(key, (len(self.places), 0))


class ByValue(Group):
    """By a value that is read from each case; texts that differ in case or accents only are one group."""

    def __init__(self, name: str, title: str, read: Callable[[Case], Any], said: Callable[[Any], str]) -> None:
        super().__init__(name, title)
        self._read = read
        self._said = said
        self._empty = NOBODY if name == "owner" else EMPTY
        self._keys: dict[Any, str] = {}

    def key(self, case: Case) -> str:
        """Return the value as text; several values of one case are one group together."""
        value = self._read(case)
        if value is None or value in ("", [], {}):
            return ""
        held: Any = tuple(sorted(map(str, value))) if isinstance(value, (list, dict)) else value
        if held not in self._keys:
            said = ", ".join(sorted(map(self._said, held))) if isinstance(held, tuple) else self._said(held)
            self._keys[held] = self._keyed(held, said)
            self._labels.setdefault(self._keys[held], said)
        return self._keys[held]

    def _keyed(self, held: Any, said: str) -> str:
        return "+".join(held) if isinstance(held, tuple) else fold(said).strip()

    def label(self, key: str) -> str:
        """Return the value as it was first met."""
        return self._labels.get(key, key) if key else self._empty


class ByRef(ByValue):
    """By a record that is referred to: groups are ids, so that namesakes stay apart."""

    def _keyed(self, held: Any, said: str) -> str:
        return "+".join(held) if isinstance(held, tuple) else str(held)

    def name_of(self, key: str) -> str:
        """Return what the record is called, for a group without cases."""
        return self._labels.setdefault(key, self._said(key)) if key else self._empty

    def label(self, key: str) -> str:
        """Return what the record is called."""
        return self._labels[key] if key in self._labels else self.name_of(key)


class ByBoth(Group):
    """By one group and, within it, by another."""

    def __init__(self, outer: Group, inner: Group) -> None:
        super().__init__(outer.name, f"{outer.title} / {inner.title}")
        self._outer = outer
        self._inner = inner
        self._pairs: dict[str, tuple[str, str]] = {}

    def key(self, case: Case) -> str:
        """Return both keys as one."""
        pair = (self._outer.key(case), self._inner.key(case))
        key = " / ".join(pair)
        self._pairs[key] = pair
        return key

    def label(self, key: str) -> str:
        """Return both labels as one."""
        outer, inner = self._pairs[key]
        return f"{self._outer.label(outer)} / {self._inner.label(inner)}"

    def place(self, key: str) -> Any:
        """Return what keeps the parts of an outer group together, in the order of the inner one."""
        outer, inner = self._pairs[key]
        place = self._inner.place(inner)
        return (fold(self._outer.label(outer)), outer, place is None, place, fold(self._inner.label(inner)), inner)


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
