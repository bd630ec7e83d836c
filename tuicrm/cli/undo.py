"""`undo` and `redo`, and the list of what can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.output import format_options, give_json

if TYPE_CHECKING:
    from tuicrm.cli.state import State

NAMES = ("at", "undone", "note")


def build(name: str) -> click.Command:
    """Return `undo` or `redo`."""
    return {"undo": undo, "redo": redo}[name]


@command(
    "undo",
    help="Take back the last change made on this machine, also that of a bulk edit, as one step. --list shows the "
    "steps, the latest first, those that are undone above it.",
    examples=["tuicrm undo", "tuicrm undo --list"],
    json_names=NAMES,
)
@click.option("--list", "listing", is_flag=True, help="Only list what can be undone and redone.")
@format_options(("table", "json"))
def undo(state: State, *, listing: bool, form: str | None) -> None:
    """Undo one step, or list them."""
    from tuicrm.crm import undo as steps

    if listing:
        _give(state, form)
    else:
        carry_out(state, steps.undo(state.session), ids=False)


def _give(state: State, form: str | None) -> None:
    from tuicrm.crm.derive import instant_of
    from tuicrm.crm.undo import list_steps

    steps = list_steps(state.session)[::-1]
    if form == "json":
        values = [(instant_of(one.at_ms), one.undone, one.note) for one in steps]
        give_json(state, [dict(zip(NAMES, one, strict=True)) for one in values])
        return
    if not steps:
        state.tell("there is nothing to undo")
        return
    from datetime import UTC, datetime

    from tuicrm.cli.grid import grid

    zone = state.session.reading.now.tzinfo
    when = [f"{datetime.fromtimestamp(one.at_ms / 1000, UTC).astimezone(zone):%Y-%m-%d %H:%M}" for one in steps]
    rows = [[at, "undone" if one.undone else "", one.note] for at, one in zip(when, steps, strict=True)]
    state.give(grid(["AT", "STATE", "WHAT"], rows, fixed={0, 1}, cells=state.width, bold=state.colour)[0])


@command("redo", help="Do again what the last undo took back.", examples=["tuicrm redo"])
def redo(state: State) -> None:
    """Redo one step."""
    from tuicrm.crm import undo as steps

    carry_out(state, steps.redo(state.session), ids=False)
