"""What could not be read as a record: reported, and kept byte for byte in the private folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import orjson

from tuicrm.store import files, private

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.store.pending import Loser

LOST = "lost.jsonl"
_LOSER = ("kind", "id", "path", "version", "value")


class Problem:
    """One thing in the stored data that a person should see; `line` counts from 1, 0 means the whole file."""

    __slots__ = ("line", "path", "raw", "reason")

    def __init__(self, path: str, line: int, reason: str, raw: bytes = b"") -> None:
        self.path = path
        self.line = line
        self.reason = reason
        self.raw = raw

    def _all(self) -> tuple[str, int, str, bytes]:
        return (self.path, self.line, self.reason, self.raw)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self._all() == other._all()

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return f"Problem({self.path!r}, {self.line}, {self.reason!r}, {self.raw!r})"

    def __str__(self) -> str:
        return f"{self.path}{f', line {self.line}' if self.line else ''}: {self.reason}"


def keep(place: private.Private, name: str, raws: Sequence[bytes]) -> None:
    """Copy unreadable lines of the file `name` aside, once; a folder that cannot be written is left alone.

    The copy is a second safety net: the lines also stay in their own file.
    """
    from hashlib import blake2b

    data = b"".join(raw + b"\n" for raw in raws)
    target = f"{name.replace('/', '-')}.{blake2b(data, digest_size=10).hexdigest()}"
    try:
        place.ensure()
        with place.opened() as folder, place.inner(folder, private.QUARANTINE) as inner:
            try:
                files.stat_at(target, inner)
            except FileNotFoundError:
                store(inner, target, data)
    except OSError:
        return


def note_losers(folder: int, losers: Sequence[Loser]) -> None:
    """Write down the values that joins are about to leave behind, before the files lose them."""
    if not losers:
        return
    lines = [orjson.dumps({name: getattr(loser, name) for name in _LOSER}, default=repr) + b"\n" for loser in losers]
    fd = files.open_write(LOST, folder)
    try:
        size = files.stat(fd).st_size
        # A line that a crash cut short must not swallow the first of these.
        if size and files.read_at(fd, 1, size - 1) != b"\n":
            lines.insert(0, b"\n")
        files.write_at(fd, b"".join(lines), size)
        files.sync(fd)
    finally:
        files.close(fd)


def read_losers(folder: int) -> list[Problem]:
    """What joins have left behind so far, as problems."""
    try:
        data = files.read_whole(LOST, folder)
    except FileNotFoundError:
        return []
    found = []
    for line in dict.fromkeys(data.split(b"\n")):
        try:
            kind, id_, path, _, value = map(orjson.loads(line).__getitem__, _LOSER)
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            continue
        why = f"{kind} {id_}: {path} = {value!r} gave way to another change"
        found.append(Problem(f"data/{kind}", 0, why, line))
    return found


def store(folder: int, name: str, data: bytes) -> None:
    """Write a private file whole or not at all; its name must say its content, so that twice is the same as once."""
    temporary = f".{name}.{os.getpid()}"
    fd = files.open_write(temporary, folder)
    try:
        files.cut(fd, 0)
        files.write_at(fd, data, 0)
        files.sync(fd)
    finally:
        files.close(fd)
    files.replace(temporary, folder, name, folder)
