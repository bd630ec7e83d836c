"""What the log holds of the last weeks, from one pass over it: who talked, and which deals changed their stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.touches import at_ms, id_ms
from tuicrm.records.kinds.activity import CHANGE, LOGGED

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Record = dict[str, Any]

WEEKS = 13
_DAY_MS = 86_400_000
_EPOCH = 719_163
"""The ordinal of 1970-01-01."""
_SPAN = 6
"""So many characters of an id stand for a quarter of an hour; nearly all of these lie within one day."""


class Recent:
    """The log from a day on; days are ordinals in the session's zone."""

    def __init__(self, first: int, last: int, day_of: Callable[[int], int]) -> None:
        from tuicrm.store.ulid import encode

        self.first = first
        self.last = last
        """Today."""
        # Tens of thousands of entries: what can be read in them is not kept beside them.
        self.talks: dict[int, list[Record]] = {}
        """Calls, e-mails, meetings and notes, by their day."""
        self._moves: dict[str, list[Record]] = {}
        self._seen: list[Record] = []
        self._day_of = day_of
        self._days: dict[str, int] = {}
        # Ids and texts of instants both sort by time, so most of the log is passed over without converting anything.
        floor = max((first - _EPOCH - 1) * _DAY_MS, 0)
        self._floor_id, self._floor_at = encode(floor, 0)[:10], derive.instant_of(floor)

    def moves(self, deal: str) -> list[tuple[int, str, str]]:
        """Return the day, the stage before and the stage after of each change of a deal, in the order of time."""
        held = sorted(self._moves.get(deal, ()), key=at_ms)
        return [(self._day_of(at_ms(one)), str(one.get("before", "")), str(one.get("after", ""))) for one in held]

    def follow(self, log: list[Record]) -> bool:
        """Take in the whole log; False where it did not merely grow at its end, so that all is to be read afresh."""
        known = len(self._seen)
        # Records are replaced, never changed in place, so equal lists compare by identity, in about a millisecond.
        if log[:known] != self._seen:
            return False
        for one in log[known:]:
            self._take(one)
        self._seen = log
        return True

    def _take(self, one: Record) -> None:
        at = one.get("at")
        own = isinstance(at, str) and bool(at)
        if str(at) < self._floor_at if own else one["id"] < self._floor_id:
            return
        kind = one.get("type")
        if kind in LOGGED:
            day = self._day_of(at_ms(one)) if own else self._id_day(one["id"])
            if self.first <= day <= self.last:
                self.talks.setdefault(day, []).append(one)
        elif kind == CHANGE and one.get("field") == "stage" and isinstance(one.get("deal"), str):
            self._take_move(one)

    def _take_move(self, one: Record) -> None:
        if self.first <= self._day_of(at_ms(one)) <= self.last:
            self._moves.setdefault(one["deal"], []).append(one)

    def _id_day(self, key: str) -> int:
        span = key[:_SPAN]
        day = self._days.get(span)
        if day is None:
            day, end = (self._day_of(id_ms(span + fill)) for fill in ("0000", "ZZZZ"))
            day = self._days[span] = day if day == end else 0
        return day or self._day_of(id_ms(key))


def recent(session: Session) -> Recent:
    """Return what happened in the last 13 weeks, today included; only what the log has gained since is read."""

    def make() -> Recent:
        log = list(session.ws.all("activity").values())
        last = session.today.toordinal()
        key = f"{last} {session.zone}"
        held: tuple[str, Recent] | None = session.kept.get("recent")
        if held is None or held[0] != key or not held[1].follow(log):
            held = (key, Recent(last - 7 * WEEKS + 1, last, derive.deals(session).day_of))
            held[1].follow(log)
            session.kept["recent"] = held
        return held[1]

    found: Recent = session.remember(f"recent {session.today} {session.zone}", make)
    return found
