"""A bare line to type into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.events import Key
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.widgets import Input

from tuicrm.tui.safe import letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text
    from textual import events
    from textual.strip import Strip


class Typed(Input):
    """One line of text, without a blinking cursor: a focused field sends nothing while idle."""

    takes_text = True
    # A letter more takes no other place: laying out the whole screen for it would double what a key costs.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)

    def __init__(self, value: str = "", *, id: str | None = None) -> None:  # noqa: A002  # the toolkit's name
        super().__init__(value, compact=True, select_on_focus=False, classes="-bare", id=id)
        self.cursor_blink = False

    def on_mount(self) -> None:
        """Keep at hand what has to be let go of: a signal of the screen would hold on to the line for good."""
        self._signal = self.screen.text_selection_started_signal

    def on_unmount(self) -> None:
        """Let go of the screen, which stays when the line is long gone."""
        self._signal.unsubscribe(self)

    def focus(self, scroll_visible: bool = True, from_app_focus: bool = False) -> Typed:
        """Take the focus at once: a turn of the loop later, letters that come fast would go where it was before."""
        if self.is_attached:
            self.screen.set_focus(self, scroll_visible, from_app_focus)
        return self

    async def _on_key(self, event: events.Key) -> None:
        here = self.screen.focused
        if here is not self and isinstance(here, Typed):
            # Typed behind the key that left this line: it is meant for the one that has the focus.
            event.stop()
            event.prevent_default()
            here._forward_event(Key(event.key, event.character))
            return
        if here is not self:
            # Typed before this line, just opened, could take the focus by itself.
            self.focus()
        # Looked up here: on its way up, a Tab would be overtaken by the letters behind it.
        if not event.is_printable and await self.app._check_bindings(event.key):
            event.stop()
            event.prevent_default()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Stay as it is: the line has one style, so there is no need to look through the style sheets again."""

    @property
    def _value(self) -> Text:
        # The toolkit would send what steers a terminal as it is.
        return letters(self.value)

    def painter(self) -> Callable[[int, int, int], Strip]:
        """Return what draws parts of its line as they are sent."""
        return lambda y, left, right: self.render_lines(Region(left, y, right - left, 1))[0]
