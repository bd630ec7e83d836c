"""From the registry of commands to the toolkit's key bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from tuicrm.tui.commands import commands_in


def bindings_for(place: str) -> list[BindingType]:
    """Return the bindings of a place; their ids let a keymap change the keys."""
    return [
        Binding(",".join(one.keys), one.action, one.label, show=False, id=one.id, tooltip=one.help)
        for one in commands_in(place)
        if one.keys
    ]
