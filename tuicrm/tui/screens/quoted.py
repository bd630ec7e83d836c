"""A quote as it reads, and the keys for what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import short
from tuicrm.tui.screens.dialog import Dialog
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from textual import events

    from tuicrm.crm.quotes.paper import Paper
    from tuicrm.tui.safe import Line

FRAME = 6
SEND, ACCEPT, DECLINE, REVISE = "send", "accept", "decline", "revise"
EDIT, FILE, COPY = "edit", "file", "copy"
KEYS = (("s", SEND, "sent"), ("w", ACCEPT, "accepted"), ("x", DECLINE, "declined"), ("v", REVISE, "next version"))
"""Keys with what they answer and what they are called; won and lost have the keys that they have elsewhere."""
MORE = (("e", EDIT, "edits"), ("p", FILE, "writes a PDF"), ("y", COPY, "copies"))


class Quoted(Dialog[str]):
    """Answers with what is to be done with the quote, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"take('{word}')", show=False) for key, word, _ in (*KEYS, *MORE)),
    ]

    def __init__(self, paper: Paper, stands: str, *, draft: bool) -> None:
        super().__init__()
        self.paper = paper
        self.stands = stands
        """How it stands, in a word."""
        self.draft = draft
        """Whether it may still be edited."""

    def lines(self) -> list[Line]:
        from tuicrm.crm.quotes.plain import WIDE, text_of

        room = min(WIDE, self.app.size.width - FRAME)
        more = [one for one in MORE if self.draft or one[1] != EDIT]
        made: list[Line] = [((short(self.stands, room), "head"),)]
        for keys in (KEYS, (*more, ("Esc", "", "closes"))):
            made += wrapped(((", ".join(f"{key} {words}" for key, _, words in keys), "muted"),), room)
        made.append(())
        return [*made, *(((line, "text"),) for line in text_of(self.paper, room).splitlines())]

    def on_resize(self, event: events.Resize) -> None:
        """Set it anew for the size at hand."""
        self.box.put(self.lines())

    def action_take(self, word: str) -> None:
        """Answer with what a key means; what was sent is edited no more."""
        if word != EDIT or self.draft:
            self.dismiss(word)
