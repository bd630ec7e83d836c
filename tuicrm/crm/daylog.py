"""The log of the whole team, newest first and by day: ids only, so that a hundred thousand entries are no burden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.refs import Refs
from tuicrm.crm.touches import id_ms, text_ms
from tuicrm.records.kinds.activity import AUTOMATIC

if TYPE_CHECKING:
    from datetime import tzinfo

    from tuicrm.crm.session import Session

Record = dict[str, Any]

_ID = 26
NAMED = ("contact", "company", "deal", "user", "field", "setting")
"""The kinds that a query about activities may look at, besides these."""
TELLING = frozenset({"type", "field", "before", "after"})
"""Fields that tell automatic entries from logged ones: a query about one of them says itself which are wanted."""


@dataclass(frozen=True, slots=True)
class Day:
    """The entries of one calendar day."""

    ordinal: int
    refs: Refs


@dataclass(frozen=True, slots=True)
class DayLog:
    """The log as a query leaves it, the latest day first."""

    days: tuple[Day, ...]
    count: int


def daylog(session: Session, where: str = "") -> DayLog:
    """Return the days with the entries that a query fits; Invalid where it is none.

    Automatic entries are left out, unless the query names the type itself: `type:change`,
    `type:any`.
    """
    found = _wanted(session, where)
    return DayLog(_by_day(session, found.keys, found.ids), len(found.keys))


def _order(session: Session) -> tuple[list[str], list[Record]]:
    """Return a key for each activity (its id, or its own time, `~` and its id) and the activities, oldest first."""

    def make() -> tuple[list[str], list[Record]]:
        held = session.ws.all("activity")
        records = list(held.values())
        timed = [place for place, one in enumerate(records) if one.get("at")]
        if not timed:
            return list(held), records
        keys = list(held)
        for place in timed:
            keys[place] = _key(records[place])
        keys.sort()
        return keys, [held[_id(key)] for key in keys]

    found: tuple[list[str], list[Record]] = session.remember("daylog order", make)
    return found


def _key(record: Record) -> str:
    from tuicrm.store.ulid import encode

    at = record["at"]
    ms = text_ms(at) if isinstance(at, str) else 0
    return f"{encode(ms, 0)[:10]}~{record['id']}" if ms > 0 else str(record["id"])


def _id(key: str) -> str:
    return key[-_ID:]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a query gave: while nothing it looks at has changed, only what is logged since needs a look."""

    asked: tuple[str, Any, str]
    others: list[list[Record]]
    records: list[Record]
    keys: list[str]
    """Those that fit, the oldest first."""
    ids: list[str]
    """Their ids, the newest first."""


def _wanted(session: Session, where: str) -> _Answer:
    """Return what fits a query."""
    keys, records = _order(session)
    asked = (where, session.today, session.zone)
    others = [list(session.ws.all(kind).values()) for kind in NAMED]
    before: _Answer | None = session.kept.get("daylog")
    known = len(before.records) if before else 0
    # Records are replaced, never changed in place, so equal lists compare by identity, in about a millisecond.
    if before and (before.asked, before.others, before.records) == (asked, others, records[:known]):
        fresh = _fitting(session, where, keys[known:], records[known:])
        found = _Answer(asked, others, records, before.keys + fresh, _ids(fresh) + before.ids)
    else:
        fresh = _fitting(session, where, keys, records)
        found = _Answer(asked, others, records, fresh, _ids(fresh))
    session.kept["daylog"] = found
    return found


def _ids(keys: list[str]) -> list[str]:
    return [key[-_ID:] for key in reversed(keys)]


def _fitting(session: Session, where: str, keys: list[str], records: list[Record]) -> list[str]:
    from tuicrm.crm.query import compile_query, parse
    from tuicrm.crm.query.tree import terms

    pairs = zip(keys, records, strict=True)
    if not where.strip():
        return [key for key, one in pairs if one.get("type") not in AUTOMATIC]
    test = compile_query(session, "activity", where)
    if any(term.name.lower() in TELLING for term in terms(parse(where))):
        return [key for key, one in pairs if test(one)]
    return [key for key, one in pairs if one.get("type") not in AUTOMATIC and test(one)]


def _by_day(session: Session, order: list[str], ids: list[str]) -> tuple[Day, ...]:
    """Cut the log at the midnights of the session's zone; each day that has entries costs one search."""
    from bisect import bisect_left

    from tuicrm.store.ulid import MAX_MS

    days: list[Day] = []
    zone, size = derive.zone_of(session), len(order)
    last = size
    day_of = derive.Days(zone).of
    while last:
        # An id made by a wild clock may lie where calendars end.
        ordinal = day_of(min(id_ms(order[last - 1]), MAX_MS))
        first = min(bisect_left(order, _midnight(ordinal, zone), 0, last), last - 1)
        days.append(Day(ordinal, Refs("activity", ids[size - last : size - first])))
        last = first
    return tuple(days)


def _midnight(ordinal: int, zone: tzinfo) -> str:
    """Return what sorts right before the entries of a day."""
    from datetime import date, datetime, time

    from tuicrm.store.ulid import encode

    begin = datetime.combine(date.fromordinal(ordinal), time(), zone)
    return encode(max(0, int(begin.timestamp() * 1000)), 0)[:10]
