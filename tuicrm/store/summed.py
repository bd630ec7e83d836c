"""Lines of JSON that tell whether their bytes are still the ones that were written: the last member is a checksum.

Whoever does not know of that sees one member more; a line without it, from before, is taken as it is.
"""

from __future__ import annotations

from zlib import crc32

_MEMBER = b',"sum":"'
_LENGTH = len(_MEMBER) + 10
"""With eight digits, a quote and a brace."""


def seal(line: bytes) -> bytes:
    """Return a JSON object, one that is not empty, with its checksum."""
    return b'%b%b%08x"}' % (line[:-1], _MEMBER, crc32(memoryview(line)[:-1]))


def is_sound(line: bytes) -> bool:
    """Whether a line is as it was sealed; also where it never was."""
    start = len(line) - _LENGTH
    if start < 0 or line[start : start + len(_MEMBER)] != _MEMBER:
        return True
    return line[start + len(_MEMBER) : -2] == b"%08x" % crc32(memoryview(line)[:start])
