"""Putting a commit in place: files, then the index, then the branch; and finishing that where it was cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import orjson

from tuicrm.errors import Busy
from tuicrm.store import whole
from tuicrm.store.install import NewFile
from tuicrm.sync import refs
from tuicrm.sync.objects import changes
from tuicrm.sync.outside import check_out
from tuicrm.sync.resuming import UNDERWAY
from tuicrm.sync.worktree import is_ours

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tuicrm.store.workspace import Workspace
    from tuicrm.sync.git import Git
    from tuicrm.sync.objects import Entry, Objects

EMPTY: Entry = ("100644", "")


class Underway(NamedTuple):
    """A commit on its way into the work tree."""

    commit: str
    head: str
    """Where the branch was; empty before the first commit."""
    branch: str


class Order(NamedTuple):
    """What is to be put in place."""

    underway: Underway
    moved: Mapping[str, tuple[Entry | None, Entry | None]]
    """Path to what HEAD has and what the commit has, for all that differ."""
    files: Sequence[NewFile]
    refs: Sequence[tuple[str, str, str | None]]
    """Names that move with the branch."""


def underway(private: Path) -> Underway | None:
    """Return the commit whose installing was cut short; None where none was."""
    try:
        held = orjson.loads((private / UNDERWAY).read_bytes())
        return Underway(str(held["commit"]), str(held["head"]), str(held["branch"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def put_in_place(git: Git, objects: Objects, ws: Workspace, order: Order, wait: Callable[[], bool]) -> bool:
    """Install a commit; False where the branch has moved meanwhile. Raises Busy where git keeps its lock for long."""
    from tuicrm.sync import index

    moved = True
    done = order.underway

    def then() -> None:
        nonlocal moved
        outside = {path: pair for path, pair in order.moved.items() if not is_ours(path)}
        check_out(git.root, outside, objects.blob)
        index.update(git, ws.private, {path: after for path, (_, after) in order.moved.items()}, done.commit)
        moves = [(done.branch, done.commit, done.head), *order.refs]
        moved = refs.move(git, [(ref, new, old) for ref, new, old in moves if new != old], "tuicrm sync")

    # Safe on the disk before the first file changes.
    whole.keep(ws.private, UNDERWAY, orjson.dumps(done._asdict()))
    while not ws.install(order.files, then):
        if not wait():
            raise Busy(
                "git has been at work on this folder for a while, so what came could not be put in place",
                hint="Finish what git is doing there (an open commit message?), then sync again.",
            )
    if moved:
        _forget(ws.private)
    return moved


def finish(git: Git, objects: Objects, ws: Workspace, wait: Callable[[], bool]) -> bool:
    """Finish what a sync that was killed had begun to put in place; False where there is nothing to be finished."""
    held = underway(ws.private)
    if held is None:
        return False
    now = objects.commit("HEAD")
    there = objects.commit(held.commit)
    if there is None or (now.oid if now else "") != held.head:
        # Somebody went on with git by hand: the next sync joins what is there.
        _forget(ws.private)
        return False
    moved = changes(git, held.head, held.commit)
    files = []
    for path, (before, after) in moved.items():
        if is_ours(path):
            seen = None if before is None else objects.blob(before[1])
            files.append(NewFile(path, seen, b"" if after is None else objects.blob(after[1])))
    return put_in_place(git, objects, ws, Order(held, moved, files, ((refs.MADE, "", None),)), wait)


def _forget(private: Path) -> None:
    (private / UNDERWAY).unlink(missing_ok=True)
