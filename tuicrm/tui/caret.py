"""Where the terminal's own cursor belongs: on what is chosen, for those who follow it by ear or with a magnifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.lines import Drawn
from tuicrm.tui.pane import Pane

if TYPE_CHECKING:
    from textual.geometry import Offset
    from textual.screen import Screen
    from textual.widget import Widget

BARS = ("top", "bottom")
"""The lines around the panes: what stands out in them is not what is chosen."""


def caret(screen: Screen[object]) -> Offset | None:
    """Return the cell for the cursor: where one types, else the chosen line, else where the text begins."""
    focused = screen.focused
    if focused is not None:
        typing: Offset | None = getattr(focused, "cursor_screen_offset", None)
        if typing is not None:
            return typing
        place = _in(focused)
        if place is not None or not isinstance(focused, Pane):
            return focused.content_region.offset if place is None else place
    # The topmost comes first.
    held = [one for one in screen._compositor.visible_widgets if isinstance(one, Drawn) and one.id not in BARS]
    for widget in held:
        place = _in(widget)
        if place is not None:
            return place
    return min((one.content_region.offset for one in held), key=lambda at: (at.y, at.x), default=None)


def _in(widget: Widget) -> Offset | None:
    """Return the chosen cell of a drawn widget."""
    held = widget.chosen_cell() if isinstance(widget, Drawn) else None
    return None if held is None else widget.content_region.offset + held
