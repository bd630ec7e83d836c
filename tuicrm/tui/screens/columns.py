"""Choosing the columns of a list: marks say which, their order on the screen is the order of the columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import fit
from tuicrm.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.tui.safe import Line

WIDE = 40
ROOM = 8
"""Lines of the screen that the list leaves free, so that it fits with its frame."""


class ChooseColumns(Dialog[tuple[str, ...]]):
    """Answers with the names of the columns in their order, or None; at least one stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", show=False),
        Binding("space", "turn", show=False),
        Binding("K,shift+up", "carry(-1)", show=False),
        Binding("J,shift+down", "carry(1)", show=False),
    ]

    def __init__(self, titles: Mapping[str, str], shown: Sequence[str]) -> None:
        super().__init__()
        self.titles = titles
        self.names = [*shown, *(name for name in titles if name not in shown)]
        self.on = set(shown)
        self.at = 0
        self.top = 0

    def lines(self) -> list[Line]:
        room = max(3, self.app.size.height - ROOM)
        self.top = max(min(self.top, self.at, len(self.names) - room), self.at - room + 1, 0)
        made: list[Line] = [((" Columns, in this order ", "head"),)]
        for place in range(self.top, min(self.top + room, len(self.names))):
            name = self.names[place]
            text = fit(f"{'*' if name in self.on else ' '} {self.titles[name]}", WIDE)
            here = place == self.at
            made.append(((">" if here else " ", "key"), (text, "cursor" if here else "text")))
        hidden = len(self.names) - room
        made.append(((f" {len(self.on)} shown" + (f", {len(self.names)} in all " if hidden > 0 else " "), "muted"),))
        made.append(((" Space marks, J K carry, Enter takes, Esc cancels ", "muted"),))
        return made

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), len(self.names) - 1)
        self.box.put(self.lines())

    def action_turn(self) -> None:
        """Mark the column, or unmark it; the last one stays."""
        name = self.names[self.at]
        if name not in self.on:
            self.on.add(name)
        elif len(self.on) > 1:
            self.on.discard(name)
        self.box.put(self.lines())

    def action_carry(self, by: int) -> None:
        """Carry the column down or up."""
        to = self.at + by
        if 0 <= to < len(self.names):
            self.names.insert(to, self.names.pop(self.at))
            self.at = to
            self.box.put(self.lines())

    def action_take(self) -> None:
        """Answer with what is marked."""
        self.dismiss(tuple(name for name in self.names if name in self.on))
