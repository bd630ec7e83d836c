"""Which keys a command has for this user: those of the registry, unless the configuration gives it others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.tui.commands import ANYWHERE, COMMANDS, PLACES, command, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuicrm.tui.commands import Command

UNBOUND = "unbound"
"""The name of a key that no keyboard has: what it is given to has no key."""

FORBIDDEN = frozenset({f"ctrl+{one}" for one in "sqabhijm"} | {"ctrl+enter", "shift+enter", "ctrl+shift+enter"})
"""Keys that terminals, tmux or screen take for themselves, or deliver as another key."""
_ARROWS = ("up", "down", "left", "right", "home", "end", "pageup", "pagedown")
NAMED = frozenset({*_ARROWS, "insert", "delete", "enter", "escape", "tab", "space", "backspace"})
_CALLED = {"esc": "escape", "return": "enter", "del": "delete", "pgup": "pageup", "pgdn": "pagedown", "ins": "insert"}


class Keymap:
    """The keys of every command; `given` holds those that differ from the registry."""

    def __init__(self, given: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.given = dict(given or {})

    def of(self, one: Command) -> tuple[str, ...]:
        """Return the names of a command's keys, the one to show first; none for what only the palette offers."""
        return self.given.get(one.id, one.keys)

    def shown(self, command_id: str) -> str:
        """Return a command's first key as people read it; empty where it has none."""
        keys = self.of(command(command_id))
        return shown(keys[0]) if keys else ""

    def for_toolkit(self) -> dict[str, str]:
        """Return what the toolkit calls a keymap: binding ids to keys with commas."""
        return {name: ",".join(keys) or UNBOUND for name, keys in self.given.items()}


def keymap(written: Mapping[str, Any]) -> tuple[Keymap, list[str]]:
    """Return the keymap for what the user wrote under [keys], and a sentence for each part that cannot be used."""
    problems: list[str] = []
    given: dict[str, tuple[str, ...]] = {}
    for name, value in _flat(written):
        objection = _unknown(name)
        if not objection:
            keys, objection = _keys(name, value)
            if not objection:
                given[name] = keys
        if objection:
            problems.append(objection)
    while clash := _clash(Keymap(given)):
        loser, key, holder = clash
        del given[loser]
        problems.append(f"the key {shown(key)} cannot be given to {loser}: {holder} has it ({command(holder).help})")
    return Keymap(given), problems


def _flat(written: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield ids and values; `deal.win` without quotes is a table `deal` with a key `win` to TOML."""
    for name, value in written.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _unknown(name: str) -> str:
    if any(one.id == name for one in COMMANDS):
        return ""
    from tuicrm.folding import nearest

    near = nearest(name, [one.id for one in COMMANDS])
    return f"[keys] names no command {name!r}; " + (f"did you mean {near}?" if near else "docs/keys.md lists them")


def _keys(name: str, value: Any) -> tuple[tuple[str, ...], str]:
    """Return the keys that were written for a command, as the toolkit spells them, or what is wrong with them."""
    held = [value] if isinstance(value, str) else value
    if not isinstance(held, list) or not all(isinstance(one, str) for one in held):
        return (), f'the keys of {name} must be one key or a list of keys in quotes, as in "{name}" = ["W", "ctrl+w"]'
    found = []
    for one in held:
        key = spelt(one)
        if not key:
            return (), f"{name} cannot have the key {one!r}: there is none of that name (as in W, ?, ctrl+w, shift+up)"
        if key in FORBIDDEN or "alt+" in key or _is_function(key.rpartition("+")[2]):
            return (), f"{name} cannot have the key {one!r}: terminals, tmux or screen keep it or change it"
        found.append(key)
    return tuple(dict.fromkeys(found)), ""


def spelt(text: str) -> str:
    """Return a key as the toolkit spells it (`?` is `question_mark`); empty for what is no key."""
    if text == " ":
        return "space"
    if len(text) == 1:
        from textual.keys import _character_to_key

        return _character_to_key(text) if text.isprintable() else ""
    *held, last = text.strip().replace(" ", "").split("+") if text.strip() != "+" else ["+"]
    held = [one.lower() for one in held]
    if not last or len(set(held)) < len(held) or not set(held) <= {"ctrl", "shift", "alt"}:
        return ""
    last = _CALLED.get(last.lower(), last.lower()) if len(last) > 1 else last
    if "shift" in held and len(last) == 1:
        # A terminal sends the capital itself.
        held.remove("shift")
        last = last.upper()
    if len(last) == 1:
        last = last.lower() if held else spelt(last)
    elif last not in NAMED and not _is_function(last):
        return ""
    return "+".join([*(one for one in ("alt", "ctrl", "shift") if one in held), last])


def _is_function(key: str) -> bool:
    return key[:1] == "f" and key[1:].isdigit()


def _clash(held: Keymap) -> tuple[str, str, str] | None:
    """Return (command to be left as it was, key, command that has it) of the first key with two meanings in a place."""
    for place in PLACES:
        meant: dict[str, str] = {}
        for one in COMMANDS:
            if place not in one.where and ANYWHERE not in one.where:
                continue
            for key in held.of(one):
                other = meant.setdefault(key, one.id)
                if other != one.id and not held.given.keys().isdisjoint((one.id, other)):
                    loser = one.id if one.id in held.given else other
                    return loser, key, other if loser == one.id else one.id
    return None
