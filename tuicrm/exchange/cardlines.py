"""The lines of vCards, of every version: unfolded, their encodings undone, still in the card's own words.

No library of its own: those that read vCards give up on a whole file at the first odd line, or undo escapes before
the parts of a name are told apart. Lines are taken as bytes, since each may be in a charset of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = re.compile(rb'((?:[^":]|"[^"]*")*?):')
_LOOSE_HEAD = re.compile(rb"([^:]*):")
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*)')
_NAME = re.compile(r"(?:([A-Za-z0-9-]+)\.)?([A-Za-z0-9_-]+)")
_ENCODINGS = ("QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """One property of a card."""

    name: str
    """In upper case, without its group."""
    value: str
    """Its escapes still in place, so that parts can be told apart."""
    group: str = ""
    parameters: dict[str, list[str]] = field(default_factory=dict)
    """By name in upper case."""

    def types(self) -> set[str]:
        """Return its types in lower case: `work`, `fax`, `pref`."""
        return {one.lower() for one in self.parameters.get("TYPE", ())}

    @property
    def text(self) -> str:
        """The value as one text."""
        return plain(self.value)

    def parts(self, mark: str = ";") -> list[str]:
        """Return the value's parts, which `mark` separates unless a backslash stands before it."""
        return [plain(one) for one in split(self.value, mark)]


@dataclass(frozen=True, slots=True)
class Card:
    """One card: its number in the file, its lines, and what is wrong with it as a whole."""

    number: int
    lines: list[Line]
    odd: int
    """How many lines say nothing that can be read."""
    problem: str = ""


def plain(text: str) -> str:
    """Return a text with its escapes undone."""
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def split(text: str, mark: str) -> list[str]:
    """Return the parts of an escaped text, still escaped."""
    if "\\" not in text:
        return text.split(mark)
    made, start, at = [], 0, 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == mark:
            made.append(text[start:at])
            start = at + 1
        at += 1
    return [*made, text[start:]]


def cards(data: bytes) -> Iterator[Card]:
    """Yield the cards of a file; one that is never closed, or begins inside another, is told as such."""
    number, agent, was_agent = 0, 0, False
    held: list[bytes] | None = None
    for raw in _utf8(data).splitlines():
        word = raw.strip().upper().replace(b" ", b"")
        if word == b"BEGIN:VCARD":
            if held is not None and (was_agent or agent):
                agent += 1
                continue
            if held is not None:
                yield Card(number, [], 0, "has no END:VCARD")
            number, held = number + 1, []
        elif word == b"END:VCARD" and agent:
            agent -= 1
        elif word == b"END:VCARD" and held is not None:
            yield _card(number, held)
            held = None
        elif held is not None and not agent:
            held.append(raw)
        if word:
            was_agent = word.startswith(b"AGENT") and word.endswith(b":")
    if held is not None:
        yield Card(number, [], 0, "has no END:VCARD: the file ends too early")


def _utf8(data: bytes) -> bytes:
    """Return a file in UTF-16 as UTF-8, others without their mark."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    if data[:1] == b"B" and data[1:2] == b"\0":
        return data.decode("utf-16-le", "replace").encode("utf-8", "replace")
    if data[:1] == b"\0" and data[1:2] == b"B":
        return data.decode("utf-16-be", "replace").encode("utf-8", "replace")
    return data.removeprefix(b"\xef\xbb\xbf")


def _card(number: int, raw: list[bytes]) -> Card:
    old = any(line.strip().upper() == b"VERSION:2.1" for line in raw)
    lines, odd = [], 0
    for whole in _unfolded(raw, keep_blank=old):
        found = _line(whole)
        if found is None:
            odd += 1
        else:
            lines.append(found)
    return Card(number, lines, odd)


def _unfolded(raw: list[bytes], *, keep_blank: bool) -> Iterator[bytes]:
    """Yield whole lines: continued by a blank in front of the next one, in quoted-printable by a `=` at the end."""
    pieces: list[bytes] = []
    quoted = False
    for line in raw:
        if pieces and quoted and pieces[-1].endswith(b"="):
            pieces[-1] = pieces[-1][:-1]
            pieces.append(line)
        elif pieces and line[:1] in (b" ", b"\t"):
            pieces.append(line if keep_blank else line[1:])
        else:
            if pieces:
                yield b"".join(pieces)
            pieces = [line] if line.strip() else []
            quoted = b"QUOTED-PRINTABLE" in line.partition(b":")[0].upper()
    if pieces:
        yield b"".join(pieces)


def _line(whole: bytes) -> Line | None:
    """Return a line taken apart; None where it is no property."""
    found = _HEAD.match(whole) or _LOOSE_HEAD.match(whole)
    if found is None:
        return None
    head = found[1].decode("utf-8", "replace")
    bare, semicolon, rest = head.partition(";")
    name = _NAME.fullmatch(bare.strip())
    if name is None:
        return None
    parameters = _parameters(semicolon + rest) if semicolon else {}
    value = _decoded(whole[found.end() :], parameters)
    return Line(name[2].upper(), value, name[1] or "", parameters)


def _parameters(text: str) -> dict[str, list[str]]:
    """Return the parameters of a line; vCard 2.1 gives types and encodings without their name."""
    made: dict[str, list[str]] = {}
    for part in _PARAMETER.findall(text):
        name, equals, value = part.partition("=")
        if not equals:
            name, value = ("ENCODING" if part.strip().upper() in _ENCODINGS else "TYPE"), part
        values = [one.strip().strip('"') for one in value.replace('"', "").split(",")]
        made.setdefault(name.strip().upper(), []).extend(one for one in values if one)
    return made


def _decoded(value: bytes, parameters: dict[str, list[str]]) -> str:
    from quopri import decodestring

    encoding = "".join(parameters.get("ENCODING", ())[:1]).upper()
    if encoding == "QUOTED-PRINTABLE":
        # What is encoded are the bytes of the text, so that a line break there is one, not an escape.
        value = decodestring(value).replace(b"\r\n", b"\n")
    for name in ("".join(parameters.get("CHARSET", ())[:1]), "utf-8", "cp1252"):
        try:
            text = value.decode(name) if name else None
        except (LookupError, ValueError):
            continue
        if text is not None:
            return text.replace("\0", "")
    return value.decode("latin-1").replace("\0", "")
