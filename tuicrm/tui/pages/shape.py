"""How the page of each kind is laid out: which fields come first, which links follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word, words
from tuicrm.records.types import LongText, ranked
from tuicrm.tui.pages import facts, linked
from tuicrm.tui.pages.ofleads import became_rows, lead_row, lead_rows
from tuicrm.tui.pages.ofquotes import item_rows, quote_rows
from tuicrm.tui.pages.row import FACTS, HISTORY, LINKS, Row, blank, heading
from tuicrm.tui.pages.timeline import SHOWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session

Record = dict[str, Any]

FIRST: dict[str, tuple[str, ...]] = {
    "deal": ("value", "expected_close", "next_step", "probability", "owner", "tags"),
    "company": ("phone", "website", "domain", "address", "city", "country", "industry", "employees", "owner", "tags"),
    "contact": ("title", "phones", "emails", "address", "city", "country", "status", "owner", "tags"),
    "lead": ("company_name", "title", "phones", "emails", "source", "reason", "snoozed_until", "owner", "tags"),
}
"""Fields that say how things stand; those of other kinds come in the order of their declaration."""
ALWAYS: dict[str, tuple[str, ...]] = {"deal": ("value", "expected_close", "owner")}
"""Fields that stand there also while they are empty, so that they can be filled in."""
PLAIN = frozenset(
    {
        "name",
        "currency",
        "items",
        "checks",
        "needs",
        "weighted",
        "pipeline",
        "stage",
        "created_at",
        "updated_at",
        "rotting",
    }
) | {"completeness"}
HIDDEN: dict[str, frozenset[str]] = {
    "deal": PLAIN
    | {"company", "contacts", "status", "age_days", "stage_days", "product", "last_activity_at", "next_due"},
    "company": PLAIN | {"parent"},
    "contact": PLAIN | {"company", "do_not_contact"},
    "lead": PLAIN | {"status", "score", "converted_at", "contact", "company", "deal"},
}
"""Fields that are shown elsewhere on the page."""
LINKED = ("deal", "company", "contacts", "lead")
"""The references of activities and follow-ups."""


def crumb(session: Session, kind: str, record: Record) -> str:
    """Return where a record belongs: a deal to its pipeline and stage, the others to their kind."""
    if kind == "deal":
        from tuicrm.crm.stages import of_deal, stage_of

        stage = stage_of(session, record)
        name = stage.name if stage else word(record.get("stage"))
        return " > ".join(filter(None, (word(of_deal(session, record).get("name")), name)))
    return session.kind(kind).many.capitalize()


def left(session: Session, kind: str, record: Record) -> Iterator[Row]:
    """Yield what a record is and what it is linked to."""
    if record.get("do_not_contact") is True:
        yield Row(((("! DO NOT CONTACT: asked not to be", "late"),),))
    if kind == "contact" and (said := _unsure(record)):
        yield Row((((said, "late"),),))
    if kind == "deal":
        yield from _standing(session, record)
    if kind == "lead":
        yield from lead_rows(session, record)
    first = FIRST.get(kind, _first(session, kind))
    always = ALWAYS.get(kind, ())
    for name in first:
        yield from facts.rows(session, kind, record, [name], empty=name in always)
    if kind == "contact":
        yield from _there(session, record)
    if kind in ("contact", "lead") and session.ws.all("enrolment"):
        yield from _sequences(session, record)
    yield from _links(session, kind, record)
    yield from _more(session, kind, record, frozenset(first))


def _unsure(contact: Record) -> str:
    """Return `~ BOUNCED: e-mails come back` for a person who cannot be reached as before."""
    from tuicrm.crm.freshness import UNSURE

    status = word(contact.get("status"))
    return f"~ {status.upper()}: {UNSURE[status]}" if status in UNSURE else ""


def _first(session: Session, kind: str) -> tuple[str, ...]:
    held = session.kind(kind).fields
    plain = [one for one in held if not (one.type.refers or isinstance(one.type, LongText) or one.name in PLAIN)]
    return (*(one.name for one in plain), "owner", "tags")


def _standing(session: Session, deal: Record) -> Iterator[Row]:
    """Yield the stage of a deal, and how long it has been on its way."""
    from tuicrm.crm import derive
    from tuicrm.crm.stages import following

    known = derive.deals(session)
    stage = known.stage(deal)
    name = stage.name if stage is not None else word(deal.get("stage"))
    _, at, count = following(session, deal)
    where = f" ({at} of {count})" if at else ""
    yield Row(((("stage ", "muted"), (name, "title"), (where, "muted")),), "field stage", field="stage", copy=name)
    age = f"{known.age_days(deal)} days old, {known.stage_days(deal)} in stage"
    rotting = ((" ~ROTTING", "rotting"),) if known.rotting(deal) else ()
    yield Row((((age, "muted"), *rotting),))


def _there(session: Session, record: Record) -> Iterator[Row]:
    """Yield the time of day where a person's first phone is, as far as that is known."""
    from tuicrm.crm.theirtime import time_there

    there = time_there(next(iter(ranked(record.get("phones"))), ""), session.now)
    if there:
        yield Row((((f"{there} there", "muted"),),))


