"""Sends only the cells that changed: the toolkit sends a changed part of a line from the left edge of its widget on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.control import Control
from textual._compositor import ChopsUpdate, Compositor

if TYPE_CHECKING:
    from rich.console import Console


class TightUpdate(ChopsUpdate):
    """An update of parts of lines, cut at both ends."""

    def render_segments(self, console: Console) -> str:
        """Return what is written to the terminal."""
        written: list[str] = []
        last = self.spans[-1]
        for span in self.spans:
            y, left, right = span
            for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                first, stop = max(left, start), min(right, end)
                if strip is None or first >= stop:
                    continue
                part = strip if (first, stop) == (start, end) else strip.crop(first - start, stop - start)
                written.append(Control.move_to(first, y).segment.text)
                written.append(part.render(console))
            if span is not last:
                written.append("\n")
        return "".join(written)


class TightCompositor(Compositor):
    """The toolkit's compositor with tight updates."""

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return None if update is None else TightUpdate(update.chops, update.spans, update.chop_ends)
