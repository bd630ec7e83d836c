"""A private file written whole or not at all: under another name first, so that nobody ever reads half of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tuicrm.store import files, private

if TYPE_CHECKING:
    from pathlib import Path


MOST = 256 << 20
"""Bytes of such a file that are read."""


def store(folder: int, name: str, data: bytes, *, to: int = -1, sync: bool = True) -> None:
    """Write a file of the private folder, or of the folder `to` in it.

    `sync` makes its content safe on the disk before it takes the name. What a crash leaves, a checkpoint removes.
    """
    temporary = f"{name}.{os.getpid()}"
    inner = private.open_or_make(private.TEMPORARY, folder)
    try:
        fd = files.open_write(temporary, inner)
        try:
            files.cut(fd, 0)
            files.write_at(fd, data, 0)
            if sync:
                files.sync(fd)
        finally:
            files.close(fd)
        files.replace(temporary, inner, name, folder if to < 0 else to)
    finally:
        files.close(inner)


def read(private: Path, name: str) -> bytes:
    """Read a file of the private folder; nothing where there is none, or what has no place there."""
    if private.is_symlink():
        return b""
    return files.read_plain(str(private / name), MOST)


def keep(private: Path, name: str, data: bytes, *, sync: bool = True) -> None:
    """Write a file of the private folder itself; `sync` makes it survive a power cut. A link in its place raises."""
    folder = files.open_own(str(private))
    try:
        store(folder, name, data, sync=sync)
        if sync:
            files.sync(folder)
    finally:
        files.close(folder)
