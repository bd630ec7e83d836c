"""What somebody wrote into a data file after it was read for a merge, carried over into what the merge made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.store import codec
from tuicrm.store.join import apply, canonical, join, successor
from tuicrm.store.leaves import ABSENT, canonical_json, flatten, same, versions
from tuicrm.store.pending import Loser, Owed, losers, settle

if TYPE_CHECKING:
    from tuicrm.store.codec import Segment
    from tuicrm.store.leaves import Record


def carry_over(kind: str, seen: bytes, current: bytes, after: bytes) -> tuple[bytes, list[Loser]]:
    """Return `after` with what changed between `seen` and `current`, and the values that gave way to it or for it.

    Only the edits: of a record that the merge left out nothing else comes back, and a line that somebody took out of
    `current` says nothing.
    """
    before, now, merged = codec.load(seen), codec.load(current), codec.load(after)
    told = {one.key for one in before.lost}
    noted = [Loser(kind, *one, known=False) for one in now.lost if one.key not in told]
    for id_, record in now.records.items():
        owed = _edit(before.records.get(id_), record)
        if owed is not None:
            held = merged.records.get(id_)
            if held is not None:
                noted += losers(kind, held, owed)
            merged.records[id_] = settle(held, owed) or owed.delta
    return codec.dump(merged.records.values(), _bad_lines(before, now, merged)), noted


def _edit(old: Record | None, record: Record) -> Owed | None:
    """Return what a line has and the one before it had not, as the journal would hold it; None where nothing."""
    if old is None:
        return Owed(record)
    if canonical_json(old) == canonical_json(record):
        return None
    edited = successor(old, record)
    delta = since(old, edited)
    if delta is None:
        return None
    owed, known = Owed(delta), versions(old)
    owed.replaced = {path: {known[path]} for path in _leaves_since(old, edited) if path in known}
    return owed


def since(base: Record | None, record: Record) -> Record | None:
    """Return a record of only what another has otherwise than a base; None where that is nothing."""
    if base is None:
        return record
    delta = apply({"id": record["id"]}, _leaves_since(base, record))
    if "_del" in record and record["_del"] != base.get("_del"):
        delta = join(delta, {"id": record["id"], "_del": record["_del"]})
    return canonical(delta) if len(delta) > 1 else None


def _leaves_since(base: Record, record: Record) -> dict[str, tuple[Any, str]]:
    """Path to (value, version) of each leaf that is not as in the base."""
    had, has, known = flatten(base), flatten(record), versions(base)
    return {
        path: (has.get(path, ABSENT), version)
        for path, version in versions(record).items()
        if version != known.get(path, "") or not same(has.get(path, ABSENT), had.get(path, ABSENT))
    }


def _bad_lines(before: Segment, now: Segment, merged: Segment) -> list[bytes]:
    kept = [line.raw for line in merged.bad]
    known = {line.raw for line in (*before.bad, *merged.bad)}
    return [*kept, *(line.raw for line in now.bad if line.raw not in known)]
