"""The fields of the log line: text that takes a pasted e-mail, an outcome that a digit chooses, a box to tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tuicrm.tui.lines import Lines
from tuicrm.tui.typed import Typed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


class TextField(Typed):
    """One line; a paste of several is handed over whole."""

    class Pasted(Message):
        """Several lines were pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_paste(self, event: events.Paste) -> None:
        """Let one line be typed in as it is."""
        if len(event.text.strip().splitlines()) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.Pasted(event.text))


class OutcomeField(Typed):
    """How it went: a digit chooses, anything else is typed."""

    choices: Sequence[str] = ()

    def on_key(self, event: events.Key) -> None:
        """A digit chooses where nothing is typed, or something else is chosen."""
        from unicodedata import digit

        if self.screen.focused is not self:
            return
        place = digit(event.character, 0) if event.character and len(event.character) == 1 else 0
        if 0 < place <= len(self.choices) and (not self.value or self.value in self.choices):
            event.stop()
            event.prevent_default()
            self.value = self.choices[place - 1]
            self.cursor_position = len(self.value)


class Offer(Typed):
    """A line that may hold a suggestion: typing replaces it as a whole."""

    offered = ""

    def offer(self, text: str) -> None:
        """Suggest something, unless something else was typed."""
        if self.value == self.offered:
            self.value = text
        self.offered = text

    def on_focus(self) -> None:
        """Select what is only suggested."""
        if self.value and self.value == self.offered:
            self.call_after_refresh(self.select_all)


class Tick(Lines, can_focus=True):
    """A box that a blank ticks or clears."""

    takes_text = True

    class Turned(Message):
        """The box was ticked, or cleared."""

    def on_key(self, event: events.Key) -> None:
        """A blank turns the box about; no other key means anything here."""
        if event.key == "space":
            self.post_message(self.Turned())
        if event.is_printable:
            event.stop()
            event.prevent_default()

    def on_click(self) -> None:
        """A click does the same."""
        self.post_message(self.Turned())
