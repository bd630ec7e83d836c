"""git's index brought in step with a commit: a copy is changed and renamed in, while the index lock is ours."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from tuicrm.store.segments import DATA
from tuicrm.sync.worktree import TOP, is_ours

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tuicrm.sync.git import Git
    from tuicrm.sync.objects import Entry

NAME = "index"
_COPY = "tuicrm-index"
_NOTHING = "0" * 6


def update(git: Git, private: Path, entries: Mapping[str, Entry | None], commit: str) -> None:
    """Give the index what a commit has in the workspace's own paths, and `entries` (None: removed) beside them.

    What the user has staged beside them stays staged. To be called while git's index lock is held by this program.
    """
    target = os.path.join(git.git_dir, NAME)
    copy = _copy_of(target, private)
    try:
        if not os.path.exists(copy):
            git.run("read-tree", commit, index=copy)
        else:
            wanted = _ours(git, copy, commit) | _beside(git, copy, entries)
            if not wanted:
                return
            git.run("update-index", "-z", "--index-info", data=_told(wanted, commit), index=copy)
            # What git could not be sure of at the time of the old index it must go on looking at.
            os.utime(copy, ns=(_time_of(target),) * 2)
        os.replace(copy, target)
        _sync_folder(git.git_dir)
    finally:
        _remove(copy)
        _remove(f"{copy}.lock")


def differing(git: Git, commit: str, *paths: str, index: str = "") -> dict[str, Entry | None]:
    """Path to what a commit has there (None: nothing), for every path where the index has something else.

    An empty commit stands for one without files.
    """
    against = commit or _empty_tree(git)
    out = git.run("diff-index", "--cached", "-z", "--raw", "--no-renames", against, "--", *paths, index=index).out
    fields = out.split(b"\0")
    found: dict[str, Entry | None] = {}
    for told, name in zip(fields[::2], fields[1::2], strict=False):
        mode, _, oid, _, _ = told.decode().lstrip(":").split(" ")
        found[os.fsdecode(name)] = None if mode == _NOTHING else (mode, oid)
    return found


def staged_outside(git: Git, *, index: str = "") -> set[str]:
    """The paths beside the workspace's own where the user has staged something."""
    head = git.lines("rev-parse", "--verify", "--quiet", "HEAD^{commit}", ok=(0, 1))
    return {path for path in differing(git, head[0] if head else "", index=index) if not is_ours(path)}


def settled(git: Git) -> dict[str, Entry]:
    """The files beside the workspace's own as the index has them, without those that a merge left open."""
    found: dict[str, Entry] = {}
    for line in git.run("ls-files", "--stage", "-z").out.split(b"\0"):
        told, _, name = line.partition(b"\t")
        if name and told.endswith(b" 0") and not is_ours(path := os.fsdecode(name)):
            mode, oid, _ = told.decode().split(" ")
            found[path] = (mode, oid)
    return found


def _ours(git: Git, copy: str, commit: str) -> dict[str, Entry | None]:
    return differing(git, commit, DATA, *sorted(TOP), index=copy)


def _beside(git: Git, copy: str, entries: Mapping[str, Entry | None]) -> dict[str, Entry | None]:
    beside = {path: entry for path, entry in entries.items() if not is_ours(path)}
    if beside:
        staged = staged_outside(git, index=copy)
        beside = {path: entry for path, entry in beside.items() if path not in staged}
    return beside


def _told(wanted: Mapping[str, Entry | None], commit: str) -> bytes:
    nothing = (_NOTHING, "0" * len(commit))
    lines = []
    for path, entry in wanted.items():
        mode, oid = entry or nothing
        lines.append(f"{mode} {oid}\t".encode() + os.fsencode(path) + b"\0")
    return b"".join(lines)


def _copy_of(target: str, private: Path) -> str:
    """A copy of the index on its own disk, so that it can be renamed into place; no file where there is no index."""
    folder = os.path.dirname(target)
    if os.stat(private).st_dev == os.stat(folder).st_dev:
        folder = str(private)
    for left in os.listdir(folder):
        if left.startswith(_COPY):
            _remove(os.path.join(folder, left))
    # A git that outlives its killed caller may still be at work on that caller's copy.
    copy = os.path.join(folder, f"{_COPY}.{os.getpid()}")
    if os.path.exists(target):
        # Not by shutil, whose import alone takes longer.
        with open(target, "rb") as source, open(copy, "xb") as file:
            file.write(source.read())
        # git reads files as young as its index anew, through filters that the repository names; with no time, none is.
        os.utime(copy, (0, 0))
    return copy


def _time_of(path: str) -> int:
    return os.stat(path, follow_symlinks=False).st_mtime_ns


def _remove(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _empty_tree(git: Git) -> str:
    return git.lines("hash-object", "-t", "tree", os.devnull)[0]


def _sync_folder(path: str) -> None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
