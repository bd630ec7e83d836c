"""A data file that was made by hand upon others: what it says together with them, and what gave way in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.records.registry import groups
from tuicrm.store.codec import Segment
from tuicrm.store.join import canonical, is_dead, join, succeed
from tuicrm.store.leaves import ABSENT, flatten, same, top, versions
from tuicrm.store.tombstone import ALIVE, has_erased, seen_by
from tuicrm.store.ulid import rank
from tuicrm.sync.losing import Lost, lost

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tuicrm.store.codec import BadLine
    from tuicrm.store.leaves import Record


class Inherited(NamedTuple):
    """What a parent says at a path, and what its own file has there."""

    content: Segment
    raw: Segment


def fold(kind: str, mine: Segment, parents: Sequence[Inherited]) -> Segment:
    """Return a file joined with its parents, and its hand edits with versions; a missing line says nothing."""
    records: dict[str, Record] = {}
    for id_ in dict.fromkeys([*mine.records, *(id_ for one in parents for id_ in one.content.records)]):
        inherited = _joined(one.content.records[id_] for one in parents if id_ in one.content.records)
        lines = lines_of(mine, id_)
        if inherited is None:
            records[id_] = canonical(mine.records[id_])
        elif lines in ([], [inherited]):
            records[id_] = inherited
        else:
            raws = [line for one in parents for line in lines_of(one.raw, id_)]
            result = inherited
            for line in lines:
                if line not in raws:
                    result = join(result, _lifted(kind, line, inherited, raws, alone=len(lines) == 1))
            records[id_] = result
    return Segment(records, mine.bad, True)


def lines_of(segment: Segment, id_: str) -> list[Record]:
    """Return the lines that a file has of a record: mostly one."""
    doubled = segment.doubled.get(id_)
    if doubled is not None:
        return list(doubled)
    return [segment.records[id_]] if id_ in segment.records else []


def unmended(mine: Segment, parents: Sequence[Inherited], known: Sequence[Segment]) -> list[BadLine]:
    """Return the unreadable lines of a file without those that somebody had mended before it was made.

    `known` is what the parents of a merge go back to, and empty where there is only one.
    """
    before = {line.raw for one in known for line in one.bad}
    mended: set[bytes] = set()
    for one in parents:
        mended.update((before | {line.raw for line in one.raw.bad}) - {line.raw for line in one.content.bad})
    return [line for line in mine.bad if line.raw not in mended]


def _joined(records: Iterable[Record]) -> Record | None:
    result: Record | None = None
    for one in records:
        result = one if result is None else join(result, one)
    return result


def _lifted(kind: str, line: Record, inherited: Record, raws: Sequence[Record], *, alone: bool) -> Record:
    """Return a line with versions for what a person typed over values in it."""
    typed = _typed(line, inherited, raws, alone=alone)
    lifted = succeed(line, _whole_groups(kind, typed, flatten(line)), inherited) if typed else line
    return _seen_whole(lifted, line["_del"], inherited) if is_dead(line) else lifted


def _seen_whole(lifted: Record, tomb: Mapping[str, Any], inherited: Record) -> Record:
    """Return a deleted line whose deleter has seen all its values, whichever versions these have got since."""
    before, marks, after = flatten(inherited), versions(inherited), flatten(lifted)
    seen = dict(seen_by(tomb))
    for path, stamp in versions(lifted).items():
        is_alike = same(after.get(path, ABSENT), before.get(path, ABSENT)) and path != ALIVE
        seen[path] = max(rank(seen.get(path)), stamp, marks.get(path, "") if is_alike else "")
    return canonical({**lifted, "_del": {**tomb, "seen": seen}})


def _typed(line: Record, inherited: Record, raws: Sequence[Record], *, alone: bool) -> dict[str, Any]:
    """Return the leaves that no parent has and that have no version above what was there: somebody typed them.

    Of several lines of one record an older one may only be left over, so there it takes the very same version.
    """
    before, marks, born = flatten(inherited), versions(inherited), rank(line["id"])
    after, stamps = flatten(line), versions(line)
    sides = [flatten(one) for one in raws]
    typed = {}
    for path in dict.fromkeys([*after, *before] if alone else after):
        value = after.get(path, ABSENT)
        if same(value, before.get(path, ABSENT)) or any(same(value, side.get(path, ABSENT)) for side in sides):
            continue
        # What was not there before has no version below that of the record's birth.
        mark, stamp = marks.get(path, born), stamps.get(path, "")
        if value is ABSENT and has_erased(line, path, mark):
            continue
        if stamp == mark or (alone and stamp < mark):
            typed[path] = value
    return typed


def _whole_groups(kind: str, typed: dict[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed leaves with the rest of every group that they touch, so that no merge mixes two amounts."""
    touched = {name for group in groups(kind) if any(top(path) in group for path in typed) for name in group}
    return {**{path: value for path, value in after.items() if top(path) in touched}, **typed}


def given_way(
    kind: str, mine: Segment, told: Segment, parents: Sequence[Inherited], known: Sequence[Mapping[str, Record]]
) -> Iterator[Lost]:
    """Yield the values that gave way in a file made by hand: in the join of its parents, and of its doubled lines.

    What `known` files held is left out. Of doubled lines, a value may also be one that is past; that is for the caller.
    """
    for id_, record in told.records.items() if len(parents) > 1 else ():
        parts = [one.content.records[id_] for one in parents if id_ in one.content.records]
        if len(parts) > 1:
            yield from lost(kind, record, parts, [one.get(id_) for one in known])
    for id_, lines in mine.doubled.items() if len(parents) == 1 else ():
        held = parents[0].content.records.get(id_)
        before = [one.get(id_) for one in known]
        over = set() if held is None else _typed_over(lines, held, lines_of(parents[0].raw, id_))
        for one in lost(kind, told.records[id_], lines, [], of_birth=True):
            seen = one.path in over and held is not None and holds([held], one)
            if not seen and not holds(before, one):
                yield as_held(one, held)


def _typed_over(lines: Sequence[Record], inherited: Record, raws: Sequence[Record]) -> set[str]:
    """Return the paths whose inherited values somebody typed over, and so had seen."""
    return {path for line in lines if line not in raws for path in _typed(line, inherited, raws, alone=False)}


def holds(records: Iterable[Record | None], one: Lost) -> bool:
    """Tell whether any of some records holds a value under its version."""
    held = [record for record in records if record is not None and versions(record).get(one.path) == one.version]
    return any(same(flatten(record).get(one.path, ABSENT), one.value) for record in held)


def as_held(one: Lost, record: Record | None) -> Lost:
    """Return a typed value with the version that it has got since."""
    if record is None or not same(flatten(record).get(one.path, ABSENT), one.value):
        return one
    return one._replace(version=versions(record)[one.path])
