"""What a record is linked to, as rows: its company, people and deals, and what is to be done next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive, nexts
from tuicrm.crm.freshness import UNSURE
from tuicrm.crm.lookup import title
from tuicrm.crm.shapes import word, words
from tuicrm.records.types import ranked
from tuicrm.tui.cards import SIGNS
from tuicrm.tui.pages.links import linked, target
from tuicrm.tui.pages.row import LINKS, NEXT, Row, heading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Line, Span

Record = dict[str, Any]

PLANNED = ("deal", "contact", "company", "lead")
"""The kinds with which something may be planned."""
MOST = 100
"""Of more linked records of a kind the first are shown."""
_NAMES = 28


def company_rows(session: Session, key: str) -> Iterator[Row]:
    """Yield the company of a deal or a person, with what was sold to it so far."""
    company = session.ws.get("company", key) if key else None
    if company is None:
        return
    yield from heading("COMPANY", LINKS)
    where = ", ".join(filter(None, (word(company.get("city")), word(company.get("country")))))
    name = title(session, "company", company)
    deals = [one for one in session.ws.all("deal").values() if one.get("company") == key]
    line = ((name, "title"), (f", {where}" if where else "", "text"))
    yield Row((line, ((f" {sums(session, deals)}", "muted"),)), f"company {key}", LINKS, ("company", key), copy=name)
    phone = word(company.get("phone"))
    if phone:
        yield reach_row("company", key, "phone", phone)


def people_rows(session: Session, people: Sequence[Record], *, full: bool) -> Iterator[Row]:
    """Yield people; `full` with their numbers, addresses and the time of day where they are."""
    if not people:
        return
    yield from heading("PEOPLE", LINKS)
    for one in people[:MOST]:
        key = one["id"]
        spans: list[Span] = [(title(session, "contact", one), "title"), (f"  {word(one.get('title'))}", "muted")]
        if one.get("do_not_contact") is True:
            spans.append(("  !do not contact", "late"))
        elif word(one.get("status")) in UNSURE:
            spans.append((f"  ~{word(one.get('status'))}", "late"))
        yield Row((tuple(spans),), f"contact {key}", LINKS, ("contact", key), copy=title(session, "contact", one))
        if full:
            for name in ("phones", "emails"):
                for value in ranked(one.get(name)):
                    yield reach_row("contact", key, name, value)
    if len(people) > MOST:
        yield more_row(len(people) - MOST)


def reach_row(kind: str, key: str, name: str, value: str) -> Row:
    """Return the row of a number or an address of a linked record; keys act on that record, Enter copies."""
    line = ((" ", "text"), linked(value, "text", target(name, value)), (" ", "text"))
    return Row((line,), f"{kind} {key} {value}", LINKS, (kind, key), copy=value, field=name, leads=True)


def deal_rows(session: Session, deals: Sequence[Record]) -> Iterator[Row]:
    """Yield deals, the open ones first and the big ones before the small, with sums for each outcome."""
    if not deals:
        return
    yield from heading("DEALS", LINKS, sums(session, deals))
    facts = derive.deals(session)
    order = {"open": 0, "won": 1, "lost": 2}

    def place(deal: Record) -> tuple[int, Any]:
        return (order.get(facts.status(deal), 0), -(derive.amount(deal.get("value")) or 0))

    from tuicrm.money import short

    for one in sorted(deals, key=place)[:MOST]:
        stage = facts.stage(one)
        value = derive.amount(one.get("value"))
        worth = f"{short(value)}{_unless_base(session, one)} " if value is not None else ""
        name = title(session, "deal", one)
        told = "rotting" if facts.rotting(one) else "muted"
        sign = "~" if told == "rotting" else ""
        line = ((f"{sign}{name}  ", "title"), (f"{worth}{stage.name if stage else word(one.get('stage'))}", "muted"))
        yield Row((line,), f"deal {one['id']}", LINKS, ("deal", one["id"]), copy=name)
    if len(deals) > MOST:
        yield more_row(len(deals) - MOST)


def more_row(count: int) -> Row:
    """Return the row that says how many are not shown."""
    return Row((((f"+{count} more", "muted"),),), area=LINKS)


def sums(session: Session, deals: Iterable[Record]) -> str:
    """Return `2 open 61k, 1 won 14k`: by outcome, sums of different currencies side by side."""
    from tuicrm.money import Money, short, sum_money

    facts = derive.deals(session)
    found: dict[str, list[Record]] = {"open": [], "won": [], "lost": []}
    for one in deals:
        found.setdefault(facts.status(one), []).append(one)
    parts = []
    for status, held in found.items():
        amounts = [(derive.amount(one.get("value")), word(one.get("currency")) or session.currency) for one in held]
        total = sum_money(Money(value, code) for value, code in amounts if value is not None)
        each = (short(value) + ("" if code == session.currency else f" {code}") for code, value in total.items())
        said = " + ".join(each)
        if held:
            parts.append(f"{len(held)} {status}" + (f" {said}" if said else ""))
    return ", ".join(parts) or "no deals"


def _unless_base(session: Session, deal: Record) -> str:
    code = word(deal.get("currency"))
    return f" {code}" if code and code != session.currency else ""


def deals_of(session: Session, kind: str, key: str) -> list[Record]:
    """Return the deals of a company or a person."""
    held = session.ws.all("deal").values()
    if kind == "company":
        return [one for one in held if one.get("company") == key]
    return [one for one in held if key in words(one.get("contacts"))]


def people_of(session: Session, key: str) -> list[Record]:
    """Return the people of a company, by name."""
    held = [one for one in session.ws.all("contact").values() if one.get("company") == key]
    return sorted(held, key=lambda one: word(one.get("name")).casefold())


def waiting(session: Session, kind: str, record: Record) -> list[Record]:
    """Return the undone follow-ups of a record, of a company also those of its deals and people, earliest first."""
    todo, key = nexts.nexts(session), record["id"]
    if kind == "followup":
        return []
    if kind != "company":
        return todo.all_of(kind, key) if kind != "company" and kind in PLANNED else []
    found = todo.all_of("company", key)
    for one in deals_of(session, "company", key):
        found += todo.all_of("deal", one["id"])
    for one in people_of(session, key):
        found += todo.all_of("contact", one["id"])
    return sorted({one["id"]: one for one in found}.values(), key=nexts.due_key)


def nexts_rows(session: Session, kind: str, record: Record) -> Iterator[Row]:
    """Yield what is to be done next, and what the next stage of a deal asks for."""
    from tuicrm.tui.pages.needs import needs_rows

    if kind not in PLANNED:
        return
    yield Row(((("NEXT", "head"),),), area=NEXT)
    held = waiting(session, kind, record)
    for one in held[:MOST]:
        yield followup_row(session, one, kind)
    if not held:
        step = word(record.get("next_step")) if kind == "deal" else ""
        lacks = f"?no day for: {step}; f adds one" if step else "?no next step: f adds one"
        yield Row((((lacks, "muted"),),), area=NEXT)
    if len(held) > MOST:
        yield more_row(len(held) - MOST)
    if kind == "deal":
        yield from needs_rows(session, record)


def summary(session: Session, kind: str, record: Record) -> Line:
    """Return what is next with a record, in one line."""
    held = waiting(session, kind, record)
    if not held:
        return ((" ?no next step: f adds one" if kind in PLANNED else " ", "muted"),)
    sign, look = _due(session, held[0])
    more = f" | {len(held) - 1} more" if held[1:] else ""
    return ((f" {sign}: {word(held[0].get('subject'))}", look), (more, "muted"))


def _due(session: Session, one: Record) -> Span:
    """Return the sign of a follow-up and when it is due, as `!LATE 3d`."""
    from tuicrm.errors import Invalid
    from tuicrm.when import Moment, relative

    state = nexts.lateness(session, one)
    try:
        said = relative(Moment.parse(word(one.get("due"))), session.reading)
    except Invalid:
        said = "no date"
    return SIGNS[state] + said.replace("late", "LATE", 1), state if state in ("late", "today") else "muted"


def followup_row(session: Session, one: Record, seen_from: str) -> Row:
    """Return one follow-up with its sign, when it is due and what for."""
    from tuicrm.crm.lookup import name_of

    sign, look = _due(session, one)
    deal = name_of(session, "deal", word(one.get("deal"))) if seen_from != "deal" else ""
    tail = (f" | {deal}" if deal else "") + (" (snoozed)" if nexts.snoozed(session, one) else "")
    subject = word(one.get("subject"))
    line = ((sign, look), (f"  {subject}", "text"), (tail, "muted"))
    return Row((line,), f"followup {one['id']}", NEXT, ("followup", one["id"]), copy=subject)
