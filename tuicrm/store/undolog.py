"""What each transaction on this machine did, kept in the private folder so that it can be undone later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from tuicrm.store import files, summed
from tuicrm.store.changes import UndoEntry, UndoStep
from tuicrm.store.journal import speakable
from tuicrm.store.leaves import ABSENT, MEMBER

if TYPE_CHECKING:
    from collections.abc import Callable

NAME: Final = "undo.jsonl"
MOST_BYTES = 4 << 20
"""The log is shortened whenever it grows past a multiple of this."""
KEPT_BYTES = 1 << 20
"""What stays at least, as far as there is so much."""
KEPT_ENTRIES = 20
"""How many of the last entries stay however long they are, so that one giant step pushes nothing out."""
LIMIT_BYTES = 32 << 20
"""What even these may not exceed, but for the very last one."""
_NEXT = "undo.next"
_ABSENT: Final = ["absent"]
_MEMBER: Final = ["member"]
_BORN, _REMOVED, _REVIVED = 1, 2, 4


def append(folder: int, entry: UndoEntry) -> None:
    """Add an entry, dropping the oldest ones when the log has grown too long; raises OSError."""
    line = _encode(entry)
    fd = files.open_write(NAME, folder)
    try:
        size = files.stat(fd).st_size
        # A line that a crash cut short must not swallow this one.
        if size and files.read_at(fd, 1, size - 1) != b"\n":
            line = b"\n" + line
        files.write_at(fd, line, size)
        if size // MOST_BYTES != (size + len(line)) // MOST_BYTES:
            _shorten(folder, files.read_at(fd, size + len(line), 0))
    finally:
        files.close(fd)


def read(folder: int, limit: int, about: str = "") -> list[UndoEntry]:
    """The last entries, newest last, only those that name the id `about` where given.

    Lines that a crash cut short, or that a disk did not keep as they were, are passed over.
    """
    try:
        data = files.read_whole(NAME, folder)
    except FileNotFoundError:
        return []
    found: list[UndoEntry] = []
    named = about.encode()
    for line in reversed(data.split(b"\n")):
        if len(found) >= limit:
            break
        entry = _decode(line) if line and named in line else None
        if entry is not None:
            found.append(entry)
    return found[::-1]


def rewrite(folder: int, change: Callable[[UndoEntry], UndoEntry | None]) -> None:
    """Replace each entry by what `change` makes of it, None to drop it; what cannot be read goes too."""
    try:
        data = files.read_whole(NAME, folder)
    except FileNotFoundError:
        return
    kept: list[bytes] = []
    for line in data.splitlines(keepends=True):
        entry = _decode(line)
        changed = change(entry) if entry is not None else None
        if changed is not None:
            kept.append(line if changed == entry else _encode(changed))
    _put(folder, b"".join(kept))


def _shorten(folder: int, data: bytes) -> None:
    """Drop the oldest lines: those beyond the limits above."""
    start = data.rfind(b"\n", 0, len(data) - 1) + 1
    entries = 1
    while start and (entries < KEPT_ENTRIES or len(data) - start < KEPT_BYTES):
        above = data.rfind(b"\n", 0, start - 1) + 1
        if len(data) - above > (LIMIT_BYTES if entries < KEPT_ENTRIES else KEPT_BYTES):
            break
        start, entries = above, entries + 1
    if start:
        _put(folder, data[start:])


def _put(folder: int, data: bytes) -> None:
    fd = files.open_write(_NEXT, folder)
    try:
        files.cut(fd, 0)
        files.write_at(fd, data, 0)
        files.sync(fd)
    finally:
        files.close(fd)
    files.replace(_NEXT, folder, NAME, folder)


def _encode(entry: UndoEntry) -> bytes:
    born: dict[str, list[str]] = {}
    steps = []
    for step in entry.steps:
        if step.born and not step.removed and not step.leaves:
            born.setdefault(step.kind, []).append(step.id)
        else:
            steps.append(_encode_step(step))
    told = {
        "tx": entry.tx,
        "at": entry.at_ms,
        "by": speakable(entry.by),
        "note": speakable(entry.note),
        "group": speakable(entry.group),
        "does": entry.does,
        "of": entry.of,
        "born": born,
        "steps": steps,
    }
    return summed.seal(orjson.dumps(told)) + b"\n"


def _encode_step(step: UndoStep) -> dict[str, Any]:
    flags = _BORN * step.born | _REMOVED * step.removed | _REVIVED * step.revived
    leaves = {p: (_plain(old), seen, _plain(new), version) for p, (old, seen, new, version) in step.leaves.items()}
    return {"kind": step.kind, "id": step.id, "flags": flags, "leaves": leaves}


def _decode(line: bytes) -> UndoEntry | None:
    if not summed.is_sound(line.rstrip(b"\n")):
        return None
    try:
        told = orjson.loads(line)
        steps = [UndoStep(kind, id_, True, False, False, {}) for kind, ids in told["born"].items() for id_ in ids]
        steps += map(_decode_step, told["steps"])
        return UndoEntry(
            tx=told["tx"],
            at_ms=told["at"],
            by=told["by"],
            note=told["note"],
            group=told["group"],
            does=told["does"],
            of=tuple(told["of"]),
            steps=tuple(steps),
        )
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
        return None


def _decode_step(told: dict[str, Any]) -> UndoStep:
    flags = told["flags"]
    leaves = {p: (_value(old), seen, _value(new), version) for p, (old, seen, new, version) in told["leaves"].items()}
    return UndoStep(
        told["kind"], told["id"], bool(flags & _BORN), bool(flags & _REMOVED), bool(flags & _REVIVED), leaves
    )


def _plain(value: Any) -> Any:
    """A leaf's value as JSON; lists with something in them are free to stand for what JSON has no word for."""
    return _ABSENT if value is ABSENT else _MEMBER if value is MEMBER else value


def _value(plain: Any) -> Any:
    return ABSENT if plain == _ABSENT else MEMBER if plain == _MEMBER else plain
