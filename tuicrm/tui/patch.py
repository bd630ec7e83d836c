"""The board after a move, before it is built again: one card changes its place, the sums follow."""

from __future__ import annotations

from bisect import insort
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from decimal import Decimal

    from tuicrm.crm.board import Board, Column
    from tuicrm.crm.cards import Card


def moved(
    board: Board,
    ids: Collection[str],
    stage: str,
    weigh: Callable[[Card], Decimal | None],
    near: tuple[int, int] = (-1, -1),
) -> Board:
    """Return the board with these deals in a stage, or off the board where it has no such column.

    `weigh` says what a deal is worth in its other stage, by its chance of being won there. `near` is the column and
    the row to look at first: most moves are of the card under the cursor.
    """
    from tuicrm.crm.board import swapped, with_columns

    wanted = frozenset(ids)
    columns = list(board.columns)
    carried: list[Card] = []
    # The column looked at first is often the only one to look at.
    for at in sorted(range(len(columns)), key=lambda one: one != near[0]):
        column = columns[at]
        if column.key == stage:
            continue
        rows = _rows(column, wanted, near[1] if at == near[0] else -1)
        if not rows:
            continue
        gone = [column.cards[row] for row in rows]
        if len(rows) == 1:
            cards = column.cards[: rows[0]] + column.cards[rows[0] + 1 :]
        else:
            cards = [card for card in column.cards if card.id not in wanted]
        columns[at] = swapped(column, cards, gone, (), board.currency)
        carried += gone
        if len(carried) == len(wanted):
            break
    if not carried:
        return board
    for at, column in enumerate(columns):
        if column.key == stage:
            come = [replace(card, stage_days=0, rotting=False, weighted=weigh(card)) for card in carried]
            cards = list(column.cards)
            for card in come:
                insort(cards, card, key=lambda one: (one.sort_key, one.id))
            columns[at] = swapped(column, cards, (), come, board.currency)
    return with_columns(board, columns)


def _rows(column: Column, wanted: frozenset[str], near: int) -> list[int]:
    if len(wanted) == 1 and 0 <= near < len(column.cards) and column.cards[near].id in wanted:
        return [near]
    return [row for row, card in enumerate(column.cards) if card.id in wanted]
