"""Lines of several blocks side by side, of which only the parts that differ are sent."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from textual.geometry import Region

from tuicrm.tui.lines import Lines
from tuicrm.tui.safe import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.tui.safe import Line, Span


class Canvas(Lines):
    """A block of lines of constant number; a change on the left leaves what is on the right alone."""

    def put(self, lines: Sequence[Line]) -> None:
        """Show these lines, repainting what differs from the first to the last differing span of each."""
        if len(lines) != len(self._lines):
            super().put(lines)
            return
        before, self._lines = self._lines, list(lines)
        width = self.size.width
        held = []
        for y, (old, new) in enumerate(zip(before, self._lines, strict=True)):
            left, right = differing(old, new, width) if old != new else (0, 0)
            if left < right:
                held.append(Region(left, y, right - left, 1))
        if held:
            self.refresh(*held)


def differing(old: Line, new: Line, width: int) -> tuple[int, int]:
    """Return the first cell in which two lines may differ, and the one after the last."""
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))
    left = min(_cells(new[:same]), width)
    if _cells(old) != _cells(new):
        return left, width
    rest = zip(reversed(old[same:]), reversed(new[same:]), strict=False)
    behind = [pair[1] for pair in takewhile(lambda pair: pair[0] == pair[1], rest)]
    return left, min(_cells(new) - _cells(behind), width)


def _cells(spans: Iterable[Span]) -> int:
    return sum(cells(text) for text, _ in spans)
