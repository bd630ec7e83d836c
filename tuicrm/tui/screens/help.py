"""The keys that work here, from the registry, as this user has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.commands import ANYWHERE, COMMANDS, PLACES, shown
from tuicrm.tui.safe import cells, fit
from tuicrm.tui.screens.dialog import Dialog
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from tuicrm.tui.commands import Command
    from tuicrm.tui.keymap import Keymap
    from tuicrm.tui.safe import Line, Span

WIDEST, NARROWEST = 72, 24
AROUND = 6
KEYS, KEYS_NARROW = 14, 8
MOVING = ("cursor", "area", "mark", "period", "go")
ON_RECORDS = ("log", "followup", "deal", "record", "activity")


class Help(Dialog[None]):
    """Keys of one place in groups, then the ones that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "cancel", show=False, id="help.keys"),
        Binding("enter", "cancel", show=False),
    ]

    def __init__(self, place: str, keymap: Keymap) -> None:
        super().__init__()
        self.place = place
        self.keymap = keymap

    def lines(self) -> list[Line]:
        return help_lines(self.place, self.keymap, min(WIDEST, self.app.size.width - AROUND))


def help_lines(place: str, keymap: Keymap, width: int) -> list[Line]:
    """Return the keys of a place in lines of `width` cells: moving, on records, the pane's own, everywhere, no key."""
    width = max(NARROWEST, width)
    here = [one for one in COMMANDS if place in one.where]
    everywhere = [one for one in COMMANDS if ANYWHERE in one.where]
    keyed = [one for one in here if keymap.of(one)]
    noun = {one.id: one.id.partition(".")[0] for one in COMMANDS}
    records = [one for one in keyed if noun[one.id] in ON_RECORDS and one.id != "record.open"]
    moving = [one for one in keyed if noun[one.id] in MOVING or one.id == "record.open"]
    rest = [one for one in keyed if one not in records and one not in moving]
    palette = keymap.shown("palette.open")
    groups = [
        (PLACES.get(place, ""), moving),
        ("On records: the marked ones, else the one under the cursor", records),
        ("What is shown", rest),
        (f"By name, in the palette ({palette})", [one for one in (*here, *everywhere) if not keymap.of(one)]),
        (PLACES[ANYWHERE], [one for one in everywhere if keymap.of(one)]),
    ]
    made: list[Line] = []
    for heading, held in groups:
        if held:
            how: Span = ("" if made else "   j k g G scroll, Esc closes", "muted")
            made += wrapped(((heading, "head"), how), width)
            made += [part for one in held for part in _entry(one, keymap, width)]
            made.append(())
    return made[:-1]


def _entry(one: Command, keymap: Keymap, width: int) -> list[Line]:
    """Return the lines of a command: its keys, and its help beside them, as many lines as it takes."""
    room = KEYS if width >= 60 else KEYS_NARROW
    keys = [shown(key) for key in keymap.of(one)] or [one.label]
    while len(keys) > 1 and cells(" ".join(keys)) > room:
        keys.pop()
    lead = " ".join(keys)
    parts = wrapped(((one.help, "text"),), max(8, width - room - 1))
    if cells(lead) > room:
        return [((lead, "key"),), *(((" " * (room + 1), "text"), *part) for part in parts)]
    first: Line = ((fit(lead, room), "key"), (" ", "text"), *parts[0])
    return [first, *(((" " * (room + 1), "text"), *part) for part in parts[1:])]
