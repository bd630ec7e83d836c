"""The line items of a deal: a row each, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import short
from tuicrm.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.tui.safe import Line

WIDEST = 76
ADD, EDIT, REMOVE, VALUE = "add", "edit", "remove", "value"


class Items(Dialog[tuple[str, int]]):
    """Answers with what is to be done and the place of the item that it is about, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", f"take('{ADD}')", show=False),
        Binding("e,enter", f"take('{EDIT}')", show=False),
        Binding("D,delete", f"take('{REMOVE}')", show=False),
        Binding("v", f"take('{VALUE}')", show=False),
    ]

    def __init__(self, heading: str, rows: Sequence[str], sums: Sequence[str], *, at: int = 0, offers: bool) -> None:
        super().__init__()
        self.heading = heading
        self.rows = list(rows)
        self.sums = list(sums)
        self.offers = offers
        """Whether the deal's value is another one than the sum of its items."""
        self.at = min(max(0, at), max(0, len(self.rows) - 1))

    def lines(self) -> list[Line]:
        room = max(20, min(WIDEST, self.app.size.width - 8))
        made: list[Line] = [((short(self.heading, room), "head"),)]
        for place, text in enumerate(self.rows):
            here = place == self.at
            look = "cursor" if here else "text"
            made.append(((">" if here else " ", "key"), (f" {short(text, room - 3)} ", look)))
        if not self.rows:
            made.append((("  no items yet", "muted"),))
        made += [((short(one, room), "text"),) for one in self.sums]
        keys = "a adds" + (", e edits, D takes away" if self.rows else "")
        keys += ", v: the deal's value is the sum" if self.offers else ""
        return [*made, ((short(f"{keys}, Esc closes", room), "muted"),)]

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), max(0, len(self.rows) - 1))
        self.box.put(self.lines())
        line, height = self.at + 1, max(1, self.box.size.height)
        self.box.scroll_lines(min(0, line - self.box.top) or max(0, line - self.box.top - height + 1))

    def action_take(self, word: str) -> None:
        """Answer with what a key means, where there is an item for it."""
        if word == ADD or (word == VALUE and self.offers) or (word in (EDIT, REMOVE) and self.rows):
            self.dismiss((word, self.at))
