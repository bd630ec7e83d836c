"""One follow-up as a list shows it, and what a rep wants to know before picking up the phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.lookup import name_of, title
from tuicrm.crm.shapes import word, words
from tuicrm.crm.worklist import NO_TIME, when

if TYPE_CHECKING:
    from tuicrm.crm.session import Session
    from tuicrm.when import Moment

Record = dict[str, Any]

_UNITS = {"day": "d", "week": "w", "month": "mo", "quarter": "q", "year": "y"}


@dataclass(frozen=True, slots=True)
class Todo:
    """The cells of one line; empty where there is nothing to say."""

    due: str
    """`Wed 7 Oct 14h`, in the group of today `09:30` or `any time`, of a snoozed one `until Mon 12 Oct`."""
    repeat: str
    """`every 2w`."""
    what: str
    who: str
    deal: str
    rotting: bool
    value: str


def todo(session: Session, followup: Record, group: str) -> Todo:
    """Return the line of a follow-up in one of the groups of the worklist."""
    from tuicrm.crm.agenda import value_of, who_of

    deal = session.ws.get("deal", word(followup.get("deal")))
    return Todo(
        due=_due(session, followup, group),
        repeat=said_repeat(word(followup.get("repeat"))),
        what=title(session, "followup", followup),
        who=who_of(session, followup),
        deal=title(session, "deal", deal) if deal is not None else "",
        rotting=deal is not None and derive.deals(session).rotting(deal),
        value=value_of(session, deal) if deal is not None else "",
    )


def _due(session: Session, followup: Record, group: str) -> str:
    if group == "snoozed":
        day, wall = when(session, {"due": word(followup.get("snoozed_until"))})
        return f"until {said_day(session, day, wall)}"
    day, wall = when(session, followup)
    if group == "today":
        return "any time" if wall == NO_TIME else wall
    return said_day(session, day, wall) if day else "no date"


def said_day(session: Session, day: int, wall: str = NO_TIME) -> str:
    """Return `Wed 30 Sep`, `Wed 7 Oct 14h`, `Thu 1 Jan 2027`: the year only where it is another one."""
    if not day:
        return ""
    from tuicrm.when import say_date

    text = say_date(date.fromordinal(day), this_year=session.today.year)
    return (
        text if wall == NO_TIME else f"{text} {wall[:2].lstrip('0') or '0'}h" if wall[3:] == "00" else f"{text} {wall}"
    )


def said_moment(session: Session, moment: Moment) -> str:
    """Return `Tue 13 Oct 10h (in 5 days)` for a moment that was typed, in the session's zone."""
    from tuicrm.when import days_away

    day, wall = when(session, {"due": str(moment)})
    return f"{said_day(session, day, wall)} ({days_away(day - session.today.toordinal())})"


def said_repeat(rule: str) -> str:
    """Return a stored rule in few cells: `every 2w`, `every Mon, Thu`; what has no short form in full."""
    if not rule:
        return ""
    from tuicrm.errors import Invalid
    from tuicrm.when import say_repeat
    from tuicrm.when.names import WEEKDAYS

    try:
        said = say_repeat(rule)
    except Invalid:
        return rule
    parts = said.split()
    unit = _UNITS.get(parts[-1].removesuffix("s"), "")
    if parts[0] == "every" and len(parts) == 3 and parts[1].isdigit() and unit:
        return f"every {parts[1]}{unit}"
    for name in WEEKDAYS:
        said = said.replace(name, name[:3])
    return said.replace(" and ", ", ")


@dataclass(frozen=True, slots=True)
class Behind:
    """Whom a follow-up is for, and how things stand with them; empty where nobody knows."""

    who: str
    role: str
    """`Finance, Quint BV`."""
    phone: str
    there: str
    """The time of day where the phone number is from, as `11:04`."""
    missed: int
    """Calls missed since they were last spoken to."""
    last: str
    """`no answer, 1 Oct`."""
    deal: str
    """`Quint EUR 9,000, Qualified`."""
    rotting: int
    """Days without a touch, of a deal that rots; else 0."""


def behind(session: Session, followup: Record) -> Behind:
    """Return what there is to know about the first person, the company and the deal of a follow-up."""
    from tuicrm.crm.talks import talks
    from tuicrm.crm.theirtime import time_there

    deal = session.ws.get("deal", word(followup.get("deal")))
    people = words(followup.get("contacts")) or words((deal or {}).get("contacts"))
    person = session.ws.get("contact", people[0]) if people else None
    company = word(followup.get("company")) or word((person or {}).get("company")) or word((deal or {}).get("company"))
    firm = name_of(session, "company", company)
    phone = next(iter(_phones(person)), "") or word((session.ws.get("company", company) or {}).get("phone"))
    log = talks(session)
    keys = [*people[:1], *([deal["id"]] if deal is not None else []), *([] if people or deal else [company])]
    found = (log.last(key) for key in keys if key)
    last = max((one for one in found if one is not None), key=lambda one: str(one["id"]), default=None)
    return Behind(
        who=title(session, "contact", person) if person is not None else firm,
        role=", ".join(filter(None, (word(person.get("title")), firm))) if person is not None else "",
        phone=phone,
        there=time_there(phone, session.now),
        missed=log.missed(people[0]) if people else 0,
        last=_last(session, last) if last is not None else "",
        deal=_deal(session, deal) if deal is not None else "",
        rotting=_rotting(session, deal) if deal is not None else 0,
    )


def _phones(person: Record | None) -> list[str]:
    """Return the phone numbers of a contact, the main one first."""
    from tuicrm.records.types import ranked

    held = (person or {}).get("phones")
    return ranked(held) if isinstance(held, dict) else []


def _last(session: Session, activity: Record) -> str:
    """Return the last activity in few words: its outcome, else its subject, and its day."""
    from tuicrm.crm.touches import at_ms
    from tuicrm.when import say_day

    day = derive.deals(session).day_of(at_ms(activity))
    outcome = word(activity.get("outcome")).replace("_", " ")
    subject = word(activity.get("subject"))
    what = outcome if outcome and outcome != "reached" else subject or outcome
    kind = word(activity.get("type")).replace("email", "e-mail")
    said = f"{kind}: {what}" if what and what != outcome else what or kind
    return f"{said}, {say_day(date.fromordinal(day), this_year=session.today.year)}"


def _deal(session: Session, deal: Record) -> str:
    from tuicrm.money import Money, show

    facts = derive.deals(session)
    stage = facts.stage(deal)
    value = derive.amount(deal.get("value"))
    worth = show(Money(value, word(deal.get("currency")) or session.currency)) if value is not None else ""
    return ", ".join(filter(None, (f"{title(session, 'deal', deal)} {worth}".strip(), stage.name if stage else "")))


def _rotting(session: Session, deal: Record) -> int:
    facts = derive.deals(session)
    return facts.untouched_days(deal) if facts.rotting(deal) else 0
