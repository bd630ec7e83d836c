"""What the names in a template stand for, and what they say of a record: the same words that people see elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.rows import NAME_SUFFIX
from tuicrm.crm.shapes import word, words
from tuicrm.records.types import Addresses, ranked

if TYPE_CHECKING:
    from datetime import date

    from tuicrm.crm.about import About
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

Record = dict[str, Any]

FIRST_NAME = "first_name"
ME = "me"
PEOPLE = ("contact", "lead")
_OWN_NAMED = ("contact", "lead", "deal", "company")


def fitting(session: Session, about: About) -> list[Record]:
    """Return the templates that can be filled from a record: that of its step, those of its own kind, the others."""
    kinds: dict[str, int] = {
        **({"deal": 2} if about.deal else {}),
        **({"contact": 2} if about.contacts else {}),
        **({"company": 3} if about.company else {}),
        **({"lead": 2} if about.lead else {}),
    }
    if about.kind in PEOPLE:
        kinds.update(dict.fromkeys(PEOPLE, 2))
    kinds[about.kind] = 1
    step = _of_step(session, about.followup)
    held = [one for one in session.ws.all("template").values() if word(one.get("of")) in kinds]
    return sorted(held, key=lambda one: (one["id"] != step, kinds[word(one.get("of"))], word(one.get("name"))))


def _of_step(session: Session, followup: str) -> str:
    """Return the template of the step of a sequence that a follow-up is; empty for none."""
    if not followup or not session.ws.all("enrolment"):
        return ""
    from tuicrm.crm.enrolments import of_followup

    found = of_followup(session, followup)
    return found[1].template if found is not None else ""


def unknown(session: Session, kind: str, name: str) -> str:
    """Return why a name says nothing in a template for a kind of record, naming the nearest; empty where it does."""
    head, dot, tail = name.partition(".")
    if kind == "lead" and head == "company" and tail == "name":
        return ""
    target = _target(session, kind, head) if dot else kind
    if not target:
        return f"{{{name}}}: {session.kind(kind).many} lead to no {head!r}; {_leads(session, kind)} do"
    if tail == FIRST_NAME or (not dot and name == FIRST_NAME) or _field(session, target, tail or name):
        return ""
    from tuicrm.folding import nearest

    known = [one.name for one in session.kind(target).all_fields] + [FIRST_NAME]
    near = nearest(tail or name, known)
    guess = f"; did you mean {{{head + '.' if dot else ''}{near}}}?" if near else ""
    return f"{{{name}}}: {session.kind(target).many} have no field {tail or name!r}{guess}"


def _leads(session: Session, kind: str) -> str:
    held = [one.type.singular(one.name) for one in session.kind(kind).all_fields if _named_kind(one)]
    return ", ".join((*dict.fromkeys(held), ME))


def _named_kind(field: Field) -> str:
    return field.type.refers if field.type.refers and field.type.refers != "stage" else ""


def _target(session: Session, kind: str, head: str) -> str:
    """Return the kind of record that the first of two names leads to; empty for nowhere."""
    if head == ME:
        return "user"
    if head == kind and kind in _OWN_NAMED:
        return kind
    field = session.kind(kind).by_name.get(head)
    return _named_kind(field) if field is not None else ""


def _field(session: Session, kind: str, name: str) -> Field | None:
    known = session.kind(kind).by_name
    field = known.get(name)
    if field is None and name.endswith(NAME_SUFFIX):
        field = known.get(name.removesuffix(NAME_SUFFIX))
        field = field if field is not None and field.type.refers else None
    return field


def said(session: Session, kind: str, record: Record, name: str) -> str:
    """Return what a name says of a record, as people are shown it; empty where it says nothing."""
    head, dot, tail = name.partition(".")
    if not dot:
        return _first_name(session, kind, record) if name == FIRST_NAME else _said(session, kind, record, name)
    if kind == "lead" and name == "company.name" and (own := word(record.get("company_name"))):
        return own
    of = _target(session, kind, head)
    there = _there(session, kind, record, head, of) if of else None
    return said(session, of, there, tail) if there is not None else ""


def _there(session: Session, kind: str, record: Record, head: str, of: str) -> Record | None:
    """Return the record that the first of two names leads to: of several the first."""
    if head == kind:
        return record
    if head == ME:
        return session.ws.get("user", session.me) if session.me else None
    field = session.kind(kind).by_name.get(head)
    keys = words(record.get(field.name)) if field is not None else []
    return next((held for key in keys if (held := session.ws.get(of, key)) is not None), None)


def _first_name(session: Session, kind: str, record: Record) -> str:
    """Return the first word of a person's name; of a deal, that of the first person involved."""
    if kind == "deal":
        there = _there(session, "deal", record, "contacts", "contact")
        return _first_name(session, "contact", there) if there is not None else ""
    own = kind in (*PEOPLE, "user")
    return next(iter(word(record.get("name")).split()), "") if own else ""


def _said(session: Session, kind: str, record: Record, name: str) -> str:
    from tuicrm.crm.rows import cells
    from tuicrm.records.values import Amount, Day, Instant, When

    field = _field(session, kind, name)
    if field is None:
        return ""
    if kind == "deal" and field.name == "name":
        from tuicrm.crm.lookup import title

        return title(session, kind, record)
    value = record.get(field.name)
    of_type = field.type
    if isinstance(of_type, Addresses):
        return next(iter(ranked(value)), "")
    text = cells(session, kind, record, [field.name])[0]
    if isinstance(of_type, Amount):
        return _money(session, text, word(record.get("currency")))
    if type(of_type) in (Day, When, Instant):
        return _dated(text)
    return text.strip()


def _money(session: Session, text: str, currency: str) -> str:
    from tuicrm.crm.derive import amount
    from tuicrm.money import Money, show

    value = amount(text)
    return text if value is None else show(Money(value, currency or session.currency)).strip()


def _dated(text: str) -> str:
    """Return `9 October 2026`, with the time behind it where there is one."""
    from datetime import date

    day, _, time = text.partition(" ")
    try:
        return f"{_day(date.fromisoformat(day))} {time}".rstrip()
    except ValueError:
        return text


def _day(day: date) -> str:
    from tuicrm.when import say_day

    return say_day(day)
