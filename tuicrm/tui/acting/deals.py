"""What keys do to deals in every pane: move, win, lose; marks make them do it to many."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tuicrm.crm.along import NOTHING, Along, Given
from tuicrm.tui import moves
from tuicrm.tui.acting.gated import OTHER, Gated
from tuicrm.tui.moves import Moves

if TYPE_CHECKING:
    from textual.timer import Timer

    from tuicrm.tui.desk import Done

GONE = "-"
"""Stands for a stage where deals left the board."""


class DealKeys(Gated):
    """Actions on deals; each is one step of undo, however many deals there are."""

    _moves: Moves | None = None
    _waiting: Timer | None = None
    """Runs while a row of presses stands before a shut gate."""

    @property
    def moves(self) -> Moves:
        """The row of key presses that is going on."""
        if self._moves is None:
            self._moves = Moves(time.monotonic)
        return self._moves

    def row_over(self) -> None:
        """End the row of presses: another key was pressed."""
        self.moves.over()
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None

    def action_deal_forward(self) -> None:
        """A stage forward."""
        self._shift(1)

    def action_deal_backward(self) -> None:
        """A stage back."""
        self._shift(-1)

    def _shift(self, by: int) -> None:
        todo = self.records("followup")
        if todo:
            self.shift_day(todo, by)
            return
        ids = self.here(self.deals(), "deal")
        if not ids:
            return
        self._stop_waiting()
        done = self.moves.shift(self.desk, ids, by)
        if done.gate:
            self._before_gate(done, ids, by)
        else:
            self._shifted(done, ids)

    def _shifted(self, done: Done, ids: list[str]) -> None:
        self.program.tell(done)
        if not done.changed:
            return
        by_stage: dict[str, list[tuple[str, str]]] = {}
        for one in self.desk.deals(ids):
            by_stage.setdefault(str(one.get("stage", "")), []).append(("deal", str(one["id"])))
        for stage, refs in by_stage.items():
            self.wrote(refs, stage)
        self.program.changed(but=self)

    def _before_gate(self, done: Done, ids: list[str], by: int) -> None:
        """Ask for what the gate asks for once the presses in a row are over; at once where they cannot go on."""
        steps = self.moves.shut
        heading = self.named(ids, "Move")

        def attempt(given: Given) -> None:
            again = self.moves.fill(self.desk, ids, steps, given)
            if not self.asked(again, ids, heading, given, attempt):
                self._shifted(again, ids)

        def ask() -> None:
            self._stop_waiting()
            gone_on, self.moves.shut = self.moves.shut != steps, 0
            if not gone_on and self.main.pane is self and self.app.screen is self.main:
                self.asked(done, ids, heading, Given(), attempt)

        if self._at_end(ids[0], steps):
            ask()
            return
        key = "L" if by > 0 else "H"
        asks = done.gate.asks if done.gate is not None else done.said
        self.main.say(f"{asks}: {key} goes on past it, else it is asked for now", "late")
        self._waiting = self.set_timer(moves.ROW_SECONDS, ask)

    def _at_end(self, deal_id: str, steps: int) -> bool:
        """Tell whether so many steps lead to the first or the last open stage."""
        from tuicrm.crm.stages import following

        held = self.desk.deals([deal_id])
        if not held:
            return True
        with self.desk.lock:
            _, place, count = following(self.desk.session, held[0])
        return not place or not 1 < place + steps < count

    def action_deal_stage(self) -> None:
        """Choose a stage for the chosen deals: of their pipeline, or an open one of another."""
        self._choose_stage("Move", NOTHING)

    def action_deal_push(self) -> None:
        """Choose a stage, and go there without what it asks for."""
        self._choose_stage("Move without asking", Along(force=True))

    def _choose_stage(self, verb: str, along: Along) -> None:
        from tuicrm.crm.stages import choices

        ids = self.here(self.deals(), "deal")
        held = self.desk.deals(ids[:1])
        if not held:
            return
        own = str(held[0].get("pipeline", ""))
        with self.desk.lock:
            offered = choices(self.desk.session, own)
        at = next((place for place, one in enumerate(offered) if one[:2] == (own, held[0].get("stage"))), 0)

        def take(place: int) -> None:
            pipeline, key, _, kind = offered[place]
            if kind == "lost" and not along.force:
                self.ask_reason(ids)
            else:
                self.to_stage(ids, key, "" if pipeline == own else pipeline, along=along)

        self.pick(self.named(ids, verb), [name for _, _, name, _ in offered], at, take)

    def to_stage(self, ids: list[str], stage: str, pipeline: str = "", *, along: Along = NOTHING) -> None:
        """Move deals to a stage, of another pipeline if one is named; `along` says what is known already."""
        from tuicrm.crm.deals import move

        self.row_over()
        self.through(
            ids,
            lambda session, deals, given: move(
                session, deals, stage, pipeline=pipeline, typed=given.typed, along=given.along
            ),
            heading=self.named(ids, "Move"),
            note=f"moved {len(ids)} deals",
            stage=GONE if pipeline else stage,
            along=along,
        )

    def action_deal_win(self) -> None:
        """The chosen deals are won."""
        from tuicrm.crm.deals import win

        ids = self.here(self.deals(), "deal")
        if ids:
            self.row_over()
            heading, note = self.named(ids, "Won"), f"won {len(ids)} deals"
            self.through(
                ids,
                lambda session, deals, given: win(session, deals, typed=given.typed, along=given.along),
                heading=heading,
                note=note,
                stage=GONE,
            )

    def action_deal_lose(self) -> None:
        """The chosen deals are lost, for a reason from the team's list or in other words."""
        ids = self.here(self.deals(), "deal")
        if ids:
            self.ask_reason(ids)

    def ask_reason(self, ids: list[str]) -> None:
        """Ask why deals are lost, and write it."""
        from tuicrm.tui.screens.choose import Choose

        reasons = self.desk.lost_reasons()

        def chosen(place: int | None) -> None:
            if place is None:
                return
            if place == len(reasons) + 1:
                self.ask("reason:", done=lambda text: self._lose(ids, text) if text and text.strip() else None)
            else:
                self._lose(ids, reasons[place] if place < len(reasons) else "")

        self.row_over()
        self.app.push_screen(Choose(self.named(ids, "Lost"), [*reasons, "(no reason)", OTHER], confirm=True), chosen)

    def _lose(self, ids: list[str], reason: str) -> None:
        from tuicrm.crm.deals import lose

        self.through(
            ids,
            lambda session, deals, given: lose(session, deals, reason, typed=given.typed, along=given.along),
            heading=self.named(ids, "Lost"),
            note=f"lost {len(ids)} deals",
            stage=GONE,
        )

    def action_deal_reopen(self) -> None:
        """The chosen deals are open again, where they were before they were closed."""
        from tuicrm.crm.deals import reopen

        ids = self.here(self.deals(), "deal")
        if ids:
            self.row_over()
            done = self.desk.write(lambda session: reopen(session, self.desk.deals(ids)))
            self.finish(done, [("deal", one) for one in ids])

    def action_deal_clone(self) -> None:
        """A deal like each of the chosen ones, at the first stage."""
        from tuicrm.crm.cloning import clone

        ids = self.here(self.deals(), "deal")
        if ids:
            self.row_over()
            done = self.desk.write(lambda session: clone(session, self.desk.deals(ids)))
            self.finish(done, [("deal", one) for one in (done.plan.ids if done.plan else ())])

    def named(self, ids: list[str], verb: str) -> str:
        """Return `Move: Acme renewal`, or `Move: 3 deals`."""
        from tuicrm.crm.lookup import title

        if len(ids) > 1:
            return f"{verb}: {len(ids)} deals"
        with self.desk.lock:
            held = self.desk.deals(ids)
            return f"{verb}: {title(self.desk.session, 'deal', held[0])}" if held else verb
