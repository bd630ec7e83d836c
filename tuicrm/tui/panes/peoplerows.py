"""The rows of the lists of contacts and companies, and the lines about one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.customers import ago
from tuicrm.crm.shapes import word
from tuicrm.records.types import ranked
from tuicrm.tui.cards import SIGNS
from tuicrm.tui.listing import Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tuicrm.crm.customers import Customers
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span

DERIVED = {
    "open_deals": "open deals",
    "last_activity": "last",
    "next_followup": "next",
}
"""Columns that are no fields, with their titles."""
_WIDTHS = {
    "name": 21, "company": 18, "title": 17, "emails": 26, "phones": 15, "owner": 9, "city": 12, "country": 7,
    "industry": 13, "employees": 9, "open_deals": 11, "last_activity": 9, "next_followup": 9, "tags": 14,
    "status": 8, "domain": 20, "website": 20, "notes": 0,
}  # fmt: skip
_USUAL = 13


def columns(kind: Kind, names: Sequence[str], matter: Sequence[str] = ()) -> tuple[Column, ...]:
    """Return the columns of these names; those that the kind does not have are left out.

    Where there is no room those that `matter` least go first: it names columns, the most important one first.
    """
    ranks = {name: at for at, name in enumerate(matter or names)}
    made: list[Column] = []
    for name in names:
        field = kind.by_name.get(name)
        if field is None and name not in DERIVED:
            continue
        label = DERIVED.get(name) or (field.title if field is not None else name)
        right = name == "open_deals" or (field is not None and field.type.numeric)
        proper = name if field is None else field.name
        made.append(Column(proper, label, _WIDTHS.get(proper, _USUAL), right=right, drop=ranks.get(name, len(ranks))))
    return tuple(made)


def spans(session: Session, ref: Ref, names: Sequence[str], known: Customers) -> list[Span]:
    """Return one span for each column."""
    from tuicrm.crm.lookup import title
    from tuicrm.crm.rows import cells

    kind, key = ref
    record = session.ws.get(kind, key)
    if record is None:
        return [("(deleted)" if not at else "", "muted") for at, _ in enumerate(names)]
    fields = [name for name in names if name not in DERIVED]
    texts = dict(zip(fields, cells(session, kind, record, fields), strict=True))
    made: list[Span] = []
    for name in names:
        if name == "open_deals":
            made.append((known.worth_text(key), "text"))
        elif name == "last_activity":
            made.append((ago(session, known.last(kind, key)), "muted"))
        elif name == "next_followup":
            made.append(_next(session, known, key, short=True))
        elif name == "name":
            sign = "!" if record.get("do_not_contact") is True else "~" if unsure(kind, record) else ""
            made.append((f"{sign}{title(session, kind, record)}", "text"))
        else:
            # Of several numbers or addresses the first is the one to use.
            first = ranked(record.get(name))[:1] if name in ("emails", "phones") else ()
            made.append((first[0] if first else texts[name], "muted"))
    return made


def unsure(kind: str, record: Mapping[str, object]) -> str:
    """Return `~BOUNCED: e-mails come back` for a person who cannot be reached as before; empty for the others."""
    from tuicrm.crm.freshness import UNSURE

    status = word(record.get("status")) if kind == "contact" else ""
    return f"~{status.upper()}: {UNSURE[status]}" if status in UNSURE else ""


def _next(session: Session, known: Customers, key: str, *, short: bool) -> Span:
    """Return the next follow-up: its sign and when, with its subject where there is room."""
    from tuicrm.crm import nexts
    from tuicrm.errors import Invalid
    from tuicrm.when import Moment, relative

    one = known.next(key)
    state = nexts.lateness(session, one)
    if one is None:
        return ("?none" if short and known.open(key) else "" if short else "?no next step", "muted")
    try:
        words = relative(Moment.parse(word(one.get("due"))), session.reading)
    except Invalid:
        words = "no date"
    look = state if state in ("late", "today") else "muted"
    if short:
        return (f"{SIGNS[state]}{words}", look)
    return (f"{SIGNS[state]}{words.replace('late', 'LATE', 1)}: {word(one.get('subject'))}", look)


def about_contact(session: Session, key: str, known: Customers) -> list[Line]:
    """Return the two lines about a person."""
    from tuicrm.crm.lookup import name_of
    from tuicrm.crm.theirtime import time_there

    record = session.ws.get("contact", key)
    if record is None:
        return [(), ()]
    where = ", ".join(
        filter(None, (word(record.get("title")), name_of(session, "company", word(record.get("company")))))
    )
    phone = next(iter(ranked(record.get("phones"))), "")
    there = time_there(phone, session.now)
    facts = [where, phone, f"{there} there" if there else "", next(iter(ranked(record.get("emails"))), "")]
    return [_first(word(record.get("name")), facts), _second(session, "contact", key, known, record)]


def about_company(session: Session, key: str, known: Customers) -> list[Line]:
    """Return the two lines about a company."""
    from tuicrm.tui.pages.linked import sums

    record = session.ws.get("company", key)
    if record is None:
        return [(), ()]
    where = ", ".join(filter(None, (word(record.get("city")), word(record.get("country")))))
    people = len(known.people.get(key, ()))
    facts = [
        where,
        word(record.get("phone")) or word(record.get("domain")),
        f"{people} {'person' if people == 1 else 'people'}",
        sums(session, known.deals.get(key, ())),
    ]
    return [_first(word(record.get("name")), facts), _second(session, "company", key, known, record)]


def _first(name: str, facts: Sequence[str]) -> Line:
    return ((f" {name}", "title"), ("".join(f" | {one}" for one in facts if one), "muted"))


def _second(session: Session, kind: str, key: str, known: Customers, record: dict[str, object]) -> Line:
    return tuple(_second_spans(session, kind, key, known, record))


def _second_spans(session: Session, kind: str, key: str, known: Customers, record: dict[str, object]) -> Iterator[Span]:
    yield ("  ", "text")
    if record.get("do_not_contact") is True:
        yield ("!DO NOT CONTACT | ", "late")
    if said := unsure(kind, record):
        yield (f"{said} | ", "late")
    yield _next(session, known, key, short=False)
    last = ago(session, known.last(kind, key))
    yield (f" | last: {last}" if last else " | never talked to", "muted")
    deals = known.open(key) if kind == "contact" else ()
    for deal in deals[:2]:
        yield (f" | {word(deal.get('name'))}", "muted")
