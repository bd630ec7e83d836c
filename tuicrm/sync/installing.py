"""Putting a commit in place: files, then the index, then the branch; and finishing that where it was cut short."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

import orjson

from tuicrm.errors import Busy, Decision
from tuicrm.store import whole
from tuicrm.store.install import NewFile
from tuicrm.sync import refs
from tuicrm.sync.incoming import check
from tuicrm.sync.objects import changes, is_id
from tuicrm.sync.outside import check_out
from tuicrm.sync.place import branch_of
from tuicrm.sync.resuming import UNDERWAY
from tuicrm.sync.seen import NAME
from tuicrm.sync.worktree import TOP, is_expected, is_ours
from tuicrm.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tuicrm.store.workspace import Workspace
    from tuicrm.sync.git import Git
    from tuicrm.sync.objects import Entry, Objects


PATIENCE = 10.0
"""Seconds to wait for a git that keeps its lock on the index."""


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
        held = orjson.loads(whole.read(private, UNDERWAY))
        told = Underway(held["commit"], held["head"], held["branch"])
    except (ValueError, TypeError, KeyError):
        return None
    return told if is_id(told.commit) and (told.head == "" or is_id(told.head)) else None


def put_in_place(git: Git, objects: Objects, ws: Workspace, order: Order, wait: Callable[[], bool]) -> list[str] | None:
    """Install a commit, and return the files beside the workspace's own that were left as somebody is changing them.

    None where the branch has moved meanwhile. Raises Busy where git keeps its lock for long.
    """
    from tuicrm.sync import index

    moved = True
    left: list[str] = []
    done = order.underway

    def then() -> None:
        nonlocal moved, left
        outside = {path: pair for path, pair in order.moved.items() if not is_ours(path)}
        left = check_out(git.root, outside, objects.blob)
        index.update(git, ws.private, {path: after for path, (_, after) in order.moved.items()}, done.commit)
        moves = [(done.branch, done.commit, done.head), *order.refs]
        moved = refs.move(git, [(ref, new, old) for ref, new, old in moves if new != old], "tuicrm sync")

    for file in order.files:
        if not (file.path in TOP or is_expected(file.path)):
            # What was remembered of the last look may have been made up.
            raise Decision(
                f"{clean_line(file.path)} is no file of a workspace, so nothing was put in place",
                hint=f"Remove {NAME} in {ws.private}, then sync again.",
            )
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
    return left if moved else None


def finish(git: Git, objects: Objects, ws: Workspace, wait: Callable[[], bool]) -> bool:
    """Finish what a sync that was killed had begun to put in place; False where there is nothing to be finished."""
    held = underway(ws.private)
    if held is None:
        return False
    now = objects.commit("HEAD")
    there = objects.commit(held.commit)
    is_there = there is not None and (now.oid if now else "") == held.head and branch_of(git) == held.branch
    if not is_there or not _is_fit(git, objects, held):
        # Somebody went on with git by hand, or made this up: the next sync joins what is there.
        _forget(ws.private)
        return False
    moved = changes(git, held.head, held.commit)
    files = []
    for path, (before, after) in moved.items():
        if is_ours(path):
            seen = None if before is None else objects.blob(before[1])
            files.append(NewFile(path, seen, b"" if after is None else objects.blob(after[1])))
    return put_in_place(git, objects, ws, Order(held, moved, files, ((refs.MADE, "", None),)), wait) is not None


def _is_fit(git: Git, objects: Objects, held: Underway) -> bool:
    """Whether a commit holds only what a workspace may; the note that names it may have come with the folder."""
    try:
        check(git, objects, held.commit, held.head, here=True)
    except Decision:
        return False
    return True


def _forget(private: Path) -> None:
    (private / UNDERWAY).unlink(missing_ok=True)


def waiting() -> Callable[[], bool]:
    """Return what waits a moment each time it is called, and says whether it is worth trying once more."""
    deadline = time.monotonic() + PATIENCE

    def wait() -> bool:
        time.sleep(0.05)
        return time.monotonic() < deadline

    return wait
