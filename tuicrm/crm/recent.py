"""What the log holds of the last weeks, from one pass over it: who talked, and which deals changed their stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.touches import at_ms
from tuicrm.records.kinds.activity import CHANGE, LOGGED

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Record = dict[str, Any]
DAY_MS = 86_400_000
WEEKS = 13


@dataclass(frozen=True, slots=True)
class Recent:
    """The log from a day on; days are ordinals in the session's zone."""

    first: int
    last: int
    """Today."""
    talks: list[tuple[int, Record]]
    """Calls, e-mails, meetings and notes, with their day."""
    moves: dict[str, list[tuple[int, str, str]]]
    """By deal: day, stage before and stage after of each change, in the order of time."""


def recent(session: Session) -> Recent:
    """Return what happened in the last 13 weeks, today included; kept until the workspace or the day changes."""
    found: Recent = session.remember(f"recent {session.today} {session.zone}", lambda: _read(session, 7 * WEEKS))
    return found


def _read(session: Session, days: int) -> Recent:
    from tuicrm.store.ulid import encode

    last = session.today.toordinal()
    first = last - days + 1
    day_of = derive.deals(session).day_of
    # Ids and texts of instants both sort by time, so that most of the log is passed over without converting anything.
    floor_ms = max((first - 719_163 - 1) * DAY_MS, 0)
    floor_id, floor_at = encode(floor_ms, 0)[:10], derive.instant_of(floor_ms)
    talks: list[tuple[int, Record]] = []
    moves: dict[str, list[tuple[int, str, str]]] = {}
    for one in session.ws.all("activity").values():
        at = one.get("at")
        if (at < floor_at) if at.__class__ is str and at else (one["id"] < floor_id):
            continue
        kind = one.get("type")
        if kind == CHANGE and one.get("field") != "stage":
            continue
        ms = at_ms(one)
        day = day_of(ms)
        if not first <= day <= last:
            continue
        if kind in LOGGED:
            talks.append((day, one))
        elif kind == CHANGE and isinstance(one.get("deal"), str):
            moves.setdefault(one["deal"], []).append((ms, str(one.get("before", "")), str(one.get("after", ""))))
    return Recent(first, last, talks, {key: _in_order(held, day_of) for key, held in moves.items()})


def _in_order(held: list[tuple[int, str, str]], day_of: Any) -> list[tuple[int, str, str]]:
    return [(day_of(ms), before, after) for ms, before, after in sorted(held, key=lambda one: one[0])]
