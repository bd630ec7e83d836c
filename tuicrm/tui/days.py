"""Key presses in a row that move follow-ups by days: within two seconds they are one move and one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.moves import ROW_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Desk, Done


class Days:
    """The row of presses that is going on, if any."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ids: tuple[str, ...] = ()
        self._at = float("-inf")
        self._group = ""

    def shift(self, desk: Desk, ids: Sequence[str], by: int) -> Done:
        """Move follow-ups by days, as part of the row of presses that is going on."""
        if tuple(ids) != self._ids or not self.going_on:
            self._ids, self._group = tuple(ids), desk.session.ws.new_id()
        self._at = self._clock()
        return desk.write(lambda session: self._plan(session, ids, by))

    @property
    def going_on(self) -> bool:
        """Whether another press would still belong to the row."""
        return self._clock() - self._at <= ROW_SECONDS

    def moved(self, key: str) -> bool:
        """Tell whether the row that is going on moves this follow-up."""
        return self.going_on and key in self._ids

    def over(self) -> None:
        """End the row: something else happened."""
        self._at = float("-inf")

    def _plan(self, session: Session, ids: Sequence[str], by: int) -> Plan:
        from tuicrm.crm.followups import shift_days

        held = (session.ws.get("followup", one) for one in ids)
        return shift_days(session, [one for one in held if one is not None], by, group=self._group)
