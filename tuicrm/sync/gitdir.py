"""Looking over a git directory before git is let into it: it may have come with a folder from anywhere.

git follows links inside it, and waits for pipes. A link there would let every sync write somewhere else.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tuicrm.errors import Decision
from tuicrm.store import files

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDERS = ("refs", "logs")
_FILES = """
HEAD config config.worktree index index.lock packed-refs packed-refs.lock shallow commondir gitdir
MERGE_HEAD MERGE_MSG MERGE_MODE MERGE_AUTOSTASH AUTO_MERGE ORIG_HEAD FETCH_HEAD
"""
_NAMES = frozenset((*_FILES.split(), *_FOLDERS, "objects", "tuicrm"))
"""What git or tuicrm reads or writes there in a sync; hooks and the like may be links, since nothing uses them."""
_MOST = 8192
_CLONE = "tuicrm clone URL makes a clone that is sound; what was not synced here stays where it is."


def look_over(git_dir: str) -> None:
    """Raise Decision where a link, a pipe or another's repository is in the place of what a git directory holds."""
    shared = common_dir(git_dir)
    for folder in dict.fromkeys((git_dir, shared)):
        for path in _odd(folder):
            raise Decision(f"{path} is a link or no plain file, so that git could be led elsewhere", hint=_CLONE)
    if shared != git_dir and not _is_work_tree_of(git_dir, shared):
        raise Decision(f"{git_dir}/commondir leads into a repository that knows nothing of this folder", hint=_CLONE)


def common_dir(git_dir: str) -> str:
    """Return the directory that all work trees of a repository share."""
    told = _text(os.path.join(git_dir, "commondir"))
    return os.path.normpath(os.path.join(git_dir, told)) if told else git_dir


def _is_work_tree_of(git_dir: str, shared: str) -> bool:
    """Whether a repository has made this directory for one of its work trees."""
    return os.path.dirname(os.path.realpath(git_dir)) == os.path.join(os.path.realpath(shared), "worktrees")


def _odd(folder: str) -> Iterator[str]:
    for entry in _entries(folder):
        if entry.name in _NAMES and not _is_plain(entry):
            yield entry.path
        elif entry.name in _FOLDERS:
            yield from _odd_below(entry.path)
    objects = os.path.join(folder, "objects")
    for entry in _entries(objects):
        if entry.is_symlink():
            yield entry.path
    for inner in (os.path.join(objects, "info"), os.path.join(objects, "pack"), os.path.join(folder, "info")):
        # These may be links to another disk: none is ever written into.
        found = _entries(inner)
        yield from (entry.path for entry in found if not _is_plain(entry) and not os.path.isfile(entry.path))


def _odd_below(folder: str) -> Iterator[str]:
    waiting = [folder]
    while waiting:
        for entry in _entries(waiting.pop()):
            if not _is_plain(entry):
                yield entry.path
            elif entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)


def _is_plain(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False) or entry.is_dir(follow_symlinks=False)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _text(path: str) -> str:
    return files.read_plain(path, _MOST).decode("utf-8", "surrogateescape").strip()
