"""Lines as vCards have them (RFC 6350): text escaped, and folded so that none exceeds 75 octets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST = 75
_CONTROLS = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]")
_BREAKS = re.compile("\\r\\n|\\r|\\n")
_SPECIAL = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})


def plain(text: str) -> str:
    """Return text without the control characters that these formats have no place for, lines ending in `\\n`."""
    return _BREAKS.sub("\n", _CONTROLS.sub("", text))


def escaped(text: str) -> str:
    """Return text as a property's value, or as one part of it, holds it."""
    return plain(text).translate(_SPECIAL)


def line(name: str, value: str, parameters: Mapping[str, str] | None = None) -> str:
    """Return a property as a folded line; its value is escaped already, its parameters are plain words."""
    head = "".join([name, *(f";{key}={word}" for key, word in (parameters or {}).items())])
    return folded(f"{head}:{value}") + "\r\n"


def structured(parts: Sequence[str]) -> str:
    """Return a value of several parts, as a name or an address is."""
    return ";".join(map(escaped, parts))


def folded(text: str) -> str:
    """Return a line broken so that no part exceeds 75 octets, never inside a character."""
    if len(text) * 4 <= MOST or (text.isascii() and len(text) <= MOST):
        return text
    made: list[str] = []
    start = size = 0
    room = MOST
    for at, letter in enumerate(text):
        width = len(letter.encode("utf-8", "replace"))
        if size + width > room:
            made.append(text[start:at])
            start, size = at, 0
            # The space that begins the next part counts.
            room = MOST - 1
        size += width
    return "\r\n ".join([*made, text[start:]])
