"""A column of rows of different heights: wrapped and drawn only where it is in sight, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.lines import EntryPointed, WheelRolled
from tuicrm.tui.linking import Linking
from tuicrm.tui.pages.links import LINK
from tuicrm.tui.pages.row import Rows
from tuicrm.tui.safe import fit
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from tuicrm.tui.pages.row import Row
    from tuicrm.tui.safe import Line

GUTTER = 1
"""Cells for the sign of the cursor."""
HEADS = 3
"""Rows without a stop above the cursor that stay in sight with it: headings."""


class Sheet(Linking):
    """Shows the rows from `first` to `last` (left out); the place on the screen is kept as a row and lines of it."""

    class Pointed(EntryPointed):
        """A row was clicked."""

    class Rolled(WheelRolled):
        """The wheel was turned."""

    def __init__(self, row: Callable[[int], Row], *, rule: bool = False, classes: str = "") -> None:
        super().__init__(classes=classes)
        self.rows = Rows()
        self.first = self.last = 0
        self.cursor = -1
        self.rule = rule
        """Whether a line is drawn at the right edge."""
        self.left: Callable[[int], int] = lambda at: 0
        """Says how many entries follow a row."""
        self._row = row
        self._top = 0
        self._skip = 0
        """Lines of the topmost row that are out of sight."""
        self._wrapped: dict[int, list[Line]] = {}
        self._lines: list[Line] = []
        self._held: list[tuple[int, int]] = []
        """Row and line of it, by line of the screen."""

    def put(self, rows: Rows, first: int, last: int, left: Callable[[int], int]) -> None:
        """Take over other rows; what is in sight stays where it is."""
        key = self._anchor()
        self.rows, self.first, self.last, self.left = rows, first, last, left
        self._wrapped.clear()
        at = rows.find(key)
        if first <= at < last:
            self._top = at
        elif not (key and first <= self._top < last):
            self.home()

    def _anchor(self) -> str:
        top = self._top
        while top < self.last and not self.rows.key_of(top):
            top += 1
        # Rows without a key cannot be found again: what follows them is.
        return self.rows.key_of(top) if top < self.last and top == self._top else ""

    @property
    def room(self) -> int:
        """Cells for the text of a row."""
        return max(1, self.size.width - GUTTER - (2 if self.rule else 0))

    def lines_of(self, at: int) -> list[Line]:
        """Return the lines of a row at the width at hand."""
        found = self._wrapped.get(at)
        if found is None:
            room = self.room
            made = (part for line in self._row(at).lines for part in wrapped(line, room))
            found = self._wrapped[at] = list(made)
        return found

    def home(self) -> None:
        """Show the beginning."""
        self._top, self._skip = self.first, 0

    def clear(self) -> None:
        """Forget the rows: others begin at their beginning."""
        self.rows, self.first, self.last = Rows(), 0, 0
        self.home()

    def point(self, cursor: int) -> None:
        """Move the cursor, and scroll as far as that asks for; a row outside takes it off the sheet."""
        self.cursor = cursor
        if not self.first <= cursor < self.last:
            return
        above = self._with_heads(cursor)
        if (above, 0) < (self._top, self._skip):
            self._top, self._skip = above, 0
        elif not self.whole(cursor):
            self._up_from(cursor)

    def _with_heads(self, at: int) -> int:
        """Return the row from which on to show so that the headings above a row are seen."""
        top = at
        while top > self.first and at - top < HEADS and not self.rows.key_of(top - 1):
            top -= 1
        return top

    def whole(self, at: int) -> bool:
        """Tell whether no line of a row is below the screen."""
        room = self._room_for(at)
        used = -self._skip
        for one in range(self._top, at + 1):
            used += len(self.lines_of(one))
            if used > room:
                return False
        return True

    def _room_for(self, at: int) -> int:
        """Return how many lines there are for rows down to this one: the last counts what follows, if anything."""
        return max(1, self.size.height - (at < self.last - 1))

    @property
    def hidden_below(self) -> bool:
        """Whether anything is below the screen."""
        return self.last > self.first and not self.whole(self.last - 1)

    def cut_above(self, at: int) -> bool:
        """Tell whether the first line of a row is above the screen."""
        return at < self._top or (at == self._top and self._skip > 0)

    def _up_from(self, at: int) -> None:
        """Scroll so that a row stands at the bottom, or begins at the top where it is taller than the screen."""
        left = self._room_for(at) - len(self.lines_of(at))
        top = at
        while left > 0 and top > self.first:
            top -= 1
            left -= len(self.lines_of(top))
        self._top, self._skip = top, max(0, -left) if top < at else 0

    def scroll(self, by: int) -> None:
        """Scroll by lines, no further than the ends."""
        self._skip += by
        while self._skip < 0 and self._top > self.first:
            self._top -= 1
            self._skip += len(self.lines_of(self._top))
        self._skip = max(0, self._skip)
        while self._top < self.last - 1 and self._skip >= len(self.lines_of(self._top)):
            self._skip -= len(self.lines_of(self._top))
            self._top += 1
        self._stay()

    def _stay(self) -> None:
        """Leave no empty lines below the last row where there is more above."""
        if self.hidden_below or self.last <= self.first:
            return
        left, top = self.size.height, self.last
        while left > 0 and top > self.first:
            top -= 1
            left -= len(self.lines_of(top))
        self._top, self._skip = top, max(0, -left)

    @property
    def page(self) -> int:
        """How many lines a page goes: all but two, to read on."""
        return max(1, self.size.height - 2)

    def first_seen(self) -> int:
        """Return the first row in sight that the cursor can stop at; -1 where there is none."""
        at = self._top
        if self.rows.key_of(at) and (not self._skip or not self.whole(at)):
            return at
        at = self.rows.after(at, 1)
        if self.first <= at < self.last and self.whole(at):
            return at
        return self._top if self.rows.key_of(self._top) else self.rows.after(self._top, -1)

    def show(self) -> None:
        """Draw what is in sight, repainting the lines that differ."""
        if not self.size.height:
            return
        before, self._lines = self._lines, self._draw()
        self.redraw_from(before, self._lines)

    def _draw(self) -> list[Line]:
        height = self.size.height
        lines: list[Line] = []
        held: list[tuple[int, int]] = []
        skip = self._skip
        for at in range(self._top, self.last):
            for number, line in enumerate(self.lines_of(at)[skip:], skip):
                lines.append(self._drawn(line, at == self.cursor and number == 0))
                held.append((at, number))
            skip = 0
            if len(lines) > height:
                break
        if len(lines) > height:
            left = self.left(held[height - 1][0])
            words = f"      … {left} older" if left else "      … more"
            lines[height - 1 :] = [self._drawn(((words, "muted"),), False)]
        self._held = held[:height]
        lines += [self._drawn((), False)] * (height - len(lines))
        return lines

    def _drawn(self, line: Line, here: bool) -> Line:
        """Return a line with its sign and its rule; one look throughout under the cursor, which few bytes tell."""
        size = self.room
        text = "".join(part for part, _ in line)
        if here:
            link = next((look.partition(LINK)[2] for _, look in line if LINK in look), "")
            shown: Line = ((">", "cursor"), (fit(text, size), f"cursor{LINK}{link}" if link else "cursor"))
        else:
            shown = ((" ", "text"), *line)
        if not self.rule:
            return shown
        from tuicrm.tui.safe import cells

        used = sum(cells(part) for part, _ in shown)
        return (*shown, (" " * (size + GUTTER + 1 - used), "text"), ("│", "rule"))

    def line(self, y: int) -> Line:
        return self._lines[y] if y < len(self._lines) else ()

    def on_resize(self) -> None:
        """Wrap for the width at hand."""
        self._wrapped.clear()
        self._lines = []
        self._skip = 0
        self.point(self.cursor)
        self.show()

    def on_click(self, event: events.Click) -> None:
        """Point at the row under the mouse."""
        if event.y < len(self._held):
            self.post_message(self.Pointed(self._held[event.y][0], twice=event.chain > 1))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Roll down."""
        self.post_message(self.Rolled(1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Roll up."""
        self.post_message(self.Rolled(-1))
