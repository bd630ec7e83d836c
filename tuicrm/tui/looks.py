"""Looks: the named styles of the theme that hand-drawn lines use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.style import Style
    from textual.widget import Widget

LOOKS = ("text", "muted", "title", "head", "rule", "key", "late", "today", "rotting", "mark", "good", "cursor")
"""Each is the class `look--NAME` of the style sheet."""

CLASSES = frozenset(f"look--{name}" for name in LOOKS)


class Looks:
    """Styles by name, taken from a widget that declares CLASSES as its component classes."""

    def __init__(self, *, colours: bool = True) -> None:
        self._colours = colours
        """Without them what is chosen is shown in reverse."""
        self._held: dict[str, Style] = {}
        self._source: Widget | None = None

    def take_from(self, source: Widget) -> None:
        """Take styles from this widget from here on; called again when the theme changes."""
        self._source = source
        self._held.clear()

    def __call__(self, name: str) -> Style:
        """Return the style of a look."""
        if name not in self._held:
            if self._source is None:
                from rich.style import Style

                return Style.null()
            found = self._source.get_component_rich_style(f"look--{name}")
            self._held[name] = found if self._colours or name != "cursor" else found + _reverse()
        return self._held[name]


def _reverse() -> Style:
    from rich.style import Style

    return Style(reverse=True)
