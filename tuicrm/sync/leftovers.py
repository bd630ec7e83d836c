"""Locks that a killed sync's git left on names of commits: git itself would ask a person to remove them."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING

from tuicrm.store import files
from tuicrm.sync.gitdir import common_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tuicrm.sync.git import Git

RUNNING = "sync.running"
"""The private file that is locked while a sync runs, and not empty where one has died."""
SETTLED = 1.0
"""Seconds after which a git that outlived its killed sync has long come to its end."""
ABANDONED = 5.0
"""Seconds after which a lock on a branch of a folder's repository has no holder: git keeps one for milliseconds."""
_SUFFIX = ".lock"
_PLACES = ("refs/tuicrm", "refs/remotes", "refs/heads")
_HEAD = "HEAD.lock"
_SINGLE = (_HEAD, "packed-refs.lock")


@contextlib.contextmanager
def none_left(git: Git, private: Path) -> Iterator[None]:
    """Remove what the last sync left behind if it was killed, and notice it if this one is; nothing beside another."""
    fd = _open(private)
    if fd < 0:
        yield
        return
    try:
        if not files.lock(fd, shared=False):
            yield
            return
        found = files.stat(fd)
        if found.st_size:
            _clear(git, found.st_mtime)
        files.cut(fd, 0)
        files.write_at(fd, b"a sync is running\n", 0)
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                files.cut(fd, 0)
            files.unlock(fd)
    finally:
        files.close(fd)


def _open(private: Path) -> int:
    try:
        folder = files.open_own(str(private))
    except OSError:
        return -1
    try:
        return files.open_write(RUNNING, folder)
    except OSError:
        return -1
    finally:
        files.close(folder)


def _clear(git: Git, since: float) -> None:
    """Remove locks made since a sync began that has died, once whoever made them can no longer be at work."""
    for path in _locks(git):
        made = _made(path)
        if made < since - SETTLED:
            continue
        time.sleep(min(max(0.0, made + SETTLED - time.time()), SETTLED))
        if made == _made(path):
            with contextlib.suppress(OSError):
                os.unlink(path)


def unlock(folder: str, branch: str) -> None:
    """Remove the locks that a killed push left on a branch of a repository on this machine, and on its HEAD with it."""
    for name in (f"{branch}{_SUFFIX}", _HEAD):
        path = os.path.join(folder, name)
        made = _made(path)
        if made and made <= time.time() - ABANDONED:
            with contextlib.suppress(OSError):
                os.unlink(path)


def _made(path: str) -> float:
    try:
        return os.lstat(path).st_mtime
    except OSError:
        return 0.0


def _locks(git: Git) -> list[str]:
    shared = common_dir(git.git_dir)
    found = [os.path.join(folder, name) for folder in {shared, git.git_dir} for name in _SINGLE]
    for place in _PLACES:
        for folder, _, names in os.walk(os.path.join(shared, place)):
            found += [os.path.join(folder, name) for name in names if name.endswith(_SUFFIX)]
    return [path for path in found if _made(path)]
