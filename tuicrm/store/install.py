"""Putting what others changed into the data files: made ready without any lock, then swapped in as one step."""

from __future__ import annotations

import contextlib
import errno
import os
import stat as modes
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.errors import Busy
from tuicrm.store import files, lock, lost, manifest, placing, private, segments
from tuicrm.store.carrying import carry_over

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = "incoming"
_TRIES = 20


class NewFile(NamedTuple):
    """A file to be replaced."""

    path: str
    """Inside the workspace: `data/<kind>/...`, `tuicrm.json` or `.gitattributes`."""
    seen: bytes | None
    """What the merge read there; None where there was no file."""
    after: bytes
    """What the merge made of it."""


class _Swap:
    """One file: where it goes, where its successor waits, and what that successor holds."""

    __slots__ = ("base", "file", "mode", "ready", "source", "temporary", "where")

    def __init__(self, file: NewFile, where: int, source: int) -> None:
        self.file = file
        self.where = where
        self.base = file.path.rpartition("/")[2]
        self.source = where if source < 0 else source
        self.temporary = f".{self.base}.tuicrm" if source < 0 else file.path.replace("/", "-").lstrip(".")
        self.ready: bytes | None = None
        found = self._stat()
        self.mode = None if found is None else found.st_mode & 0o777

    def make(self, data: bytes, *, sync: bool) -> None:
        if data != self.ready:
            self.ready = None
            placing.write(self.source, self.temporary, data, self.mode, sync=sync)
            self.ready = data

    def current(self) -> tuple[bytes | None, segments.Stamp | None]:
        """What is there at this moment (None: nothing), and its stamp."""
        try:
            fd = files.open_read(self.base, self.where)
        except FileNotFoundError:
            return None, None
        try:
            found = files.stat(fd)
            return files.read_rest(fd, found.st_size), segments.stamp_of(found)
        finally:
            files.close(fd)

    def stamp(self) -> segments.Stamp | None:
        found = self._stat()
        return None if found is None else segments.stamp_of(found)

    def _stat(self) -> os.stat_result | None:
        try:
            found = files.stat_at(self.base, self.where)
        except FileNotFoundError:
            return None
        if not modes.S_ISREG(found.st_mode):
            number = errno.ELOOP if modes.S_ISLNK(found.st_mode) else errno.EISDIR
            raise OSError(number, os.strerror(number), self.file.path)
        return found


class Install:
    """One run: `prepare` without the workspace's lock, `swap` under it and git's."""

    def __init__(self, root: str, incoming: int) -> None:
        self.root = root
        self._incoming = incoming
        self._swaps: list[_Swap] = []
        self._folders: dict[str, int] = {}

    def prepare(self, new: Iterable[NewFile]) -> None:
        """Write and sync the successors of all files."""
        for entry in files.scan(self._incoming):
            if entry.name != lock.NAME:
                files.remove(entry.name, self._incoming)
        disk = files.stat(self._incoming).st_dev
        for file in new:
            where = self._folder(_checked(file.path).rpartition("/")[0])
            source = self._incoming if files.stat(where).st_dev == disk else -1
            self._swaps.append(_Swap(file, where, source))
        many = len(self._swaps) > placing.FEW
        for swap in self._swaps:
            swap.make(swap.file.after, sync=not many or swap.source != self._incoming)
        if many and not files.sync_file_system(self._incoming):
            for swap in self._swaps:
                placing.sync_again(swap.source, swap.temporary)

    def swap(self, folder: int) -> bool:
        """Put the successors in place, with what was written meanwhile; whether any file is another one now.

        `folder` is the private one. An error leaves each file as it was or as it will be.
        """
        swapped = {swap.where: swap for swap in self._swaps if self._replace(swap, folder)}
        for where in swapped:
            files.sync(where)
        return bool(swapped)

    def _replace(self, swap: _Swap, folder: int) -> bool:
        for _ in range(_TRIES):
            data, stamp = swap.current()
            wanted = self._wanted(swap.file, data, folder)
            if wanted == data:
                return False
            swap.make(wanted, sync=True)
            # An editor, or a git that knows nothing of our lock, may have been here since.
            if swap.stamp() == stamp:
                files.replace(swap.temporary, swap.source, swap.base, swap.where)
                swap.ready = None
                return True
        raise Busy(f"Another program keeps changing {swap.file.path}.", hint="Wait for it to finish, then try again.")

    def _wanted(self, file: NewFile, data: bytes | None, folder: int) -> bytes:
        if data in (file.seen, file.after):
            return file.after
        path = file.path.split("/")
        if len(path) == 1:
            # What somebody is writing here is not records: it stays, and the next sync sees it as theirs.
            return data or file.after
        wanted, noted = carry_over(path[1], file.seen or b"", data or b"", file.after)
        lost.note(folder, noted)
        return wanted

    def _folder(self, path: str) -> int:
        fd = self._folders.get(path)
        if fd is None:
            above, _, name = path.rpartition("/")
            fd = placing.open_folder(name, self._folder(above)) if path else files.open_root(self.root)
            self._folders[path] = fd
        return fd

    def close(self) -> None:
        """Remove what was not used."""
        for swap in self._swaps:
            if swap.ready is not None:
                with contextlib.suppress(OSError):
                    files.remove(swap.temporary, swap.source)
        for fd in self._folders.values():
            files.close(fd)


@contextlib.contextmanager
def begun(root: str, place: private.Private, new: Iterable[NewFile], *, wait: float) -> Iterator[Install]:
    """A prepared run, the only one of this workspace: a second one waits, and raises Busy after `wait` seconds."""
    try:
        with contextlib.ExitStack() as stack:
            place.ensure()
            folder = stack.enter_context(place.opened())
            incoming = stack.enter_context(place.inner(folder, FOLDER))
            stack.enter_context(lock.held(incoming, wait=wait, where=root))
            run = Install(root, incoming)
            stack.callback(run.close)
            run.prepare(new)
            yield run
    except OSError as error:
        raise files.unwritable(error, place.whole_path(error)) from error


def _checked(path: str) -> str:
    """The path of a file that belongs to a workspace; ValueError for any other."""
    data, *parts = path.split("/")
    fits = data == segments.DATA and len(parts) in (2, 3) and segments.is_kind(parts[0])
    if fits and parts[-1].endswith(segments.SUFFIX) and all(part[:1] not in ("", ".") for part in parts):
        return path
    if path in (manifest.NAME, manifest.ATTRIBUTES):
        return path
    raise ValueError(f"{path!r} is no file of a workspace")
