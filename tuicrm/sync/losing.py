"""Which values a join leaves behind that nobody had seen when the winner was written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.store.join import is_dead
from tuicrm.store.leaves import ABSENT, RESERVED, flatten, same, top, versions
from tuicrm.store.tombstone import ALIVE, floors_by_field, tombstone
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tuicrm.store.leaves import Record

DELETION = "_del"
"""What the ledger calls the field of a deletion that gave way."""


class Lost(NamedTuple):
    """One value that gave way."""

    kind: str
    id: str
    path: str
    """The leaf, or `DELETION`."""
    version: str
    value: Any
    """The value, MEMBER or ABSENT; of a deletion, who deleted."""


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
    final, shown = versions(joined), flatten(joined)
    found: dict[tuple[str, str], Lost] = {}
    born = rank(joined["id"])
    erased = floors_by_field(tombstone(joined)) is not None
    for part in differing:
        values = flatten(part)
        for path, version in versions(part).items():
            value, now = values.get(path, ABSENT), shown.get(path, ABSENT)
            if same(value, now) or top(path) == ALIVE or top(path) in RESERVED:
                continue
            is_tie = final.get(path) == version
            if (
                (version == born and not is_tie and not of_birth)
                or any(one.get(path) == version for one in known)
                or not version
            ):
                continue
            if erased and path not in final:
                continue
            found[path, version] = Lost(kind, joined["id"], path, version, value)
    return [*found.values(), *_deletions(kind, joined, differing, bases)]


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
