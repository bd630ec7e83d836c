"""The keys that work here, from the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.commands import ANYWHERE, PLACES, commands_in, shown
from tuicrm.tui.safe import fit
from tuicrm.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from tuicrm.tui.safe import Line


class Help(Dialog[None]):
    """Keys of one place, then the ones that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("question_mark,enter", "cancel", show=False)]

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def lines(self) -> list[Line]:
        room = max(30, min(72, self.app.size.width - 6))
        made: list[Line] = []
        for place in (self.place, ANYWHERE):
            if not place:
                continue
            made += [((PLACES[place], "head"), ("" if made else "   j k g G scroll, Esc closes", "muted"))]
            for one in commands_in(place):
                keys = " ".join(shown(key) for key in one.keys)
                made += [((fit(keys, 14), "key"), (" ", "text"), (fit(one.help, room - 15), "text"))]
            made += [()]
        return made[:-1]
