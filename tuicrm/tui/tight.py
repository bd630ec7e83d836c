"""Draws and sends only the cells that changed: the toolkit draws every widget that they touch, and whole lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import ChopsUpdate, Compositor
from textual._styles_cache import StylesCache
from textual.style import Style

from tuicrm.tui.lines import Drawn
from tuicrm.tui.typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console
    from textual._compositor import CompositorMap, ReflowResult
    from textual.color import Color
    from textual.geometry import Region, Size
    from textual.strip import Strip
    from textual.widget import Widget

    Painter = Callable[[int, int, int], Strip]
    Span = tuple[int, int, int]
    Placed = tuple[Widget, Region, Region]


def _inner_outer(cache: StylesCache, base: Color, background: Color) -> tuple[Style, Style]:
    return Style(background=base + background), Style(background=base)


# The toolkit remembers these two styles by the cache that asks: so it holds on to all that a thousand widgets had drawn
# long after they are gone, up to tens of megabytes.
StylesCache.get_inner_outer = _inner_outer  # type: ignore[assignment]


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


def _moved(old: CompositorMap, new: CompositorMap) -> set[Region]:
    """Return the parts of the screen where a widget came, went, or is now at another place."""
    found: set[Region] = set()
    for widget in old.keys() | new.keys():
        places = [(held[widget].region, held[widget].clip) if widget in held else None for held in (old, new)]
        if places[0] != places[1]:
            found |= {part for one in places if one and (part := one[1].intersection(one[0]))}
    return found


def _topmost(row: Sequence[Placed], left: int, right: int) -> tuple[Widget, Region, int] | None:
    """Return the widget in sight at `left`, its region, and up to where nothing else covers it."""
    stop = right
    for widget, region, shown in row:
        if shown.x <= left < shown.right:
            return widget, region, min(stop, shown.right)
        if left < shown.x < stop:
            stop = shown.x
    return None


class TightCompositor(Compositor):
    """The toolkit's compositor with tight updates."""

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay out anew; what comes to lie above others, or goes away, leaves those beside it as they are."""
        dirty, old = set(self._dirty_regions), self._full_map
        result = super().reflow(parent, size)
        new = self._full_map
        both = [one for one in new if one in old]
        # The toolkit counts places in the order of drawing: one more widget moves all the numbers, not the order.
        if size.region not in dirty and sorted(both, key=lambda w: old[w].order) == sorted(
            both, key=lambda w: new[w].order
        ):
            self._dirty_regions = dirty | _moved(old, new)
        return result

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
        """Return the changed parts; None where one lies in a widget that cannot draw parts itself."""
        # The topmost comes first.
        held = [(widget, region, region.intersection(clip)) for widget, (region, clip) in self.visible_widgets.items()]
        painters: dict[Widget, Painter | None] = {}
        parts: list[tuple[int, int, Strip]] = []
        for y, left, right in spans:
            row = [one for one in held if one[2].y <= y < one[2].bottom]
            while left < right:
                found = _topmost(row, left, right)
                if found is None:
                    return None
                widget, region, stop = found
                if widget not in painters:
                    painters[widget] = widget.painter() if isinstance(widget, Drawn | Typed) else None
                paint = painters[widget]
                if paint is None:
                    return None
                parts.append((left, y, paint(y - region.y, left - region.x, stop - region.x)))
                left = stop
        return parts
