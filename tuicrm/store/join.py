"""The join of two versions of a record, and the edits that it is made for: pure, the same on every machine.

Each leaf counts by (rank of its version, value). A leaf also erases whatever lies below it at or below its own
version; a leaf below it with a higher version turns it into a container, and only its version stays, as a floor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.store.leaves import (
    ABSENT,
    MEMBER,
    RESERVED,
    ancestors,
    build,
    canonical_json,
    component,
    key_of,
    same,
    spread,
    stamps,
    top,
    weight,
)
from tuicrm.store.tombstone import ALIVE, floors_by_field, has_erased, is_dead, join_tombstones, seen_by, tombstone
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tuicrm.store.leaves import Record

    Entry = tuple[str, Any]
    Entries = dict[str, Entry]
    """Path to (rank of its version, value, MEMBER or ABSENT), all of one field."""

__all__ = ["apply", "bury", "canonical", "diff", "is_dead", "join", "purge", "revive", "rivals", "succeed", "successor"]


def join(a: Record, b: Record) -> Record:
    """Two versions of one record as one, in canonical form: per leaf the higher version, then the higher value."""
    if a["id"] != b["id"]:
        raise ValueError(f"cannot join {a['id']} and {b['id']}: two different records")
    if a is b or canonical_json(a) == canonical_json(b):
        return canonical(a)
    mine, theirs = _fields(a), _fields(b)
    for field, entries in theirs.items():
        _raise_to(mine.setdefault(field, {}), entries)
    return _assemble(a["id"], mine, join_tombstones(tombstone(a), tombstone(b)))


def canonical(record: Record) -> Record:
    """A record in the form that `join` gives: sets sorted, versions that say nothing left out, erased leaves gone."""
    return _assemble(record["id"], _fields(record), tombstone(record))


def diff(current: Record | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The leaves that differ between a record and the wanted values of some fields: path to value, MEMBER or ABSENT.

    None or an empty value clears a field; of a set only the elements added or removed are named.
    """
    changes: dict[str, Any] = {}
    for name, wanted in fields.items():
        if name in RESERVED:
            continue
        present = ABSENT if current is None else current.get(name, ABSENT)
        if same(present, wanted) and not isinstance(wanted, dict | list):  # [1] equals [true] in Python
            continue
        field = component(name)
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        spread(present, field, before)
        if wanted is not None and wanted not in ("", [], {}, ()):
            spread(wanted, field, after)
        changes.update((path, ABSENT) for path in before if path not in after)
        changes.update((path, value) for path, value in after.items() if not same(before.get(path, ABSENT), value))
    return changes


def apply(record: Record, leaves: Mapping[str, tuple[Any, str]]) -> Record:
    """A copy of a record with leaves written into it, each with its version; a leaf that is outranked changes nothing.

    Within one call a value wins over an ABSENT above or below it, so a map can take the place of a scalar.
    """
    base, changed, marks = rank(record["id"]), dict(record), dict(stamps(record))
    floors = floors_by_field(tombstone(record)) if "_del" in record else None
    for field, entries in _grouped(leaves).items():
        if field in RESERVED:
            continue
        name = key_of(field)
        stamped = {path: marks.pop(path) for path in [path for path in marks if top(path) == field]}
        state = _entries(field, changed.pop(name, ABSENT), stamped, base)
        _raise_to(state, entries)
        state = _settle(state, base, None if floors is None else floors.get(field, {}))
        value, kept = _render(field, state, base)
        marks.update(kept)
        if value is not ABSENT:
            changed[name] = value
    changed.pop("_v", None)
    if marks:
        changed["_v"] = marks
    return changed


def rivals(record: Record, paths: Iterable[str]) -> list[str]:
    """The versions that a write to these paths must outrank: the id, and those at, above and below each path."""
    known = {path: rank(version) for path, version in stamps(record).items()}
    for path, version in seen_by(tombstone(record) or {}).items():
        known[path] = max(known.get(path, ""), version)
    found = [rank(record["id"])]
    for path in paths:
        found += [known[p] for p in (path, *ancestors(path)) if p in known]
        found += [version for p, version in known.items() if p.startswith(path + "/")]
    return [version for version in found if version]


def bury(record: Record, by: str, version: str) -> Record:
    """The record with a tombstone that has seen all that it holds; its contents stay until they are purged."""
    base = rank(record["id"])
    seen = {path: rank(stamp) for path, stamp in stamps(record).items() if rank(stamp) > base}
    tomb = {"by": by, "v": version, **({"seen": seen} if seen else {})}
    return canonical({**record, "_del": join_tombstones(tombstone(record), tomb)})


def revive(record: Record, version: str) -> Record:
    """The record alive again, by a field whose version outranks `rivals(record, ["_alive"])`."""
    return apply(record, {ALIVE: (True, version)})


def purge(record: Record) -> Record:
    """A deleted record without the contents that its deleter had seen, for good; any other record unchanged."""
    return canonical({**record, "_del": {**record["_del"], "purged": True}}) if is_dead(record) else record


