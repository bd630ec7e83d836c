"""Deletion as data: who deleted a record, and which versions of its fields the deleter had seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.store.leaves import RESERVED, ancestors, canonical_json, stamps, top
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.leaves import Record

DELETION = "_del"
"""Where a record keeps its tombstone, and the path under which its deletion is told."""
ALIVE = "_alive"
"""The field whose writing restores a record."""


def tombstone(record: Record) -> dict[str, Any] | None:
    """The tombstone of a record in canonical form, without the parts that say nothing; None when it has none."""
    found = record.get("_del")
    if not isinstance(found, dict):
        return None
    base = rank(record["id"])
    clean = {key: value for key, value in found.items() if key not in ("by", "v", "seen", "purged")}
    if found.get("by") is not None:
        clean["by"] = found["by"]
    if rank(found.get("v")):
        clean["v"] = found["v"]
    seen = {path: version for path, version in seen_by(found).items() if rank(version) > base}
    if found.get("purged") is True:
        seen = _uncovered(seen)
    if seen:
        clean["seen"] = seen
    if found.get("purged") is True:
        clean["purged"] = True
    return clean


def _uncovered(seen: Mapping[str, Any]) -> dict[str, Any]:
    """Drop the paths that a wider one covers: a path may name what it held, as an address does, and that is erased."""
    return {path: v for path, v in seen.items() if not any(rank(seen.get(p)) >= rank(v) for p in ancestors(path))}


def seen_by(tomb: Mapping[str, Any]) -> dict[str, Any]:
    """Path to the version that the deleter saw; a path that is not in it was seen at the record's id."""
    seen = tomb.get("seen")
    return seen if isinstance(seen, dict) else {}


def join_tombstones(one: dict[str, Any] | None, other: dict[str, Any] | None) -> dict[str, Any] | None:
    """Both tombstones (in canonical form) in one: all that either deleter saw, named after the later one."""
    if one is None or other is None:
        return other if one is None else one
    joined = {key: max((t[key] for t in (one, other) if key in t), key=canonical_json) for key in {**one, **other}}
    seen = dict(seen_by(one))
    for path, version in seen_by(other).items():
        seen[path] = max(seen.get(path, ""), version)
    if seen:
        joined["seen"] = _uncovered(seen) if joined.get("purged") is True else seen
    latest = max(one, other, key=_when_and_who)
    for key in ("v", "by"):
        joined.pop(key, None)
        if key in latest:
            joined[key] = latest[key]
    return joined


def _when_and_who(tomb: Mapping[str, Any]) -> tuple[str, bytes]:
    return tomb.get("v", ""), canonical_json(tomb["by"]) if "by" in tomb else b""


def floors_by_field(tomb: Mapping[str, Any] | None) -> dict[str, dict[str, str]] | None:
    """Field to path to the version at or below which a purge has erased everything; None when nothing was purged."""
    if tomb is None or tomb.get("purged") is not True:
        return None
    floors: dict[str, dict[str, str]] = {}
    for path, version in seen_by(tomb).items():
        floors.setdefault(top(path), {})[path] = version
    return floors


def has_erased(record: Record, path: str, version: str) -> bool:
    """Whether a record was purged by somebody who had seen this version of a leaf, or of what it lies in."""
    tomb = tombstone(record)
    if tomb is None or "purged" not in tomb:
        return False
    seen = seen_by(tomb)
    return version <= max(rank(record["id"]), *(rank(seen.get(p)) for p in (path, *ancestors(path))))


def is_dead(record: Record) -> bool:
    """Whether a record is deleted: it has a tombstone, and no field holds a version that the deleter had not seen."""
    if "_del" not in record:
        return False
    tomb = tombstone(record)
    if tomb is None:
        return False
    base, seen, found = rank(record["id"]), seen_by(tomb), stamps(record)
    floors = seen if "purged" in tomb else {}
    for path, version in found.items():
        height = rank(version)
        if height <= max(base, seen.get(path, "")) or top(path) in RESERVED:
            continue
        # What a wider write or a purge has erased says nothing about the record any more.
        if not any(max(rank(found.get(p)), floors.get(p, "")) >= height for p in ancestors(path)):
            return False
    return True
