"""The formats that an import reads beside tables: how each is recognised, and what reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from tuicrm.exchange.items import Parsed
    from tuicrm.records.field import Kind

Source = Path | bytes
"""A file or a folder, or what came on standard input."""

HEAD = 8192
"""So many bytes of a file's beginning tell its format."""
MOST = 512 * 1024 * 1024
"""Larger files are read only by formats that go through them piece by piece."""


@dataclass(frozen=True)
class Context:
    """What readers may need beside the bytes."""

    now: datetime
    """An aware instant."""
    zone: str = "UTC"
    """The zone of wall times that name none."""
    kind: str = ""
    """What kind of record the rows are, where the user said it."""
    kinds: Mapping[str, Kind] = field(default_factory=lambda: KINDS)
    """The kinds with the team's own fields."""
    own: frozenset[str] = frozenset()
    """The team's e-mail addresses, in lower case."""
    known: Callable[[str], bool] = lambda _: False
    """Whether an e-mail address (in lower case) is that of a contact."""
    here: Callable[[str, str], bool] = lambda _kind, _id: False
    """Whether the workspace has a record of a kind under an id; elsewhere the name beside the id is meant."""
    keep_bodies: bool = True
    """Whether the text of an e-mail is kept."""
    leads: bool = False
    """Whether the people who wrote and are not known become leads."""


@dataclass(frozen=True)
class Format:
    """One format of a file."""

    name: str
    """As the user may name it."""
    words: str
    """What sentences call such a file."""
    suffixes: tuple[str, ...]
    sniff: Callable[[bytes], bool]
    """Tells from the beginning of a file whether it has this format."""
    module: str
    function: str
    streams: bool = False
    """Whether the reader takes the path itself, and so files of any size, or a folder."""


def _no(_: bytes) -> bool:
    """Tell nothing: the format is found out by its reader's neighbour, or named by the user."""
    return False


def _text(head: bytes) -> bytes:
    """Return the beginning of a file in single-byte upper case, without marks and blanks in front."""
    plain = head.replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:4] else head
    return plain.lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n").upper()


def _vcard(head: bytes) -> bool:
    return _text(head).startswith(b"BEGIN:VCARD")


def _icalendar(head: bytes) -> bool:
    return _text(head).startswith((b"BEGIN:VCALENDAR", b"BEGIN:VEVENT", b"BEGIN:VTODO"))


def _json(head: bytes) -> bool:
    text = _text(head)
    return text[:1] in (b"[", b"{")


def _jsonl(head: bytes) -> bool:
    from json import loads

    first, newline, rest = _text(head).partition(b"\n")
    if not newline or first[:1] != b"{" or rest.lstrip()[:1] != b"{":
        return False
    try:
        loads(first.lower())
    except ValueError:
        return False
    return True


def _mbox(head: bytes) -> bool:
    import re

    return re.match(rb"From \S{1,320}[^\n]{0,80}\d\d:\d\d[^\n]*\d{4}[^\n]*\n", head) is not None


def _letter(head: bytes) -> bool:
    import re

    first, *more = head.replace(b"\r\n", b"\n").partition(b"\n\n")[0].split(b"\n")
    names = {line.partition(b":")[0].lower() for line in (first, *more) if line[:1] not in b" \t"}
    good = re.match(rb"[!-9;-~]{2,60}: ?", first) is not None
    return good and b"from" in names and bool(names & {b"date", b"to", b"message-id", b"subject", b"received"})


FORMATS: tuple[Format, ...] = (
    Format("vcard", "a vCard file", (".vcf", ".vcard"), _vcard, "vcard", "read_vcards"),
    Format("icalendar", "an iCalendar file", (".ics", ".ical", ".ifb"), _icalendar, "calendars", "read_calendar"),
    Format("jsonl", "a file of JSON lines", (".jsonl", ".ndjson"), _jsonl, "jsonrows", "read_lines"),
    Format("json", "a JSON file", (".json",), _json, "jsonrows", "read_json"),
    Format("tinydb", "a TinyDB file", (), _no, "jsonrows", "read_tinydb"),
    Format("crm.cli", "an export of crm.cli", (), _no, "jsonrows", "read_crmcli"),
    Format("monica", "an export of Monica", (), _no, "jsonrows", "read_monica"),
    Format("mbox", "a mailbox", (".mbox", ".mbx"), _mbox, "mailfiles", "read_mbox", streams=True),
    Format("maildir", "a Maildir folder", (), _no, "mailfiles", "read_maildir", streams=True),
    Format("eml", "an e-mail", (".eml",), _letter, "mailfiles", "read_letter"),
)


def format_named(name: str) -> Format:
    """Return the format that the user names; raises Invalid."""
    for one in FORMATS:
        if one.name == name.strip().lower():
            return one
    raise Invalid(f"there is no format {name!r}: it is one of {', '.join(one.name for one in FORMATS)}, or csv")


def detect(path: Path | None, head: bytes) -> Format | None:
    """Return the format of a file (its path, None for standard input, and its beginning); None for a table."""
    if path is not None and path.is_dir():
        return format_named("maildir") if any((path / one).is_dir() for one in ("cur", "new")) else None
    suffix = path.suffix.lower() if path is not None else ""
    named = next((one for one in FORMATS if suffix in one.suffixes), None)
    if named is not None and (named.sniff(head) or not head.strip()):
        return named
    return next((one for one in FORMATS if one.sniff(head)), named)


def read(form: Format | str, source: Source, context: Context) -> Parsed:
    """Return what a file tells in a format; raises Invalid where it is not such a file at all."""
    from importlib import import_module

    chosen = format_named(form) if isinstance(form, str) else form
    reader = getattr(import_module(f"tuicrm.exchange.{chosen.module}"), chosen.function)
    parsed: Parsed = reader(source if chosen.streams else _bytes(chosen, source), context)
    return parsed


def _bytes(form: Format, source: Source) -> bytes:
    """Return the whole content of a file; raises Invalid where it cannot be read, or is too large for that."""
    if isinstance(source, bytes):
        return source
    try:
        if source.is_dir():
            raise Invalid(f"{source}: {form.words} was expected, but this is a folder")
        if source.stat().st_size > MOST:
            raise Invalid(f"{source}: the file is larger than {MOST // 1024**2} MB; split it")
        return source.read_bytes()
    except OSError as problem:
        raise Invalid(f"{source}: cannot be read: {problem.strerror or problem}") from None
