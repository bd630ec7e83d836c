"""The lock of a workspace: an advisory `flock`, which the system frees when its holder dies, however it dies.

Writing has the one of that name; work that reads, decides and then writes may have one of its own around it.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from tuicrm.errors import Busy
from tuicrm.store import files

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "lock"
WAIT = 5.0
_FIRST_PAUSE = 0.0005
_LONGEST_PAUSE = 0.02


@contextlib.contextmanager
def held(folder: int, *, shared: bool = False, wait: float = WAIT, where: str = "", name: str = NAME) -> Iterator[None]:
    """Hold the lock of the private folder; raises Busy after `wait` seconds, OSError where none can be opened."""
    deadline = time.monotonic() + wait
    fd = _take(folder, name, shared=shared, deadline=deadline, wait=wait, where=where)
    try:
        yield
    finally:
        # A process forked meanwhile holds the descriptor as well, so closing it here would not be enough.
        try:
            files.unlock(fd)
        finally:
            files.close(fd)


def _take(folder: int, name: str, *, shared: bool, deadline: float, wait: float, where: str) -> int:
    pause = _FIRST_PAUSE
    while True:
        fd = files.open_write(name, folder)
        held = False
        try:
            while not files.lock(fd, shared=shared):
                if time.monotonic() >= deadline:
                    raise Busy(
                        f"Another process has been writing to {where or 'the workspace'} for {wait:g} seconds.",
                        hint="Wait for it to finish, then try again.",
                    )
                time.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_PAUSE)
            held = _still_there(fd, folder, name)
        finally:
            if not held:
                files.close(fd)
        if held:
            return fd


def _still_there(fd: int, folder: int, name: str) -> bool:
    """False when the locked file is no longer the one at that name: then the lock guards nothing."""
    try:
        found = files.stat_at(name, folder)
    except FileNotFoundError:
        return False
    mine = files.stat(fd)
    return (found.st_ino, found.st_dev) == (mine.st_ino, mine.st_dev)
