"""The journal: one line per transaction, the line's fsync being the moment at which a change is safe.

A line is `crc32 json`. The first names the journal's random generation, each further one holds a transaction: for every
record touched a *delta*, itself a record that has only the leaves written, with their versions, and the versions which
these replaced. Joining a delta twice, or into a file that already has it, changes nothing.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import orjson

from tuicrm.errors import Damaged
from tuicrm.store import codec, files, private, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tuicrm.store.leaves import Record


FORMAT = 1
_CRC = 9
_HEADER_ROOM = 512
_NEXT = "journal.next"
TAIL = "journal-tail-"
"""What a crash cut short is copied aside under this name."""
LINE = "journal-line-"
"""A last line that is whole but for its checksum, under this: no crash need have made it."""


class Unsure(Exception):
    """The disk did not confirm what was written; after that nothing this process writes there can be relied on."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Entry:
    """What a transaction does to one record; `replaced` is None for a record made by it."""

    __slots__ = ("delta", "kind", "replaced")

    def __init__(self, kind: str, delta: Record, replaced: Mapping[str, str] | None) -> None:
        self.kind = kind
        self.delta = delta
        self.replaced = replaced


class Cursor:
    """How far a journal has been read: its generation, the bytes consumed, and the start of the last line read."""

    __slots__ = ("generation", "last", "offset", "stamp", "tail")

    def __init__(
        self, generation: str = "", offset: int = 0, last: int = 0, tail: bytes = b"", stamp: tuple[int, ...] = ()
    ) -> None:
        self.generation = generation
        self.offset = offset
        self.last = last
        self.tail = tail
        self.stamp = stamp


class Batch:
    """What was read beyond a cursor; `restarted` says that it starts at the journal's first transaction."""

    __slots__ = ("cursor", "entries", "restarted", "torn")

    def __init__(self, cursor: Cursor, entries: list[Entry], *, restarted: bool, torn: bytes = b"") -> None:
        self.cursor = cursor
        self.entries = entries
        self.restarted = restarted
        self.torn = torn


NOTHING: Final[tuple[int, ...]] = ()


def frame(payload: bytes) -> bytes:
    """A journal line: checksum, space, payload, newline."""
    return b"%08x %b\n" % (crc32(payload), payload)


def header(generation: str) -> bytes:
    return frame(orjson.dumps({"generation": generation, "journal": FORMAT}))


def encode(tx: str, by: str, note: str, entries: Iterable[Entry]) -> bytearray:
    """The line of a transaction; Invalid when a record holds what the files cannot (floats, lone surrogates)."""
    told = {"by": by, "note": note, "tx": tx}
    head = orjson.dumps({key: speakable(value) for key, value in told.items()})
    # Grown in place: of a large import each copy would be tens of megabytes.
    line = bytearray(b" " * _CRC + head[:-1] + b',"writes":[')
    before = b""
    for entry in entries:
        replaced = b"" if entry.replaced is None else b',"over":' + orjson.dumps(entry.replaced)
        line += b'%b{"kind":"%b","new":%b%b}' % (before, entry.kind.encode(), codec.encode(entry.delta), replaced)
        before = b","
    line += b"]}"
    line[: _CRC - 1] = b"%08x" % crc32(memoryview(line)[_CRC:])
    line += b"\n"
    return line


def speakable(text: str) -> str:
    """Text for a log, which must never make writing the log fail."""
    return text.encode("utf-8", "replace").decode()


def start(folder: int, generation: str) -> Cursor:
    """Put a fresh journal in place of whatever is there, which must be safe elsewhere; raises OSError."""
    line = header(generation)
    put(folder, line)
    return Cursor(generation, len(line), 0, line[:_CRC], stamp(folder))


def renew(folder: int, cursor: Cursor, generation: str) -> None:
    """Give the journal another generation, so that whoever is reading the files at this moment reads them again."""
    body = files.read_whole(private.JOURNAL, folder)[: cursor.offset].partition(b"\n")[2] if cursor.generation else b""
    put(folder, header(generation) + body)


def put(folder: int, data: bytes) -> None:
    """Put a journal with these bytes in place, whole or not at all."""
    with contextlib.suppress(FileNotFoundError):
        files.remove(_NEXT, folder)
    fd = files.open_new(_NEXT, folder)
    try:
        files.write_at(fd, data, 0)
        files.sync(fd)
    finally:
        files.close(fd)
    files.replace(_NEXT, folder, private.JOURNAL, folder)
    files.sync(folder)


def append(folder: int, cursor: Cursor, line: bytes | bytearray) -> Cursor:
    """Add a transaction and make it safe; on an error the journal is as before (`Unsure` when that is not certain)."""
    fd = files.open_existing(private.JOURNAL, folder)
    try:
        is_whole = False
        try:
            files.write_at(fd, line, cursor.offset)
            is_whole = True
        finally:
            if not is_whole:
                _cut_back(fd, cursor.offset)
        try:
            files.sync(fd)
        except BaseException as error:
            _cut_back(fd, cursor.offset)
            raise Unsure(error) from error
        # The change is safe, so a look that fails is no reason to take it back: the next one reads what is there.
        seen = NOTHING
        with contextlib.suppress(OSError):
            found = files.stat(fd)
            seen = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        return Cursor(cursor.generation, cursor.offset + len(line), cursor.offset, bytes(line[:_CRC]), seen)
    finally:
        files.close(fd)


