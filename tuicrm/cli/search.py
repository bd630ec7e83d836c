"""`search`: words in records of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json, give_json_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State


def build(name: str) -> click.Command:
    """Return `search`."""
    return search


@command(
    "search",
    help="Find records of every kind; case, accents and look-alike letters do not matter.",
    examples=["tuicrm search jane acme", 'tuicrm search "+49 30 555 0142" --json'],
    json_names=("kind", "id", "title", "detail"),
)
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@click.option(
    "--limit", type=click.IntRange(min=0), default=50, show_default=True, metavar="N", help="At most so many."
)
@format_options()
def search(state: State, *, text: Sequence[str], limit: int, form: str | None) -> None:
    """Print what is found."""
    from tuicrm.crm.lookup import short_id
    from tuicrm.crm.search import search as find

    session = state.session
    hits = find(session, " ".join(text), limit=limit)
    found = [{"kind": hit.kind, "id": hit.id, "title": hit.title, "detail": hit.detail} for hit in hits]
    if form == "json":
        give_json(state, found)
    elif form == "jsonl":
        give_json_lines(state, found)
    elif form == "ids":
        state.give("".join(f"{hit.id}\n" for hit in hits))
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        rows = [[hit.kind, hit.id, hit.title, hit.detail] for hit in hits]
        state.give(sheet(["kind", "id", "title", "detail"], rows, delimiter="\t" if form == "tsv" else ","))
    elif not hits:
        state.tell("nothing found")
    else:
        from tuicrm.cli.grid import grid

        rows = [[hit.kind, short_id(session, hit.kind, hit.id), hit.title, hit.detail] for hit in hits]
        heads = ["KIND", "ID", "TITLE", "DETAIL"]
        state.give(grid(heads, rows, fixed={0, 1}, cells=state.width, bold=state.colour)[0])
