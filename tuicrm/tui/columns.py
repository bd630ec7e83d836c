"""The columns of the board in one widget: one thing to composite, however many stages and cards there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip

from tuicrm.tui import safe
from tuicrm.tui.cards import HEADING
from tuicrm.tui.column import StageColumn
from tuicrm.tui.faces import Faces
from tuicrm.tui.pointing import Pointing
from tuicrm.tui.shape import Shape

if TYPE_CHECKING:
    from tuicrm.tui.place import Place
    from tuicrm.tui.safe import Line

LEFT = 1
"""Blank cells at the left edge."""


class Columns(Pointing):
    """Draws the part of a Place's board that fits; a change repaints the cells of its column only."""

    class Resized(Message):
        """There is more room, or less."""

    def __init__(self) -> None:
        super().__init__(id="columns")
        self.shape = Shape(columns=0, width=0)
        self.first = 0
        """The stage in the leftmost column, where not all fit."""
        self._held: list[StageColumn] = []
        self._rules: dict[str, Segment] = {}
        self._instead: list[Line] = []

    def form(self, shape: Shape) -> None:
        """Take on another shape."""
        height = self.size.height
        self.shape = shape
        faces = Faces(shape.width, shape.card_height)
        self._held = [StageColumn(faces, height, shape.page(height)) for _ in range(shape.columns)]
        self.refresh()

    def say(self, lines: list[Line]) -> None:
        """Show these lines instead of columns; none brings the columns back."""
        if lines != self._instead:
            self._instead = lines
            self.refresh()

    def show(self, place: Place) -> None:
        """Show a board as far as it fits, around the stage with the cursor; repaint what differs."""
        board, held = place.board, self._held
        if board is None or not held or self._instead:
            return
        first = min(max(self.first, place.stage - len(held) + 1), place.stage)
        self.first = max(0, min(first, len(board.columns) - len(held)))
        marks = place.marked()
        dirty: list[Region] = []
        for at, one in enumerate(held):
            stage = self.first + at
            row = place.rows[stage] if stage == place.stage else -1
            lines = one.show(
                board.columns[stage],
                place.lanes[stage],
                row=row,
                top=place.tops[stage],
                marks=marks,
                target=stage == self.target,
            )
            dirty += [Region(LEFT + at * (one.width + 1), y, one.width, 1) for y in lines]
        if dirty:
            self.refresh(*dirty)

    def on_resize(self) -> None:
        """Let the columns be fitted again."""
        self.post_message(self.Resized())

    def restyle(self) -> None:
        """Draw all again: the theme has changed."""
        self._rules.clear()
        self.form(self.shape)

    def render_line(self, y: int) -> Strip:
        held, width = self._held, self.size.width
        if self._instead:
            return safe.strip(self._instead[y] if y < len(self._instead) else (), width, self.look)
        if not held or y >= held[0].height:
            return Strip.blank(width, self.look("text"))
        segments = [self._segment(" " * LEFT, "text")]
        for at, one in enumerate(held):
            if at:
                segments.append(self._segment("┼" if y == HEADING - 1 else "│", "rule"))
            segments += one.strip(y, self.look)
        return Strip(segments).adjust_cell_length(width, self.look("text"))

    def part(self, y: int, left: int, right: int) -> Strip:
        at, start = divmod(left - LEFT, self.shape.width + 1) if self.shape.width else (0, -1)
        held = self._held
        if self._instead or start or right - left != self.shape.width or at >= len(held) or y >= held[0].height:
            return super().part(y, left, right)
        return held[at].strip(y, self.look)

    def chosen_cell(self) -> Offset | None:
        for at, one in enumerate(self._held):
            y = one.chosen_line()
            if y >= 0 and not self._instead:
                return Offset(LEFT + at * (one.width + 1), y)
        return None

    def _segment(self, text: str, look: str) -> Segment:
        if text not in self._rules:
            self._rules[text] = Segment(text, self.look(look))
        return self._rules[text]

    def stage_at(self, x: int) -> int:
        at = min(max(0, (x - LEFT) // (self.shape.width + 1)), len(self._held) - 1)
        return self.first + at if self._held and not self._instead else -1

    def row_at(self, x: int, y: int) -> int:
        stage = self.stage_at(x)
        return self._held[stage - self.first].row_at(y) if stage >= 0 else -1
