"""What one day asks for: follow-ups that are late or due, meetings, and deals that should close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive, nexts
from tuicrm.crm.freshness import SHOWN, stale
from tuicrm.crm.lookup import name_of, title
from tuicrm.crm.touches import at_ms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.freshness import Stale
    from tuicrm.crm.session import Session

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of an agenda."""

    kind: str
    """`followup`, `activity`, `deal` or `contact`."""
    id: str
    day: str
    """The date that it falls on, in ISO."""
    time: str
    """The wall time, as 10:00; empty where the whole day is meant."""
    text: str
    """How far the day is: `late 3d`, `today`."""
    title: str
    who: str
    """The people, else the company."""
    deal: str
    """The name of the deal; empty where none is concerned."""
    value_text: str
    """What the deal is worth, in short with its currency; empty without a value."""
    owner_name: str
    repeats: bool = False


@dataclass(frozen=True, slots=True)
class Agenda:
    """A day's work, each list in the order of time."""

    day: str
    late: list[Item]
    """Follow-ups due before the day and undone."""
    today: list[Item]
    """Follow-ups due on the day and undone."""
    meetings: list[Item]
    """Meetings of the day."""
    closes: list[Item]
    """Open deals that should close on the day, or should have."""
    still_right: list[Item]
    """People nobody has talked to or checked for long; only today, and no more than a few."""
    stale: int = 0
    """How many of them there are."""
    coming: Item | None = None
    """The first follow-up after the day."""


def agenda(session: Session, day: date | None = None, *, everyone: bool = False) -> Agenda:
    """Return what a day (today where not given) asks of the acting user, or of everyone.

    Snoozed follow-ups are left out; what belongs to nobody is in everybody's agenda. What is late is listed under today
    and under days to come, counted from that day.
    """
    wanted = day or session.today
    mine = "" if everyone else session.me
    quiet = stale(session, mine=not everyone) if wanted == session.today else []
    todo = sorted(_due(session, wanted, mine), key=lambda pair: (pair[0], pair[1].time or "~", pair[1].id))
    return Agenda(
        day=wanted.isoformat(),
        late=[item for due, item in todo if due < wanted.toordinal()],
        today=[item for due, item in todo if due == wanted.toordinal()],
        meetings=sorted(_meetings(session, wanted, mine), key=lambda item: (item.time, item.id)),
        closes=sorted(_closes(session, wanted, mine), key=lambda item: (item.day, item.id)),
        still_right=[_person(session, one) for one in quiet[:SHOWN]],
        stale=len(quiet),
        coming=_coming(session, wanted, mine),
    )


def _concerns(record: Record, mine: str) -> bool:
    return not mine or record.get("owner") in (None, "", mine)


def _due(session: Session, wanted: date, mine: str) -> Iterator[tuple[int, Item]]:
    last = wanted.toordinal()
    for due, one in _waiting(session, mine):
        if due <= last:
            yield due, _item(session, "followup", one, due, _wall(one), wanted)


def _coming(session: Session, wanted: date, mine: str) -> Item | None:
    last = wanted.toordinal()
    later = ((due, _wall(one) or "~", one["id"], one) for due, one in _waiting(session, mine) if due > last)
    found = min(later, key=lambda item: item[:3], default=None)
    return found and _item(session, "followup", found[3], found[0], _wall(found[3]), wanted)


def _waiting(session: Session, mine: str) -> Iterator[tuple[int, Record]]:
    """Yield follow-ups that are undone, in sight and have a day, with that day as an ordinal."""
    for one in session.ws.all("followup").values():
        if one.get("done_at") or not _concerns(one, mine):
            continue
        due = nexts.due_day(session, one)
        if due and not nexts.snoozed(session, one):
            yield due, one


def _wall(followup: Record) -> str:
    return nexts.due_key(followup).partition("T")[2][:5]


def _meetings(session: Session, wanted: date, mine: str) -> Iterator[Item]:
    day_of, zone = derive.deals(session).day_of, derive.zone_of(session)
    for one in session.ws.all("activity").values():
        if one.get("type") != "meeting" or not _concerns(one, mine):
            continue
        ms = at_ms(one)
        if day_of(ms) == wanted.toordinal():
            from datetime import datetime

            wall = datetime.fromtimestamp(ms // 1000, zone).strftime("%H:%M")
            yield _item(session, "activity", one, wanted.toordinal(), wall, wanted)


def _closes(session: Session, wanted: date, mine: str) -> Iterator[Item]:
    facts, last = derive.deals(session), wanted.toordinal()
    for deal in session.ws.all("deal").values():
        due = derive.day_ordinal(deal.get("expected_close"))
        if due and due <= last and facts.status(deal) == "open" and _concerns(deal, mine):
            yield _item(session, "deal", deal, due, "", wanted)


def _person(session: Session, one: Stale) -> Item:
    """Return somebody to ask about: no day asks for it, so it is named by how long nobody did."""
    contact = session.ws.get("contact", one.id) or {"id": one.id}
    return Item(
        kind="contact",
        id=one.id,
        day=session.today.isoformat(),
        time="",
        text=f"{one.days}d quiet",
        title=title(session, "contact", contact),
        who=name_of(session, "company", str(contact.get("company", ""))),
        deal=f"{one.open_deals} open" if one.open_deals else "",
        value_text="",
        owner_name=name_of(session, "user", str(contact.get("owner", ""))),
    )


def _item(session: Session, kind: str, record: Record, due: int, wall: str, wanted: date) -> Item:
    from dataclasses import replace

    from tuicrm.when import relative

    now = session.reading.now.replace(year=wanted.year, month=wanted.month, day=wanted.day)
    deal = record if kind == "deal" else session.ws.get("deal", str(record.get("deal", "")))
    day = date.fromordinal(due)
    return Item(
        kind=kind,
        id=record["id"],
        day=day.isoformat(),
        time=wall,
        text=relative(day, replace(session.reading, now=now)),
        title=title(session, kind, record),
        who=who_of(session, record),
        deal=title(session, "deal", deal) if deal is not None else "",
        value_text=value_of(session, deal) if deal is not None else "",
        owner_name=name_of(session, "user", str(record.get("owner", ""))),
        repeats=bool(record.get("repeat")),
    )


def who_of(session: Session, record: Record) -> str:
    """Return the people of a record, else its company or its lead; of a deal its company, as lists show it."""
    company = name_of(session, "company", str(record.get("company", "")))
    if company and "stage" in record:
        return company
    people = record.get("contacts")
    keys = [one for one in people if isinstance(one, str)] if isinstance(people, list) else []
    named = ", ".join(filter(None, (name_of(session, "contact", key) for key in keys)))
    return named or company or name_of(session, "lead", str(record.get("lead", "")))


def value_of(session: Session, deal: Record) -> str:
    """Return the value of a deal in short, with its currency where that is not the base; empty without one."""
    from tuicrm.money import short

    value = derive.amount(deal.get("value"))
    currency = str(deal.get("currency", "")) or session.currency
    if value is None:
        return ""
    return short(value) if currency == session.currency else f"{short(value)} {currency}"
