"""What is to be done, in groups as a day is planned: late, today, this week, later, snoozed, without a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive, nexts
from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from tuicrm.crm.session import Session

Record = dict[str, Any]
Order = tuple[Any, ...]

GROUPS = (
    ("late", "LATE"),
    ("today", "TODAY"),
    ("week", "THIS WEEK"),
    ("later", "LATER"),
    ("snoozed", "SNOOZED"),
    ("undated", "NO DATE"),
)
ORDERS = (("due", "due"), ("priority", "priority"), ("value", "value of the deal"))
_PRIORITIES = {"high": 0, "low": 2}
_KEPT = 8
"""Lists that are remembered until something changes: the views, and the filter that is being typed."""
NO_TIME = "~"
"""Sorts after every time of day: what has the whole day waits for what has an hour."""


@dataclass(frozen=True, slots=True)
class Worklist:
    """Ids of undone follow-ups by group, each group in order; every group is there, also an empty one."""

    groups: dict[str, list[str]]
    until: datetime | None
    """When something snoozed comes back by itself; None where nothing does before the day ends."""

    @property
    def count(self) -> int:
        """How many there are in all."""
        return sum(map(len, self.groups.values()))

    @property
    def late(self) -> int:
        """How many are late."""
        return len(self.groups["late"])


def worklist(session: Session, where: str = "", order: str = "due", *, mine: bool = False) -> Worklist:
    """Return the undone follow-ups that a query fits; `mine` keeps to the acting user's and to what nobody owns.

    Remembered until the workspace, the day or what is snoozed changes. Raises Invalid where the query is wrong.
    """
    key = (where, order, mine, session.today, session.zone)
    held: dict[tuple[Any, ...], Worklist] = session.remember("worklists", dict)
    found = held.get(key)
    if found is None or (found.until is not None and found.until <= session.now):
        found = _made(session, where, order, mine)
        # Reading a kind for the first time counts as a change, so what is remembered is asked for again.
        held = session.remember("worklists", dict)
        if len(held) >= _KEPT:
            held.clear()
        held[key] = found
    return found


def _made(session: Session, where: str, order: str, mine: bool) -> Worklist:
    chosen = _chosen(session, where, session.me if mine else "")
    today = session.today.toordinal()
    last = _week_end(session)
    rank = _rank(session, order)
    groups: dict[str, list[tuple[Order, str]]] = {key: [] for key, _ in GROUPS}
    until: datetime | None = None
    # Many share a day, and reading one takes longer than looking it up.
    days: dict[str, tuple[int, str]] = {}
    for one in chosen:
        due = word(one.get("due"))
        if due not in days:
            days[due] = when(session, one)
        day, wall = days[due]
        if one.get("snoozed_until") and nexts.snoozed(session, one):
            group = "snoozed"
            until = _earlier(until, _awake(session, one))
        else:
            group = _group(day, today, last)
        groups[group].append(((*rank(one), day, wall, one["id"]), one["id"]))
    for pairs in groups.values():
        pairs.sort()
    return Worklist({key: [one for _, one in pairs] for key, pairs in groups.items()}, until)


def _chosen(session: Session, where: str, me: str) -> Iterable[Record]:
    undone: Iterable[Record] = [one for one in session.ws.all("followup").values() if not one.get("done_at")]
    if me:
        undone = [one for one in undone if one.get("owner") in (None, "", me)]
    if where.strip():
        from tuicrm.crm.query import compile_query

        undone = filter(compile_query(session, "followup", where), undone)
    return undone


def when(session: Session, followup: Record) -> tuple[int, str]:
    """Return the day (an ordinal; 0 without a date) and the time of day, as `09:30`, in the session's zone.

    The time is `~`, which sorts last, where the whole day is meant.
    """
    due = word(followup.get("due"))
    if len(due) <= 10:
        return derive.day_ordinal(due), NO_TIME
    if due.endswith(f"[{session.zone}]"):
        return derive.day_ordinal(due), due[11:16]
    ms = derive.wall_ms(session, due)
    if not ms:
        return derive.day_ordinal(due), NO_TIME
    from datetime import datetime

    wall = datetime.fromtimestamp(ms // 1000, derive.zone_of(session))
    return wall.toordinal(), wall.strftime("%H:%M")


def _group(day: int, today: int, last: int) -> str:
    if not day:
        return "undated"
    if day <= today:
        return "late" if day < today else "today"
    return "week" if day <= last else "later"


def _week_end(session: Session) -> int:
    """Return the last day (an ordinal) of the week that today is in."""
    today = session.today
    return today.toordinal() + 6 - (today.weekday() - session.reading.week_start) % 7


def _rank(session: Session, order: str) -> Callable[[Record], Order]:
    """Return what sorts before the due date."""
    if order == "priority":
        return lambda one: (_PRIORITIES.get(word(one.get("priority")), 1),)
    if order == "value":
        return lambda one: (-_worth(session, one),)
    return lambda one: ()


def _worth(session: Session, followup: Record) -> float:
    deal = session.ws.get("deal", word(followup.get("deal")))
    value = derive.amount(deal.get("value")) if deal is not None else None
    return float(value) if value is not None else -1.0


def _awake(session: Session, followup: Record) -> datetime | None:
    """Return when a snoozed one comes back, where that is an hour of a day; whole days end with the day."""
    from tuicrm.errors import Invalid
    from tuicrm.when import Moment

    try:
        moment = Moment.parse(word(followup.get("snoozed_until")))
    except Invalid:
        return None
    return moment.instant(session.zone) if moment.time is not None else None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((found for found in (one, other) if found is not None), default=None)
