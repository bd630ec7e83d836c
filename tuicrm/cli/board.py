"""`board`: the pipeline as columns of text, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tuicrm.cli.state import State
    from tuicrm.crm.board import Board, Column
    from tuicrm.crm.cards import Card

ORDERS = ("next", "value", "age", "close", "name")
PIPED_CELLS = 80
MIN_CELLS = 11
SHOWN_CARDS = 8
SIGNS = {"late": "!", "today": "=", "later": ".", "none": "?"}
LEGEND = "! late  = today  . later  ? nothing planned  ~ rotting"


def build(name: str) -> click.Command:
    """Return `board`."""
    return board


@command(
    "board",
    help=f"Print the open deals of a pipeline, a column per stage. Signs: {LEGEND}.",
    examples=["tuicrm board", "tuicrm board --pipeline Renewals --where owner:me --order value --limit 3"],
    json_names=(
        *("pipeline", "pipeline_id", "order", "where", "currency", "open_count", "totals", "weighted", "columns"),
        *("key", "name", "kind", "count", "cards", "id", "title", "company", "value", "next", "next_text"),
        *("next_subject", "rotting", "age_days", "stage_days", "owner_name", "expected_close"),
    ),
)
@click.option("--pipeline", default="", metavar="REF", help="The pipeline; the default one where not given.")
@click.option("--where", default="", metavar="QUERY", help="Only these deals.")
@click.option("--order", type=click.Choice(ORDERS), default="next", show_default=True, help="The order of the cards.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most so many cards a column.")
@format_options(("table", "json"))
def board(state: State, *, pipeline: str, where: str, order: str, limit: int | None, form: str | None) -> None:
    """Print the board."""
    from tuicrm.crm.board import build_board

    built = build_board(state.session, pipeline=pipeline, where=where, order=order)
    if form == "json":
        give_json(state, board_facts(built, limit))
    else:
        print_board(state, built, SHOWN_CARDS if limit is None else limit)


def board_facts(built: Board, limit: int | None = None) -> dict[str, Any]:
    """Return the board as JSON shows it."""
    return {
        "pipeline": built.pipeline_name,
        "pipeline_id": built.pipeline_id,
        "order": built.order,
        "where": built.where,
        "currency": built.currency,
        "open_count": built.open_count,
        "totals": _amounts(built.totals),
        "weighted": _amounts(built.weighted),
        "columns": [
            {
                "key": column.key,
                "name": column.name,
                "kind": column.kind,
                "count": column.count,
                "totals": _amounts(column.totals),
                "weighted": _amounts(column.weighted),
                "cards": [_card_facts(card) for card in column.cards[:limit]],
            }
            for column in built.columns
        ],
    }


def _amounts(sums: Mapping[str, Decimal]) -> dict[str, str]:
    from tuicrm.money import amount_text

    return {currency: amount_text(amount, currency) for currency, amount in sums.items()}


def _card_facts(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "title": card.title,
        "company": card.company,
        "value": None if card.value is None else str(card.value),
        "currency": card.currency,
        "next": card.next,
        "next_text": card.next_text,
        "next_subject": card.next_subject,
        "rotting": card.rotting,
        "age_days": card.age_days,
        "stage_days": card.stage_days,
        "owner_name": card.owner_name,
        "expected_close": card.expected_close,
    }


def print_board(state: State, built: Board, limit: int = SHOWN_CARDS) -> None:
    """Print the board as text that fits the terminal, or 80 cells where there is none."""
    from tuicrm.text import clean_line

    cells = state.width or PIPED_CELLS
    sums = f"{built.currency} {built.total_text}, weighted {built.weighted_text}"
    head = f"{built.pipeline_name} | {built.open_count:,} open | {sums}"
    lines = [clean_line(head) + (f" | {clean_line(built.where)}" if built.where else "")]
    fit = max((cells + 1) // (MIN_CELLS + 2), 1)
    bands = max(-(-len(built.columns) // fit), 1)
    per_band = max(-(-len(built.columns) // bands), 1)
    for first in range(0, len(built.columns), per_band):
        some = built.columns[first : first + per_band]
        lines += ["", *_band(some, (cells + 1) // per_band - 2, limit)]
    lines += ["", f"{LEGEND} | by {built.order}"]
    state.give("\n".join(lines) + "\n")


def _band(columns: Sequence[Column], cells: int, limit: int) -> list[str]:
    """Return some columns side by side, each `cells` wide after a place for the sign of rotting."""
    from tuicrm.text import clean_line, pad

    stacks = [_stack(column, limit) for column in columns]
    heights = max(len(stack) for stack in stacks)
    rule = "+".join(["-" * (cells + 1)] * len(columns))
    lines = []
    for at in range(heights):
        row = [pad(clean_line(stack[at]) if at < len(stack) else "", cells + 1) for stack in stacks]
        lines.append("|".join(row).rstrip())
        if at == 2:
            lines.append(rule)
    return lines


def _stack(column: Column, limit: int) -> list[str]:
    stack = [f" {column.name}", f" {column.count:,} . {column.total_text}", f" w {column.weighted_text}"]
    for card in column.cards[:limit]:
        stack.append(("~" if card.rotting else " ") + card.title)
        stack.append(f" {card.value_text or '-'} {SIGNS[card.next]}{card.next_text.replace('late ', 'late')}")
    if column.count > limit:
        stack.append(f" +{column.count - limit:,} more")
    return stack
