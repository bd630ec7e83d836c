"""Cards as drawn, kept so that a card that only changes its place is not drawn again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.cards import card_lines
from tuicrm.tui.safe import strip

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.style import Style
    from textual.strip import Strip

    from tuicrm.crm.cards import Card
    from tuicrm.tui.safe import Line

MOST = 2000
"""Cards and lines that are kept: many screens of them, and little memory."""


class Faces:
    """What all columns of one width and one card height share."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._cards: dict[str, tuple[Card, list[Line]]] = {}
        self._strips: dict[Line, Strip] = {}

    def card(self, card: Card, *, chosen: bool, marked: bool) -> list[Line]:
        """Return the lines of a card."""
        if chosen or marked:
            return card_lines(card, self.width, chosen=chosen, marked=marked, height=self.height)
        held = self._cards.get(card.id)
        if held is not None and held[0] is card:
            return held[1]
        if len(self._cards) >= MOST:
            self._cards.clear()
        made = card_lines(card, self.width, chosen=False, marked=False, height=self.height)
        self._cards[card.id] = (card, made)
        return made

    def strip(self, line: Line, style: Callable[[str], Style]) -> Strip:
        """Return a line as it is sent to the terminal."""
        held = self._strips.get(line)
        if held is None:
            if len(self._strips) >= MOST:
                self._strips.clear()
            held = self._strips[line] = strip(line, self.width, style)
        return held
