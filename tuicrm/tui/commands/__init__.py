"""The one registry of what the TUI can do: bindings, help, key hints, palette and docs/keys.md are made from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.commands.acting import ACTING
from tuicrm.tui.commands.anywhere import EVERYWHERE
from tuicrm.tui.commands.command import (
    ACTIVITY,
    ANYWHERE,
    COMPANIES,
    CONFLICTS,
    CONTACTS,
    DEALS,
    DUPLICATES,
    FOLLOWUPS,
    FORECAST,
    LEADS,
    LISTS,
    NEXT,
    PIPELINE,
    PLACES,
    RECORD,
    RECORDS,
    REPORTS,
    Command,
)
from tuicrm.tui.commands.deciding import DECIDING
from tuicrm.tui.commands.hinting import HINTS, ON_DEMAND
from tuicrm.tui.commands.moving import MOVING
from tuicrm.tui.commands.pairing import PAIRING
from tuicrm.tui.commands.quoting import QUOTING
from tuicrm.tui.commands.reporting import REPORTING
from tuicrm.tui.commands.selling import SELLING
from tuicrm.tui.commands.setting import SETTING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "ACTIVITY",
    "ANYWHERE",
    "COMMANDS",
    "COMPANIES",
    "CONFLICTS",
    "CONTACTS",
    "DEALS",
    "DUPLICATES",
    "FOLLOWUPS",
    "FORECAST",
    "LEADS",
    "LISTS",
    "NEXT",
    "PIPELINE",
    "PLACES",
    "RECORD",
    "RECORDS",
    "REPORTS",
    "Command",
    "command",
    "commands_in",
    "hints",
    "shown",
]

COMMANDS: tuple[Command, ...] = (
    *EVERYWHERE,
    *MOVING,
    *ACTING,
    *DECIDING,
    *PAIRING,
    *QUOTING,
    *REPORTING,
    *SELLING,
    *SETTING,
)

_BY_ID = {one.id: one for one in COMMANDS}

_SHOWN = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "slash": "/",
    "colon": ":",
    "minus": "-",
    "equals_sign": "=",
    "plus": "+",
    "number_sign": "#",
    "asterisk": "*",
    "comma": ",",
    "full_stop": ".",
    "escape": "Esc",
    "backspace": "Backspace",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
}


def shown(key: str) -> str:
    """Return a key as people read it: `shift+right` becomes `Shift+→`."""
    *held, last = key.split("+")
    return "+".join([*(one if one == "ctrl" else one.capitalize() for one in held), _SHOWN.get(last, last)])


def command(command_id: str) -> Command:
    """Return the command of an id."""
    return _BY_ID[command_id]


def commands_in(place: str) -> tuple[Command, ...]:
    """Return the commands that apply in exactly this place, in the order of the help."""
    return tuple(one for one in COMMANDS if place in one.where)


def hints(
    place: str,
    keys_of: Callable[[Command], tuple[str, ...]] = lambda one: one.keys,
    instead: tuple[tuple[str, str], ...] = (),
) -> list[tuple[str, str]]:
    """Return (key, label) pairs for the line of key hints of a place, or of what stands `instead`; all have a key."""
    held = [(_BY_ID[name], label) for name, label in (*(instead or HINTS.get(place, ())), *ON_DEMAND)]
    return [(shown(keys[0]), label or one.label) for one, label in held if (keys := keys_of(one))]
