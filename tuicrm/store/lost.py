"""The log of values that joins on this machine left behind, until the ledger of conflicts has taken them over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from tuicrm.store import files, summed, whole
from tuicrm.store.leaves import ABSENT, MEMBER
from tuicrm.store.quarantine import Problem
from tuicrm.store.segments import is_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from tuicrm.store.pending import Loser

NAME = "lost.jsonl"
_KEYS = ("kind", "id", "path", "version", "value")
_MARKS = {"ABSENT": ABSENT, "MEMBER": MEMBER}


class Lost(NamedTuple):
    """A value that gave way; `raw` is its line in the log."""

    kind: str
    id: str
    path: str
    version: str
    value: Any
    """The value, MEMBER or ABSENT; of a deletion (path `_del`) who deleted."""
    known: bool
    """Whether it is certain that nobody had seen it; not so where doubled lines were joined."""
    raw: bytes


def note(folder: int, losers: Sequence[Loser]) -> None:
    """Write down the values that joins are about to leave behind, before the files lose them."""
    if not losers:
        return
    lines = [_line(loser) for loser in losers]
    fd = files.open_write(NAME, folder)
    try:
        size = files.stat(fd).st_size
        # A line that a crash cut short must not swallow the first of these.
        if size and files.read_at(fd, 1, size - 1) != b"\n":
            lines.insert(0, b"\n")
        files.write_at(fd, b"".join(lines), size)
        files.sync(fd)
        if not size:
            # The log's own name has to be safe as well, before the journal, which could tell it all again, is replaced.
            files.sync(folder)
    finally:
        files.close(fd)


def _line(loser: Loser) -> bytes:
    told = {key: getattr(loser, key) for key in _KEYS}
    mark = next((name for name, value in _MARKS.items() if loser.value is value), "")
    if mark:
        told["value"], told["mark"] = None, mark
    if not loser.known:
        told["known"] = False
    return summed.seal(orjson.dumps(told)) + b"\n"


def read(folder: int) -> list[Lost]:
    """What the log holds, oldest first, each value once."""
    return list(_parsed(_read(folder)))


def problems(folder: int) -> list[Problem]:
    """What the log holds, as sentences; a value of a record's birth had most likely been seen."""
    return [
        Problem(
            f"data/{one.kind}",
            0,
            f"{one.kind} {one.id}: {one.path} = {one.value!r} gave way to another change",
            one.raw,
        )
        for one in read(folder)
        if one.known or one.version != one.id
    ]


def drop(folder: int, taken: Collection[Lost]) -> None:
    """Take values out of the log; what was noted since stays. To be called under the workspace's lock."""
    raws = {one.raw for one in taken}
    before = _read(folder).split(b"\n")
    after = [line for line in before if line and line not in raws]
    if len(after) != len([line for line in before if line]):
        whole.store(folder, NAME, b"".join(line + b"\n" for line in after))
        files.sync(folder)


def _read(folder: int) -> bytes:
    try:
        return files.read_whole(NAME, folder)
    except FileNotFoundError:
        return b""


def _parsed(data: bytes) -> Iterator[Lost]:
    for line in dict.fromkeys(data.split(b"\n")):
        if not summed.is_sound(line):
            continue
        try:
            told = orjson.loads(line)
            kind, id_, path, version, value = map(told.__getitem__, _KEYS)
            value = _MARKS.get(told.get("mark"), value)
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            continue
        if not all(isinstance(one, str) and "\0" not in one for one in (kind, id_, path, version)):
            continue
        # A leaf that holds others is none.
        is_leaf = not value if isinstance(value, list | dict) else True
        if is_leaf and is_kind(kind) and id_.isascii() and id_.isalnum():
            yield Lost(kind, id_, path, version, value, told.get("known") is not False, line)
