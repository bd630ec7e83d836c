"""Draws and sends only the cells that changed: the toolkit draws every widget that they touch, and whole lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import ChopsUpdate, Compositor

from tuicrm.tui.lines import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console
    from textual.strip import Strip
    from textual.widget import Widget

    Painter = Callable[[int, int, int], Strip]
    Span = tuple[int, int, int]


class TightUpdate(ChopsUpdate):
    """An update of parts of lines, cut at both ends."""

    def render_segments(self, console: Console) -> str:
        """Return what is written to the terminal."""
        written: list[str] = []
        for y, left, right in self.spans:
            for end, (start, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                first, stop = max(left, start), min(right, end)
                if strip is None or first >= stop:
                    continue
                part = strip if (first, stop) == (start, end) else strip.crop(first - start, stop - start)
                written += (_at(first, y), part.render(console))
        return "".join(written)


class PartsUpdate(ChopsUpdate):
    """An update of parts that are strips already, each at a column and a line of the screen."""

    def __init__(self, parts: Sequence[tuple[int, int, Strip]]) -> None:
        super().__init__([], [], [])
        self.parts = parts

    def render_segments(self, console: Console) -> str:
        """Return what is written to the terminal."""
        return "".join([_at(x, y) + strip.render(console) for x, y, strip in self.parts])


def _at(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


class TightCompositor(Compositor):
    """The toolkit's compositor with tight updates."""

    def render_partial_update(self) -> ChopsUpdate | None:
        if not self._dirty_regions:
            return None
        parts = self._parts(list(self._regions_to_spans(self._dirty_regions)))
        if parts is not None:
            self._dirty_regions.clear()
            return PartsUpdate(parts)
        update = super().render_partial_update()
        return None if update is None else TightUpdate(update.chops, update.spans, update.chop_ends)

    def _parts(self, spans: Sequence[Span]) -> list[tuple[int, int, Strip]] | None:
        """Return the changed parts; None where one is not within a single widget that draws parts itself."""
        # The topmost comes first.
        held = [(widget, region, region.intersection(clip)) for widget, (region, clip) in self.visible_widgets.items()]
        painters: dict[Widget, Painter | None] = {}
        parts: list[tuple[int, int, Strip]] = []
        for y, left, right in spans:
            for widget, region, shown in held:
                if not (shown.y <= y < shown.bottom and shown.x < right and left < shown.right):
                    continue
                if widget not in painters:
                    painters[widget] = widget.painter() if isinstance(widget, Drawn) else None
                paint = painters[widget]
                if paint is None or left < shown.x or shown.right < right:
                    return None
                parts.append((left, y, paint(y - region.y, left - region.x, right - region.x)))
                break
            else:
                return None
        return parts
