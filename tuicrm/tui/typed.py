"""A bare line to type into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from tuicrm.tui.safe import letters

if TYPE_CHECKING:
    from rich.text import Text


class Typed(Input):
    """One line of text, without a blinking cursor: a focused field sends nothing while idle."""

    takes_text = True

    def __init__(self, value: str = "", *, id: str | None = None) -> None:  # noqa: A002  # the toolkit's name
        super().__init__(value, compact=True, select_on_focus=False, classes="-bare", id=id)
        self.cursor_blink = False

    @property
    def _value(self) -> Text:
        # The toolkit would send what steers a terminal as it is.
        return letters(self.value)
