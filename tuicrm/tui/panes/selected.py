"""The lines about the board and about the deal under the cursor."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from tuicrm.crm.amounts import worth
from tuicrm.tui.lanes import GROUPS
from tuicrm.tui.safe import cells, short

if TYPE_CHECKING:
    from tuicrm.crm.board import Board, Column
    from tuicrm.crm.cards import Card
    from tuicrm.tui.place import Place
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.viewing import View

SHORT_FILTER = 12
"""Cells of a filter where there is little room."""
BESIDE_NEEDS = 30
"""Cells of the next step where the strip also says what the next stage needs."""
NEXT_LOOKS = {"late": "late", "today": "today"}


def board_line(board: Board | None, view: View, order: str, turn: str = "", width: int = 0) -> Line:
    """Return the line about the whole board; `turn` says which pipeline it is of how many."""
    if board is None:
        return ((" ", "text"),)
    name = f" {board.pipeline_name}{turn}"
    for shorter in range(4):
        rest = "".join(f" | {one}" for one in _board_parts(board, view, order, shorter))
        if not width or cells(name) + cells(rest) <= width:
            break
    return ((name, "title"), (rest, "muted"))


def _board_parts(board: Board, view: View, order: str, shorter: int) -> list[str]:
    """Return what the line about the board says, in fewer and fewer words."""
    group = dict(GROUPS).get(view.group, "")
    held = f"/{short(view.filter, SHORT_FILTER)}" if shorter > 2 else f"filter: {view.filter}"
    weighted = "" if shorter > 2 else f", {'w' if shorter else 'weighted'} {board.weighted_text}"
    return [
        view.name if shorter > 1 else f"view {view.number}: {view.name}",
        *([held] if view.filter else []),
        f"{board.open_count:,} open" if _all_open(board) else f"{board.open_count:,} deals",
        f"{board.currency} {board.total_text}{weighted}",
        order if shorter > 1 else f"order: {order}",
        *([f"by {group}"] if group else []),
    ]


def _all_open(board: Board) -> bool:
    return all(column.kind == "open" for column in board.columns)


def card_lines(card: Card, column: Column, year: int, needs: str = "") -> list[Line]:
    """Return the two lines about a deal; `needs` is what its next stage waits for."""
    facts = [
        *([card.company] if card.company and card.company != card.title else []),
        worth(card.currency, card.value) or "no value",
        f"{card.age_days} days old, {card.stage_days} in {column.name}",
        *([f"close {_day(card.expected_close, year)}"] if card.expected_close else []),
        *([card.owner_name] if card.owner_name else []),
    ]
    first: Line = ((f" {card.title}", "title"), (" | " + " | ".join(facts), "muted"))
    # What the next stage waits for stays in sight, however long the next step is.
    step = short(_next(card), BESIDE_NEEDS) if needs else _next(card)
    second: list[Span] = [("  ", "text"), (step, NEXT_LOOKS.get(card.next, "text"))]
    if needs:
        second += [(" | ", "muted"), (f"needs: {needs}", "text")]
    if card.rotting:
        second.append((" | ", "muted"))
        second.append((f"~ROTTING {card.stage_days} days in {column.name}", "rotting"))
    return [first, tuple(second)]


def _next(card: Card) -> str:
    if card.next == "none":
        return f"?NO DAY FOR: {card.next_subject}" if card.next_subject else "?NO NEXT STEP"
    sign = {"late": "!", "today": "="}.get(card.next, ".")
    words = card.next_text.replace("late", "LATE", 1).replace("today", "TODAY", 1)
    return f"{sign}{words}: {card.next_subject}" if card.next_subject else f"{sign}{words}"


def _day(text: str, year: int) -> str:
    """Return a stored date as people read it: `30 Oct`, with the year where it is another one."""
    from datetime import date

    from tuicrm.when import say_day

    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return say_day(day, this_year=year)


def standing(place: Place, view: View) -> str:
    """Say what is marked, or how to get rid of the filter."""
    if place.marks and place.board is not None:
        cards = (card for column in place.board.columns for card in column.cards if card.id in place.marks)
        names = [card.title for card in islice(cards, 2)]
        listed = ", ".join(names) + (", …" if len(place.marks) > 2 else "")
        return f"{listed} marked ({len(place.marks)}). Esc clears"
    return "filtered. Esc clears" if view.filter else ""
