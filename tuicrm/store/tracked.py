"""Whether git's index holds a path: read by hand, because starting git costs milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.store import files

if TYPE_CHECKING:
    from collections.abc import Iterator

_INDEX = "index"
_SHARED = "sharedindex."
_MAGIC = b"DIRC"
_HEADER = 12
_STAT = 40
_HASHES = (20, 32)
_EXTENDED = 0x40


def is_tracked(git_dir: str, name: str) -> bool:
    """Whether the index has a folder or file of this name at the top, in any case; True where it cannot be told."""
    wanted = name.encode().lower()
    folder = files.open_root(git_dir)
    try:
        names = [entry.name for entry in files.scan(folder)]
        read = [one for one in names if one == _INDEX or one.startswith(_SHARED)]
        return any(_holds(files.read_whole(one, folder), wanted) for one in read)
    except FileNotFoundError:
        return True
    finally:
        files.close(folder)


def _holds(data: bytes, wanted: bytes) -> bool:
    version = int.from_bytes(data[4:8], "big")
    if data[:4] != _MAGIC or version not in (2, 3, 4):
        return True
    if version < 4:
        # Paths are there in full; one deeper in the tree that only ends so does no harm here.
        lower = data.lower()
        return wanted + b"/" in lower or wanted + b"\0" in lower
    for size in _HASHES:
        paths = list(_paths(data, size))
        if len(paths) == int.from_bytes(data[8:12], "big") and paths == sorted(paths):
            return any(path.lower().split(b"/")[0] == wanted for path in paths)
    return True


def _paths(data: bytes, size: int) -> Iterator[bytes]:
    """The paths of a version 4 index, each of which names what it shares with the one before; ends at nonsense."""
    at, path = _HEADER, b""
    for _ in range(int.from_bytes(data[8:12], "big")):
        flags = at + _STAT + size
        at = flags + (4 if data[flags : flags + 1] and data[flags] & _EXTENDED else 2)
        cut, at = _number(data, at)
        end = data.find(b"\0", at)
        if end < 0 or cut > len(path):
            return
        path = path[: len(path) - cut] + data[at:end]
        at = end + 1
        yield path


def _number(data: bytes, at: int) -> tuple[int, int]:
    """git's variable-length number at a place, and where the next thing begins."""
    value = 0
    while at < len(data):
        byte = data[at]
        at += 1
        value = (value << 7) | (byte & 0x7F)
        if not byte & 0x80:
            return value, at
        value += 1
    return value, at
