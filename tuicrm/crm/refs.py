"""References to many records of one kind, made when they are looked at: ids alone take a tenth of the memory."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

Ref = tuple[str, str]


class Refs(Sequence[Ref]):
    """Pairs of one kind and each of these ids."""

    __slots__ = ("_ids", "_kind")

    def __init__(self, kind: str, ids: list[str]) -> None:
        self._kind = kind
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    @overload
    def __getitem__(self, at: int) -> Ref: ...

    @overload
    def __getitem__(self, at: slice) -> Refs: ...

    def __getitem__(self, at: int | slice) -> Ref | Refs:
        return Refs(self._kind, self._ids[at]) if isinstance(at, slice) else (self._kind, self._ids[at])

    def __iter__(self) -> Iterator[Ref]:
        return zip(repeat(self._kind), self._ids)

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, tuple) and ref[0] == self._kind and ref[1] in self._ids

    def index(self, ref: Ref, start: int = 0, stop: int | None = None) -> int:
        """Return the place of a reference; ValueError where it is none of these."""
        if ref[0] != self._kind:
            raise ValueError(ref)
        return self._ids.index(ref[1], start, len(self._ids) if stop is None else stop)
