"""Key presses in a row that move deals: within two seconds they are one move, one history entry, one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.along import Given

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

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
        self.shut = 0
        """Stages passed over because their gate was shut, up to the one asked for last; only the final gate counts."""

    def shift(self, desk: Desk, ids: Sequence[str], by: int) -> Done:
        """Move deals a stage on or back, as part of the row of presses that is going on."""
        now = self._clock()
        if tuple(ids) != self._ids or now - self._at > ROW_SECONDS:
            self._ids, self._group, self._plan, self.shut = tuple(ids), desk.session.ws.new_id(), None, 0
        self._at = now
        steps = self.shut + by
        done = self._write(desk, ids, steps, Given(), by)
        if done.gate:
            self.shut = steps
        return done

    def fill(self, desk: Desk, ids: Sequence[str], steps: int, given: Given) -> Done:
        """Go through a gate that was shut, with what it asked for."""
        return self._write(desk, ids, steps, given, steps)

    def _write(self, desk: Desk, ids: Sequence[str], steps: int, given: Given, by: int) -> Done:
        held = desk.deals(ids)
        at_end = "the last open stage: w wins a deal" if by > 0 else "the first stage already"
        at_end = "it is closed: reopen it first, from the palette" if any(map(_closed, held)) else at_end
        done = desk.write(lambda session: self._plan_for(session, held, steps, given), nothing=at_end)
        if done.plan is not None:
            self._plan, self.shut = done.plan, 0
        return done

    def _plan_for(self, session: Session, deals: Sequence[dict[str, Any]], by: int, given: Given) -> Plan | None:
        from tuicrm.crm.bulk import lacking, merged
        from tuicrm.crm.deals import shift

        def one(held: list[dict[str, Any]], typed: dict[str, list[str]]) -> Plan | None:
            plans = [
                shift(session, deal, by, typed=typed, group=self._group, previous=self._plan, along=given.along)
                for deal in held
            ]
            return merged([plan for plan in plans if plan is not None], "")

        made = [plan for plan in lacking(deals, given.typed, one) if plan.changes]
        many = {change.id for plan in made for change in plan.changes if change.kind == "deal"}
        whole = merged(made, "")
        if whole is None or len(many) < 2:
            return whole
        from dataclasses import replace

        return replace(whole, note=f"moved {len(many)} deals {'forward' if by > 0 else 'back'}")

    def over(self) -> None:
        """End the row: something else happened."""
        self._at = float("-inf")
        self.shut = 0


def _closed(deal: Mapping[str, Any]) -> bool:
    return bool(deal.get("closed_on"))
