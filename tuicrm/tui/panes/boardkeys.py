"""What keys and the mouse do on the board: the cursor, marks, groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.acting import Acting
from tuicrm.tui.lanes import Heading

if TYPE_CHECKING:
    from tuicrm.tui.columns import Columns
    from tuicrm.tui.place import Place
    from tuicrm.tui.pointing import Pointing


class BoardKeys(Acting):
    """Moves the cursor of a Place, and shows where it went."""

    place: Place
    columns: Columns

    def fill(self) -> None:
        """Show what differs from what is on the screen."""
        raise NotImplementedError

    def go(self, moved: bool) -> None:
        """Show where the cursor went."""
        if moved:
            self.row_over()
            self.fill()

    def action_cursor_left(self) -> None:
        """To the stage on the left."""
        self.go(self.place.across(-1))

    def action_cursor_right(self) -> None:
        """To the stage on the right."""
        self.go(self.place.across(1))

    def action_cursor_up(self) -> None:
        """Up a card."""
        self.go(self.place.down(-1))

    def action_cursor_down(self) -> None:
        """Down a card."""
        self.go(self.place.down(1))

    def action_cursor_first(self) -> None:
        """To the first card."""
        self.go(self.place.down(-(10**9)))

    def action_cursor_last(self) -> None:
        """To the last card."""
        self.go(self.place.down(10**9))

    def action_cursor_page_up(self) -> None:
        """A screenful up."""
        self.go(self.place.down(-self.place.page))

    def action_cursor_page_down(self) -> None:
        """A screenful down."""
        self.go(self.place.down(self.place.page))

    def action_record_open(self) -> None:
        """Open the deal under the cursor, or unfold the group."""
        card = self.place.card
        if card is not None:
            self.program.open_record("deal", card.id)
        elif not self.place.fold():
            self.main.say("no deal here")
        else:
            self.fill()

    def action_mark_toggle(self) -> None:
        """Mark or unmark the card under the cursor."""
        if self.place.mark():
            self.fill()
        else:
            self.main.say("no deal here to mark")

    def action_mark_down(self) -> None:
        """Mark the card and the next one."""
        self._mark_along(1)

    def action_mark_up(self) -> None:
        """Mark the card and the one before."""
        self._mark_along(-1)

    def _mark_along(self, by: int) -> None:
        if not self.place.mark(on=True):
            self.main.say("no deal here to mark")
            return
        if self.place.down(by):
            self.place.mark(on=True)
        self.fill()

    def action_mark_all(self) -> None:
        """Mark all that are shown; unmark all where all are marked."""
        self.place.mark_all()
        self.fill()

    def action_list_fold(self) -> None:
        """Fold the group of the cursor, or unfold it."""
        if self.place.fold():
            self.fill()
        else:
            self.main.say("no groups here: o groups the cards of a stage")

    def on_pointing_pointed(self, message: Pointing.Pointed) -> None:
        """A click chooses a card, a second one opens it; a click on the heading of a group folds it."""
        if not self._point(message.stage, message.row):
            return
        if isinstance(self.place.lanes[message.stage][message.row], Heading):
            self.place.fold()
            self.go(True)
            return
        self.go(True)
        if message.twice:
            self.action_record_open()

    def _point(self, stage: int, row: int) -> bool:
        there = 0 <= stage < len(self.place.lanes) and row < len(self.place.lanes[stage])
        if there:
            self.place.point(stage, row)
        return there

    def on_pointing_rolled(self, message: Pointing.Rolled) -> None:
        """The wheel moves the cursor of the stage under the mouse."""
        if 0 <= message.stage < len(self.place.lanes):
            self.place.stage = message.stage
            self.place.down(message.by)
            self.go(True)

    def on_pointing_dragged(self) -> None:
        """Show over which stage the card hangs that is dragged."""
        self.columns.show(self.place)

    def on_pointing_dropped(self, message: Pointing.Dropped) -> None:
        """A card that was dragged goes to the stage where it was let go; with it all the marked ones, if it is one."""
        board = self.place.board
        if board is None or not self._point(message.stage, message.row) or message.target >= len(board.columns):
            return
        card = self.place.card
        if card is None:
            return
        ids = self.place.chosen() if card.id in self.place.marks else [card.id]
        target = board.columns[message.target]
        if target.kind == "lost":
            self.ask_reason(ids)
        else:
            self.to_stage(ids, target.key)
