"""Putting a data file's successor where it can be swapped in: written under another name, in folders that are there."""

from __future__ import annotations

import contextlib

from tuicrm.store import files

FEW = 24
"""Up to so many files are synced one by one; for more, the whole file system is."""


def write(folder: int, name: str, data: bytes, mode: int | None, *, sync: bool) -> None:
    """Write a file under a name that only its maker uses, with the permissions of the one that it will replace.

    Where there is none it is open to its owner only.
    """
    with contextlib.suppress(FileNotFoundError):
        files.remove(name, folder)
    fd = files.open_new(name, folder)
    try:
        if mode is not None and files.stat(fd).st_mode & 0o777 != mode:
            files.set_mode(fd, mode)
        files.write_at(fd, data, 0)
        if sync:
            files.sync(fd)
    finally:
        files.close(fd)


def sync_again(folder: int, name: str) -> None:
    """Make a written file survive a power cut."""
    fd = files.open_read(name, folder)
    try:
        files.sync(fd)
    finally:
        files.close(fd)


def open_folder(name: str, parent: int) -> int:
    """A descriptor of a folder inside `parent`, made and synced where missing."""
    try:
        return files.open_folder(name, parent)
    except FileNotFoundError:
        files.make_folder(name, parent)
        files.sync(parent)
        return files.open_folder(name, parent)
