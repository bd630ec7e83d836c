"""git's own lock on its index, held while data files are swapped so that no git command runs meanwhile.

The content says that it is ours. Whoever holds the workspace's lock may therefore remove one that a crash left behind.
It also says whether the journal covers what happens to the files: then a reader may go on, otherwise it waits.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from tuicrm.store import files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.store.private import Private

NAME = "index.lock"
INDEX = "index"
_MARK = b"tuicrm "
_TEXT = _MARK + b"is writing its data files\n"
_BRINGING = _MARK + b"is putting what others changed into its data files\n"
_OWN = {_TEXT: "index.lock.own", _BRINGING: "index.lock.bringing"}


@contextlib.contextmanager
def held(place: Private, folder: int, *, covered: bool = True) -> Iterator[bool]:
    """Hold it (True) or learn that git has it (False); to be called under the workspace's lock.

    `covered`: files that are half done say, with the journal, what they said before.
    """
    if not place.git_dir:
        yield True
        return
    git = files.open_root(place.git_dir)
    try:
        taken = _take(git, folder, _TEXT if covered else _BRINGING)
        try:
            yield taken
        finally:
            if taken:
                _release(git)
    finally:
        files.close(git)


def clear_leftover(place: Private) -> None:
    """Remove a lock of ours whose holder died; to be called under the workspace's lock."""
    if not place.git_dir or files.stat_path(f"{place.git_dir}/{NAME}") is None:
        return
    git = files.open_root(place.git_dir)
    try:
        _release(git)
    finally:
        files.close(git)


def git_is_busy(place: Private) -> bool:
    """Whether files may be half way between two states: a git command is at work, or the changes of others arrive."""
    if not place.git_dir or files.stat_path(f"{place.git_dir}/{NAME}") is None:
        return False
    git = files.open_root(place.git_dir)
    try:
        return _content(git, len(_TEXT) + 1) != _TEXT
    except FileNotFoundError:
        return False
    finally:
        files.close(git)


def stamp(place: Private) -> tuple[int, ...]:
    """Changes whenever a git command has written the index, as every checkout, pull and merge does."""
    found = files.stat_path(f"{place.git_dir}/{INDEX}") if place.git_dir else None
    return () if found is None else (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _take(git: int, folder: int, text: bytes) -> bool:
    """Appear under the lock's name whole: an empty file there could not be told from git's own."""
    _make_own(folder, text)
    for _ in range(2):
        try:
            files.link(_OWN[text], folder, NAME, git)
        except FileExistsError:
            if not _is_ours(git):
                return False
            files.remove(NAME, git)
        except OSError as error:
            if not files.lacks_hard_links(error):
                raise
            return _create(git, text)
        else:
            return True
    return False


def _create(git: int, text: bytes) -> bool:
    """Take the lock where there are no hard links; a crash in here may leave one behind that looks like git's."""
    try:
        fd = files.open_new(NAME, git)
    except FileExistsError:
        if not _is_ours(git):
            return False
        files.remove(NAME, git)
        return _create(git, text)
    try:
        files.write_at(fd, text, 0)
    finally:
        files.close(fd)
    return True


def _release(git: int) -> None:
    """Remove our lock; one that somebody removed by hand, so that git has its own there by now, is git's."""
    with contextlib.suppress(FileNotFoundError):
        if _is_ours(git):
            files.remove(NAME, git)


def _make_own(folder: int, text: bytes) -> None:
    """The file that is linked into place, written and synced once; its content outlives a power cut."""
    fd = files.open_write(_OWN[text], folder)
    try:
        if files.read_at(fd, len(text), 0) != text:
            files.write_at(fd, text, 0)
            files.sync(fd)
    finally:
        files.close(fd)


def _is_ours(git: int) -> bool:
    return _content(git, len(_MARK)) == _MARK


def _content(git: int, most: int) -> bytes:
    fd = files.open_read(NAME, git)
    try:
        return files.read_at(fd, most, 0)
    finally:
        files.close(fd)
