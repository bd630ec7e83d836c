"""How many columns of which width fit on a screen, and how tall a card is."""

from __future__ import annotations

from dataclasses import dataclass

from tuicrm.tui.cards import HEADING

LIST_BELOW = 48
"""Below this width one stage is shown as a list."""
TIGHT, EASY, WIDEST = 12, 14, 32
"""The narrowest column on 80 cells and more, the one on less, and the widest of all."""
NARROW = 78
THREE_LINES = 22
"""From this width on, a card has a line for company and owner."""
PREVIEW_FROM, PREVIEW = 120, 190
"""The least width for a preview beside the board, and the one from which it is there unless hidden."""


@dataclass(frozen=True)
class Shape:
    """The shape of the board; the cells of a column do not count the rule at its right."""

    columns: int
    width: int
    card_height: int = 2

    def page(self, height: int) -> int:
        """Return how many cards fit on a pane of this height, below the heading and above the count of the rest."""
        return max(1, (height - HEADING - 1) // self.card_height)


def shape_for(width: int, height: int, stages: int, *, single: bool = False) -> Shape:
    """Return the shape for a pane of this size and so many stages; widths never depend on the cursor.

    `single` shows one stage as a list at any width.
    """
    if stages == 0:
        return Shape(0, 0)
    if width < LIST_BELOW or single:
        return Shape(1, max(10, width - 1), card_height=1)
    least = TIGHT if width >= NARROW else EASY
    columns = max(1, min(stages, width // (least + 1)))
    size = min(WIDEST, width // columns - 1) if columns == stages and width >= NARROW else least
    tall = 3 if size >= THREE_LINES and height >= 3 * 4 + HEADING else 2
    return Shape(columns, size, card_height=tall)
