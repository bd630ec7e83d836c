"""What taking in another copy of a record comes to: the join, what it writes over, and how undo goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.store.join import canonical, is_dead, join
from tuicrm.store.leaves import ABSENT, RESERVED, canonical_json, flatten, same, top, versions
from tuicrm.store.tombstone import DELETION, tombstone
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.leaves import Record


class Adopted(NamedTuple):
    """A record joined with another copy of it."""

    record: Record
    replaced: Mapping[str, str]
    """Versions, by path, that give way to nothing: those of the record here that the other copy does not reach.

    The values here that do give way are left out, so that the next checkpoint notes them for the ledger.
    """
    leaves: Mapping[str, tuple[Any, str, Any, str]]
    """Path to (old value, old version, new value, new version), of the leaves that differ."""


def adopt(here: Record, other: Mapping[str, Any]) -> Adopted | None:
    """Return what taking in another copy of a record makes of it; None where it says nothing new."""
    joined = join(here, dict(other))
    if canonical_json(joined) in (canonical_json(here), canonical_json(canonical(here))):
        return None
    own, theirs, final = versions(here), versions(dict(other)), versions(joined)
    replaced = {path: version for path, version in own.items() if rank(version) > rank(theirs.get(path, version))}
    if is_dead(dict(other)) and not is_dead(joined):
        replaced[DELETION] = rank((tombstone(dict(other)) or {}).get("v"))
    old, new = flatten(here), flatten(joined)
    leaves = {
        path: (old.get(path, ABSENT), own.get(path, ""), new.get(path, ABSENT), final.get(path, ""))
        for path in {**own, **final}
        if top(path) not in RESERVED and not same(old.get(path, ABSENT), new.get(path, ABSENT))
    }
    return Adopted(joined, replaced, leaves)


def later_leaves(record: Record) -> dict[str, tuple[Any, str, Any, str]]:
    """Return the leaves of a record taken in whole that are younger than it, so that undo knows them for its own."""
    values, born = flatten(record), rank(record["id"])
    return {
        path: (ABSENT, "", values.get(path, ABSENT), version)
        for path, version in versions(record).items()
        if version != born
    }
