"""The lines of a list, one after the other, without a copy of what its groups hold: laying it out costs nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tuicrm.tui.pane import Ref


class Entries(Sequence["Ref"]):
    """The groups' headings (those that have one) and their records, as one sequence."""

    def __init__(self, parts: Iterable[tuple[Ref | None, Sequence[Ref]]] = ()) -> None:
        self._parts: list[Sequence[Ref]] = []
        self._starts: list[int] = []
        self.heads: list[int] = []
        """The places of the headings."""
        self._size = 0
        for head, refs in parts:
            if head is not None:
                self.heads.append(self._size)
                self._append((head,))
            self._append(refs)

    def _append(self, refs: Sequence[Ref]) -> None:
        if refs:
            self._starts.append(self._size)
            self._parts.append(refs)
            self._size += len(refs)

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, at: int) -> Ref: ...

    @overload
    def __getitem__(self, at: slice) -> list[Ref]: ...

    def __getitem__(self, at: int | slice) -> Ref | list[Ref]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(self._size))]
        if not -self._size <= at < self._size:
            raise IndexError(at)
        place = at % self._size
        part = bisect_right(self._starts, place) - 1
        return self._parts[part][place - self._starts[part]]

    def __iter__(self) -> Iterator[Ref]:
        return chain.from_iterable(self._parts)

    def place(self, ref: Ref) -> int:
        """Return where an entry is; -1 where it is none of these."""
        for start, part in zip(self._starts, self._parts, strict=True):
            if ref in part:
                return start + part.index(ref)
        return -1

    def head(self, at: int) -> int:
        """Return the place of the last heading at or above an entry; -1 where there is none."""
        found = bisect_right(self.heads, at)
        return self.heads[found - 1] if found else -1
