"""What the mouse does on the board: click, double click, wheel, and a card dragged to another stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tuicrm.tui.lines import Drawn

if TYPE_CHECKING:
    from textual import events


class Pointing(Drawn):
    """Turns the mouse into messages about stages and rows."""

    class Pointed(Message):
        """An entry was clicked."""

        def __init__(self, stage: int, row: int, *, twice: bool) -> None:
            super().__init__()
            self.stage = stage
            self.row = row
            self.twice = twice

    class Rolled(Message):
        """The wheel was turned over a stage."""

        def __init__(self, stage: int, by: int) -> None:
            super().__init__()
            self.stage = stage
            self.by = by

    class Dragged(Message):
        """A card that is held hangs over another stage than before, or over none."""

    class Dropped(Message):
        """A card was let go over another stage."""

        def __init__(self, stage: int, row: int, target: int) -> None:
            super().__init__()
            self.stage = stage
            self.row = row
            self.target = target

    target = -1
    """The stage that the card which is dragged would be dropped in; -1 for none."""
    _held_at: tuple[int, int] | None = None
    """The stage and the row where the button went down."""
    _dragging = False

    def stage_at(self, x: int) -> int:
        """Return the stage at a cell; -1 where there is none."""
        raise NotImplementedError

    def row_at(self, x: int, y: int) -> int:
        """Return the row of the entry at a cell; -1 where there is none."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the card under the mouse."""
        self._dragging = False
        row = self.row_at(event.x, event.y) if event.button == 1 else -1
        self._held_at = (self.stage_at(event.x), row) if row >= 0 else None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show where the card that is held would go."""
        if self._held_at is None:
            return
        if event.button != 1:
            # The button was let go where nobody could tell.
            self._let_go()
            return
        over = self.stage_at(event.x) if 0 <= event.y < self.size.height else -1
        if not self._dragging and over == self._held_at[0]:
            return
        if not self._dragging:
            self._dragging = True
            self.capture_mouse()
        self._aim(-1 if over == self._held_at[0] else over)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let the card go."""
        if self._dragging and self._held_at is not None and self.target >= 0:
            self.post_message(self.Dropped(*self._held_at, self.target))
        self._let_go()

    def _let_go(self) -> None:
        if self._dragging:
            self.release_mouse()
        self._held_at = None
        self._aim(-1)

    def _aim(self, stage: int) -> None:
        if stage != self.target:
            self.target = stage
            self.post_message(self.Dragged())

    def on_click(self, event: events.Click) -> None:
        """Point at the card under the mouse; what was dragged was no click."""
        row = self.row_at(event.x, event.y)
        if row >= 0 and not self._dragging:
            self.post_message(self.Pointed(self.stage_at(event.x), row, twice=event.chain > 1))
        self._dragging = False

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Roll down."""
        event.stop()
        self.post_message(self.Rolled(self.stage_at(event.x), 1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Roll up."""
        event.stop()
        self.post_message(self.Rolled(self.stage_at(event.x), -1))
