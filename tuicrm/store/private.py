"""The folder for what belongs to this machine alone: lock, journals, temporary files, undo log, quarantine.

It lies inside the git directory, where no commit, clean, stash or checkout touches it, and in `.tuicrm/` where there
is no git. A `.tuicrm/` that somebody committed is nobody's private folder: what it holds came from the remote.
"""

from __future__ import annotations

import contextlib
import os
import stat as modes
from typing import TYPE_CHECKING

from tuicrm.errors import Damaged
from tuicrm.store import files

if TYPE_CHECKING:
    from collections.abc import Iterator

PLAIN = ".tuicrm"
NAME = "tuicrm"
JOURNAL = "journal"
KEPT = "journals"
QUARANTINE = "quarantine"
TEMPORARY = "tmp"
_POINTER = b"gitdir:"


class Private:
    """Where a workspace keeps its private files; `git_dir` is empty where the workspace has no git directory."""

    __slots__ = ("_seen", "git_dir", "has_foreign", "path", "root")

    def __init__(self, root: str) -> None:
        self.root = root
        self.git_dir = self.path = ""
        self.has_foreign = False
        self._seen: tuple[tuple[int, ...], bool] = ((), False)
        self.look()

    def look(self) -> bool:
        """Find the place again, since git may come, go or move while a workspace is open; whether it is another one."""
        before = self.path
        self.git_dir = find_git_dir(self.root)
        plain = os.path.join(self.root, PLAIN)
        inside = os.path.join(self.git_dir, NAME) if self.git_dir else ""
        # One that was made before git was here is used where it is, until the next change moves it.
        there = os.path.lexists(plain)
        self.has_foreign = there and bool(inside) and self._is_foreign(plain)
        is_older = there and (os.path.exists(os.path.join(plain, JOURNAL)) or not os.path.lexists(inside))
        is_older = is_older and not self.has_foreign
        self.path = plain if is_older or not inside else inside
        return self.path != before

    def _is_foreign(self, plain: str) -> bool:
        """Whether a plain folder beside a git directory was not made here: it is open to others, or committed."""
        try:
            found = os.lstat(plain)
        except FileNotFoundError:
            return False
        if not modes.S_ISDIR(found.st_mode) or found.st_mode & 0o077:
            return True
        index = files.stat_path(os.path.join(self.git_dir, "index"))
        stamp = () if index is None else (index.st_ino, index.st_size, index.st_mtime_ns, index.st_ctime_ns)
        if index is not None and stamp != self._seen[0]:
            from tuicrm.store.tracked import is_tracked

            self._seen = (stamp, is_tracked(self.git_dir, PLAIN))
        return index is not None and self._seen[1]

    def move_into_git(self) -> None:
        """Put a plain folder where git's clean and stash do not reach; to be called under the workspace's lock.

        The folder itself moves, so whoever has it open, or waits for its lock, goes on working in it.
        """
        if not self.git_dir or not self.is_plain or os.path.lexists(os.path.join(self.git_dir, NAME)):
            return
        root = files.open_root(self.root)
        try:
            git = files.open_root(self.git_dir)
            try:
                with contextlib.suppress(OSError):
                    files.replace(PLAIN, root, NAME, git)
            finally:
                files.close(git)
        finally:
            files.close(root)
        self.look()

    @property
    def is_plain(self) -> bool:
        return self.path == os.path.join(self.root, PLAIN)

    @contextlib.contextmanager
    def opened(self) -> Iterator[int]:
        """A descriptor of the folder; FileNotFoundError before the first change was made here."""
        self.look()
        parent = files.open_root(os.path.dirname(self.path))
        try:
            folder = files.open_folder(os.path.basename(self.path), parent)
        finally:
            files.close(parent)
        try:
            yield folder
        finally:
            files.close(folder)

    @contextlib.contextmanager
    def inner(self, folder: int, name: str) -> Iterator[int]:
        """A descriptor of a folder inside the private one, made where missing."""
        inner = open_or_make(name, folder)
        try:
            yield inner
        finally:
            files.close(inner)

    def ensure(self) -> None:
        """Make the folder, open to its owner only; OSError where it cannot be, Damaged beside a broken `.git`."""
        self.look()
        if os.path.isdir(self.path):
            return
        pointer = os.path.join(self.root, ".git")
        if self.is_plain and os.path.lexists(pointer):
            # A second private folder would hide the journal in the one that is out of reach.
            raise Damaged(
                f"{pointer} names a git directory that is not there, or another folder's.",
                hint="Bring it back, or remove that file.",
            )
        parent = files.open_root(os.path.dirname(self.path))
        try:
            folder = open_or_make(os.path.basename(self.path), parent)
            try:
                if self.is_plain:
                    _write_ignore(folder)
                files.sync(folder)
            finally:
                files.close(folder)
            files.sync(parent)
        finally:
            files.close(parent)

    def whole_path(self, error: OSError) -> str:
        """The full path that an error is about; system calls below a folder know only the last part of it."""
        if not error.filename:
            return self.path
        name = os.fsdecode(error.filename)
        folders = (self.path, os.path.dirname(self.path), self.root)
        paths = [os.path.join(folder, name) for folder in folders]
        return next(filter(os.path.lexists, paths), paths[-1])


def open_or_make(name: str, folder: int) -> int:
    """A descriptor of a private folder (0700) inside `folder`, made and synced where missing."""
    try:
        return files.open_folder(name, folder)
    except FileNotFoundError:
        with contextlib.suppress(FileExistsError):
            files.make_folder(name, folder)
            files.sync(folder)
        return files.open_folder(name, folder)


def _write_ignore(folder: int) -> None:
    with contextlib.suppress(FileExistsError):
        fd = files.open_new(".gitignore", folder)
        try:
            files.write_at(fd, b"*\n", 0)
        finally:
            files.close(fd)


def find_git_dir(root: str) -> str:
    """The git directory of a work tree, read by hand because starting git costs milliseconds; "" where none is.

    That of another folder is none: its private files are that folder's, and whoever made the link may not own it.
    """
    path = os.path.join(root, ".git")
    found = _look_at(path)
    if found is None or modes.S_ISDIR(found.st_mode):
        return path if found else ""
    target = os.path.realpath(path)
    if modes.S_ISREG(found.st_mode):
        line = files.read_plain(path, 8192).split(b"\n")[0]
        if not line.startswith(_POINTER):
            return ""
        target = os.path.normpath(os.path.join(root, os.fsdecode(line[len(_POINTER) :].strip())))
    return target if os.path.isdir(target) and not _is_anothers(target, root) else ""


def _look_at(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _is_anothers(target: str, root: str) -> bool:
    """Whether a git directory lies in another work tree, or was made for another one that is still there."""
    whole = os.path.realpath(target)
    if os.path.basename(whole) == ".git":
        return os.path.dirname(whole) != os.path.realpath(root)
    back = os.fsdecode(files.read_plain(os.path.join(whole, "gitdir"), 8192).split(b"\n")[0])
    other = os.path.join(whole, back)
    return bool(back) and os.path.lexists(other) and os.path.realpath(other) != os.path.realpath(f"{root}/.git")
