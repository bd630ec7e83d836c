"""Key presses in a row that move deals: within two seconds they are one move, one history entry, one undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Desk, Done

ROW_SECONDS = 2.0


class Moves:
    """The row of presses that is going on, if any."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ids: tuple[str, ...] = ()
        self._at = float("-inf")
        self._group = ""
        self._plan: Plan | None = None
        self._shut = 0
        """Stages passed over because their gate was shut; only the final gate counts."""

    def shift(self, desk: Desk, ids: Sequence[str], by: int) -> Done:
        """Move deals a stage on or back, as part of the row of presses that is going on."""
        now = self._clock()
        if tuple(ids) != self._ids or now - self._at > ROW_SECONDS:
            self._ids, self._group, self._plan, self._shut = tuple(ids), desk.session.ws.new_id(), None, 0
        self._at = now
        steps = self._shut + by
        at_end = "the last open stage: w wins a deal" if by > 0 else "the first stage already"
        done = desk.write(lambda session: self._plan_for(session, desk.deals(ids), steps), nothing=at_end)
        if done.plan is not None:
            self._plan, self._shut = done.plan, 0
        elif done.missing:
            self._shut = steps
        return done

    def _plan_for(self, session: Session, deals: Sequence[dict[str, Any]], by: int) -> Plan | None:
        from tuicrm.crm.deals import shift

        found = [shift(session, deal, by, group=self._group, previous=self._plan) for deal in deals]
        plans = [one for one in found if one is not None and one.changes]
        if len(plans) < 2:
            return plans[0] if plans else None
        way = "forward" if by > 0 else "back"
        return replace(
            plans[0],
            changes=tuple(change for one in plans for change in one.changes),
            note=f"moved {len(plans)} deals {way}",
            ids=tuple(one for plan in plans for one in plan.ids),
        )

    def over(self) -> None:
        """End the row: something else happened."""
        self._at = float("-inf")
