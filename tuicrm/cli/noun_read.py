"""`list` and `show` for a kind of record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command
from tuicrm.cli.options import refs_argument
from tuicrm.cli.output import FORMATS, give_cards, give_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.output import More
    from tuicrm.cli.state import State
    from tuicrm.records.field import Kind

Record = dict[str, Any]

_EXAMPLES = {
    "company": ("--where 'country:Germany employees>100' --sort -employees",),
    "contact": ("--where 'company:Acme' --columns name,emails,phones",),
    "deal": ("--where 'owner:me value>10k close<2026-12-31' --sort -value", "--where is:won --json"),
    "product": ("--where 'active:yes' --sort name",),
    "activity": ("--where 'type:call created:\"this week\"' --limit 20",),
    "followup": ("--where 'is:overdue owner:me'",),
    "user": ("--where 'team:north'",),
}


def format_parameters() -> list[click.Parameter]:
    """Return `--format` and `--json` as parameters, for commands built without decorators."""
    return [
        click.Option(["--format", "form"], type=click.Choice(list(FORMATS)), help="How to print it."),
        click.Option(["--json", "form"], flag_value="json", help="Short for --format json."),
    ]


def json_names(kind: Kind) -> list[str]:
    """Return the names in the JSON object of a record."""
    names = ["id"]
    for field in kind.all_fields:
        names.append(field.name)
        if field.type.refers and f"{field.name}_name" not in kind.by_name:
            names.append(f"{field.name}_name")
    return names


def list_command(kind: Kind) -> Command:
    """Return the command that lists records of a kind."""
    live = f" Without a state in --where it adds {kind.listed}." if kind.listed else ""
    return Command(
        "list",
        help=f"List {kind.many}.{live}",
        callback=click.pass_obj(partial(_list, kind.name)),
        params=[
            click.Option(["--where"], metavar="QUERY", help="Only these; `tuicrm help query` shows the language."),
            click.Option(["--view", "view"], metavar="NAME", help="A saved filter; other options go before its own."),
            click.Option(["--sort"], metavar="FIELDS", help="Order by fields, as in -value,name."),
            click.Option(["--limit"], type=click.IntRange(min=0), metavar="N", help="At most so many."),
            click.Option(["--columns"], metavar="NAMES", help="The columns, with commas."),
            click.Option(["--all", "everything"], is_flag=True, help="In every state, also what is done or closed."),
            *format_parameters(),
        ],
        examples=[f"tuicrm {kind.name} list {rest}" for rest in _EXAMPLES.get(kind.name, ("--json",))],
        json_names=partial(json_names, kind),
    )


def _list(
    name: str,
    state: State,
    *,
    where: str | None,
    view: str | None,
    sort: str | None,
    limit: int | None,
    columns: str | None,
    everything: bool,
    form: str | None,
) -> None:
    from tuicrm.crm import listing, rows

    session = state.session
    kind = session.kind(name)
    if view is not None:
        from tuicrm.crm import views
        from tuicrm.crm.shapes import word

        saved = views.find(session, view, of=name)
        where = " ".join(f"({one})" for one in (word(saved.get("where")), where or "") if one)
        sort = sort or word(saved.get("sort"))
        columns = columns or word(saved.get("columns"))
    shown = rows.column_names(session, name, [one for one in (columns or "").split(",") if one.strip()])
    found = listing.select(session, name, where=where or "", sort=sort or "", limit=limit, everything=everything)
    give_list(state, kind, found, form, shown)


def show_command(kind: Kind, more: More | None = None) -> Command:
    """Return the command that shows records of a kind in full; `more` tells what else belongs on a card."""
    return Command(
        "show",
        help=f"Show {kind.many} in full, found by id, short id, name or what else names them.",
        callback=click.pass_obj(partial(_show, kind.name, more)),
        params=[refs_argument(), *format_parameters()],
        examples=[f"tuicrm {kind.name} show {_EXAMPLE_REFS.get(kind.name, '7KQ2')}"],
        json_names=partial(json_names, kind),
    )


_EXAMPLE_REFS = {
    "company": '"Acme GmbH"',
    "contact": "jane@acme.example --json",
    "deal": '"Acme renewal"',
    "user": "me",
}


def _show(name: str, more: More | None, state: State, *, refs: Sequence[str], form: str | None) -> None:
    give_cards(state, state.session.kind(name), find_all(state, name, refs), form, more)


def find_all(state: State, kind: str, refs: Sequence[str]) -> list[Record]:
    """Return the records that refs name, each once, in their order; NotFound or Ambiguous for the first that fails."""
    from tuicrm.crm.lookup import find

    found = {str(one["id"]): one for one in (find(state.session, kind, ref) for ref in refs)}
    return list(found.values())
