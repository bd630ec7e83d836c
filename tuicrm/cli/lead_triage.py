"""`lead triage`: the leads that wait for a decision, as the pane of the same name shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.output import FORMATS, format_options, give_list
from tuicrm.records.kinds.lead import LEAD

if TYPE_CHECKING:
    from tuicrm.cli.state import State

COLUMNS = ("name", "company_name", "status", "score", "source", "owner")


@command(
    "triage",
    help="List the leads that wait for a decision: the highest score first, of equals the oldest. "
    "What is snoozed, converted or disqualified is left out.",
    examples=["tuicrm lead triage --limit 10", "tuicrm lead triage --where owner:me --json"],
    json_names=lambda: [*json_names(LEAD), "why"],
)
@click.option("--where", default="", metavar="QUERY", help="Only these; `tuicrm help query` shows the language.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many.")
@format_options(FORMATS)
def triage(state: State, *, where: str, limit: int | None, form: str | None) -> None:
    """Print the triage list."""
    from tuicrm.crm import leads, scoring

    session = state.session
    held = leads.triage(session, where)[:limit]
    if form in ("json", "jsonl"):
        _give_json(state, held, form)
        return
    give_list(state, session.kind("lead"), held, form, COLUMNS if form in (None, "table") else ())
    if form not in (None, "table") or not held:
        return
    from tuicrm.crm.statuses import status_of

    said = {one.key: one for one in (status_of(session, lead) for lead in held)}
    for one in said.values():
        if one.criteria:
            state.tell(f"{one.name}: {one.criteria}")
    if why := scoring.explained(session, held[0]):
        state.tell(f"first: {why}")


def _give_json(state: State, held: list[dict[str, Any]], form: str) -> None:
    from tuicrm.cli.output import give_json, give_json_lines
    from tuicrm.crm import rows, scoring

    shape = rows.flattener(state.session, "lead")
    flat = [{**shape(one), "why": scoring.explained(state.session, one)} for one in held]
    give_json(state, flat) if form == "json" else give_json_lines(state, flat)
