"""Values that mean harm, and what must never come out of any of them."""

from __future__ import annotations

import re
from shlex import quote

ZALGO = "".join(map(chr, range(0x300, 0x340)))
VALUES: dict[str, str] = {
    # Escape sequences: each with words or numbers that the program itself never writes.
    "csi colour": "a\x1b[6;9;53mb",
    "csi clear": "a\x1b[2J\x1b[3J\x1b[Hb",
    "csi report": "a\x1b[6n\x1b[c\x1b[>q",
    "osc 0 title": "\x1b]0;PWNED\x07x",
    "osc 8 link": "\x1b]8;;file:///PWNED\x1b\\a\x1b]8;;\x1b\\",
    "osc 52 clipboard": "\x1b]52;c;UFdORUQ=\x07z",
    "osc unterminated": "a\x1b]2;PWNED",
    "dcs": "a\x1bP$qPWNED\x1b\\d",
    "apc": "a\x1b_Ga=T;PWNED\x1b\\e",
    "unterminated csi": "a\x1b[38;5;",
    "lone escape": "a\x1b",
    "two escapes": "a\x1b\x1b[5ib",
    "c1 csi": "a\x9b6;9;53mb",
    "c1 osc and dcs": "a\x9d0;PWNED\x9cb\x90qPWNED\x9cc\x85d",
    "charset shift": "a\x0eb\x0fc\x1b(0d\x1bcz",
    "overstrike": "good\b\b\b\bevil\x7f",
    "carriage return": "safe\revil",
    # Text that hides or turns around.
    "bidi override": "invoice\u202efdp.exe\u202c",
    "bidi isolates": "\u2066a\u2069\u2067b\u2069\u200e\u200f\u061c",
    "zero width": "pay\u200bpal\u2060\ufeff\u00ad",
    "separators": "a\u2028b\u2029c\x0bd\x0ce\x1cf",
    "tag characters": "a\U000e0041\U000e007fb",
    "combining flood": f"z{ZALGO * 8}z",
    "wide": "\u5b57" * 90,
    "joined emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 Works",
    "lone surrogate": "a\ud800b",
    "nul": "a\x00b",
    # Text that is something else in another language.
    "open bracket": "[/",
    "textual action": "[@click=app.quit]x[/]",
    "rich markup": "[bold red on white]x[/bold red on white]",
    "html": '"><script>alert(1)</script><img src=x onerror=alert(1)>&amp;',
    "markdown": "| a | b |\n|---|---|\n[x](javascript:alert(1)) `![y](http://PWNED)`",
    "braces": "{name.__class__} {0} {} {{x}} {name|y} {me!r:>9}",
    "templates": "%s %(name)s $(id) ${HOME} `id` <%= 7*7 %> {% x %} {{7*7}}",
    "shell": "x\"; $(touch PWNED) `touch PWNED` 'y",
    "formula": '=HYPERLINK("http://PWNED","x")',
    "formula plus": "+1+cmd|' /C calc'!A0",
    "formula at": "@SUM(1,1)",
    "formula minus": "-2+3+cmd|' /C calc'!A0",
    "traversal": "../../../../../tmp/PWNED",
    "absolute": "/proc/nonexistent/PWNED",
    "backslashes": "..\\..\\PWNED\\\\n\\x1b[2J",
    "header": "x\nBcc: PWNED@evil.example\n\nbody",
    "header crlf": "x\r\nBcc: PWNED@evil.example\r\n\r\nbody",
    "card": "x\nEND:VCARD\nBEGIN:VCARD\nFN:PWNED\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:PWNED",
    "quotes": "a\"b'c;d,e\tf\\g",
    "json": '{"id":"PWNED","_v":{},"_del":{}}',
    "conflict markers": "<<<<<<< PWNED\n=======\n>>>>>>> theirs",
    "query": 'name:"x" or (is:any) -tag:y value>0',
    "option": "--json",
    "dash": "-rf",
    "two dashes": "--",
    "dot": ".",
    # Numbers that are none, and too much of everything.
    "nan": "NaN",
    "infinity": "-Infinity",
    "huge exponent": "1e999999999",
    "huge number": "9" * 5000,
    "arabic digits": "\u0661\u0662\u0663",
    "giant line": "x" * 200_000,
    "many lines": "\n".join(["y"] * 5000),
    "deep": "(" * 3000 + ")" * 3000,
}  # fmt: skip

