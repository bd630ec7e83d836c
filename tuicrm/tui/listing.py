"""What a list shows, by ids alone, and where its cursor is: pure, so that a key is a small step."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.tui.entries import Entries

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.tui.pane import Ref

HEADING = ""
"""The kind of the entries that are headings of groups; their id is the group's key."""


@dataclass(frozen=True)
class Column:
    """One column of a list."""

    name: str
    title: str
    width: int = 0
    """Cells; 0 takes a share of what the others leave."""
    right: bool = False
    """Whether its text ends at the right edge, as numbers do."""
    drop: int = 0
    """Where there is no room the column with the highest number goes first; 0 always stays."""


@dataclass(frozen=True)
class Group:
    """Records under one heading; a title of "" has no heading."""

    key: str
    title: str
    refs: Sequence[Ref]
    folded: bool = False
    """Whether it is folded until told otherwise."""
    look: str = "head"


@dataclass(frozen=True)
class ListModel:
    """A list: groups of ids, drawn one by one when they come into sight."""

    groups: Sequence[Group]
    columns: tuple[Column, ...]

    @property
    def count(self) -> int:
        """How many records there are, folded or not."""
        return sum(len(one.refs) for one in self.groups)


class Listing:
    """The cursor, the marks, the folds and the scroll of a list, all tied to records by id."""

    def __init__(self) -> None:
        self.model = ListModel((), ())
        self.entries = Entries()
        """Headings and records in the order of the screen."""
        self.at = 0
        self.top = 0
        self.page = 1
        self.marks: set[Ref] = set()
        self._folds: dict[str, bool] = {}
        self.home: Ref | None = None
        """Where the cursor was when a filter was begun: it goes back there as soon as that is shown."""
        self.filtering = False
        """Whether the filter is still being typed."""

    @property
    def cursor(self) -> Ref | None:
        """The record under the cursor; None on a heading or an empty list."""
        ref = self.entries[self.at] if 0 <= self.at < len(self.entries) else None
        return ref if ref is not None and ref[0] != HEADING else None

    @property
    def group(self) -> Group | None:
        """The group that the cursor is in."""
        head = self.entries.head(self.at)
        return self.group_of(self.entries[head][1]) if head >= 0 else None

    def group_of(self, key: str) -> Group | None:
        """Return a group by its key."""
        return next((one for one in self.model.groups if one.key == key), None)

    def folded(self, group: Group) -> bool:
        """Return whether a group is folded."""
        return self._folds.get(group.key, group.folded)

    def swap(self, model: ListModel) -> None:
        """Take over another model: the cursor stays on its record, or else where it was."""
        before = self.entries[self.at] if 0 <= self.at < len(self.entries) else None
        self.model = model
        self._spread()
        if self.home is not None and self.find(self.home):
            self.home = self.home if self.filtering else None
        elif before is None or not self.find(before):
            self._land()
        if self.marks:
            self.marks &= {ref for group in model.groups for ref in group.refs}
        self._show()

    def _spread(self) -> None:
        self.entries = Entries(
            ((HEADING, group.key) if group.title else None, () if group.title and self.folded(group) else group.refs)
            for group in self.model.groups
        )

    def _land(self) -> None:
        """Stay near where the cursor was, on a record where there is one."""
        self.at = min(self.at, max(0, len(self.entries) - 1))
        if self.cursor is None:
            near = [at for at in range(self.at, min(self.at + 3, len(self.entries))) if self.entries[at][0] != HEADING]
            self.at = near[0] if near else self.at

    def find(self, ref: Ref) -> bool:
        """Put the cursor on an entry; False where the list does not show it."""
        if 0 <= self.at < len(self.entries) and self.entries[self.at] == ref:
            self._show()
            return True
        place = self.entries.place(ref)
        if place < 0:
            return False
        self.at = place
        self._show()
        return True

    def position(self, ref: Ref) -> tuple[int, int]:
        """Return which of the records in sight of folds one is, from 1, and how many they are; (0, 0) for none."""
        heads, place = self.entries.heads, self.entries.place(ref)
        return (place + 1 - bisect_right(heads, place), len(self.entries) - len(heads)) if place >= 0 else (0, 0)

    def down(self, by: int) -> bool:
        """Move the cursor by so many entries; False where it cannot move."""
        wanted = min(max(0, self.at + by), max(0, len(self.entries) - 1))
        moved = wanted != self.at
        self.at = wanted
        self._show()
        return moved

    def to_group(self, by: int) -> bool:
        """Go to the first record of the next group (or of the one before); False at the ends."""
        heads = self.entries.heads
        wanted = bisect_right(heads, self.at) - 1 + by
        if not 0 <= wanted < len(heads):
            return False
        head = heads[wanted]
        after = head + 1
        self.at = after if after < len(self.entries) and self.entries[after][0] != HEADING else head
        self._show()
        if self.page > 1:
            self.top = min(self.top, head)
        return True

    def fold(self) -> bool:
        """Fold the group at the cursor, or unfold it; False where there is none."""
        group = self.group
        if group is None:
            return False
        self._folds[group.key] = not self.folded(group)
        self._spread()
        self.at = self.entries.place((HEADING, group.key))
        if not self.folded(group):
            # Something of what was folded comes into sight with its heading.
            self.top = max(self.top, self.at - self.page // 2)
        self._show()
        return True

    def unfold(self, key: str) -> None:
        """Unfold a group from the next model on."""
        self._folds[key] = False

    def mark(self, *, on: bool | None = None) -> bool:
        """Mark the record under the cursor (None: turn its mark about); False where there is none."""
        ref = self.cursor
        if ref is None:
            return False
        if on or (on is None and ref not in self.marks):
            self.marks.add(ref)
        else:
            self.marks.discard(ref)
        return True

    def mark_all(self) -> None:
        """Mark every record in sight of folds; unmark all where all are marked already."""
        every = {ref for ref in self.entries if ref[0] != HEADING}
        self.marks = set() if self.marks >= every else every

    def chosen(self) -> list[Ref]:
        """Return what a key acts on: the marked records in their order, else the one under the cursor."""
        if self.marks:
            return [ref for group in self.model.groups for ref in group.refs if ref in self.marks]
        return [self.cursor] if self.cursor else []

    def fit(self, page: int) -> None:
        """Take note of how many entries fit on the screen."""
        self.page = max(1, page)
        self._show()

    def _show(self) -> None:
        """Scroll so that the cursor is in sight, by a third of a page at a time: few lines change at most keys."""
        ahead = (self.page - 1) // 3
        top = self.top
        if self.at < top:
            top = self.at - ahead
        elif self.at >= top + self.page:
            top = self.at - self.page + 1 + ahead
        # The heading above the first record stays in sight with it.
        top = 0 if self.at <= 1 < self.page else top
        self.top = max(0, min(top, len(self.entries) - self.page))
