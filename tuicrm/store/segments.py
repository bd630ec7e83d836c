"""The data files: what they are called, which ones there are, what is in them, and which have changed since."""

from __future__ import annotations

import errno
import os
import stat as modes
import time
from operator import itemgetter
from typing import TYPE_CHECKING

from tuicrm.errors import Damaged, Invalid
from tuicrm.store import files
from tuicrm.store.quarantine import Problem
from tuicrm.store.ulid import encode, ms_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from tuicrm.store.codec import Segment

DATA = "data"
SUFFIX = ".jsonl"
BY_DAY = frozenset({"activity"})
_DAY = 86_400_000
_TICK = 20_000_000
_COARSE_TICK = 2_000_000_000
_SECOND = 1_000_000_000
_ONE_PIECE = 500
"""So many names fit into what a system hands out at once (32 KB on Linux), which no change can come between."""
_LOOKS = 30
"""At a folder that keeps changing; a file counts as there when one of them shows it."""
_ENDING = itemgetter(slice(-2, None))

Stamp = tuple[int, ...]
UNSURE: Stamp = ()


def is_kind(name: str) -> bool:
    """Whether a folder name can be that of a record kind."""
    return name.isascii() and name[:1].isalpha() and name.islower() and name.replace("_", "").isalnum()


def home(kind: str, id_: str) -> str:
    """The file that a record belongs in, relative to the folder of its kind."""
    if kind not in BY_DAY:
        return id_[-2:] + SUFFIX
    day = time.gmtime(ms_of(id_) // _DAY * 86_400)
    return f"{day.tm_year:04d}/{day.tm_mon:02d}-{day.tm_mday:02d}{SUFFIX}"


def day_bounds(name: str) -> tuple[str, str]:
    """The lowest id that belongs in a day file, and the lowest one beyond it."""
    digits = name[: -len(SUFFIX)].replace("/", "-").split("-")
    if len(digits) != 3 or not all(part.isdecimal() for part in digits):
        return "", ""
    year, month, day = (int(part) for part in digits)
    start = _days_before(year, month) + day - 1
    return encode(start * _DAY, 0), encode((start + 1) * _DAY, 0)


def _days_before(year: int, month: int) -> int:
    """Days from 1970-01-01 to the first of a month (proleptic Gregorian, any year)."""
    months = year * 12 + month - 1
    year, month = months // 12, months % 12 + 1
    shifted = year - (month <= 2)
    days = (153 * ((month + 9) % 12) + 2) // 5
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + days - 719_468


def all_at_home(kind: str, name: str, segment: Segment) -> bool:
    """Whether every record of a file belongs in it, cheaply: a day file's ids are compared by their extremes."""
    ids = segment.records
    if not ids:
        return True
    if kind in BY_DAY:
        return home(kind, min(ids)) == name == home(kind, max(ids))
    ending = name[: -len(SUFFIX)]
    return set(map(_ENDING, ids)) == {ending}


def show(kind: str, name: str) -> str:
    """How messages call a data file: its path inside the workspace."""
    return f"{DATA}/{kind}/{name}"


class Folder:
    """The folder of one kind, opened step by step without following a link anywhere; empty where it does not exist."""

    __slots__ = ("_inner", "fd", "kind", "refused", "root")

    def __init__(self, root: str, kind: str) -> None:
        if not is_kind(kind):
            raise Invalid(f"{kind!r} is not the name of a record kind (small letters, digits and _).")
        self.root = root
        self.kind = kind
        self.fd = -1
        self.refused: list[Problem] = []
        self._inner: dict[str, int] = {}

    def __enter__(self) -> Folder:
        self.fd = _open_chain(self.root, (DATA, self.kind))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for fd in (*self._inner.values(), self.fd):
            if fd >= 0:
                files.close(fd)

    def place(self, name: str) -> tuple[int, str]:
        """The folder (-1: there is none) that holds a file, and the file's name in it."""
        inner, slash, base = name.rpartition("/")
        if not slash or self.fd < 0:
            return self.fd, base
        fd = self._inner.get(inner)
        if fd is None:
            try:
                fd = files.open_folder(inner, self.fd)
            except FileNotFoundError:
                return -1, base
            self._inner[inner] = fd
        return fd, base

    def stamp(self, name: str) -> Stamp | None:
        """What tells one state of a file from another; None where there is no such file."""
        fd, base = self.place(name)
        if fd < 0:
            return None
        try:
            return stamp_of(files.stat_at(base, fd))
        except FileNotFoundError:
            return None

    def names(self) -> dict[str, Stamp]:
        """Every data file of the kind with its stamp, in the order of names; what is refused goes to `refused`."""
        found: dict[str, Stamp] = {}
        if self.fd >= 0:
            for inner in self._list(self.fd, "", found):
                fd, _ = self.place(f"{inner}/")
                if fd >= 0:
                    self._list(fd, f"{inner}/", found)
        return dict(sorted(found.items()))

    def _list(self, fd: int, prefix: str, found: dict[str, Stamp]) -> list[str]:
        """Add the data files of one folder; the folders in it."""
        inner: set[str] = set()
        for _ in range(_LOOKS):
            now, before = time.time_ns(), files.stat(fd)
            entries = files.scan(fd)
            inner.update(self._sort_out(entries, prefix, found))
            # A system that hands out names in several pieces may leave out one that is replaced in between.
            if len(entries) < _ONE_PIECE or settled(before, now) == stamp_of(files.stat(fd)):
                break
        return sorted(inner)

    def _sort_out(self, entries: Iterable[os.DirEntry[str]], prefix: str, found: dict[str, Stamp]) -> list[str]:
        inner = []
        for entry in entries:
            name = entry.name
            if name.endswith(SUFFIX) and name[0] != ".":
                if entry.is_symlink():
                    self._refuse(prefix + name)
                elif entry.is_file(follow_symlinks=False):
                    try:
                        found[prefix + name] = stamp_of(entry.stat(follow_symlinks=False))
                    except FileNotFoundError:
                        continue
            elif not prefix and name.isdecimal():
                if entry.is_symlink():
                    self._refuse(name)
                elif entry.is_dir(follow_symlinks=False):
                    inner.append(name)
        return inner

    def _refuse(self, name: str) -> None:
        why = "it is a symbolic link, which a workspace may not contain; put the file itself there"
        path = show(self.kind, name)
        if path not in [one.path for one in self.refused]:
            self.refused.append(Problem(path, 0, why))

    def read(self, name: str) -> tuple[bytes, Stamp] | None:
        """A file's bytes and stamp; None where there is no such file (a link counts as none, and is refused)."""
        fd, base = self.place(name)
        if fd < 0:
            return None
        try:
            file = files.open_read(base, fd)
        except FileNotFoundError:
            return None
        except OSError as error:
            if files.is_link_error(error):
                self._refuse(name)
                return None
            raise files.unreadable(error, show(self.kind, name)) from error
        try:
            now = time.time_ns()
            found = files.stat(file)
            if not modes.S_ISREG(found.st_mode):
                return None
            return files.read_rest(file, found.st_size), settled(found, now)
        except OSError as error:
            raise files.unreadable(error, show(self.kind, name)) from error
        finally:
            files.close(file)


def settled(found: os.stat_result, now: int) -> Stamp:
    """A file's stamp, or UNSURE while the file is so young that a second change could leave the same stamp."""
    youngest = max(found.st_mtime_ns, found.st_ctime_ns)
    tick = _TICK if found.st_mtime_ns % _SECOND else _COARSE_TICK
    return UNSURE if youngest > now - tick else stamp_of(found)


def kinds(root: str) -> list[str]:
    """The kinds that have a folder, known to this program or not."""
    fd = _open_chain(root, (DATA,))
    if fd < 0:
        return []
    try:
        return sorted(e.name for e in files.scan(fd) if is_kind(e.name) and e.is_dir(follow_symlinks=False))
    finally:
        files.close(fd)


def stamp_of(found: os.stat_result) -> Stamp:
    """What tells one state of a file from another without reading it."""
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _open_chain(root: str, steps: tuple[str, ...]) -> int:
    """A descriptor reached step by step; -1 where a step is missing."""
    fd = files.open_root(root)
    for depth, step in enumerate(steps):
        try:
            inner = files.open_folder(step, fd)
        except FileNotFoundError:
            return -1
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                shown = "/".join(steps[: depth + 1])
                raise Damaged(f"{shown} is not a folder (or is a link), so records cannot be kept there.") from error
            raise
        finally:
            files.close(fd)
        fd = inner
    return fd
