"""A quote as it reads, and the keys for what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import short
from tuicrm.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual import events

    from tuicrm.crm.quotes.paper import Paper
    from tuicrm.tui.safe import Line

FRAME = 6
SEND, ACCEPT, DECLINE, REVISE, COPY = "send", "accept", "decline", "revise", "copy"
KEYS = (("s", SEND, "sent"), ("w", ACCEPT, "accepted"), ("x", DECLINE, "declined"), ("v", REVISE, "next version"))
"""Keys with what they answer and what they are called; won and lost have the keys that they have elsewhere."""


class Quoted(Dialog[str]):
    """Answers with what is to be done with the quote, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"take('{word}')", show=False) for key, word, _ in KEYS),
        Binding("y", f"take('{COPY}')", show=False),
    ]

    def __init__(self, paper: Paper, stands: str) -> None:
        super().__init__()
        self.paper = paper
        self.stands = stands
        """How it stands, in a word."""

    def lines(self) -> list[Line]:
        from tuicrm.crm.quotes.plain import WIDE, text_of

        room = min(WIDE, self.app.size.width - FRAME)
        keys = ", ".join([*(f"{key} {words}" for key, _, words in KEYS), "y copies", "Esc closes"])
        made: list[Line] = [((short(self.stands, room), "head"),), ((short(keys, room), "muted"),), ()]
        return [*made, *(((line, "text"),) for line in text_of(self.paper, room).splitlines())]

    def on_resize(self, event: events.Resize) -> None:
        """Set it anew for the size at hand."""
        self.box.put(self.lines())

    def action_take(self, word: str) -> None:
        """Answer with what a key means."""
        self.dismiss(word)
