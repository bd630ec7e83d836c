"""Who changed which leaf of a record when: from git, and for what this machine did also from its undo log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tuicrm.store.leaves import ABSENT, flatten, same, versions
from tuicrm.store.tombstone import ALIVE, DELETION, tombstone
from tuicrm.store.ulid import clamp, ms_of, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tuicrm.store.changes import UndoEntry
    from tuicrm.store.leaves import Record
    from tuicrm.sync.past import Point


@dataclass(frozen=True, slots=True)
class By:
    """Who did something, as it was written down where it happened."""

    name: str = ""
    """The handle in this machine's log, or the author's name of a commit."""
    email: str | None = None
    """The author's address; None for a handle."""


@dataclass(frozen=True, slots=True)
class Change:
    """One leaf that was given another value."""

    path: str
    at: int
    """Milliseconds since 1970."""
    by: By
    old: Any
    """The value before, MEMBER, or ABSENT, which also stands for a value that nobody knows any more."""
    new: Any
    commit: str = ""
    """The commit that brought it; empty where none has it yet."""


@dataclass(frozen=True, slots=True)
class Blame:
    """All that is known about one record's changes."""

    added: By | None = None
    changes: Mapping[tuple[str, str], Change] = field(default_factory=dict)
    """By path and version."""
    commits: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The commit that has a version of a path first."""
    gave_way: Mapping[tuple[str, str], By] = field(default_factory=dict)
    """By path and version, who wrote values that no commit shows since they gave way at once."""
    written_again: frozenset[tuple[str, str]] = frozenset()
    """By path and version, what was given the value that it had."""


def from_git(points: Sequence[Point]) -> Blame:
    """Return what commits tell: a version belongs to the first commit that has it, and to that commit's author."""
    added: By | None = None
    changes: dict[tuple[str, str], Change] = {}
    commits: dict[tuple[str, str], str] = {}
    gave_way: dict[tuple[str, str], By] = {}
    for point in points:
        by = By(point.commit.author, point.commit.email)
        if not point.before and point.complete and added is None:
            added = by
        for path, version, old, old_version, value in _written(point):
            if (path, version) in commits:
                continue
            commits[path, version] = point.commit.oid
            if not point.complete or same(old, value):
                continue
            who = By(str(value)) if path == DELETION and isinstance(value, str) else by
            at = _moment(version, old_version, point.commit.at)
            changes[path, version] = Change(path, at, who, old, value, point.commit.oid)
        for key in {key for line in point.lines for key in versions(line).items()} - commits.keys():
            if key[1] > rank(point.record["id"]):
                gave_way.setdefault(key, by)
    return Blame(added, changes, commits, gave_way)


def from_ledger(points: Sequence[Point]) -> By | None:
    """Return who wrote a value that no commit has, of the commits that have its entry in the ledger; None if unsure.

    It was on the machine of whoever synced, and the merge in which it gave way was the first that git saw of it.
    """
    first = next(iter(points), None)
    if first is None or first.before or not first.complete or not first.is_own:
        return None
    return By(first.commit.author, first.commit.email)


def _written(point: Point) -> Iterable[tuple[str, str, Any, str, Any]]:
    """Yield (path, version, value before, its version, value) of what a commit has above what its parents have."""
    born, sides = rank(point.record["id"]), [(versions(one), flatten(one)) for one in point.before]
    leaves = flatten(point.record)
    for path, version in versions(point.record).items():
        held = [(marks.get(path, ""), values.get(path, ABSENT)) for marks, values in sides]
        before = max(held, key=lambda one: one[0], default=("", ABSENT))
        if version > max(born, before[0]):
            yield path, version, before[1], before[0], leaves.get(path, ABSENT)
    grave = tombstone(point.record) or {}
    version = rank(grave.get("v"))
    if version and all((tombstone(one) or {}).get("v") != version for one in point.before):
        yield DELETION, version, ABSENT, "", grave.get("by", "")


def _moment(version: str, before: str, seconds: int) -> int:
    """Return when a version was written, in milliseconds; `seconds` is the time of its commit, 0 where unknown.

    Where it only follows the one before, as an edit by hand does, or lies after its commit, the commit knows better.
    """
    at, committed = ms_of(version), seconds * 1000 + 999
    if seconds and (at > committed or (before and at == ms_of(before) + 1)):
        at = committed
    return clamp(at)


def from_log(entries: Iterable[UndoEntry], kind: str, key: str) -> Blame:
    """Return what this machine's log tells, which knows every step and who made it."""
    added: By | None = None
    changes: dict[tuple[str, str], Change] = {}
    again: set[tuple[str, str]] = set()
    for entry in entries:
        by, at = By(entry.by), clamp(entry.at_ms)
        for step in entry.steps:
            if (step.kind, step.id) != (kind, key):
                continue
            if step.born:
                added = by
            if step.removed:
                changes[DELETION, entry.tx] = Change(DELETION, at, by, ABSENT, entry.by)
            if step.revived:
                changes[ALIVE, entry.tx] = Change(ALIVE, at, by, ABSENT, True)
            for path, (old, _, new, version) in step.leaves.items():
                if same(old, new):
                    again.add((path, version))
                else:
                    changes[path, version] = Change(path, at, by, old, new)
    return Blame(added, changes, written_again=frozenset(again))


def together(git: Blame, log: Blame, record: Record) -> Blame:
    """Return both accounts in one: the log's where both have one, since it saw each step.

    What the record holds and neither of them knows was written here too long ago, or by another program.
    """
    changes = {**git.changes}
    for at, change in log.changes.items():
        changes[at] = Change(change.path, change.at, change.by, change.old, change.new, git.commits.get(at, ""))
    leaves, born = flatten(record), rank(record["id"])
    known = {*changes, *git.commits, *log.written_again}
    for path, version in versions(record).items():
        at = path, version
        if version > born and path in leaves and at not in known:
            changes[at] = Change(path, clamp(ms_of(version)), By(), ABSENT, leaves[path])
    return Blame(log.added or git.added, changes, git.commits, git.gave_way)
