"""One stage of the board as drawn lines; what is on the screen is kept, so that only what differs is drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.cards import HEADING, card_lines, heading_lines
from tuicrm.tui.safe import fit, strip

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style
    from textual.strip import Strip

    from tuicrm.crm.board import Column
    from tuicrm.tui.safe import Line


class StageColumn:
    """A stage of a fixed width; every card has the same height, so that a line's number says which card it is."""

    def __init__(self, width: int, height: int, card_height: int, page: int) -> None:
        self.width = width
        self.height = height
        self.card_height = card_height
        self.page = page
        """Cards that fit below the heading, leaving a line for how many more there are."""
        self.column: Column | None = None
        self.top = 0
        self.row = -1
        """The card under the cursor; -1 where the cursor is in another stage."""
        self.marks: frozenset[str] = frozenset()
        self._lines: list[Line] = [()] * height
        self._strips: list[Strip | None] = [None] * height

    def show(self, column: Column, *, row: int, top: int, marks: frozenset[str]) -> list[int]:
        """Take over a stage's model and return the numbers of the lines that differ from before."""
        same = self.column is column and self.top == top and self.marks == marks
        if same and self.row == row:
            return []
        rows = {self.row, row} if same else None
        self.column, self.row, self.top, self.marks = column, row, top, marks
        fresh = self._draw(rows)
        changed = [y for y, (old, line) in enumerate(zip(self._lines, fresh, strict=True)) if old != line]
        self._lines = fresh
        for y in changed:
            self._strips[y] = None
        return changed

    def strip(self, y: int, style: Callable[[str], Style]) -> Strip:
        """Return line `y` as it is sent to the terminal."""
        held = self._strips[y]
        if held is None:
            held = self._strips[y] = strip(self._lines[y], self.width, style)
        return held

    def row_at(self, y: int) -> int:
        """Return the row of the card at a line; -1 where there is none."""
        row = self.top + (y - HEADING) // self.card_height
        there = y >= HEADING and self.column is not None and row < min(len(self.column.cards), self.top + self.page)
        return row if there else -1

    def _draw(self, rows: set[int] | None) -> list[Line]:
        """Return all lines; with `rows`, only the heading and the cards of these rows are made afresh."""
        column = self.column
        if column is None:
            return [()] * self.height
        lines: list[Line] = [()] * self.height if rows is None else list(self._lines)
        lines[:HEADING] = heading_lines(column, self.width, chosen=self.row >= 0)
        last = min(len(column.cards), self.top + self.page)
        for row in range(self.top, last):
            if rows is not None and row not in rows:
                continue
            card, start = column.cards[row], HEADING + (row - self.top) * self.card_height
            lines[start : start + self.card_height] = card_lines(
                card, self.width, chosen=row == self.row, marked=card.id in self.marks, height=self.card_height
            )
        foot = HEADING + self.page * self.card_height
        hidden = self._hidden(self.top, len(column.cards) - last)
        if hidden and foot < len(lines):
            lines[foot] = ((fit(hidden, self.width), "muted"),)
        # On a screen too low for the heading and a card, what does not fit is cut.
        return lines[: self.height]

    def _hidden(self, above: int, below: int) -> str:
        """Return how many cards are out of sight, in as many words as there is room for."""
        if above and below:
            words = (f" +{above} above, +{below} more", f" {above} up {below} more", f" {above} up {below}+")
            return next((one for one in words if len(one) <= self.width), words[-1])
        return f" +{above} above" if above else f" +{below} more" if below else ""
