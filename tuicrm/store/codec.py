"""Records as lines of canonical JSON, and files of such lines, healed as they are read."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson

from tuicrm.errors import Invalid
from tuicrm.store.join import join
from tuicrm.store.ulid import ALPHABET, LENGTH, is_ulid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tuicrm.store.leaves import Record
    from tuicrm.store.outdone import Outdone

_SORTED = orjson.OPT_SORT_KEYS
_BOM = b"\xef\xbb\xbf"
_MARKERS = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")
_DIGITS = ALPHABET.encode()
_NONE_DOUBLED: Mapping[str, Sequence[Record]] = MappingProxyType({})
_SCALARS = (str, int, bool, type(None))
_SCALAR_TYPES = frozenset(_SCALARS)


class BadLine(Invalid):
    """A line that is no valid record: why, where in its file (from 1; 0 for a line on its own), and its bytes."""

    def __init__(self, reason: str, *, line_no: int = 0, raw: bytes = b"") -> None:
        super().__init__(f"Line {line_no} is not a record: {reason}." if line_no else f"Not a record: {reason}.")
        self.reason = reason
        self.line_no = line_no
        self.raw = raw


class Segment:
    """What a file holds: records by id, the lines that are none, and whether its bytes are already canonical.

    `lost`: the values that gave way where lines of one record were joined; whether they were conflicts is not known.
    `doubled`: these lines one by one, by id.
    """

    __slots__ = ("bad", "canonical", "doubled", "lost", "records")

    def __init__(
        self,
        records: dict[str, Record],
        bad: list[BadLine],
        canonical: bool,
        lost: Sequence[Outdone] = (),
        doubled: Mapping[str, Sequence[Record]] = _NONE_DOUBLED,
    ) -> None:
        self.records = records
        self.bad = bad
        self.canonical = canonical
        self.lost = lost
        self.doubled = doubled


def encode(record: Record) -> bytes:
    """The canonical line of a record, without its newline; Invalid for what such a line cannot hold."""
    try:
        line = orjson.dumps(record, None, _SORTED)
    except TypeError as error:
        raise Invalid(f"Record {record.get('id')} cannot be stored: {_why_unwritable(record, error)}.") from error
    for name, value in record.items():
        if type(value) not in _SCALAR_TYPES:
            check(value, name)
    return line


def check(value: Any, path: str) -> None:
    """Invalid, naming the path, unless a value is made of text, whole numbers, true, false, null, lists and maps."""
    if isinstance(value, dict):
        for key, item in value.items():
            if type(item) not in _SCALAR_TYPES:
                check(item, f"{path}/{key}")
    elif isinstance(value, list):
        for item in value:
            if type(item) not in _SCALAR_TYPES:
                check(item, path)
    elif isinstance(value, float):
        raise Invalid(f"{path} holds {value}, a floating point number; write it as text.", field=path)
    elif not isinstance(value, _SCALARS):
        raise Invalid(f"{path} holds a {type(value).__name__}, which a record cannot store.", field=path)


def _why_unwritable(value: Any, error: TypeError) -> str:
    reason = str(error)
    known = (
        ("surrogate", "its text holds half a character (a lone surrogate)"),
        ("64-bit", "a number exceeds 64 bits"),
    )
    return next((text for sign, text in known if sign in reason), reason[:1].lower() + reason[1:])


def decode(line: bytes) -> Record:
    """The record in a line; BadLine for everything else."""
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise BadLine(f"not valid JSON ({error.msg} at column {error.colno})", raw=line) from error
    if not isinstance(record, dict):
        raise BadLine("not a JSON object", raw=line)
    if not is_ulid(record.get("id")):
        raise BadLine("its id is missing or no ULID", raw=line)
    if type(record.get("_v", {})) is not dict:
        raise BadLine("its _v is no map of versions", raw=line)
    try:
        canonical = orjson.dumps(record, None, _SORTED)
    except TypeError as error:
        raise BadLine("nested too deeply", raw=line) from error
    if _has_float([record]):
        raise BadLine("it holds a floating point number or an integer beyond 64 bits", raw=line)
    if canonical != line:
        _refuse_duplicate_keys(line)
    return record


def _refuse_duplicate_keys(line: bytes) -> None:
    import json

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                raise BadLine(f"the key {key!r} appears twice", raw=line)
            found[key] = value
        return found

    json.loads(line, object_pairs_hook=unique)


def _has_float(rows: list[Record]) -> bool:
    """Whether a float hides in records; level by level, as most values are strings and need no further look."""
    values = [v for row in rows for v in row.values() if type(v) is not str]
    while values:
        if float in set(map(type, values)):
            return True
        inner = [v for value in values if type(value) is dict for v in value.values() if type(v) is not str]
        inner += [v for value in values if type(value) is list for v in value if type(v) is not str]
        values = inner
    return False


def load(data: bytes) -> Segment:
    """All records of a file's bytes; same ids are joined, git's conflict markers and blank lines dropped."""
    if not data:
        return Segment({}, [], True)
    return _load_canonical(data) or _load_lines(data)


def _load_canonical(data: bytes) -> Segment | None:
    """The whole file parsed at once; None unless writing the records back gives the same bytes."""
    if data[-1] != 10:
        return None
    try:
        rows = orjson.loads(b"[%b]" % data[:-1].replace(b"\n", b","))
        ids = [row["id"] for row in rows]
        text = "".join(ids)
        lines = [orjson.dumps(row, None, _SORTED) for row in rows]
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return None
    lines.append(b"")
    # The comparison also proves that each line is one record and repeats no key.
    if b"\n".join(lines) != data or set(map(len, ids)) != {LENGTH} or text.encode().translate(None, _DIGITS):
        return None
    records = dict(zip(ids, rows, strict=True))
    if len(records) != len(rows) or ids != sorted(ids) or ids[-1] >= "8" or _has_float(rows):
        return None
    if any(type(row["_v"]) is not dict for row in rows if "_v" in row):
        return None
    return Segment(records, [], True)


def _load_lines(data: bytes) -> Segment:
    records: dict[str, Record] = {}
    bad: list[BadLine] = []
    lost: list[Outdone] = []
    doubled: dict[str, list[Record]] = {}
    for number, raw in enumerate(data.split(b"\n"), 1):
        line = raw.removeprefix(_BOM)
        if not line.strip() or is_marker(line):
            continue
        try:
            record = decode(line)
        except BadLine as problem:
            bad.append(BadLine(problem.reason, line_no=number, raw=raw))
            continue
        known = records.get(record["id"])
        if known is None:
            records[record["id"]] = record
        else:
            lost += _outdone(known, record)
            doubled.setdefault(record["id"], [known]).append(record)
            records[record["id"]] = join(known, record)
    ordered = {key: records[key] for key in sorted(records)}
    return Segment(ordered, bad, dump(ordered.values(), [problem.raw for problem in bad]) == data, lost, doubled)


def is_marker(line: bytes) -> bool:
    """Whether a line is one of git's conflict markers."""
    return line[:7] in _MARKERS and line[7:8] in (b"", b" ", b"\r")


def _outdone(one: Record, other: Record) -> list[Outdone]:
    from tuicrm.store.outdone import outdone  # only few files have two lines of one record

    return outdone(one, other)


def dump(records: Iterable[Record], bad: Sequence[bytes]) -> bytes:
    """The canonical bytes of a file: records by id, then the lines that are none, byte for byte."""
    lines = [encode(record) for record in sorted(records, key=lambda record: record["id"])]
    return b"".join([line + b"\n" for line in (*lines, *bad)])
