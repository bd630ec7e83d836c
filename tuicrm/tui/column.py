"""One stage of the board as drawn lines; what is on the screen is kept, so that only what differs is drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.cards import HEADING, group_lines, heading_lines
from tuicrm.tui.lanes import Heading
from tuicrm.tui.safe import fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style
    from textual.strip import Strip

    from tuicrm.crm.board import Column
    from tuicrm.tui.faces import Faces
    from tuicrm.tui.lanes import Lane
    from tuicrm.tui.safe import Line


class StageColumn:
    """A stage of a fixed width; every entry has the same height, so that a line's number says which one it is."""

    def __init__(self, faces: Faces, height: int, page: int) -> None:
        self.faces = faces
        self.width = faces.width
        self.height = height
        self.page = page
        """Entries that fit below the heading, leaving a line for how many more there are."""
        self.column: Column | None = None
        self.lane: Lane = ()
        self.top = 0
        self.row = -1
        """The entry under the cursor; -1 where the cursor is in another stage."""
        self.marks: frozenset[str] = frozenset()
        self.target = False
        """Whether a card that is dragged would be dropped here."""
        self._lines: list[Line] = [()] * height

    def show(
        self, column: Column, lane: Lane, *, row: int, top: int, marks: frozenset[str], target: bool = False
    ) -> list[int]:
        """Take over a stage's model and return the numbers of the lines that differ from before."""
        same = self.column is column and self.lane is lane and self.top == top and self.marks is marks
        if same and self.row == row and self.target == target:
            return []
        rows = {self.row, row} if same else None
        self.column, self.lane, self.row, self.top, self.marks, self.target = column, lane, row, top, marks, target
        fresh = self._draw(column, rows)
        changed = [y for y, (old, line) in enumerate(zip(self._lines, fresh, strict=True)) if old != line]
        self._lines = fresh
        return changed

    def strip(self, y: int, style: Callable[[str], Style]) -> Strip:
        """Return line `y` as it is sent to the terminal."""
        return self.faces.strip(self._lines[y], style)

    def row_at(self, y: int) -> int:
        """Return the row of the entry at a line; -1 where there is none."""
        row = self.top + (y - HEADING) // self.faces.height
        return row if y >= HEADING and row < min(len(self.lane), self.top + self.page) else -1

    def chosen_line(self) -> int:
        """Return the line of the entry under the cursor, or of the heading of an empty stage; -1 for another stage."""
        if self.row < 0:
            return -1
        return HEADING + (self.row - self.top) * self.faces.height if self.row < len(self.lane) else 0

    def _draw(self, column: Column, rows: set[int] | None) -> list[Line]:
        """Return all lines; with `rows`, only the heading and the entries of these rows are made afresh."""
        lines: list[Line] = [()] * self.height if rows is None else list(self._lines)
        lines[:HEADING] = heading_lines(column, self.width, chosen=self.row >= 0, target=self.target)
        last = min(len(self.lane), self.top + self.page)
        tall = self.faces.height
        for row in range(self.top, last):
            if rows is None or row in rows:
                start = HEADING + (row - self.top) * tall
                lines[start : start + tall] = self._entry(row)
        foot = HEADING + self.page * tall
        hidden = self._hidden(self.top, len(self.lane) - last)
        if hidden and foot < len(lines):
            lines[foot] = ((fit(hidden, self.width), "muted"),)
        # On a screen too low for the heading and a card, what does not fit is cut.
        return lines[: self.height]

    def _entry(self, row: int) -> list[Line]:
        one, chosen = self.lane[row], row == self.row
        if isinstance(one, Heading):
            return group_lines(one, self.width, chosen=chosen, height=self.faces.height)
        return self.faces.card(one, chosen=chosen, marked=one.id in self.marks)

    def _hidden(self, above: int, below: int) -> str:
        """Return how many cards are out of sight, in as many words as there is room for."""
        if above and below:
            words = (f" +{above} above, +{below} more", f" {above} up {below} more", f" {above} up {below}+")
            return next((one for one in words if len(one) <= self.width), words[-1])
        return f" +{above} above" if above else f" +{below} more" if below else ""
