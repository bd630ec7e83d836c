"""What was known of each deal, and when: the automatic entries of the log in the order of time, by deal and field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.following import Following, followed
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


class Tracks(Following):
    """The automatic entries of a log."""

    def _reset(self) -> None:
        self._held: dict[tuple[str, str], list[Record]] = {}
        self._steps: dict[tuple[str, str], tuple[Step, ...]] = {}

    def _read(self, entries: Sequence[Record]) -> None:
        for one in entries:
            if one.get("type") == CHANGE:
                about, field = one.get("deal"), one.get("field")
                if about.__class__ is str and field.__class__ is str:
                    key = (str(about), str(field))
                    self._held.setdefault(key, []).append(one)
                    self._steps.pop(key, None)

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
    return followed(session, "tracks", Tracks)
