"""The one registry of what the TUI can do: bindings, `?`, the key hints and docs/keys.md are made from it."""

from __future__ import annotations

from dataclasses import dataclass

ANYWHERE, PIPELINE, RECORD = "anywhere", "pipeline", "record"

PLACES = {
    ANYWHERE: "Everywhere",
    PIPELINE: "On the pipeline board",
    RECORD: "In a record",
}
"""Where commands apply, with the heading that help gives them."""


@dataclass(frozen=True)
class Command:
    """One thing that a key does; it means the same in every place that has it."""

    id: str
    """`noun.verb`; its action is `action_noun_verb`, and users rebind keys by it."""
    keys: tuple[str, ...]
    """Names of keys as the toolkit spells them, the one to show first."""
    label: str
    """One or two words for the line of key hints."""
    help: str
    where: tuple[str, ...] = (PIPELINE,)
    cli: str = ""
    """The same from the command line; empty for what only moves about the screen."""
    hint: int = 0
    """The place in the line of key hints; 0 keeps it out."""

    @property
    def action(self) -> str:
        """The name of the action, without its `action_` prefix."""
        return self.id.replace(".", "_").replace("-", "_")


BOTH = (PIPELINE, RECORD)
ALL = (ANYWHERE,)

COMMANDS: tuple[Command, ...] = (
    Command("pane.pipeline", ("1",), "pipeline", "Go to the pipeline board", ALL, "tuicrm board"),
    Command("help.keys", ("question_mark",), "keys", "Show the keys that work here", ALL, "tuicrm --help", hint=99),
    Command("step.undo", ("u",), "undo", "Undo the last change, also one made by a command", ALL, "tuicrm undo", 60),
    Command("step.redo", ("U", "ctrl+r"), "redo", "Do again what was undone", ALL, "tuicrm redo"),
    Command("go.back", ("escape", "backspace"), "back", "Back: unmark, clear the filter, or the previous screen", ALL),
    Command("app.leave", ("q",), "quit", "Close this; at the top level quit", ALL),
    Command("screen.redraw", ("ctrl+l",), "redraw", "Draw the screen again", ALL),
    Command("app.suspend", ("ctrl+z",), "suspend", "Back to the shell; `fg` returns", ALL),
    Command("cursor.left", ("h", "left"), "left", "To the stage on the left"),
    Command("cursor.down", ("j", "down"), "down", "Down", BOTH),
    Command("cursor.up", ("k", "up"), "up", "Up", BOTH),
    Command("cursor.right", ("l", "right"), "right", "To the stage on the right"),
    Command("cursor.first", ("g", "home"), "first", "To the first", BOTH),
    Command("cursor.last", ("G", "end"), "last", "To the last", BOTH),
    Command("cursor.page-up", ("pageup",), "page up", "A page up", BOTH),
    Command("cursor.page-down", ("pagedown",), "page down", "A page down", BOTH),
    Command("record.open", ("enter",), "open", "Open the deal", cli="tuicrm deal show REF", hint=5),
    Command(
        "deal.forward",
        ("L", "shift+right"),
        "move",
        "Move the deal a stage forward; presses within 2 seconds are one move",
        BOTH,
        "tuicrm deal move REF STAGE",
        10,
    ),
    Command(
        "deal.backward",
        ("H", "shift+left"),
        "move back",
        "Move the deal a stage back",
        BOTH,
        "tuicrm deal move REF STAGE",
    ),
    Command("deal.stage", ("s",), "stage", "Choose a stage", BOTH, "tuicrm deal move REF STAGE", 20),
    Command("deal.win", ("w",), "won", "The deal is won", BOTH, "tuicrm deal win REF", 30),
    Command("deal.lose", ("x",), "lost", "The deal is lost: choose the reason", BOTH, "tuicrm deal lose REF", 40),
    Command("mark.toggle", ("space",), "mark", "Mark the deal, or unmark it; H L s w x act on all that are marked"),
    Command("mark.down", ("J", "shift+down"), "mark down", "Mark the deal and go down"),
    Command("mark.up", ("K", "shift+up"), "mark up", "Mark the deal and go up"),
    Command("mark.all", ("asterisk",), "mark all", "Mark all deals that are shown, or unmark all"),
    Command(
        "list.filter",
        ("slash",),
        "filter",
        "Filter while typing, in the query language: value>10k stage:demo owner:me",
        cli="tuicrm deal list --where QUERY",
        hint=50,
    ),
    Command("list.order", ("o",), "order", "Choose the order within a stage", cli="tuicrm deal list --sort FIELD"),
    Command("list.view", ("v",), "view", "Choose a view: mine, the team's", cli="tuicrm deal list --where owner:me"),
    Command("period.previous", ("comma",), "previous", "The previous record, or the previous pipeline", BOTH),
    Command("period.next", ("full_stop",), "next", "The next record, or the next pipeline", BOTH),
)

_SHOWN = {
    "question_mark": "?",
    "slash": "/",
    "asterisk": "*",
    "comma": ",",
    "full_stop": ".",
    "escape": "Esc",
    "backspace": "Backspace",
    "enter": "Enter",
    "space": "Space",
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


def commands_in(place: str) -> tuple[Command, ...]:
    """Return the commands that apply in exactly this place, in the order of the help."""
    return tuple(one for one in COMMANDS if place in one.where)


def hints(place: str) -> list[tuple[str, str]]:
    """Return (key, label) pairs for the line of key hints of a place."""
    held = [one for one in COMMANDS if one.hint and (place in one.where or ANYWHERE in one.where)]
    return [(shown(one.keys[0]), one.label) for one in sorted(held, key=lambda one: one.hint)]