def _sequences(session: Session, record: Record) -> Iterator[Row]:
    """Yield where a person is in sequences."""
    from tuicrm.crm.members import standing

    for line in standing(session, record["id"]):
        yield Row(((("sequence ", "muted"), (line, "text")),))


def _links(session: Session, kind: str, record: Record) -> Iterator[Row]:
    key = record["id"]
    if kind == "company":
        yield from linked.people_rows(session, linked.people_of(session, key), full=False)
        yield from linked.deal_rows(session, linked.deals_of(session, kind, key))
        yield from _others(session, record)
    elif kind == "contact":
        yield from linked.company_rows(session, word(record.get("company")))
        yield from linked.deal_rows(session, linked.deals_of(session, kind, key))
    elif kind == "lead":
        yield from became_rows(session, record)
    elif kind in ("deal", "activity", "followup"):
        if kind != "deal":
            deal = session.ws.get("deal", word(record.get("deal")))
            yield from linked.deal_rows(session, [deal] if deal is not None else [])
            yield from lead_row(session, word(record.get("lead")))
        yield from linked.company_rows(session, word(record.get("company")))
        held = (session.ws.get("contact", one) for one in words(record.get("contacts")))
        yield from linked.people_rows(session, [one for one in held if one is not None], full=True)
        if kind == "deal":
            yield from quote_rows(session, record)
        yield from item_rows(session, record)


def _others(session: Session, company: Record) -> Iterator[Row]:
    """Yield the company that owns this one, and those that it owns."""
    held = session.ws.all("company")
    parent = held.get(word(company.get("parent")))
    owned = [one for one in held.values() if one.get("parent") == company["id"]]
    for name, found in (("PARENT", [parent] if parent is not None else []), ("OWNS", owned)):
        if found:
            yield from heading(name, LINKS)
        for one in found[: linked.MOST]:
            called = word(one.get("name"))
            yield Row((((called, "title"),),), f"company {one['id']}", LINKS, ("company", one["id"]), copy=called)


def _more(session: Session, kind: str, record: Record, shown: frozenset[str]) -> Iterator[Row]:
    """Yield the rest of the fields, long texts last."""
    hidden = shown | HIDDEN.get(kind, PLAIN | set(LINKED))
    rest = [one for one in session.kind(kind).all_fields if one.name not in hidden]
    short = [one for one in rest if not isinstance(one.type, LongText)]
    rows = [row for one in short for row in facts.field_rows(session, kind, record, one)]
    if rows:
        yield from heading("MORE", FACTS)
        yield from rows
    for one in rest:
        if isinstance(one.type, LongText):
            yield from facts.field_rows(session, kind, record, one)


def history_heading(show: str, text: str, count: int) -> Iterator[Row]:
    """Yield the line that says what the history is narrowed to."""
    yield blank()
    names = ((f"[{name}]", "key") if name == show else (f" {name} ", "muted") for name, _, _ in SHOWS)
    yield Row(((("HISTORY ", "head"), *names),), area=HISTORY)
    if text.strip():
        yield Row(((("filter: ", "muted"), (text, "text"), (f"  {count} found", "muted")),), area=HISTORY)
    if not count:
        yield Row(((("nothing yet" if show == "all" and not text else "nothing of this", "muted"),),), area=HISTORY)
