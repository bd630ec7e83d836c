"""One record's past in git: what each commit that touched its file says about it, parents before children."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.store import codec
from tuicrm.store.segments import home, show
from tuicrm.sync.byhand import Inherited, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tuicrm.store.codec import Segment
    from tuicrm.sync.git import Git
    from tuicrm.sync.objects import Commit, Objects

Record = dict[str, Any]

MOST_COMMITS = 4_000
"""How many commits are looked at, the latest ones."""
MOST_HELD = 64 << 20
"""Bytes of versions of a file that are in memory, but for the last of them."""
MOST_READ = 2 << 30
"""Bytes of versions that are read in all, the latest ones."""


class Point(NamedTuple):
    """A commit and what it says about a record."""

    commit: Commit
    record: Record
    before: tuple[Record, ...]
    """What its parents say; empty where they do not know the record."""
    complete: bool
    """Whether all its parents were looked at: beyond the limit nobody knows what was there before."""
    lines: Sequence[Record] = ()
    """The lines of the record in its file where these are several."""
    is_own: bool = False
    """Whether tuicrm made it."""


def points(git: Git, objects: Objects, kind: str, key: str, *, most: int = MOST_COMMITS) -> list[Point]:
    """Return every commit up to HEAD that touched the file of a record and knows the record.

    Commits made by hand say what sync will find in them, so that edits by hand have their versions here too.
    """
    if objects.commit("HEAD") is None:
        return []
    path = show(kind, home(kind, key))
    parents = _touching(git, path, most)
    lines = dict(_lines(objects, parents, path, key.encode()))
    said: dict[str, Said] = {}
    found = []
    for oid, above in parents.items():
        commit = objects.commit(oid)
        if commit is None:
            continue
        known = [said[one] for one in above if one in said]
        is_own = objects.is_own(commit)
        said[oid] = _said(kind, lines.get(oid, _NOTHING), known, is_own=is_own)
        record = said[oid].content.records.get(key)
        if record is not None:
            before = tuple(one.content.records[key] for one in known if key in one.content.records)
            doubled = said[oid].raw.doubled.get(key, ())
            found.append(Point(commit, record, before, all(one in parents for one in above), doubled, is_own))
    return found


Said = Inherited
"""What a commit says about the record, and what its own file has."""
_NOTHING = codec.Segment({}, [], True)


def _touching(git: Git, path: str, most: int) -> Mapping[str, Sequence[str]]:
    """Return the commits that touched a path, parents first, each with the nearest commits before it that did."""
    told = git.lines(
        *("rev-list", "--topo-order", "--reverse", "--full-history", "--simplify-merges", "--parents"),
        *(f"--max-count={most}", "HEAD", "--", path),
    )
    return {oid: above for oid, *above in (line.split() for line in told)}


def _lines(objects: Objects, oids: Iterable[str], path: str, key: bytes) -> Iterator[tuple[str, Segment]]:
    """Yield the record in the file of each commit that has it; of the file no more is read than its lines."""
    names = {f"{oid}:{path}": oid for oid in oids}
    for some in _portions(objects.sizes(names)):
        for name, data in objects.blobs(some).items():
            held = _held(data, key)
            if held is not None:
                yield names[name], held


def _portions(sizes: dict[str, int]) -> Iterator[list[str]]:
    """Yield the names of what is read at a time, parents first; what is too old to be read is left out."""
    left, recent = MOST_READ, list[str]()
    for name, size in reversed(sizes.items()):
        left -= size
        if left < 0:
            break
        recent.append(name)
    some, held = list[str](), 0
    for name in reversed(recent):
        some.append(name)
        held += sizes[name]
        if held > MOST_HELD:
            yield some
            some, held = [], 0
    yield some


def _held(data: bytes, key: bytes) -> Segment | None:
    """Return a file with only the lines of one record; None where no valid line has it."""
    lines: list[bytes] = []
    at = data.find(key)
    while at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        end = len(data) if end < 0 else end
        lines.append(data[start:end])
        at = data.find(key, end)
    found, id_ = codec.load(b"\n".join(lines)), key.decode()
    if id_ not in found.records:
        return None
    doubled = {id_: found.doubled[id_]} if id_ in found.doubled else {}
    return codec.Segment({id_: found.records[id_]}, [], True, doubled=doubled)


def _said(kind: str, raw: Segment, parents: Sequence[Said], *, is_own: bool) -> Said:
    return Said(raw if is_own or not parents else fold(kind, raw, parents), raw)
