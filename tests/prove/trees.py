"""Folders as plain values: taken up, laid out again, emptied."""

from __future__ import annotations

import os
import stat as modes
from pathlib import Path

Tree = tuple[tuple[str, int, bytes | None], ...]
"""Path, mode and content of all that is there; the content of a folder is None."""


def lay_out(tree: Tree, root: Path) -> None:
    """Put a tree into an empty folder."""
    for path, mode, data in tree:
        if data is None:
            os.mkdir(root / path, mode)
        else:
            fd = os.open(root / path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            os.write(fd, data)
            os.close(fd)


def empty(root: Path) -> None:
    """Take all away that is in a folder."""
    with os.scandir(root) as entries:
        for entry in list(entries):
            if entry.is_dir(follow_symlinks=False):
                empty(Path(entry.path))
                os.rmdir(entry.path)
            else:
                os.unlink(entry.path)


def take_up(root: Path) -> Tree:
    """What is in a folder, as a tree."""
    found: list[tuple[str, int, bytes | None]] = []
    for path in sorted(root.rglob("*")):
        data = None if path.is_dir() else path.read_bytes()
        found.append((str(path.relative_to(root)), modes.S_IMODE(path.stat().st_mode), data))
    return tuple(sorted(found, key=lambda one: one[0].split("/")))
