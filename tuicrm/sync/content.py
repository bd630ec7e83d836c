"""What a commit says: its own files where tuicrm made it, and otherwise also what its makers did by hand.

The content of a commit made by hand is the join of its parents' contents, its own lines, and its hand edits: values
that differ from those of every parent although they have no higher version. It depends on nothing but the commit, so
every clone finds the same, whatever way it got there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.records.registry import groups
from tuicrm.store import codec
from tuicrm.store.join import canonical, join, succeed
from tuicrm.store.leaves import ABSENT, flatten, same, top, versions
from tuicrm.store.ulid import rank
from tuicrm.sync.losing import Lost, lost
from tuicrm.sync.objects import bases, changes, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tuicrm.store.codec import Segment
    from tuicrm.store.leaves import Record
    from tuicrm.sync.git import Git
    from tuicrm.sync.objects import Commit, Entry, Objects

DATA = "data/"
SUFFIX = ".jsonl"


class Content(NamedTuple):
    """What a commit, or a work tree, says."""

    files: Mapping[str, Entry]
    """Its own files of every path, as (mode, blob)."""
    over: dict[str, Segment]
    """Data files whose content is another one than what the file holds."""
    found: tuple[Lost, ...]
    """Values that gave way in merges and joined lines made by hand since tuicrm's last commits."""


def is_data(path: str) -> bool:
    """Whether a path is that of a data file."""
    return path.startswith(DATA) and path.endswith(SUFFIX)


def kind_of(path: str) -> str:
    """Return the kind of records in a data file."""
    return path[len(DATA) :].partition("/")[0]


class Contents:
    """The contents of commits, each worked out once."""

    def __init__(self, git: Git, objects: Objects) -> None:
        self._git = git
        self._objects = objects
        self._known: dict[str, Content] = {}
        self._files: dict[str, dict[str, Entry]] = {}
        self._hand: dict[str, Commit] = {}
        """The commits made by hand among the known ones."""

    def of(self, tip: str) -> Content:
        """Return the content of a commit; what was made by hand before it is looked at as far back as needed."""
        for commit in self._by_hand(tip):
            self._known[commit.oid] = self._made_by_hand(commit)
            self._hand[commit.oid] = commit
        if tip not in self._known:
            self._known[tip] = Content(self.files(tip), {}, ())
        return self._known[tip]

    def _by_hand(self, tip: str) -> list[Commit]:
        """Return the commits made by hand that lead up to a commit, parents first, until tuicrm's own."""
        order: list[Commit] = []
        stack: list[tuple[str, Commit | None]] = [(tip, None)]
        seen: set[str] = set()
        while stack:
            oid, ready = stack.pop()
            if ready is not None:
                order.append(ready)
                continue
            if oid in seen or oid in self._known:
                continue
            seen.add(oid)
            commit = self._objects.commit(oid)
            if commit is None or self._objects.is_own(commit):
                self._known[oid] = Content(self.files(oid), {}, ())
                continue
            stack.append((oid, commit))
            stack.extend((parent, None) for parent in commit.parents)
        return order

    def files(self, oid: str, near: str = "") -> dict[str, Entry]:
        """Return the files of a commit; `near` is one whose files are known and much the same."""
        found = self._files.get(oid)
        if found is None:
            if near in self._files:
                found = dict(self._files[near])
                for path, (_, entry) in changes(self._git, near, oid).items():
                    if entry is None:
                        found.pop(path, None)
                    else:
                        found[path] = entry
            else:
                found = tree(self._git, oid)
            self._files[oid] = found
        return found

    def know(self, oid: str, files: dict[str, Entry]) -> None:
        """Take the files of a commit from somebody who knows them."""
        self._files[oid] = files

    def segment(self, content: Content, path: str) -> Segment:
        """Return what a content has at a path; an empty segment where nothing."""
        held = content.over.get(path)
        return held if held is not None else self.raw(content.files.get(path))

    def raw(self, entry: Entry | None) -> Segment:
        """Return what a file itself holds."""
        return codec.load(b"") if entry is None else codec.load(self._objects.blob(entry[1]))

    def _made_by_hand(self, commit: Commit) -> Content:
        near = next((one for one in commit.parents if one in self._files), "")
        files = self.files(commit.oid, near)
        parents = [self._known[one] for one in commit.parents]
        paths = {path for one in parents for path in one.over} if parents else set(files)
        for one in parents:
            paths.update(path for path in {**one.files, **files} if one.files.get(path) != files.get(path))
        common = self._common(commit.parents) if len(commit.parents) > 1 else []
        own = {path: self.raw(files.get(path)) for path in paths if is_data(path)}
        return self.upon(parents, files, own, common, lambda path, one: self._wrote(commit, path, one))

    def _wrote(self, commit: Commit, path: str, one: Lost) -> bool:
        """Tell whether a value that was there before a commit came with an earlier one by the same person."""
        author, oid = "", commit.parents[0] if commit.parents else ""
        while oid:
            record = self.segment(self.of(oid), path).records.get(one.id)
            if record is None or versions(record).get(one.path) != one.version:
                return author == commit.email
            made = self._hand.get(oid)
            author, oid = (made.email, next(iter(made.parents), "")) if made else ("", "")
        return False

    def _common(self, parents: Sequence[str]) -> list[Content]:
        found = {oid for other in parents[1:] for oid in bases(self._git, parents[0], other)}
        return [self.of(oid) for oid in sorted(found)]

    def upon(
        self,
        parents: Sequence[Content],
        files: Mapping[str, Entry],
        own: Mapping[str, Segment],
        common: Sequence[Content],
        wrote: Callable[[str, Lost], bool] = lambda path, one: False,
    ) -> Content:
        """Return the content of what was made upon parents and holds `own` where it differs from one of them.

        `wrote` tells whether whoever made it had made a value, which therefore gave way to their own.
        """
        over: dict[str, Segment] = {}
        found = [one for parent in parents for one in parent.found]
        for path, mine in own.items():
            held = [self._inherited(one, path) for one in parents]
            told = fold(kind_of(path), mine, held)
            if not mine.canonical or told.records != mine.records:
                over[path] = told
            known = [self.segment(one, path).records for one in common]
            found += [one for one in _given_way(kind_of(path), mine, told, held, known) if not wrote(path, one)]
        return Content(files, over, tuple(dict.fromkeys(found)))

    def _inherited(self, parent: Content, path: str) -> Inherited:
        raw = self.raw(parent.files.get(path))
        return Inherited(parent.over.get(path, raw), raw)


