"""A folder whose files are taken one after the other, each moved to `done/`, or to `failed/` with the reason."""

from __future__ import annotations

import os
import stat
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.errors import Busy, Invalid, NotFound, ReadOnly, TuicrmError
from tuicrm.exchange.intake.formats import refuse_size
from tuicrm.exchange.intake.posts import LARGEST_MAIL
from tuicrm.exchange.intake.receiving import read_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DONE, FAILED = "done", "failed"
LOCK = ".tuicrm-intake.lock"
UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")
"""What programs call files that they are still writing."""
LONGEST_NAME = 230
SETTLED = 1.0
"""Seconds for which a file must not have changed: it is whole then."""

Mark = tuple[int, int, int]


class Handled(NamedTuple):
    """A file that was taken, or could not be."""

    name: str
    why: str
    """The reason why it went to `failed/`; empty for `done/`."""


class Watched:
    """A folder that is held open, and by nobody else."""

    def __init__(self, folder: int, path: Path) -> None:
        self._folder = folder
        self._path = path
        self._seen: dict[str, tuple[Mark, float]] = {}

    def look(self, take: Callable[[bytes, str], str]) -> Iterator[Handled]:
        """Take every file that is fully written; `take` returns why one has to be looked at, or raises what is wrong.

        What is wrong with the workspace and not with the file (it is busy, the disk is full) leaves the file here.
        """
        for name in self._settled():
            try:
                why = take(self._read(name), name)
            except Invalid as problem:
                why = " ".join(filter(None, (problem.message, problem.hint and f"({problem.hint})")))
            except NotFound:
                continue  # Somebody took it away meanwhile.
            self._move(name, FAILED if why else DONE, why)
            self._seen.pop(name, None)
            yield Handled(name, why)

    @property
    def waiting(self) -> bool:
        """Whether files are there that may still be being written."""
        return bool(self._seen)

    def _settled(self) -> list[str]:
        """Return the files that have not changed since an earlier look, in the order of their names."""
        now, held = time.monotonic(), {}
        with os.scandir(self._folder) as found:
            for one in found:
                if (
                    one.name.startswith(".")
                    or one.name.lower().endswith(UNFINISHED)
                    or one.is_dir(follow_symlinks=False)
                ):
                    continue
                told = one.stat(follow_symlinks=False)
                mark = (told.st_ino, told.st_size, told.st_mtime_ns)
                before = self._seen.get(one.name)
                held[one.name] = before if before is not None and before[0] == mark else (mark, now)
        self._seen = held
        return sorted(name for name, (_, since) in held.items() if now - since >= SETTLED)

    def _read(self, name: str) -> bytes:
        told = os.lstat(name, dir_fd=self._folder) if self._is_there(name) else None
        if told is None:
            raise NotFound(name)
        if stat.S_ISLNK(told.st_mode):
            raise Invalid(f"{name} is a link, which is not followed")
        if told.st_size >= LARGEST_MAIL:
            refuse_size(name, told.st_size, mail=True)
        return read_file(name, name, folder=self._folder)

    def _is_there(self, name: str) -> bool:
        try:
            os.lstat(name, dir_fd=self._folder)
        except FileNotFoundError:
            return False
        return True

    def _move(self, name: str, where: str, why: str) -> None:
        """Move a file, under a name that nothing has there; the reason is there before the file is."""
        into = os.open(where, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=self._folder)
        try:
            free = self._free(name, into)
            if why:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
                fd = os.open(f"{free}.reason", flags, 0o600, dir_fd=into)
                with os.fdopen(fd, "w", encoding="utf-8", errors="backslashreplace") as file:
                    file.write(f"{why}\n")
            os.rename(name, free, src_dir_fd=self._folder, dst_dir_fd=into)
        except OSError as problem:
            raise ReadOnly(
                f"{self._path / name} was dealt with, but cannot be moved to {where}/: {problem.strerror or problem}"
            ) from None
        finally:
            os.close(into)

    def _free(self, name: str, into: int) -> str:
        stem, suffix = os.path.splitext(name)
        names = set(os.listdir(into))
        # Room for a number and for `.reason`: a name has at most 255 bytes.
        if len(os.fsencode(name)) > LONGEST_NAME:
            stem, suffix = os.fsdecode(os.fsencode(name)[:LONGEST_NAME]), ""
        free, number = f"{stem}{suffix}", 1
        while free in names or f"{free}.reason" in names:
            number += 1
            free = f"{stem}-{number}{suffix}"
        return free


@contextmanager
def watched(path: Path) -> Iterator[Watched]:
    """Hold a folder for taking what appears in it; raises Busy where another process does so already."""
    import fcntl

    folder = _open(path)
    try:
        for name in (DONE, FAILED):
            _make(folder, name, path)
        lock = os.open(LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=folder)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"another tuicrm intake watches {path} already") from None
        try:
            yield Watched(folder, path)
        finally:
            os.close(lock)
    except PermissionError as problem:
        raise ReadOnly(f"{path} cannot be watched: files in it cannot be moved ({problem.strerror})") from None
    finally:
        os.close(folder)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise NotFound(f"there is no folder {path}") from None
    except NotADirectoryError:
        raise Invalid(f"{path} is no folder", hint="tuicrm intake FILE takes a single file") from None
    except OSError as problem:
        raise ReadOnly(f"{path} cannot be read: {(problem.strerror or str(problem)).lower()}") from None


def _make(folder: int, name: str, path: Path) -> None:
    try:
        os.mkdir(name, 0o700, dir_fd=folder)
    except FileExistsError:
        if not stat.S_ISDIR(os.lstat(name, dir_fd=folder).st_mode):
            raise Invalid(f"{path / name} is no folder, and taken files go there; move it away") from None


def retried(problem: TuicrmError) -> bool:
    """Tell whether a file may be taken later: the workspace was busy, or could not be written."""
    return isinstance(problem, (Busy, ReadOnly))
