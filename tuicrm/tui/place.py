"""Where the cursor is on a board, what is marked, what is in sight: pure, so that a key is a small step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.lanes import Heading, group_at, lane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuicrm.crm.board import Board, Column
    from tuicrm.crm.cards import Card
    from tuicrm.tui.lanes import Lane


class Place:
    """The cursor, the marks and the scroll of each stage, all tied to records by id."""

    def __init__(self) -> None:
        self.board: Board | None = None
        self.stage = 0
        """The stage with the cursor."""
        self.lanes: list[Lane] = []
        """What each stage shows: its cards, with the headings of groups."""
        self.rows: list[int] = []
        """The chosen entry of each stage."""
        self.tops: list[int] = []
        """The first entry in sight of each stage."""
        self.page = 1
        """Entries that fit on the screen."""
        self.group = ""
        """What cards are grouped by; empty for no groups."""
        self.folded: set[str] = set()
        self.marks: set[str] = set()
        self._frozen: frozenset[str] | None = None
        self._columns: list[Column] = []
        """What the lanes were made of."""
        self._stays = False
        """Whether the cursor was put on an empty stage on purpose."""
        self.home = ""
        """The card that the cursor was on when a filter was begun: it goes back there as soon as that is shown."""
        self.filtering = False
        """Whether the filter is still being typed."""

    @property
    def card(self) -> Card | None:
        """The card under the cursor."""
        return self.at(self.stage)

    def at(self, stage: int) -> Card | None:
        """Return the chosen card of a stage."""
        if not 0 <= stage < len(self.lanes):
            return None
        entries, row = self.lanes[stage], self.rows[stage]
        one = entries[row] if 0 <= row < len(entries) else None
        return None if isinstance(one, Heading) else one

    def chosen(self) -> list[str]:
        """Return the ids that a key acts on: the marked ones, else the one under the cursor."""
        if self.marks and self.board is not None:
            return [card.id for column in self.board.columns for card in column.cards if card.id in self.marks]
        return [self.card.id] if self.card else []

    def marked(self) -> frozenset[str]:
        """Return what is marked: the same object until a mark changes."""
        if self._frozen is None:
            self._frozen = frozenset(self.marks)
        return self._frozen

    def _mark_only(self, ids: Iterable[str]) -> None:
        self.marks, self._frozen = set(ids), None

    def mark(self, *, on: bool | None = None) -> bool:
        """Mark the card under the cursor (None: turn its mark about); False where there is no card."""
        card = self.card
        if card is None:
            return False
        self._frozen = None
        if on or (on is None and card.id not in self.marks):
            self.marks.add(card.id)
        else:
            self.marks.discard(card.id)
        return True

    def mark_all(self) -> None:
        """Mark every card that is shown; unmark all where all are marked already."""
        every = {one.id for entries in self.lanes for one in entries if one.id}
        self._mark_only(() if self.marks == every else every)

    def unmark(self) -> None:
        """Take all marks away."""
        self._mark_only(())

    def swap(self, board: Board) -> None:
        """Take over another model of the board: the cursor stays on its record, or else where it was."""
        before = self.card.id if self.card else ""
        self.board = board
        columns = len(board.columns)
        self.rows = (self.rows + [0] * columns)[:columns]
        self.tops = (self.tops + [0] * columns)[:columns]
        self.stage = min(self.stage, max(0, columns - 1))
        self._arrange()
        for at in range(columns):
            self.rows[at] = self._landed(at, self.rows[at], 1)
            self._show(at)
        if self.home and self.find(self.home):
            self.home = self.home if self.filtering else ""
        elif not (before and self.find(before)) and not self._stays:
            self._to_cards()
        if self.marks:
            kept = self.marks & {card.id for column in board.columns for card in column.cards}
            if len(kept) != len(self.marks):
                self._mark_only(kept)

    def restart(self) -> None:
        """Forget where the cursor was: what comes is another board."""
        self.stage, self.rows, self.tops, self.lanes, self._columns, self._stays = 0, [], [], [], [], False
        self.home = ""

    def regroup(self, group: str) -> None:
        """Group the cards of each stage, or (empty) do not."""
        self.group, self.folded = group, set()
        self._again()

    def fold(self) -> bool:
        """Fold the group of the cursor in every stage, or unfold it; False where there are no groups."""
        key = group_at(self.lanes[self.stage], self.rows[self.stage]) if self.lanes else ""
        if not key:
            return False
        self.folded ^= {key}
        self._again()
        entries = self.lanes[self.stage]
        row = next(at for at, one in enumerate(entries) if isinstance(one, Heading) and one.key == key)
        self.rows[self.stage] = self._landed(self.stage, row, 1)
        self._show(self.stage)
        return True

    def _again(self) -> None:
        self._columns = []
        if self.board is not None:
            self.swap(self.board)

    def _arrange(self) -> None:
        """Make the lanes of the columns that are others than before."""
        board = self.board
        assert board is not None
        before, old = self._columns, self.lanes
        self._columns = list(board.columns)
        self.lanes = [
            old[at]
            if at < len(before) and before[at] is column
            else lane(column, self.group, self.folded, board.currency)
            for at, column in enumerate(board.columns)
        ]

    def _to_cards(self) -> None:
        """Leave a stage that has nothing to show for the nearest one that has."""
        if self.lanes and not self.lanes[self.stage]:
            full = [at for at, entries in enumerate(self.lanes) if entries]
            if full:
                self.stage = min(full, key=lambda at: abs(at - self.stage))

    def find(self, record_id: str) -> bool:
        """Put the cursor on a record; False where the board does not show it."""
        for stage in sorted(range(len(self.lanes)), key=lambda at: abs(at - self.stage)):
            for row, one in enumerate(self.lanes[stage]):
                if one.id == record_id:
                    self.point(stage, row)
                    return True
        return False

    def point(self, stage: int, row: int) -> None:
        """Put the cursor on an entry."""
        self.stage, self.rows[stage], self._stays = stage, row, False
        self._show(stage)

    def across(self, by: int) -> bool:
        """Go to another stage, at the same height of the screen; False at the ends."""
        wanted = self.stage + by
        if not 0 <= wanted < len(self.lanes):
            return False
        height = self.rows[self.stage] - self.tops[self.stage]
        self.rows[wanted] = self._landed(wanted, self.tops[wanted] + height, 1)
        self.stage = wanted
        self._stays = not self.lanes[wanted]
        self._show(wanted)
        return True

    def down(self, by: int) -> bool:
        """Move the cursor within its stage; False where it cannot move."""
        if not self.lanes:
            return False
        wanted = self._landed(self.stage, self.rows[self.stage] + by, 1 if by > 0 else -1)
        moved = wanted != self.rows[self.stage]
        self.rows[self.stage] = wanted
        self._show(self.stage)
        return moved

    def fit(self, page: int) -> None:
        """Take note of how many entries fit on the screen."""
        self.page = max(1, page)
        for stage in range(len(self.rows)):
            self._show(stage)

    def _landed(self, stage: int, row: int, way: int) -> int:
        """Return the entry nearest to a row that the cursor can be on: a card, or the heading of a folded group."""
        entries = self.lanes[stage]
        row = min(max(0, row), max(0, len(entries) - 1))
        for step in (way, -way):
            at = row
            while 0 <= at < len(entries):
                one = entries[at]
                if not isinstance(one, Heading) or one.folded:
                    return at
                at += step
        return row

    def _show(self, stage: int) -> None:
        """Scroll a stage so that its chosen card is in sight, a third of a page at a time: few keys scroll."""
        entries, row, top = self.lanes[stage], self.rows[stage], self.tops[stage]
        ahead = (self.page - 1) // 3
        upper = row - 1 if row and self.page > 1 and isinstance(entries[row - 1], Heading) else row
        if upper < top:
            top = upper - ahead
        elif row >= top + self.page:
            top = row - self.page + 1 + ahead
        self.tops[stage] = max(0, min(top, len(entries) - self.page))
