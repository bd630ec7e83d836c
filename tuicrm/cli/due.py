"""`tuicrm run`: what is due is done, for cron."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command

if TYPE_CHECKING:
    from tuicrm.cli.state import State

TOLD = ("done", "told", "waits", "records")


def build(name: str) -> click.Command:
    """Return the command."""
    return run


@command(
    "run",
    help="Do what is due by itself: the rules that wait for time (late follow-ups, silence, dates). Meant for cron, "
    "as in */15 * * * * tuicrm run --workspace ~/acme-sales; the TUI does the same while it is open. Says nothing "
    "where nothing is due. What would touch hundreds of records at once waits (exit code 6).",
    examples=["tuicrm run", "tuicrm run --dry-run"],
    json_names=TOLD,
)
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
@click.option("--json", "form", flag_value="json", help="Print what was done as JSON.")
def run(state: State, *, dry_run: bool, form: str | None) -> None:
    """Do what is due."""
    from tuicrm.crm.due import carry_out, due
    from tuicrm.errors import Decision

    waits, rows = [], []
    for one in due(state.session):
        told = one.told if dry_run else carry_out(state.session, one)
        note = one.plan.note if one.plan is not None else ""
        rows.append({"done": note, "told": list(told), "waits": one.waits, "records": one.records})
        if one.waits and one.records:
            waits.append(one.waits)
        elif note or not one.minor or dry_run or state.on_terminal:
            more = [line for line in told if line != note] if note else ()
            for line in (f"{'due: ' if dry_run else ''}{note}" if note else one.waits, *more):
                state.tell(line)
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, rows)
    elif not rows and state.on_terminal:
        state.tell("nothing is due")
    for line in waits[1:]:
        state.tell(line)
    if waits:
        raise Decision(waits[0])
