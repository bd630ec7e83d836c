"""Which values a join leaves behind that nobody had seen when the winner was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.store.join import is_dead
from tuicrm.store.leaves import versions, weight
from tuicrm.store.outdone import hidden
from tuicrm.store.tombstone import DELETION, tombstone
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tuicrm.store.leaves import Record


class Lost(NamedTuple):
    """One value that gave way."""

    kind: str
    id: str
    path: str
    """The leaf, or `DELETION`."""
    version: str
    value: Any
    """The value, MEMBER or ABSENT; of a deletion, who deleted."""

    @property
    def key(self) -> tuple[str, str, str, str, bytes]:
        """What tells it from others: two values may have one version, and 1 is not true although they are equal."""
        return *self[:4], weight(self.value)


def lost(
    kind: str, joined: Record, parts: Iterable[Record], bases: Sequence[Record | None], *, of_birth: bool = False
) -> list[Lost]:
    """Return the values of parts that their join does not show, unless a base had them, so that they had been seen.

    Unless asked for, a value from a record's birth is not among them: whoever wrote another one had the record.
    """
    differing = [part for part in parts if part != joined]
    if not differing:
        return []
    known = [versions(base) for base in bases if base is not None]
    found = [
        Lost(kind, one.id, one.path, one.version, one.value)
        for one in hidden(differing, joined, of_birth=of_birth)
        if all(held.get(one.path) != one.version for held in known)
    ]
    return each_once([*found, *_deletions(kind, joined, differing, bases)])


def each_once(found: Iterable[Lost]) -> list[Lost]:
    """Return some values without those that are there already."""
    return list({one.key: one for one in found}.values())


def _deletions(kind: str, joined: Record, parts: Sequence[Record], bases: Sequence[Record | None]) -> Iterator[Lost]:
    """Yield the deletions that gave way to an edit whose author did not know of them."""
    if is_dead(joined):
        return
    seen = {stamp for one in (*bases, *parts) if one is not None and not is_dead(one) for stamp in _stamp(one)}
    seen |= {stamp for one in bases if one is not None for stamp in _stamp(one)}
    for part in parts:
        if is_dead(part):
            tomb = tombstone(part) or {}
            for stamp in _stamp(part):
                if stamp not in seen:
                    yield Lost(kind, joined["id"], DELETION, stamp, str(tomb.get("by") or ""))


def _stamp(record: Record) -> tuple[str, ...]:
    version = rank((tombstone(record) or {}).get("v"))
    return (version,) if version else ()
