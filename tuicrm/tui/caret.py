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
    """Return the cell for the cursor: where one types, else the chosen line; None where nothing is chosen."""
    focused = screen.focused
    if focused is not None:
        typing: Offset | None = getattr(focused, "cursor_screen_offset", None)
        if typing is not None:
            return typing
        place = _in(focused)
        if place is not None or not isinstance(focused, Pane):
            return place or focused.content_region.offset
    # The topmost comes first.
    for widget in screen._compositor.visible_widgets:
        place = _in(widget) if widget.id not in BARS else None
        if place is not None:
            return place
    return None


def _in(widget: Widget) -> Offset | None:
    """Return the chosen cell of a drawn widget."""
    held = widget.chosen_cell() if isinstance(widget, Drawn) else None
    return None if held is None else widget.content_region.offset + held
