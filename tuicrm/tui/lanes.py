"""What a stage shows from top to bottom: its cards, in groups with headings where a board is grouped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from tuicrm.crm.board import Column
    from tuicrm.crm.cards import Card

    Lane = Sequence["Card | Heading"]

GROUPS: tuple[tuple[str, str], ...] = (
    ("next", "next step"),
    ("owner", "owner"),
    ("company", "company"),
    ("close", "close month"),
)
"""What cards may be grouped by, with its name."""

_NEXTS = {"late": ("0", "Late"), "today": ("1", "Today"), "later": ("2", "Later"), "none": ("3", "None")}
_LAST = "\U0010ffff"
"""Sorts after every name."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a group within a stage."""

    key: str
    title: str
    count: int
    total_text: str
    folded: bool
    id: str = ""
    """Empty: a heading is no record."""


def lane(column: Column, group: str, folded: Collection[str], currency: str) -> Lane:
    """Return the entries of a stage; without a group these are its cards, in one list that is not copied.

    Groups come in a fixed order (next step, close month) or by name; within one the order of the cards stays.
    A folded group is its heading alone.
    """
    if not group:
        return column.cards
    key_of = _KEYS[group]
    held: dict[tuple[str, str], list[Card]] = {}
    for card in column.cards:
        held.setdefault(key_of(card), []).append(card)
    made: list[Card | Heading] = []
    for key in sorted(held):
        cards = held[key]
        shut = key[1] in folded
        made.append(Heading(key[1], key[1], len(cards), _total(cards, currency), shut))
        if not shut:
            made.extend(cards)
    return made


def group_at(entries: Lane, row: int) -> str:
    """Return the key of the group that an entry belongs to; empty where there is none."""
    for at in range(min(row, len(entries) - 1), -1, -1):
        one = entries[at]
        if isinstance(one, Heading):
            return one.key
    return ""


def _total(cards: Sequence[Card], currency: str) -> str:
    from tuicrm.money import short

    held = [card.value for card in cards if card.value is not None and card.currency == currency]
    return short(sum(held[1:], held[0])) if held else ""


def _by_next(card: Card) -> tuple[str, str]:
    return _NEXTS.get(card.next, _NEXTS["none"])


def _by_owner(card: Card) -> tuple[str, str]:
    from tuicrm.folding import fold

    return (fold(card.owner_name), card.owner_name) if card.owner_name else (_LAST, "No owner")


def _by_company(card: Card) -> tuple[str, str]:
    from tuicrm.folding import fold

    return (fold(card.company), card.company) if card.company else (_LAST, "No company")


def _by_close(card: Card) -> tuple[str, str]:
    from datetime import date

    try:
        day = date.fromisoformat(card.expected_close)
    except ValueError:
        return (_LAST, "No close date")
    return (f"{day:%Y-%m}", f"{day:%b %Y}")


_KEYS: dict[str, Callable[[Card], tuple[str, str]]] = {
    "next": _by_next,
    "owner": _by_owner,
    "company": _by_company,
    "close": _by_close,
}
