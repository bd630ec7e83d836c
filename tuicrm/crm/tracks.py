"""What was known of each deal, and when: the automatic entries of the log in the order of time, by deal and field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.touches import at_ms
from tuicrm.records.kinds.activity import CHANGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]


class Step(NamedTuple):
    """One change of one field."""

    ms: int
    """When it became known, in milliseconds since 1970."""
    before: str
    """What the field held until then, as entries hold it (see `tuicrm.crm.track.shown`); empty for nothing."""
    after: str


class Tracks:
    """The automatic entries of a log; where that only grows at its end, no more than its new part is read."""

    def __init__(self) -> None:
        self._seen: list[Record] = []
        self._held: dict[tuple[str, str], list[Record]] = {}
        self._steps: dict[tuple[str, str], tuple[Step, ...]] = {}

    def follow(self, log: list[Record]) -> None:
        """Take in the whole log."""
        known = len(self._seen)
        # Records are replaced, never changed in place, so equal lists compare by identity, in about a millisecond.
        if log[:known] != self._seen:
            self._held, self._steps, known = {}, {}, 0
        for one in log[known:]:
            if one.get("type") == CHANGE:
                about, field = one.get("deal"), one.get("field")
                if about.__class__ is str and field.__class__ is str:
                    key = (str(about), str(field))
                    self._held.setdefault(key, []).append(one)
                    self._steps.pop(key, None)
        self._seen = log

    def of(self, deal: str, field: str) -> Sequence[Step]:
        """Return the changes of a field of a deal, oldest first; the same object until there are others."""
        key = (deal, field)
        held = self._held.get(key)
        if held is None:
            return ()
        found = self._steps.get(key)
        if found is None:
            found = self._steps[key] = _in_order(held)
        return found


def _in_order(held: list[Record]) -> tuple[Step, ...]:
    found = [(at_ms(one), one["id"], one) for one in held]
    if len(found) > 1:
        found.sort(key=lambda row: row[:2])
    return tuple(Step(ms, _text(one.get("before")), _text(one.get("after"))) for ms, _, one in found)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def tracks(session: Session) -> Tracks:
    """Return the automatic entries of the session's workspace as it is at this moment; reads the activities."""

    def make() -> Tracks:
        held: Tracks = session.kept.setdefault("tracks", Tracks())
        held.follow(list(session.ws.all("activity").values()))
        return held

    found: Tracks = session.remember("tracks", make)
    return found
