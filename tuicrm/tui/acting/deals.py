"""What keys do to deals in every pane: move, win, lose; marks make them do it to many."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tuicrm.tui.acting.targets import Targets
from tuicrm.tui.moves import Moves

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

GONE = "-"
"""Stands for a stage where deals left the board."""


class DealKeys(Targets):
    """Actions on deals; each is one step of undo, however many deals there are."""

    _moves: Moves | None = None

    @property
    def moves(self) -> Moves:
        """The row of key presses that is going on."""
        if self._moves is None:
            self._moves = Moves(time.monotonic)
        return self._moves

    def act(
        self,
        ids: list[str],
        make: Callable[[Session], Plan | None],
        stage: str,
        *,
        nothing: str = "nothing to change",
    ) -> None:
        """Write, say so, and show it."""
        self.moves.over()
        self.finish(self.desk.write(make, nothing=nothing), _refs(ids), stage)

    def action_deal_forward(self) -> None:
        """A stage forward."""
        self._shift(1)

    def action_deal_backward(self) -> None:
        """A stage back."""
        self._shift(-1)

    def _shift(self, by: int) -> None:
        ids = self.here(self.deals(), "deal")
        if not ids:
            return
        done = self.moves.shift(self.desk, ids, by)
        self.program.tell(done)
        if done.changed:
            for one in self.desk.deals(ids):
                self.wrote([("deal", str(one["id"]))], str(one.get("stage", "")))
            self.program.changed(but=self)

    def action_deal_stage(self) -> None:
        """Choose a stage for the chosen deals."""
        ids = self.here(self.deals(), "deal")
        held = self.desk.deals(ids[:1])
        stages = self.desk.stages(str(held[0].get("pipeline", ""))) if held else []
        if not stages:
            return
        at = next((place for place, (key, _) in enumerate(stages) if held[0].get("stage") == key), 0)

        def take(place: int) -> None:
            from tuicrm.crm.deals import move

            key = stages[place][0]
            self.act(ids, lambda session: move(session, self.desk.deals(ids), key), key)

        self.pick(self._named(ids, "Move"), [name for _, name in stages], at, take)

    def action_deal_win(self) -> None:
        """The chosen deals are won."""
        from tuicrm.crm.deals import win

        ids = self.here(self.deals(), "deal")
        if ids:
            self.act(ids, lambda session: win(session, self.desk.deals(ids)), GONE)

    def action_deal_lose(self) -> None:
        """The chosen deals are lost, for a reason from the team's list."""
        ids = self.here(self.deals(), "deal")
        reasons = [*self.desk.lost_reasons(), "(no reason)"]
        if not ids:
            return

        def take(place: int) -> None:
            from tuicrm.crm.deals import lose

            reason = reasons[place] if place < len(reasons) - 1 else ""
            self.act(ids, lambda session: lose(session, self.desk.deals(ids), reason), GONE)

        self.pick(self._named(ids, "Lost"), reasons, 0, take)

    def _named(self, ids: list[str], verb: str) -> str:
        from tuicrm.crm.lookup import title

        if len(ids) > 1:
            return f"{verb}: {len(ids)} deals"
        with self.desk.lock:
            held = self.desk.deals(ids)
            return f"{verb}: {title(self.desk.session, 'deal', held[0])}" if held else verb


def _refs(ids: list[str]) -> list[tuple[str, str]]:
    return [("deal", one) for one in ids]
