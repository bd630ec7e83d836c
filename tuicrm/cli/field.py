"""Fields that the team adds to a kind of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.team import CUSTOM_FIELD, CUSTOM_TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of field commands."""
    extra = {
        "add": Verb("Add a field to a kind of record.", lambda: add),
        "rm": Verb("Remove a field; values that records hold stay in them.", lambda: rm),
    }
    return noun(CUSTOM_FIELD, extra, without=("edit",))


@command(
    "add",
    help="Add a field to a kind of record. It is filled in with --set, and filtered, listed and imported like any "
    "other. Prints its id.",
    examples=[CUSTOM_FIELD.example, 'tuicrm deal edit "Acme renewal" --set region=emea'],
    json_names=lambda: json_names(CUSTOM_FIELD),
)
@click.argument("name")
@click.option("--of", required=True, metavar="KIND", help="The kind of records that gets it.")
@click.option(
    "--type", "of_type", type=click.Choice(CUSTOM_TYPES), default="text", show_default=True, help="What it holds."
)
@click.option("--choice", "choices", multiple=True, metavar="WORD", help="A word to choose from. May be repeated.")
@click.option("--label", default="", metavar="TEXT", help="What people read; the name where not given.")
@click.option("--explains", default="", metavar="TEXT", help="What it means, shown as help.")
@click.option("--required", is_flag=True, help="A record needs it.")
@click.option("--json", "form", flag_value="json", help="Print the field as JSON instead of its id.")
def add(
    state: State,
    *,
    name: str,
    of: str,
    of_type: str,
    choices: Sequence[str],
    label: str,
    explains: str,
    required: bool,
    form: str | None,
) -> None:
    """Declare a field."""
    from tuicrm.crm import fields

    plan = fields.add(
        state.session,
        name,
        of=of,
        type=of_type,
        label=label,
        explains=explains,
        choices=choices,
        required=required,
    )
    carry_out(state, plan, "field", form)


@command("rm", help="Remove a field that the team added.", examples=["tuicrm field rm region --of deal"])
@click.argument("name")
@click.option("--of", default="", metavar="KIND", help="The kind of records that has it.")
def rm(state: State, *, name: str, of: str) -> None:
    """Remove a field."""
    from tuicrm.crm import fields

    session = state.session
    carry_out(state, fields.remove(session, fields.find(session, name, of)))
