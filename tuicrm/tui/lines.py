"""Widgets drawn line by line, which repaint only the lines that changed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.widget import Widget

from tuicrm.tui import safe
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.style import Style
    from textual.strip import Strip

    from tuicrm.tui.program import Program
    from tuicrm.tui.safe import Line


class EntryPointed(Message):
    """An entry was clicked, once or twice."""

    def __init__(self, at: int, *, twice: bool) -> None:
        super().__init__()
        self.at = at
        self.twice = twice


class WheelRolled(Message):
    """The wheel was turned, by so many entries."""

    def __init__(self, by: int) -> None:
        super().__init__()
        self.by = by


class Drawn(Widget):
    """A widget whose lines are made one by one from spans of text and looks."""

    @property
    def program(self) -> Program:
        """The app, by its own type."""
        from tuicrm.tui.program import Program

        assert isinstance(self.app, Program)
        return self.app

    def look(self, name: str) -> Style:
        """Return a named style of the present theme."""
        return self.program.looks(name)

    def line(self, y: int) -> Line:
        """Return what line `y` shows."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        return safe.strip(self.line(y), self.size.width, self.look)

    def chosen_cell(self) -> Offset | None:
        """Return where the line under the cursor begins; None where no line is."""
        for y in range(self.size.height):
            x = 0
            for text, look in self.line(y):
                if look.startswith("cursor") or (look == "key" and text.strip() == ">"):
                    return Offset(x + len(text) - len(text.lstrip()), y)
                x += safe.cells(text)
        return None

    def part(self, y: int, left: int, right: int) -> Strip:
        """Return some cells of a line."""
        return self.render_line(y).crop(left, right)

    def painter(self) -> Callable[[int, int, int], Strip] | None:
        """Return what draws parts of lines as they are sent; None where the toolkit has to add something of its own."""
        if self.gutter or self.opacity != 1 or self.styles.tint.a:
            return None
        filters, background = self.get_line_filters(), self.background_colors[1]

        def paint(y: int, left: int, right: int) -> Strip:
            strip = self.part(y, left, right)
            for one in filters:
                strip = strip.apply_filter(one, background)
            return strip

        return paint

    def restyle(self) -> None:
        """Draw all again: the theme has changed."""
        self.refresh()

    def redraw(self, *lines: int) -> None:
        """Repaint some lines."""
        width, height = self.size
        held = [Region(0, y, width, 1) for y in lines if 0 <= y < height]
        if held:
            self.refresh(*held)

    def redraw_from(self, before: Sequence[Line], after: Sequence[Line]) -> None:
        """Repaint the lines that differ from those that were drawn before; all where their number differs."""
        if len(before) != len(after):
            self.refresh()
            return
        self.redraw(*(y for y, (old, line) in enumerate(zip(before, after, strict=True)) if old != line))


class Lines(Drawn):
    """A block of lines that others fill."""

    def __init__(self, *, id: str | None = None, count: int = 0) -> None:  # noqa: A002  # the toolkit's name
        super().__init__(id=id)
        self._lines: list[Line] = [()] * count
        self.top = 0
        """The first line shown, for blocks longer than the screen."""

    def put(self, lines: Sequence[Line]) -> None:
        """Show these lines, repainting those that differ."""
        before, self._lines = self._lines, list(lines)
        if len(before) != len(self._lines):
            self.top = min(self.top, self.furthest)
            self.refresh(layout=True)
            return
        width, height = self.size
        pairs = enumerate(zip(before, self._lines, strict=True), -self.top)
        held = [
            Region(0, y, min(_reach(*pair), width), 1) for y, pair in pairs if pair[0] != pair[1] and 0 <= y < height
        ]
        if held:
            self.refresh(*held)

    @property
    def furthest(self) -> int:
        """The last sensible value of `top`."""
        return max(0, len(self._lines) - max(1, self.size.height))

    def scroll_lines(self, by: int) -> None:
        """Show what lies `by` lines further down (or up)."""
        wanted = min(max(0, self.top + by), self.furthest)
        if wanted != self.top:
            self.top = wanted
            self.refresh()

    def line(self, y: int) -> Line:
        at = y + self.top
        return self._lines[at] if 0 <= at < len(self._lines) else ()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return max((sum(safe.cells(text) for text, _ in line) for line in self._lines), default=1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self._lines))


def _reach(old: Line, new: Line) -> int:
    """Return how many cells may differ: behind both texts are blanks, which look alike where the ends do."""
    if not old or not new or old[-1][1] != new[-1][1]:
        return sys.maxsize
    return max(sum(safe.cells(text) for text, _ in line) for line in (old, new))


class Wrapped(Lines):
    """A block of lines in which the long ones take several, as the width at hand asks."""

    _whole: Sequence[Line] = ()
    _wide = 0
    """The width that the lines were wrapped for."""

    def put(self, lines: Sequence[Line]) -> None:
        """Show these lines, wrapped."""
        self._whole, self._wide = lines, self.size.width
        super().put([part for line in lines for part in wrapped(line, self._wide)])

    def on_resize(self) -> None:
        """Wrap for another width, and stay within the text at another height."""
        if self.size.width != self._wide:
            self.put(self._whole)
        self.scroll_lines(0)
