"""`report add`: a report of the team's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.report import REPORT

if TYPE_CHECKING:
    from tuicrm.cli.state import State


@command(
    "add",
    help="Define a report of the team's own, which `tuicrm report NAME` then runs. Prints its id.",
    examples=[REPORT.example, "tuicrm report add Calls --of activity --measure count --by owner --where type:call"],
    json_names=lambda: json_names(REPORT),
)
@click.argument("name")
@click.option("--measure", default="count", show_default=True, metavar="MEASURE", help="count, or such as sum:value.")
@click.option("--of", default="deal", show_default=True, metavar="KIND", help="The kind of records that it counts.")
@click.option(
    "--by", "group", default="", metavar="FIELD", help="The field whose values are the rows; owner if absent."
)
@click.option("--where", default="", metavar="QUERY", help="Only records that a query fits.")
@click.option(
    "--period-field", default="", metavar="FIELD", help="The date by which they belong to a period: closed_on, say."
)
@click.option("--json", "form", flag_value="json", help="Print the report as JSON instead of its id.")
def add(
    state: State, *, name: str, measure: str, of: str, group: str, where: str, period_field: str, form: str | None
) -> None:
    """Define a report."""
    from tuicrm.crm.report import own

    plan = own.add(state.session, name, of=of, measure=measure, group=group, where=where, period_field=period_field)
    carry_out(state, plan, "report", form)
