"""What keys do to deals, on the board and in a record: move, win, lose; marks make them do it to many."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tuicrm.tui.moves import Moves
from tuicrm.tui.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done


class Acting(Pane):
    """Actions on the chosen deals; each is one step of undo, however many deals there are."""

    _moves: Moves | None = None

    @property
    def moves(self) -> Moves:
        """The row of key presses that is going on."""
        if self._moves is None:
            self._moves = Moves(time.monotonic)
        return self._moves

    def targets(self) -> list[str]:
        """Return the ids of the deals that keys act on."""
        raise NotImplementedError

    def here(self) -> list[str]:
        """Return the targets; say so where there are none."""
        ids = self.targets()
        if not ids:
            self.main.say("no deal here")
        return ids

    def pipeline_id(self) -> str:
        """Return the pipeline whose stages are offered."""
        raise NotImplementedError

    def wrote(self, ids: list[str], stage: str) -> None:
        """Show at once that deals went to a stage (empty: off the board); the model follows."""

    def act(self, make: Callable[[Session], Plan | None], stage: str, *, nothing: str = "nothing to change") -> None:
        """Write, say so, and show it."""
        ids = self.targets()
        self.moves.over()
        self._after(self.desk.write(make, nothing=nothing), ids, stage)

    def _after(self, done: Done, ids: list[str], stage: str) -> None:
        self.program.tell(done)
        if done.changed:
            self.wrote(ids, stage)

    def action_deal_forward(self) -> None:
        """A stage forward."""
        self._shift(1)

    def action_deal_backward(self) -> None:
        """A stage back."""
        self._shift(-1)

    def _shift(self, by: int) -> None:
        ids = self.here()
        if not ids:
            return
        done = self.moves.shift(self.desk, ids, by)
        self.program.tell(done)
        if done.changed:
            for one in self.desk.deals(ids):
                self.wrote([str(one["id"])], str(one.get("stage", "")))

    def action_deal_stage(self) -> None:
        """Choose a stage for the chosen deals."""
        ids = self.here()
        stages = self.desk.stages(self.pipeline_id())
        if not ids or not stages:
            return
        held = self.desk.deals(ids[:1])
        at = next((place for place, (key, _) in enumerate(stages) if held and held[0].get("stage") == key), 0)

        def take(place: int) -> None:
            from tuicrm.crm.deals import move

            key = stages[place][0]
            self.act(lambda session: move(session, self.desk.deals(ids), key), key)

        self.pick(self._of(ids, "Move"), [name for _, name in stages], at, take)

    def action_deal_win(self) -> None:
        """The chosen deals are won."""
        from tuicrm.crm.deals import win

        ids = self.here()
        if ids:
            self.act(lambda session: win(session, self.desk.deals(ids)), "")

    def action_deal_lose(self) -> None:
        """The chosen deals are lost, for a reason from the team's list."""
        ids = self.here()
        reasons = [*self.desk.lost_reasons(), "(no reason)"]
        if not ids:
            return

        def take(place: int) -> None:
            from tuicrm.crm.deals import lose

            reason = reasons[place] if place < len(reasons) - 1 else ""
            self.act(lambda session: lose(session, self.desk.deals(ids), reason), "")

        self.pick(self._of(ids, "Lost"), reasons, 0, take)

    def _of(self, ids: list[str], verb: str) -> str:
        from tuicrm.crm.lookup import title

        if len(ids) > 1:
            return f"{verb}: {len(ids)} deals"
        with self.desk.lock:
            held = self.desk.deals(ids)
            return f"{verb}: {title(self.desk.session, 'deal', held[0])}" if held else verb
