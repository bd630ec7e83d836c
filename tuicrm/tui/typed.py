"""A bare line to type into."""

from __future__ import annotations

from textual.widgets import Input


class Typed(Input):
    """One line of text, without a blinking cursor: a focused field sends nothing while idle."""

    takes_text = True

    def __init__(self, value: str = "", *, id: str | None = None) -> None:  # noqa: A002  # the toolkit's name
        super().__init__(value, compact=True, select_on_focus=False, classes="-bare", id=id)
        self.cursor_blink = False