RAW: dict[str, bytes] = {
    "NaN": b"NaN",
    "infinite": b"-Infinity",
    "float": b"1.5",
    "exponent": b"1e999",
    "negative zero": b"-0",
    "huge integer": b"9" * 400,
    "beyond 64 bits": b"18446744073709551616",
    "most": b"9223372036854775807",
    "least": b"-9223372036854775808",
    "null": b"null",
    "yes": b"true",
    "empty": b'""',
    "empty list": b"[]",
    "empty map": b"{}",
    "list of lists": b'[["x"],[]]',
    "list of odds": b'[1,true,{"a":"b"},"x"]',
    "map of odds": b'{"":1,"a/b":{"":""},"\\u001b[2J":["x"],"c":true}',
    "map of maps": b'{"x":{"name":{"a":1},"order":5,"rank":"z","quantity":[],"key":true}}',
    "deep list": b"[" * 600 + b"]" * 600,
    "deep map": b'{"a":' * 600 + b"1" + b"}" * 600,
    "double key": b'{"a":"1","a":"2"}',
    "half a surrogate": b'"\\ud800"',
    "escape": b'"\\u001b]0;PWNED\\u0007"',
    "nul": b'"a\\u0000b"',
    "invalid utf-8": b'"\xff\xfe\x1b[2J"',
    "overlong utf-8": b'"\xc0\xaf"',
    "bare control": b'"a\x1b[2Jb"',
    "giant": b'"' + b"x" * 300_000 + b'"',
    "date of no calendar": b'"2026-02-30"',
    "far year": b'"+99999-01-01T00:00:00Z"',
    "number of no use": b'"1e999999999"',
    "id of nobody": b'"01ARZ3NDEKTSV4RRFFQ69G5FAV"',
}  # fmt: skip
"""What a hand, or another program, may have written into a data file where a field's value belongs."""

STEERING = frozenset(
    (
        *map(chr, (*range(9), 11, 12, 13, *range(14, 32), *range(0x7F, 0xA0), 0x61C, 0xAD, 0x200B, 0x200E, 0x200F)),
        *map(chr, (*range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF, 0x34F, 0x180E)),
        *map(chr, range(0xE0000, 0xE0080)),
        *map(chr, range(0xD800, 0xE000)),
    )
)
"""What must never reach a terminal from data: controls, escape sequences, reordering and hidden characters."""
_MARKS = re.compile(r"[\u0300-\u036f]{9,}")


def harm(text: str) -> str:
    """Say what in a text would steer a terminal, reorder or hide; empty where there is nothing."""
    bad = sorted(STEERING & set(text))
    if bad:
        at = text.index(bad[0])
        return f"U+{ord(bad[0]):04X} in {text[max(0, at - 40) : at + 40]!r}"
    flood = _MARKS.search(text)
    return f"{len(flood.group())} marks on one letter" if flood else ""


def runs(text: str) -> str:
    """Return a line in which a command to copy holds data that a shell would not take for one word; else nothing."""
    as_one_word = quote(VALUES["shell"])[:-1]
    for line in text.split("\n"):
        if "$(touch" in line and "$(touch" in line.replace(as_one_word, "").partition("tuicrm ")[2]:
            return line
    return ""


def storable(text: str) -> bool:
    """Tell whether a value can be stored at all: half a surrogate and NUL are no text."""
    return "\0" not in text and not any(0xD800 <= ord(one) < 0xE000 for one in text)
