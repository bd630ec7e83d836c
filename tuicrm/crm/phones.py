"""Phone numbers compared by their digits, whatever spaces, `+49` or leading `0` people type."""

from __future__ import annotations

SHORTEST = 4
"""Fewer digits than this say nothing about a phone."""
SAME = 6
"""So many digits, at least, make two numbers the same where only one has a country code."""


def core(text: str) -> str:
    """Return the digits of a number without the zeros and the plus in front; an extension is left out."""
    return digits(text.partition("x")[0].lstrip("+")).lstrip("0")


def digits(text: str) -> str:
    """Return the digits of a text in ASCII, whatever script they are of."""
    if text.isascii() and text.isdigit():
        return text
    from unicodedata import digit

    return "".join([str(digit(one)) for one in text if one.isdigit()])


def looks_like_one(text: str) -> bool:
    """Tell whether a text may be (a part of) a phone number: enough digits, and only signs that go with them."""
    digits = sum(1 for letter in text if letter.isdigit())
    return digits >= SHORTEST and all(letter.isdigit() or letter in " +-()./\u00a0\u202f" for letter in text)


def same(held: str, typed: str) -> bool:
    """Tell whether two cores are one number: equal, or one of them with a country code in front."""
    if held == typed:
        return True
    short, long = sorted((held, typed), key=len)
    return len(short) >= SAME and long.endswith(short) and len(long) - len(short) <= 3


def fits(held: str, typed: str) -> bool:
    """Tell whether the typed core occurs in the held one, or is the same number with a country code."""
    return typed in held or same(held, typed)
