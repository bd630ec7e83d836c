"""JSON for output: fast, and with nothing in it that could steer a terminal or reorder a line."""

from __future__ import annotations

from typing import Any

import orjson

from tuicrm.text import MAX_MARKS

_HIDDEN = (
    "\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\uffa0\ufff9-\ufffb\U000e0000-\U000e00ff"
)
"""DEL, C1 and bidi controls, what has no width, tag characters; joiners (U+200C, U+200D) are spelling and stay."""
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_UNSAFE = f"[{_HIDDEN}]|(?<={_MARK * MAX_MARKS}){_MARK}"
"""What is written as an escape: what is hidden or steers, and marks piled up on a letter."""


def dumps(value: Any, *, pretty: bool = False) -> bytes:
    """Return JSON without a final newline; unsafe characters are written as escapes, which mean the same."""
    data = orjson.dumps(value, option=orjson.OPT_INDENT_2 if pretty else 0)
    return harmless(data)


def harmless(data: bytes) -> bytes:
    """Escape what orjson leaves as it is although a terminal would act on it."""
    if data.isascii() and b"\x7f" not in data:
        return data
    import re

    text = data.decode()
    return re.sub(_UNSAFE, _escape, text).encode()


def _escape(found: Any) -> str:
    code = ord(found.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
