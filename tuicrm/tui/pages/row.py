"""The rows of a record's page: each may be gone to, opened, copied or edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line

FACTS, LINKS, NEXT, HISTORY = "facts", "links", "next", "history"
"""The areas of a page, in the order in which Tab goes through them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One or more lines that belong together."""

    lines: tuple[Line, ...]
    key: str = ""
    """What the cursor holds on to when the page is read again; empty where the cursor passes by."""
    area: str = FACTS
    ref: Ref | None = None
    """The record that Enter opens."""
    field: str = ""
    """The field of the record that stands here."""
    copy: str = ""
    """What `y` copies."""
    check: str = ""
    """The key of the box that Enter and Space tick."""
    talk: str = ""
    """The type of activity that Enter logs."""
    leads: bool = False
    """Whether it is a number, an address or a link: Enter copies it, as a terminal cannot dial."""


def blank() -> Row:
    """Return an empty line."""
    return Row(((),))


def heading(text: str, area: str, more: str = "") -> tuple[Row, Row]:
    """Return the heading of a block, after an empty line."""
    line: Line = ((text, "head"), (f"  {more}", "muted")) if more else ((text, "head"),)
    return blank(), Row((line,), area=area)


class Rows(Sequence[Row]):
    """Rows at hand, and after them items that become rows only when they are asked for."""

    def __init__(
        self, fixed: Sequence[Row] = (), items: Sequence[object] = (), draw: Callable[[int], Row] | None = None
    ) -> None:
        self.fixed = fixed
        self.items = items
        self._draw = draw
        self._made: dict[int, Row] = {}
        self._at = {row.key: at for at, row in enumerate(fixed) if row.key}

    def __len__(self) -> int:
        return len(self.fixed) + len(self.items)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if at < len(self.fixed):
            return self.fixed[at]
        if at >= len(self):
            raise IndexError(at)
        found = self._made.get(at)
        if found is None:
            assert self._draw is not None
            found = self._made[at] = self._draw(at - len(self.fixed))
        return found

    def find(self, key: str) -> int:
        """Return where a row with this key is; -1 where there is none."""
        if key in self._at or not key:
            return self._at.get(key, -1)
        for at in range(len(self.fixed), len(self)):
            if self.key_of(at) == key:
                return at
        return -1

    def key_of(self, at: int) -> str:
        """Return the key of a row, without making the row where it is an item."""
        if at < len(self.fixed):
            return self.fixed[at].key
        return getattr(self.items[at - len(self.fixed)], "id", "")

    def after(self, at: int, by: int) -> int:
        """Return the next row that the cursor stops at, in either direction; -1 where there is none."""
        at += by
        while 0 <= at < len(self):
            if self.key_of(at):
                return at
            at += by
        return -1
