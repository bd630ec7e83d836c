"""Which records differ between two states of a data file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.store import codec
from tuicrm.sync.ledger import KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tuicrm.store.leaves import Record


def changed_ids(before: Mapping[str, Record], after: Mapping[str, Record]) -> list[str]:
    """Return the ids of records that are not the same in both."""
    return [id_ for id_ in {**before, **after} if before.get(id_) != after.get(id_)]


def changed_lines(before: bytes, after: bytes) -> Iterator[str]:
    """Yield the ids of records whose lines are not the same in two files."""
    there, here = set(before.split(b"\n")), set(after.split(b"\n"))
    ids = set()
    for line in there ^ here:
        try:
            ids.add(str(codec.decode(line)["id"]))
        except codec.BadLine:
            continue
    yield from sorted(ids)


def count(changed: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return how many records of each kind there are among (kind, id); the ledger's own are not told."""
    told: dict[str, int] = {}
    for kind, _ in changed:
        if kind != KIND:
            told[kind] = told.get(kind, 0) + 1
    return told
