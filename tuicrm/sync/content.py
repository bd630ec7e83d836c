"""What a commit says: its own files where tuicrm made it, and otherwise also what its makers did by hand.

The content of a commit made by hand is the join of its parents' contents, its own lines, and its hand edits: values
that differ from those of every parent although they have no higher version. It depends on nothing but the commit, so
every clone finds the same, whatever way it got there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.store import codec
from tuicrm.store.ulid import rank
from tuicrm.sync.byhand import Inherited, as_held, fold, given_way, holds, lines_of, unmended
from tuicrm.sync.losing import each_once
from tuicrm.sync.objects import bases, changes, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.store.codec import Segment
    from tuicrm.sync.git import Git
    from tuicrm.sync.losing import Lost
    from tuicrm.sync.objects import Commit, Entry, Objects

DATA = "data/"
SUFFIX = ".jsonl"
MOST_LOOKED_AT = 500
"""Commits that are searched for a value found on a doubled line."""


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
        """Tell whether a value that gave way in a commit had been seen by whoever made it: it was theirs, or past."""
        parent = next(iter(commit.parents), "")
        if self._holds(parent, path, one):
            return one.version == rank(one.id) or self._author(parent, path, one) == commit.email
        return self._was_there(parent, path, one)

    def is_past(self, oid: str, path: str, one: Lost) -> bool:
        """Tell whether a file held a value before a commit, at which it holds another one, or had it from birth."""
        if self._holds(oid, path, one):
            return one.version == rank(one.id)
        return self._was_there(oid, path, one)

    def as_held(self, oid: str, path: str, one: Lost) -> Lost:
        """Return a value with the version that a commit's content has given it, where somebody had typed it."""
        return as_held(one, self.segment(self.of(oid), path).records.get(one.id)) if oid else one

    def _author(self, oid: str, path: str, one: Lost) -> str:
        """Return the address of who brought a value by hand; empty where tuicrm's own commits have it."""
        author = ""
        while self._holds(oid, path, one):
            made = self._hand.get(oid)
            if made is None:
                return ""
            author, oid = made.email, next(iter(made.parents), "")
        return author

    def _holds(self, oid: str, path: str, one: Lost) -> bool:
        return bool(oid) and holds([self.segment(self.of(oid), path).records.get(one.id)], one)

    def _was_there(self, oid: str, path: str, one: Lost) -> bool:
        """Tell whether a file held just this value under just this version at some time up to a commit."""
        if not oid:
            return False
        for name in self._earlier(oid, path):
            data = self._objects.blob(name)
            if one.version.encode() in data and holds(lines_of(codec.load(data), one.id), one):
                return True
        return False

    def _earlier(self, oid: str, path: str) -> list[str]:
        """Return git's names of what a file held up to a commit, asked for once however many values are looked for."""
        key = ("earlier", oid, path)
        if key not in self._git.memory:
            commits = self._git.lines("rev-list", f"--max-count={MOST_LOOKED_AT}", oid, "--", path)
            self._git.memory[key] = list(self._objects.sizes(f"{one}:{path}" for one in commits))
        found: list[str] = self._git.memory[key]
        return found

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
            before = [self.segment(one, path) for one in common]
            told.bad = unmended(mine, held, before if len(parents) > 1 else ())
            if not mine.canonical or told.records != mine.records or told.bad != mine.bad:
                over[path] = told
            gone = given_way(kind_of(path), mine, told, held, [one.records for one in before])
            found += gone if len(parents) > 1 else [one for one in gone if not wrote(path, one)]
        return Content(files, over, tuple(each_once(found)))

    def _inherited(self, parent: Content, path: str) -> Inherited:
        raw = self.raw(parent.files.get(path))
        return Inherited(parent.over.get(path, raw), raw)