def cut_torn(folder: int, batch: Batch) -> None:
    """Remove what a crash left behind the last whole line, keeping a copy."""
    with contextlib.suppress(FileExistsError):
        aside = private.open_or_make(private.QUARANTINE, folder)
        try:
            name = LINE if batch.torn.endswith(b"\n") else TAIL
            whole.store(aside, f"{name}{crc32(batch.torn):08x}", batch.torn)
            files.sync(aside)
        finally:
            files.close(aside)
    fd = files.open_existing(private.JOURNAL, folder)
    try:
        files.cut(fd, batch.cursor.offset)
        files.sync(fd)
    finally:
        files.close(fd)
    batch.torn = b""
    batch.cursor.stamp = stamp(folder)


def _cut_back(fd: int, size: int) -> None:
    try:
        files.cut(fd, size)
    except OSError as error:
        raise Unsure(error) from error


def stamp(folder: int) -> tuple[int, ...]:
    """What tells one state of the journal from another without opening it; empty where there is no journal."""
    try:
        found = files.stat_at(private.JOURNAL, folder)
    except FileNotFoundError:
        return NOTHING
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def generation(folder: int, path: str) -> str:
    """The generation of the journal that is there now, "" where none is."""
    try:
        fd = files.open_read(private.JOURNAL, folder)
    except FileNotFoundError:
        return ""
    try:
        return _generation(files.read_at(fd, _HEADER_ROOM, 0), path)[0]
    except OSError as error:
        raise files.unreadable(error, path) from error
    finally:
        files.close(fd)


def read(folder: int, cursor: Cursor, path: str) -> Batch:
    """Everything beyond the cursor; all of it when the journal is another one, or was cut back, since."""
    try:
        fd = files.open_read(private.JOURNAL, folder)
    except FileNotFoundError:
        return Batch(Cursor(), [], restarted=cursor.generation != "")
    try:
        found = files.stat(fd)
        seen = (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        name, start = _generation(files.read_at(fd, _HEADER_ROOM, 0), path)
        if name == cursor.generation and files.read_at(fd, len(cursor.tail), cursor.last) == cursor.tail:
            batch = _parse(fd, found.st_size, cursor, path)
            if batch is not None:
                batch.cursor.stamp = seen
                return batch
        batch = _parse(fd, found.st_size, Cursor(name, start, 0, b""), path)
        if batch is None:
            raise _damaged(path)
        batch.cursor.stamp = seen
        batch.restarted = True
        return batch
    except OSError as error:
        raise files.unreadable(error, path) from error
    finally:
        files.close(fd)


def _generation(data: bytes, path: str) -> tuple[str, int]:
    line, newline, _ = data.partition(b"\n")
    if not newline or not is_header(line, path):
        raise _damaged(path)
    return orjson.loads(line[_CRC:])["generation"], len(line) + 1


def is_header(line: bytes, path: str) -> bool:
    """Whether a line is the first one of a journal; Damaged for a journal of a later format."""
    told = payload(line)
    if told is None or not isinstance(told.get("generation"), str) or type(told.get("journal")) is not int:
        return False
    if told["journal"] > FORMAT:
        raise Damaged(f"{path} was written by a later tuicrm.", hint="Update tuicrm on this machine.")
    return True


def transaction(line: bytes) -> list[Entry] | None:
    """What a line changes; None where it is damaged or holds no transaction."""
    told = payload(line)
    if told is None:
        return None
    try:
        return [Entry(write["kind"], write["new"], write.get("over")) for write in told["writes"]]
    except (KeyError, TypeError, AttributeError):
        return None


def payload(line: bytes) -> dict[str, Any] | None:
    """What a line says; None where it is damaged."""
    if not _sound(line):
        return None
    try:
        told = orjson.loads(line[_CRC:])
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None


def _parse(fd: int, size: int, cursor: Cursor, path: str) -> Batch | None:
    """The whole lines beyond the cursor; None when a line that is not the last is damaged."""
    data = files.read_at(fd, max(0, size - cursor.offset), cursor.offset)
    if size < cursor.offset:
        return None
    lines = data.split(b"\n")
    torn = lines.pop()
    entries: list[Entry] = []
    offset, last, tail = cursor.offset, cursor.last, cursor.tail
    for number, line in enumerate(lines):
        changed = transaction(line)
        if changed is None:
            if torn or number + 1 < len(lines):
                return None
            torn = line + b"\n"
            break
        entries.extend(changed)
        last, tail = offset, line[:_CRC]
        offset += len(line) + 1
    return Batch(Cursor(cursor.generation, offset, last, tail), entries, restarted=False, torn=torn)


def _sound(line: bytes) -> bool:
    if len(line) <= _CRC or line[_CRC - 1] != 0x20:
        return False
    return line[: _CRC - 1] == b"%08x" % crc32(memoryview(line)[_CRC:])


def _damaged(path: str) -> Damaged:
    return Damaged(
        f"{path} is damaged, and not only at its end, so changes in it may be missing.",
        hint="`tuicrm doctor` shows where; `tuicrm doctor --fix` keeps what can be read and copies the rest aside.",
    )
