"""Tax numbers: the shape of the VAT numbers of Europe, and the check digits of those that most people meet.

A library with every country's rules takes a tenth of a second to load, so this is a table.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_SHAPES = r"""
AT U\d{8}|BE [01]\d{9}|BG \d{9,10}|CY \d{8}[A-Z]|CZ \d{8,10}|DE \d{9}|DK \d{8}|EE \d{9}|EL \d{9}|GR \d{9}
ES [A-Z\d]\d{7}[A-Z\d]|FI \d{8}|FR [A-HJ-NP-Z\d]{2}\d{9}|HR \d{11}|HU \d{8}|IE \d[A-Z\d+*]\d{5}[A-Z]{1,2}|IT \d{11}
LT (\d{9}|\d{12})|LU \d{8}|LV \d{11}|MT \d{8}|NL [A-Z\d+*]{9}B\d{2}|PL \d{10}|PT \d{9}|RO \d{2,10}|SE \d{12}
SI \d{8}|SK \d{10}|XI (\d{9}|\d{12}|(GD|HA)\d{3})|GB (\d{9}|\d{12}|(GD|HA)\d{3})|CHE \d{9}(MWST|TVA|IVA)?
NO \d{9}(MVA)?
"""
_JOINTS = str.maketrans("", "", " .-/\u00a0\u202f")
_PREFIX = re.compile(r"CHE|[A-Z]{2}")


def compact(text: str) -> str:
    """Return a VAT number in capitals and without joints; any other number as it was typed."""
    bare = text.upper().translate(_JOINTS)
    shape = _shape(bare)
    fits = shape is not None and shape[1].fullmatch(bare[len(shape[0]) :])
    return bare if fits else " ".join(text.split())


def wrong(number: str) -> str:
    """Return what looks wrong with a VAT number; empty for a good one and for what says no country."""
    bare = number.upper().translate(_JOINTS)
    shape = _shape(bare)
    if not shape:
        return ""
    prefix, pattern = shape
    rest = bare[len(prefix) :]
    if not pattern.fullmatch(rest):
        return f"is not as long as a VAT number of {prefix[:2]}, or has other signs"
    check = _CHECKS.get(prefix)
    return "" if check is None or check(rest) else "has a check digit that does not fit: a digit may be mistyped"


def _shape(bare: str) -> tuple[str, re.Pattern[str]] | None:
    """Return the country's prefix and the pattern of what follows it; None where it is no VAT number."""
    found = _PREFIX.match(bare)
    pattern = _patterns().get(found[0]) if found and any(one.isdigit() for one in bare) else None
    return (found[0], pattern) if found and pattern is not None else None


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    # A line break parts countries as a bar does, but a bar within brackets parts nothing.
    parts = re.split(r"\||\n", re.sub(r"\(([^)]*)\)", lambda one: one[0].replace("|", "\0"), _SHAPES.strip()))
    pairs = (one.split(" ", 1) for one in parts)
    return {prefix: re.compile(f"(?:{rest})".replace("\0", "|"), re.ASCII) for prefix, rest in pairs}


def _sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _luhn(digits: str) -> bool:
    doubled = (int(one) * (1 + at % 2) for at, one in enumerate(reversed(digits)))
    return sum(one // 10 + one % 10 for one in doubled) % 10 == 0


def _germany(digits: str) -> bool:
    product = 10
    for digit in digits[:8]:
        product = 2 * ((product + int(digit)) % 10 or 10) % 11
    return (11 - product) % 10 == int(digits[8])


def _france(rest: str) -> bool:
    if not rest[:2].isdigit():
        return True
    return rest[2:5] == "000" or (int(rest[2:]) * 100 + 12) % 97 == int(rest[:2])


def _austria(rest: str) -> bool:
    doubled = sum(int(one) * 2 // 10 + int(one) * 2 % 10 for one in rest[2:8:2])
    return (6 - doubled - _sum(rest[1:8:2], (1, 1, 1, 1))) % 10 == int(rest[8])


def _netherlands(rest: str) -> bool:
    whole = "".join(str(int(one, 36)) if one.isalnum() else {"+": "36", "*": "37"}[one] for one in f"NL{rest}")
    return int(whole) % 97 == 1 or (
        rest[:9].isdigit() and (_sum(rest, (9, 8, 7, 6, 5, 4, 3, 2)) - int(rest[8])) % 11 == 0
    )


_CHECKS: dict[str, Callable[[str], bool]] = {
    "AT": _austria,
    "BE": lambda rest: (int(rest[:8]) + int(rest[8:])) % 97 == 0,
    "DE": _germany,
    "DK": lambda rest: _sum(rest, (2, 7, 6, 5, 4, 3, 2, 1)) % 11 == 0,
    "FI": lambda rest: _sum(rest, (7, 9, 10, 5, 8, 4, 2, 1)) % 11 == 0,
    "FR": _france,
    "IT": _luhn,
    "LU": lambda rest: int(rest[:6]) % 89 == int(rest[6:]),
    "PL": lambda rest: _sum(rest, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(rest[9]),
    "PT": lambda rest: (11 - _sum(rest, (9, 8, 7, 6, 5, 4, 3, 2))) % 11 % 10 == int(rest[8]),
    "NL": _netherlands,
    "SE": lambda rest: _luhn(rest[:10]),
}