class Inherited(NamedTuple):
    """What a parent says at a path, and what its own file has there."""

    content: Segment
    raw: Segment


def fold(kind: str, mine: Segment, parents: Sequence[Inherited]) -> Segment:
    """Return a file joined with its parents, and its hand edits with versions; a missing line says nothing."""
    records: dict[str, Record] = {}
    for id_ in dict.fromkeys([*mine.records, *(id_ for one in parents for id_ in one.content.records)]):
        held = [one.content.records[id_] for one in parents if id_ in one.content.records]
        inherited = _joined(held)
        own = mine.records.get(id_)
        if own is None or inherited is None:
            records[id_] = inherited if own is None and inherited is not None else canonical(own or {"id": id_})
        elif own == inherited:
            records[id_] = inherited
        else:
            raws = [one.raw.records[id_] for one in parents if id_ in one.raw.records]
            records[id_] = inherited if own in raws else _edited(kind, own, inherited, raws)
    return codec.Segment(records, mine.bad, True)


def _joined(records: Iterable[Record]) -> Record | None:
    result: Record | None = None
    for one in records:
        result = one if result is None else join(result, one)
    return result


def _edited(kind: str, own: Record, inherited: Record, raws: Sequence[Record]) -> Record:
    """Return a line upon what was there before: higher versions count, and so does what a person typed over a value."""
    before, marks = flatten(inherited), versions(inherited)
    after, stamps = flatten(own), versions(own)
    sides = [flatten(one) for one in raws]
    typed = {}
    for path in dict.fromkeys([*after, *before]):
        value = after.get(path, ABSENT)
        if same(value, before.get(path, ABSENT)) or any(same(value, side.get(path, ABSENT)) for side in sides):
            continue
        if stamps.get(path, "") <= marks.get(path, ""):
            typed[path] = value
    joined = join(inherited, own)
    return succeed(joined, _whole_groups(kind, typed, after)) if typed else joined


def _whole_groups(kind: str, typed: dict[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """Return the typed leaves with the rest of every group that they touch, so that no merge mixes two amounts."""
    touched = {name for group in groups(kind) if any(top(path) in group for path in typed) for name in group}
    return {**{path: value for path, value in after.items() if top(path) in touched}, **typed}


def _given_way(
    kind: str, mine: Segment, told: Segment, parents: Sequence[Inherited], known: Sequence[Mapping[str, Record]]
) -> list[Lost]:
    """Return the values that gave way in a file made by hand: in the join of its parents, and of its doubled lines."""
    found = []
    if len(parents) > 1:
        for id_, record in told.records.items():
            parts = [one.content.records[id_] for one in parents if id_ in one.content.records]
            if len(parts) > 1:
                found += lost(kind, record, parts, [one.get(id_) for one in known])
        return found
    for one in mine.lost:
        past = [versions(file[one.id]).get(one.path) for file in known if one.id in file]
        newer = [versions(held.content.records[one.id]) for held in parents if one.id in held.content.records]
        if one.version == rank(one.id) or one.version in past or any(v.get(one.path, "") > one.version for v in newer):
            continue
        if not same(flatten(told.records[one.id]).get(one.path, ABSENT), one.value):
            found.append(Lost(kind, one.id, one.path, one.version, one.value))
    return found
