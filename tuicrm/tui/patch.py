"""The board after a move, before it is built again: one card changes its place, the sums follow."""

from __future__ import annotations

from bisect import insort
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from tuicrm.crm.board import Board
    from tuicrm.crm.cards import Card


def moved(board: Board, ids: Collection[str], stage: str) -> Board:
    """Return the board with these deals in a stage, or off the board where it has no such column."""
    from tuicrm.crm.board import column_of

    wanted = frozenset(ids)
    carried: list[Card] = []
    kept: list[list[Card]] = []
    for column in board.columns:
        stay = [card for card in column.cards if card.id not in wanted or column.key == stage]
        if len(stay) != len(column.cards):
            carried += [card for card in column.cards if card.id in wanted]
        kept.append(stay)
    columns = []
    for column, cards in zip(board.columns, kept, strict=True):
        if column.key == stage:
            for card in carried:
                insort(cards, replace(card, stage_days=0, rotting=False), key=lambda one: (one.sort_key, one.id))
        same = len(cards) == len(column.cards)
        columns.append(column if same else column_of(column.key, column.name, cards, board.currency))
    gone = sum(column.count for column in board.columns) - sum(column.count for column in columns)
    return replace(board, columns=columns, open_count=board.open_count - gone)
