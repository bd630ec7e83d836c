"""A bare line to type into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.widgets import Input

from tuicrm.tui.safe import letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text
    from textual.strip import Strip


class Typed(Input):
    """One line of text, without a blinking cursor: a focused field sends nothing while idle."""

    takes_text = True
    # A letter more takes no other place: laying out the whole screen for it would double what a key costs.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def __init__(self, value: str = "", *, id: str | None = None) -> None:  # noqa: A002  # the toolkit's name
        super().__init__(value, compact=True, select_on_focus=False, classes="-bare", id=id)
        self.cursor_blink = False

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Stay as it is: the line has one style, so there is no need to look through the style sheets again."""

    @property
    def _value(self) -> Text:
        # The toolkit would send what steers a terminal as it is.
        return letters(self.value)

    def painter(self) -> Callable[[int, int, int], Strip]:
        """Return what draws parts of its line as they are sent."""
        return lambda y, left, right: self.render_lines(Region(left, y, right - left, 1))[0]
