"""One stage of the board: any number of cards, drawn line by line, repainting only what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.message import Message

from tuicrm.tui.cards import HEADING, card_lines, heading_lines
from tuicrm.tui.lines import Drawn
from tuicrm.tui.safe import fit

if TYPE_CHECKING:
    from textual import events

    from tuicrm.crm.board import Column
    from tuicrm.tui.safe import Line


class StageColumn(Drawn):
    """A stage; `height` lines per card, so that a line's number says which card it belongs to."""

    class Pointed(Message):
        """A card was clicked; `row` counts the cards of the stage."""

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

    def __init__(self, stage: int) -> None:
        super().__init__()
        self.stage = stage
        self.column: Column | None = None
        self.top = 0
        self.row = -1
        """The card under the cursor; -1 where the cursor is in another stage."""
        self.marks: set[str] = set()
        self.card_height = 2
        self.last = False
        """Whether no stage follows on the right, so that no rule is drawn there."""

    @property
    def page(self) -> int:
        """Cards that fit below the heading, leaving a line for how many more there are."""
        return max(1, (self.size.height - HEADING - 1) // self.card_height)

    def show(self, column: Column, *, row: int, top: int, marks: set[str]) -> None:
        """Show a stage's model, repainting only what differs from what is on the screen."""
        old = (self.column, self.row, self.top, self.marks)
        self.column, self.row, self.top, self.marks = column, row, top, set(marks)
        if old[0] is not column or old[2] != top or old[3] != marks:
            self.refresh()
        elif old[1] != row:
            self.redraw(*self._lines_of(old[1]), *self._lines_of(row))
            if (old[1] < 0) != (row < 0):
                self.redraw(0, HEADING - 1)

    def _lines_of(self, row: int) -> list[int]:
        start = HEADING + (row - self.top) * self.card_height
        return list(range(start, start + self.card_height)) if row >= self.top else []

    def redraw(self, *lines: int) -> None:
        """Repaint lines as one block each, without the rule at their right."""
        width, height = self.size
        for y in lines:
            if 0 <= y < height:
                self.refresh(Region(0, y, width if self.last else width - 1, 1))

    def line(self, y: int) -> Line:
        """Return what line `y` of the column shows."""
        size = self.size.width - (0 if self.last else 1)
        inner = self._inner(y, size)
        if self.last:
            return inner
        used = sum(len(text) for text, _ in inner) if all(text.isascii() for text, _ in inner) else None
        if used != size:
            from tuicrm.tui.safe import cells

            filled = sum(cells(text) for text, _ in inner)
            inner = (*inner, (" " * max(0, size - filled), "text"))
        return (*inner, ("│" if y != HEADING - 1 else "┼", "rule"))

    def _inner(self, y: int, size: int) -> Line:
        column = self.column
        if column is None:
            return ()
        if y < HEADING:
            return heading_lines(column, size, chosen=self.row >= 0)[y]
        place, part = divmod(y - HEADING, self.card_height)
        at = self.top + place
        count = len(column.cards)
        if place >= self.page:
            left = count - self.top - self.page
            return ((fit(f" +{left} more", size), "muted"),) if left > 0 and part == 0 else ()
        if at >= count:
            return ()
        card = column.cards[at]
        marked = card.id in self.marks
        return card_lines(card, size, chosen=at == self.row, marked=marked, height=self.card_height)[part]

    def on_click(self, event: events.Click) -> None:
        """Point at the card under the mouse."""
        place, _ = divmod(event.y - HEADING, self.card_height)
        if event.y >= HEADING and place < self.page:
            self.post_message(self.Pointed(self.stage, self.top + place, twice=event.chain > 1))

    def on_mouse_scroll_down(self) -> None:
        """Roll down."""
        self.post_message(self.Rolled(self.stage, 1))

    def on_mouse_scroll_up(self) -> None:
        """Roll up."""
        self.post_message(self.Rolled(self.stage, -1))