def successor(base: Record, edited: Record) -> Record:
    """What somebody changed in an editor, leaving `_v` alone, given versions that follow from the change itself.

    The version is one millisecond above those it replaces, with the hash of path, old version and value as its random
    part, so two people who make the same edit make the same version.
    """
    old, edits, unborn = _fields(base), _fields(edited), (rank(base["id"]), ABSENT)
    written: dict[str, Any] = {}
    for field in {**old, **edits}:
        before, after = old.get(field, {}), edits.get(field, {})
        for path in {**before, **after}:
            was, now = before.get(path, unborn), after.get(path, ("", ABSENT))
            if now[0] <= was[0] and not same(was[1], now[1]) and not has_erased(edited, path, was[0]):
                written[path] = now[1]
    return succeed(edited, written, base) if written else edited


def succeed(record: Record, leaves: Mapping[str, Any], *known: Record) -> Record:
    """A record with values that a person wrote into its line, above all versions that it and `known` hold there."""
    written = {}
    for path, value in leaves.items():
        highest = max(version for one in (record, *known) for version in ("", *rivals(one, [path])))
        written[path] = (value, _next_version(path, highest, value))
    return apply(record, written)


def _next_version(path: str, old: str, value: Any) -> str:
    from hashlib import blake2b

    from tuicrm.store.ulid import clamp, encode, ms_of

    text = b"\n".join((canonical_json([path, old]), weight(value)))
    return encode(clamp((ms_of(old) if old else 0) + 1), int.from_bytes(blake2b(text, digest_size=10).digest(), "big"))


def _fields(record: Record) -> dict[str, Entries]:
    """Every leaf of a record with its rank, by field; fields that are only known to be cleared included."""
    base = rank(record["id"])
    marks: dict[str, dict[str, Any]] = {}
    for path, version in stamps(record).items():
        marks.setdefault(top(path), {})[path] = version
    fields = {}
    for name, value in record.items():
        if name not in RESERVED:
            field = component(name)
            fields[field] = _entries(field, value, marks.pop(field, {}), base)
    for field, stamped in marks.items():
        if field not in RESERVED:
            fields[field] = _entries(field, ABSENT, stamped, base)
    return fields


def _entries(field: str, value: Any, marks: Mapping[str, Any], base: str) -> Entries:
    if not marks and type(value) is str:
        return {field: (base, value)}
    leaves: dict[str, Any] = {}
    spread(value, field, leaves)
    entries = {path: (base, leaf) for path, leaf in leaves.items()}
    for path, version in marks.items():
        entries[path] = (rank(version), leaves.get(path, ABSENT))
    return entries


def _raise_to(entries: Entries, others: Entries) -> None:
    """Let each path hold the higher of the two entries."""
    for path, other in others.items():
        mine = entries.get(path)
        if mine is None or mine[0] < other[0] or (mine[0] == other[0] and weight(mine[1]) < weight(other[1])):
            entries[path] = other


def _settle(entries: Entries, base: str, floors: Mapping[str, str] | None) -> Entries:
    """The entries that count: without those erased from above, and with ABSENT where a map has replaced a value."""
    if floors is None and len(entries) < 2:
        return entries
    if floors is not None:
        entries = dict(entries)
        _raise_to(entries, {path: (version, ABSENT) for path, version in floors.items()})
    erased, hidden = set(), set()
    for path, (height, _) in entries.items():
        for above in ancestors(path):
            if above in entries:
                if entries[above][0] >= height:
                    erased.add(path)
                else:
                    hidden.add(above)
    if floors is not None:
        erased.update(path for path, entry in entries.items() if entry[0] <= max(base, floors.get(path, "")))
    if not erased and not hidden:
        return entries
    return {
        path: (height, ABSENT if path in hidden else value)
        for path, (height, value) in entries.items()
        if path not in erased
    }


def _render(field: str, entries: Entries, base: str) -> tuple[Any, dict[str, str]]:
    """The value that settled entries show, and the versions to keep: those that are not the id's, and the floors."""
    if len(entries) == 1 and field in entries:
        height, value = entries[field]
        return value, {field: height} if height != base or value is ABSENT else {}
    value = build({path: value for path, (_, value) in entries.items() if value is not ABSENT}, field)
    return value, {path: height for path, (height, value) in entries.items() if height != base or value is ABSENT}


def _assemble(record_id: str, fields: Mapping[str, Entries], tomb: dict[str, Any] | None) -> Record:
    base = rank(record_id)
    record: Record = {"id": record_id}
    marks: dict[str, str] = {}
    floors = floors_by_field(tomb)
    for field, entries in fields.items():
        value, kept = _render(field, _settle(entries, base, None if floors is None else floors.get(field, {})), base)
        marks.update(kept)
        if value is not ABSENT:
            record[key_of(field)] = value
    if marks:
        record["_v"] = marks
    if tomb is not None:
        record["_del"] = tomb
    return record


def _grouped(leaves: Mapping[str, tuple[Any, str]]) -> dict[str, Entries]:
    """The leaves of one edit by field, without an ABSENT that stands above or below a value of the same edit."""
    taken = {above for path, (value, _) in leaves.items() if value is not ABSENT for above in ancestors(path)}
    grouped: dict[str, Entries] = {}
    for path, (value, version) in leaves.items():
        if value is ABSENT and (
            path in taken or any(p in leaves and leaves[p][0] is not ABSENT for p in ancestors(path))
        ):
            continue
        if value is None or value is MEMBER:
            value = MEMBER if "/" in path else None
        grouped.setdefault(top(path), {})[path] = (rank(version), value)
    return grouped
