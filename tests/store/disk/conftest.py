"""Workspaces on a real disk, and a shim over every system call that the store makes."""

from __future__ import annotations

import errno
import inspect
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.store import files
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PURE = {"reason", "unwritable", "unreadable", "is_link_error", "lacks_hard_links", "close", "unlock"}


class Crash(BaseException):
    """The power went: nothing after it reaches the disk."""


class Shim:
    """Counts the store's system calls and can make the n-th one, and those after a crash, fail."""

    Crash = Crash

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.calls: list[str] = []
        self.crash_at = 0
        self.fail_at = 0
        self.fail_names: set[str] = set()
        self.errno = errno.ENOSPC
        self._dead = False
        self._unsynced: list[tuple[int, int, int]] = []
        for name, function in inspect.getmembers(files, inspect.isfunction):
            if name not in _PURE and not name.startswith("_") and function.__module__ == files.__name__:
                patch.setattr(files, name, self._wrap(name, function))

    def clear(self) -> None:
        """Behave from here on, counting from nothing."""
        self.calls.clear()
        self.crash_at = self.fail_at = 0
        self.fail_names = set()
        self._dead = False
        self._forget()

    def _forget(self) -> None:
        for fd, _, _ in self._unsynced:
            os.close(fd)
        self._unsynced.clear()

    def _wrap(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            if self._dead:
                raise Crash(name)
            self.calls.append(name)
            if len(self.calls) == self.crash_at:
                self._lose()
                raise Crash(name)
            if len(self.calls) == self.fail_at or name in self.fail_names:
                if name == "write_at":
                    fd, data, offset = args
                    function(fd, data[: len(data) // 2], offset)
                raise OSError(self.errno, os.strerror(self.errno), "somewhere")
            if name == "write_at":
                fd, data, offset = args
                self._unsynced.append((os.dup(fd), offset, len(data)))
            found = function(*args, **options)
            if name == "sync":
                self._synced(os.fstat(args[0]).st_ino)
            elif name == "sync_file_system":
                self._forget()
            return found

        return call

    def _synced(self, inode: int) -> None:
        kept = []
        for fd, offset, size in self._unsynced:
            if os.fstat(fd).st_ino == inode:
                os.close(fd)
            else:
                kept.append((fd, offset, size))
        self._unsynced = kept

    def _lose(self) -> None:
        """Half of every write that was not synced is lost with the power."""
        self._dead = True
        for fd, offset, size in self._unsynced:
            if os.fstat(fd).st_size > offset + size // 2:
                os.ftruncate(fd, offset + size // 2)
        self._forget()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("template") / "acme"
    Workspace.create(root, name="Acme").close()
    return root


@pytest.fixture
def make_root(template: Path, quick_folder: Path) -> Callable[[], Path]:
    """Each call gives the folder of an untouched workspace."""
    made = iter(range(10_000))

    def make() -> Path:
        target = quick_folder / f"w{next(made)}"
        shutil.copytree(template, target)
        return target

    return make


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where the system has one: hundreds of tries would wait for the disk otherwise."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="tuicrm-store-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture
def root(make_root: Callable[[], Path]) -> Path:
    return make_root()


@pytest.fixture
def workspace(root: Path) -> Iterator[Workspace]:
    with Workspace.open(root) as opened:
        yield opened


@pytest.fixture
def shim(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shim]:
    found = Shim(monkeypatch)
    yield found
    found.clear()
