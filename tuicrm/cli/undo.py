"""`undo` and `redo`, and the list of what can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.outcome import carry_out

if TYPE_CHECKING:
    from tuicrm.cli.state import State


def build(name: str) -> click.Command:
    """Return `undo` or `redo`."""
    return {"undo": undo, "redo": redo}[name]


@command(
    "undo",
    help="Take back the last change made on this machine, also that of a bulk edit, as one step.",
    examples=["tuicrm undo"],
)
def undo(state: State) -> None:
    """Undo one step."""
    from tuicrm.crm import undo as steps

    carry_out(state, steps.undo(state.session), ids=False)


@command("redo", help="Do again what the last undo took back.", examples=["tuicrm redo"])
def redo(state: State) -> None:
    """Redo one step."""
    from tuicrm.crm import undo as steps

    carry_out(state, steps.redo(state.session), ids=False)
