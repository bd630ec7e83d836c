"""JSON for output: fast, and with nothing in it that could steer a terminal or reorder a line."""

from __future__ import annotations

from typing import Any

import orjson

# DEL, C1 controls, bidi controls, zero-width and tag characters; joiners (U+200C, U+200D) are spelling and stay.
_UNSAFE = "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"


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
