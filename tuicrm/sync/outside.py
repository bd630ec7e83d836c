"""The files that a team keeps beside its data: merged whole, and checked out where that overwrites nobody's work."""

from __future__ import annotations

import contextlib
import os
import stat as modes
from typing import TYPE_CHECKING

from tuicrm.errors import Decision
from tuicrm.store import files
from tuicrm.sync.incoming import FILES, is_git_like
from tuicrm.sync.objects import FILE, MOST_BLOB
from tuicrm.sync.worktree import blob_id, is_ours

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tuicrm.sync.objects import Change, Entry

_MOST_NAMED = 3
_TEMPORARY = ".tuicrm-checkout"


def merge_outside(
    bases: Sequence[Mapping[str, Entry]],
    ours: Mapping[str, Entry],
    theirs: Mapping[str, Entry],
    settled: Mapping[str, Entry] | None = None,
) -> dict[str, Entry | None]:
    """Return what becomes of paths outside the workspace's own, where that is not what ours has.

    `settled` is what a person made of the same merge. Without it, raises Decision where both sides changed one path,
    each in its own way; with or without it, where a file and a folder meet.
    """
    taken: dict[str, Entry | None] = {}
    clashes: list[str] = []
    for path in {**ours, **theirs}:
        mine, other = ours.get(path), theirs.get(path)
        if mine == other or is_ours(path):
            continue
        before = [base.get(path) for base in bases] or [None]
        if other in before and mine not in before:
            continue
        if mine in before and other not in before:
            taken[path] = other
        elif settled is not None:
            taken[path] = settled.get(path)
        else:
            clashes.append(path)
    clashes += _file_and_folder(ours, taken)
    if clashes:
        raise _both_changed(sorted(set(clashes)))
    return taken


def _file_and_folder(ours: Mapping[str, Entry], taken: Mapping[str, Entry | None]) -> list[str]:
    """Return paths that would be a file and a folder at once."""
    added = {path for path, entry in taken.items() if entry is not None}
    if not added:
        return []
    final = {path for path in ours if taken.get(path, "") is not None} | added
    found = [path for path in added if any(folder in final for folder in _folders(path))]
    return found + [path for path in final if any(folder in added for folder in _folders(path))]


def _folders(path: str) -> Iterator[str]:
    at = path.find("/")
    while at > 0:
        yield path[:at]
        at = path.find("/", at + 1)


def _both_changed(paths: Sequence[str]) -> Decision:
    from tuicrm.text import clean_line, truncate

    named = [path.encode("utf-8", "surrogateescape").decode("utf-8", "replace") for path in paths[:_MOST_NAMED]]
    shown = ", ".join(truncate(clean_line(path), 80) for path in named)
    more = f" and {len(paths) - _MOST_NAMED} more" if len(paths) > _MOST_NAMED else ""
    was = "was" if len(paths) == 1 else "were"
    return Decision(
        f"{shown}{more} {was} changed both here and in the remote, and only you can say how that fits together.",
        hint="Commit what is here, then git pull --no-rebase; settle those files, git add them, and sync again.",
    )


def check_out(root: str, changes: Mapping[str, Change], read_blob: Callable[[str], bytes]) -> list[str]:
    """Bring files from what they were to what they are to be, and return the paths that were left alone.

    Left alone is what differs from what was committed (somebody is working on it), what is no plain file before or
    after, and what lies behind a link. What is as it should be already counts as done.
    """
    left = []
    # A folder may take the place of a file, so what goes goes first.
    for path, (old, new) in sorted(changes.items(), key=lambda one: (one[1][1] is not None, one[0])):
        if not _is_fit(path, old, new) or not _bring(root, path, old, new, read_blob):
            left.append(path)
    return sorted(left)


def _is_fit(path: str, old: Entry | None, new: Entry | None) -> bool:
    parts = path.split("/")
    is_safe = not any(part in ("", ".", "..") or "\0" in part or is_git_like(part) for part in parts)
    return is_safe and not is_ours(path) and all(one is None or one[0] in FILES for one in (old, new))


def _bring(root: str, path: str, old: Entry | None, new: Entry | None, read_blob: Callable[[str], bytes]) -> bool:
    *steps, name = path.split("/")
    try:
        with _folder(root, steps, make=new is not None) as folder:
            there = _look(name, folder, like=(old or new or ("", ""))[1])
            if there == new:
                return True
            # The content counts: whether a file can be run is not told right by every file system.
            if (there and there[1]) != (old and old[1]):
                return False
            if new is None:
                files.remove(name, folder)
            else:
                kept = there is not None and old is not None and old[0] == new[0]
                _write(name, folder, read_blob(new[1]), there[0] if kept and there is not None else new[0])
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        # There is no such file: right where it is to go, and somebody's own doing otherwise.
        return new is None
    except (OSError, Decision):
        return False
    if new is None:
        _clear_folders(root, steps)
    return True


@contextlib.contextmanager
def _folder(root: str, steps: list[str], *, make: bool) -> Iterator[int]:
    """A descriptor of a folder, reached step by step without following a link; steps are made where asked for."""
    fd = files.open_root(root)
    try:
        for step in steps:
            if make:
                with contextlib.suppress(FileExistsError):
                    files.make_folder(step, fd)
            inner = files.open_folder(step, fd)
            files.close(fd)
            fd = inner
        yield fd
    finally:
        files.close(fd)


def _look(name: str, folder: int, like: str) -> Entry | None:
    """What is in the work tree, as a tree would hold it; None where nothing is; OSError where it is no plain file."""
    try:
        fd = files.open_read(name, folder)
    except FileNotFoundError:
        return None
    try:
        found = files.stat(fd)
        if modes.S_ISDIR(found.st_mode):
            raise IsADirectoryError
        if not modes.S_ISREG(found.st_mode) or found.st_size > MOST_BLOB:
            raise OSError
        return ("100755" if found.st_mode & 0o100 else FILE), blob_id(files.read_rest(fd, found.st_size), like)
    finally:
        files.close(fd)


def _write(name: str, folder: int, data: bytes, mode: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        files.remove(_TEMPORARY, folder)
    fd = files.open_new(_TEMPORARY, folder, 0o600 if mode == FILE else 0o700)
    try:
        files.write_at(fd, data, 0)
        files.sync(fd)
    finally:
        files.close(fd)
    files.replace(_TEMPORARY, folder, name, folder)
    files.sync(folder)


def _clear_folders(root: str, steps: list[str]) -> None:
    """Remove the folders that a removal left empty."""
    while steps:
        *steps, last = steps
        try:
            with _folder(root, steps, make=False) as folder:
                os.rmdir(last, dir_fd=folder)
        except OSError:
            return
