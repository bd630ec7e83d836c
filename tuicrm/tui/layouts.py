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
        # Vowel signs, which do not stand alone: sukun, dammatan, kasratan, fathatan, damma, kasra, fatha, shadda.
        ("\u0652\u064c\u064d\u064b\u064f\u0650\u064e\u0651", "QWERTYUI"),
        # Madda, superscript alef, hamza above.
        ("\u0653\u0670\u0654", "XVN"),
    ),
    "ar": (
        ("ضصثقفغعهخحجد", "qwertyuiop[]"),
        ("شسيبلاتنمكط", "asdfghjkl;'"),
        ("ئءؤرىةوزظ", "zxcvnm,./"),
        ("أـ،آ", "HJKN"),
        # Fatha, fathatan, damma, dammatan, kasra, kasratan, sukun.
        ("\u064e\u064b\u064f\u064c\u0650\u064d\u0652", "QWERASX"),
        # What one key types as two letters arrives as one sign from some systems.
        ("\ufefb\ufef9\ufef7\ufef5", "bTGB"),
        ("إ÷×؛\u2018\u2019", "YIOPUM"),
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
