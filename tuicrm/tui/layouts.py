"""Other keyboard layouts: the Latin key at the place of a Persian, Greek, Russian, Hebrew or Arabic letter."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import digit

if TYPE_CHECKING:
    from collections.abc import Mapping

# Pairs of rows: what the layout types, and the Latin key there; `~` stands for a key without one letter.
_ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "fa": (
        ("ضصثقفغعهخحجچ", "qwertyuiop[]"),
        ("شسیبلاتنمکگ", "asdfghjkl;'"),
        ("ظطزرذدپو", "zxcvbnm,"),
        ("ؤئيإأآة»«", "ASDFGHJKL"),
        ("كژء", "ZCM"),
    ),
    "ar": (
        ("ضصثقفغعهخحجد", "qwertyuiop[]"),
        ("شسيبلاتنمكط", "asdfghjkl;'"),
        ("ئءؤرىةوزظ", "zxcvnm,./"),
        ("أـ،آ", "HJKN"),
    ),
    "ru": (
        ("йцукенгшщзхъ", "qwertyuiop[]"),
        ("фывапролджэ", "asdfghjkl;'"),
        ("ячсмитьбю", "zxcvbnm,."),
        ("ЙЦУКЕНГШЩЗ", "QWERTYUIOP"),
        ("ФЫВАПРОЛД", "ASDFGHJKL"),
        ("ЯЧСМИТЬ", "ZXCVBNM"),
    ),
    "el": (
        ("ςερτυθιοπ", "wertyuiop"),
        ("ασδφγηξκλ", "asdfghjkl"),
        ("ζχψωβνμ", "zxcvbnm"),
        ("ΕΡΤΥΘΙΟΠ", "ERTYUIOP"),
        ("ΑΣΔΦΓΗΞΚΛ", "ASDFGHJKL"),
        ("ΖΧΨΩΒΝΜ", "ZXCVBNM"),
    ),
    "he": (
        ("קראטוןםפ", "ertyuiop"),
        ("שדגכעיחלךף", "asdfghjkl;"),
        ("זסבהנמצתץ", "zxcvbnm,."),
    ),
}
_SIGNS = {"؟": "?", "٪": "%", "٫": ".", "٬": ",", "،": ","}
_TABLES = {
    name: {typed: key for letters, keys in rows for typed, key in zip(letters, keys, strict=True)}
    for name, rows in _ROWS.items()
}


def translate(letter: str, env: Mapping[str, str] | None = None) -> str:
    """Return the Latin key at the place of a letter of another script; empty where none is known.

    Arabic letters lie differently on Persian and Arabic keyboards: the locale says which is meant.
    """
    if len(letter) != 1 or letter.isascii():
        return ""
    value = digit(letter, None)
    if value is not None:
        return str(value)
    if letter == "؟":
        return "?"
    for name in _order(env or {}):
        if letter in _TABLES[name]:
            return _TABLES[name][letter]
    return _SIGNS.get(letter, "")


def _order(env: Mapping[str, str]) -> list[str]:
    """Return the layouts, the one of the locale first."""
    locale = (env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or "")[:2]
    return sorted(_TABLES, key=lambda name: name != locale)
