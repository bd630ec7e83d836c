"""What the palette offers beside records: commands, views and themes, and which of them fit what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.crm.findable import words
from tuicrm.crm.finder import fitting
from tuicrm.tui.commands import ANYWHERE, COMMANDS, shown
from tuicrm.tui.commands.hinting import HINTS, ON_DEMAND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tuicrm.tui.commands import Command
    from tuicrm.tui.keymap import Keymap

COMMAND, VIEW, THEME = "command", "view", "theme"
UNLISTED = ("palette.open", "go.back")
"""What makes no sense from the palette itself."""


class Thing(NamedTuple):
    """One thing to run or to switch to."""

    what: str
    """COMMAND, VIEW or THEME."""
    key: str
    """A command's id, a theme's name; a view's place among the views."""
    keys: str
    """The keys that do the same, to be learned."""
    label: str
    """What stands in the place of keys where there are none."""
    text: str
    cli: str
    """The same from the command line."""
    name: str
    """The words that it is called by."""
    whole: str
    """The words of all that it is found by."""
    quiet: bool = False
    """Whether it is there only for whoever types its name."""


_WORDS = {one.id: (words(one.label), words(f"{one.label} {one.id} {one.help}")) for one in COMMANDS}


def command_things(
    place: str, keymap: Keymap, there: Callable[[Command], bool], used: Callable[[Command], bool]
) -> list[Thing]:
    """Return the commands of a place and those that work everywhere.

    `there` tells whether one can be run at all, `used` whether the team uses what it is about.
    """
    found = []
    for one in COMMANDS:
        if (place in one.where or ANYWHERE in one.where) and one.id not in UNLISTED and there(one):
            quiet = not used(one)
            if not quiet or one.begins:
                keys = " ".join(shown(key) for key in keymap.of(one))
                found.append(Thing(COMMAND, one.id, keys, one.label, one.help, one.cli, *_WORDS[one.id], quiet))
    common = [name for name, _ in (*HINTS.get(place, ()), *ON_DEMAND)]
    return sorted(found, key=lambda one: common.index(one.key) if one.key in common else len(common))


def view_things(names: Iterable[tuple[str, str]]) -> list[Thing]:
    """Return the saved views; `names` holds what each shows and its name."""
    return [
        Thing(VIEW, str(at), "", "view", f"View {name}, of {many}", "", words(f"{name}"), words(f"view {name} {many}"))
        for at, (many, name) in enumerate(names)
    ]


def theme_things(names: Iterable[str]) -> list[Thing]:
    """Return the themes."""
    return [
        Thing(THEME, name, "", "theme", f"Colours: {name}", "", words(f"theme {name}"), words(f"theme colours {name}"))
        for name in names
    ]


def matching(things: Sequence[Thing], text: str) -> list[tuple[int, Thing]]:
    """Return (fit, thing) of what fits a text, the best first; everything as it stands where the text is empty."""
    wanted, typed = words(text), text.strip()
    if not wanted:
        # A sign by itself may be a key: what does it do?
        return [(0, one) for one in things if not (one.quiet or typed) or typed in one.keys.split(" ")]
    fits = [(fitting(one.name, one.whole, wanted), at, one) for at, one in enumerate(things)]
    held = sorted((fit, at) for fit, at, _ in fits if fit is not None)
    return [(fit, things[at]) for fit, at in held]
