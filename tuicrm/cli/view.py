"""Views: saved filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.records.kinds.team import VIEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of view commands."""
    extra = {
        "add": Verb("Save a filter under a name.", lambda: add),
        "rename": Verb("Give a view another name.", lambda: rename),
        "rm": Verb("Remove views; restore brings them back.", lambda: rm),
    }
    return noun(VIEW, extra, without=("edit",))


@command(
    "add",
    help="Save a filter, with its order and columns, for `tuicrm deal list --view NAME`. Prints its id.",
    examples=[VIEW.example, 'tuicrm view add Leavers --of contact --where "status:left" --columns name,company'],
    json_names=lambda: json_names(VIEW),
)
@click.argument("name")
@click.option("--of", default="deal", show_default=True, metavar="KIND", help="The kind of records that it lists.")
@click.option("--where", default="", metavar="QUERY", help="The query.")
@click.option("--sort", default="", metavar="FIELDS", help="The order, as in -value,name.")
@click.option("--columns", multiple=True, metavar="NAMES", help="The columns, with commas.")
@click.option("--replace", is_flag=True, help="Overwrite a view of that name.")
@click.option("--json", "form", flag_value="json", help="Print the view as JSON instead of its id.")
def add(
    state: State,
    *,
    name: str,
    of: str,
    where: str,
    sort: str,
    columns: Sequence[str],
    replace: bool,
    form: str | None,
) -> None:
    """Save a view."""
    from tuicrm.crm import views

    plan = views.add(state.session, name, of=of, where=where, sort=sort, columns=columns, replace=replace)
    carry_out(state, plan, "view", form)


@command("rm", help="Remove views.", examples=['tuicrm view rm "Big ones"'])
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--of", default="", metavar="KIND", help="The kind of records that they list.")
def rm(state: State, *, names: Sequence[str], of: str) -> None:
    """Remove views."""
    from tuicrm.crm import edit, views

    session = state.session
    carry_out(state, edit.remove(session, "view", [views.find(session, name, of) for name in names]))


@command(
    "rename",
    help="Give a view another name.",
    examples=['tuicrm view rename "Big ones" Whales'],
    json_names=lambda: json_names(VIEW),
)
@click.argument("old", metavar="NAME")
@click.argument("name", metavar="NEW")
@click.option("--of", default="", metavar="KIND", help="The kind of records that it lists.")
@click.option("--json", "form", flag_value="json", help="Print the view as JSON instead of its id.")
def rename(state: State, *, old: str, name: str, of: str, form: str | None) -> None:
    """Rename a view."""
    from tuicrm.crm import views

    session = state.session
    carry_out(state, views.rename(session, views.find(session, old, of), name), "view", form)
