"""Where the cursor is on a board, what is marked, what is in sight: pure, so that a key is a small step."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.crm.board import Board
    from tuicrm.crm.cards import Card


class Place:
    """The cursor, the marks and the scroll of each stage, all tied to records by id."""

    def __init__(self) -> None:
        self.board: Board | None = None
        self.stage = 0
        """The stage with the cursor."""
        self.rows: list[int] = []
        """The chosen card of each stage."""
        self.tops: list[int] = []
        """The first card in sight of each stage."""
        self.page = 1
        """Cards that fit on the screen."""
        self.marks: set[str] = set()

    @property
    def card(self) -> Card | None:
        """The card under the cursor."""
        return self.at(self.stage)

    def at(self, stage: int) -> Card | None:
        """Return the chosen card of a stage."""
        if self.board is None or not 0 <= stage < len(self.board.columns):
            return None
        cards = self.board.columns[stage].cards
        row = self.rows[stage]
        return cards[row] if 0 <= row < len(cards) else None

    def chosen(self) -> list[str]:
        """Return the ids that a key acts on: the marked ones, else the one under the cursor."""
        if self.marks and self.board is not None:
            return [card.id for column in self.board.columns for card in column.cards if card.id in self.marks]
        return [self.card.id] if self.card else []

    def mark(self, *, on: bool | None = None) -> bool:
        """Mark the card under the cursor (None: turn its mark about); False where there is no card."""
        card = self.card
        if card is None:
            return False
        if on or (on is None and card.id not in self.marks):
            self.marks.add(card.id)
        else:
            self.marks.discard(card.id)
        return True

    def mark_all(self) -> None:
        """Mark every card of the board; unmark all where all are marked already."""
        if self.board is not None:
            every = {card.id for column in self.board.columns for card in column.cards}
            self.marks = set() if self.marks == every else every

    def swap(self, board: Board) -> None:
        """Take over another model of the board: the cursor stays on its record, or else where it was."""
        before = self.card.id if self.card else ""
        columns = len(board.columns)
        self.rows = (self.rows + [0] * columns)[:columns]
        self.tops = (self.tops + [0] * columns)[:columns]
        first = self.board is None
        self.board = board
        self.stage = min(self.stage, max(0, columns - 1))
        for at, column in enumerate(board.columns):
            self.rows[at] = min(self.rows[at], max(0, len(column.cards) - 1))
            self._show(at)
        if before:
            self.find(before)
        elif first:
            self.stage = next((at for at, column in enumerate(board.columns) if column.cards), 0)
        if self.marks:
            self.marks &= {card.id for column in board.columns for card in column.cards}

    def find(self, record_id: str) -> bool:
        """Put the cursor on a record; False where the board does not show it."""
        if self.board is None:
            return False
        for stage, column in enumerate(self.board.columns):
            for row, card in enumerate(column.cards):
                if card.id == record_id:
                    self.stage, self.rows[stage] = stage, row
                    self._show(stage)
                    return True
        return False

    def across(self, by: int) -> bool:
        """Go to another stage, at the same height of the screen; False at the ends."""
        wanted = self.stage + by
        if self.board is None or not 0 <= wanted < len(self.board.columns):
            return False
        height = self.rows[self.stage] - self.tops[self.stage]
        cards = len(self.board.columns[wanted].cards)
        self.rows[wanted] = min(self.tops[wanted] + height, max(0, cards - 1))
        self.stage = wanted
        self._show(wanted)
        return True

    def down(self, by: int) -> bool:
        """Move the cursor within its stage; False where it cannot move."""
        if self.board is None or not self.board.columns:
            return False
        last = len(self.board.columns[self.stage].cards) - 1
        wanted = min(max(0, self.rows[self.stage] + by), max(0, last))
        moved = wanted != self.rows[self.stage]
        self.rows[self.stage] = wanted
        self._show(self.stage)
        return moved

    def fit(self, page: int) -> None:
        """Take note of how many cards fit on the screen."""
        self.page = max(1, page)
        for stage in range(len(self.rows)):
            self._show(stage)

    def _show(self, stage: int) -> None:
        """Scroll a stage so that its chosen card is in sight and no room is wasted."""
        row, top = self.rows[stage], self.tops[stage]
        count = len(self.board.columns[stage].cards) if self.board else 0
        top = min(max(top, row - self.page + 1), row, max(0, count - self.page))
        self.tops[stage] = max(0, top)
