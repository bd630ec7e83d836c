"""Records to stdout in the format that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind

    More = Callable[[Session, dict[str, Any]], list[tuple[str, str]]]

Record = dict[str, Any]

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "ids")


def format_options(formats: Sequence[str] = FORMATS) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a command with `--format` and its short way `--json`; the callback gets `form`, perhaps None."""

    def decorate(callback: Callable[..., Any]) -> Callable[..., Any]:
        asked = click.option("--format", "form", type=click.Choice(list(formats)), help="How to print it.")
        short = click.option("--json", "form", flag_value="json", help="Short for --format json.")
        return asked(short(callback))

    return decorate


def give_json(state: State, value: Any) -> None:
    """Print one JSON value: indented on a terminal, on one line elsewhere."""
    from tuicrm.cli.jsontext import dumps

    state.give(dumps(value, pretty=state.on_terminal) + b"\n")


def give_json_lines(state: State, values: Sequence[Any]) -> None:
    """Print one JSON value a line."""
    from tuicrm.cli.jsontext import dumps

    state.give(b"".join(dumps(one) + b"\n" for one in values))


def give_list(
    state: State, kind: Kind, records: Sequence[Record], form: str | None, columns: Sequence[str] = ()
) -> None:
    """Print a list of records; `columns` are field names, the kind's own choice where empty."""
    from tuicrm.crm import rows

    session = state.session
    if form == "ids":
        state.give("".join(f"{one['id']}\n" for one in records))
    elif form in ("json", "jsonl"):
        shape = rows.flattener(session, kind.name, columns or None)
        flat = [shape(one) for one in records]
        give_json(state, flat) if form == "json" else give_json_lines(state, flat)
    else:
        _give_cells(state, kind, records, form or "table", list(columns) or list(kind.columns))


def _give_cells(state: State, kind: Kind, records: Sequence[Record], form: str, columns: list[str]) -> None:
    from tuicrm.crm import rows

    session = state.session
    columns = [name for name in columns if name != "id"]
    fields = [kind.by_name.get(name) for name in columns]
    body = [rows.cells(session, kind.name, one, columns) for one in records]
    numeric = {at for at, field in enumerate(fields, 1) if field is not None and field.type.numeric}
    if form != "table":
        from tuicrm.cli.sheet import sheet

        heads = ["id", *columns]
        lines = [[one["id"], *cells] for one, cells in zip(records, body, strict=True)]
        state.give(sheet(heads, lines, delimiter="\t" if form == "tsv" else ",", numeric=numeric))
        return
    from tuicrm.cli.grid import grid
    from tuicrm.crm.lookup import short_ids

    short = short_ids(session, kind.name)
    heads = ["ID", *[(field.title if field else name).upper() for name, field in zip(columns, fields, strict=True)]]
    lines = [[short(one["id"]), *cells] for one, cells in zip(records, body, strict=True)]
    if not lines:
        state.tell(f"no {kind.many}")
        return
    text, left_out = grid(heads, lines, right=numeric, fixed={0}, cells=state.width, bold=state.colour)
    state.give(text)
    if left_out:
        state.tell(f"{left_out} more columns do not fit; --columns chooses which are shown")


def give_cards(state: State, kind: Kind, records: Sequence[Record], form: str | None, more: More | None = None) -> None:
    """Print whole records: one JSON object for one, else an array; tables become a card each."""
    from tuicrm.crm import rows

    session = state.session
    if form in ("csv", "tsv", "ids"):
        give_list(state, kind, records, form, [field.name for field in kind.all_fields])
        return
    if form in ("json", "jsonl"):
        flat = [rows.flat(session, kind.name, one, full=True) for one in records]
        if form == "jsonl":
            give_json_lines(state, flat)
        else:
            give_json(state, flat[0] if len(flat) == 1 else flat)
        return
    from tuicrm.cli.grid import card

    names = [field.name for field in kind.all_fields]
    cards = []
    for one in records:
        cells = rows.cells(session, kind.name, one, names)
        pairs = [(field.title, cell) for field, cell in zip(kind.all_fields, cells, strict=True) if cell]
        extra = more(session, one) if more is not None else []
        cards.append(card([("id", one["id"]), *pairs, *extra], bold=state.colour))
    state.give("\n".join(cards))
