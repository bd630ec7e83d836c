"""Fonts of this machine for PDFs: which of them have the characters that a quote needs.

A PDF itself knows Latin-1 only. Beyond that a font is embedded, of which only the letters in use go into the file.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VARIABLE = "TUICRM_PDF_FONT"
PREFERRED = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("FreeSans.ttf", "FreeSansBold.ttf"),
    ("Arial Unicode.ttf", ""),
    ("Arial.ttf", "Arial Bold.ttf"),
)
"""Common fonts with many alphabets, each with its bold sister; the first that is there is the one that is used."""
FOLDERS = (
    *("~/.fonts", "~/.local/share/fonts", "~/Library/Fonts"),
    *("/usr/local/share/fonts", "/usr/share/fonts", "/Library/Fonts", "/System/Library/Fonts"),
)
ENDINGS = (".ttf", ".otf", ".ttc")
MOST_LOOKED_AT = 400
"""Font files that are opened in search of a rare character."""


@dataclass(frozen=True)
class Fonts:
    """The fonts for one text."""

    regular: Path | None = None
    """None where the PDF's own font will do, or where there is no other."""
    bold: Path | None = None
    others: tuple[Path, ...] = ()
    """Fonts for characters that the first has not."""
    missing: str = ""
    """The characters that none of them has."""


def fonts_for(text: str, env: Mapping[str, str]) -> Fonts:
    """Return the fonts that a text needs: those that the user names, else those that the machine has."""
    wanted = {one for one in text if one.isprintable() and not one.isspace()}
    named = _named(env)
    if not named and all(ord(one) < 256 for one in wanted):
        return Fonts()
    held = {path.name: path for path in _files(env)}
    regular, bold = named[0] if named else None, None
    if regular is None:
        pair = next(((one, strong) for one, strong in PREFERRED if one in held), ("", ""))
        regular, bold = held.get(pair[0]), held.get(pair[1])
    wanted -= _covered(regular) if regular is not None else set(map(chr, range(256)))
    others: list[Path] = []
    likely = sorted(held.values(), key=lambda path: ("Regular" not in path.name, path.name))
    for path in (*named[1:], *likely[:MOST_LOOKED_AT]):
        if not wanted:
            break
        found = wanted & _covered(path, strict=path in named) if "Emoji" not in path.name else set()
        if found:
            others.append(path)
            wanted -= found
    if regular is None and others:
        regular, *others = others
    return Fonts(regular, bold, tuple(others), "".join(sorted(wanted)))


def _named(env: Mapping[str, str]) -> list[Path]:
    """Return the font files that the user names, with colons between several."""
    paths = [Path(one).expanduser() for one in env.get(VARIABLE, "").split(os.pathsep) if one]
    for path in paths:
        if not path.is_file():
            raise Invalid(f"{VARIABLE}: there is no file {path}", hint="it names fonts, as in /usr/share/fonts/a.ttf")
    return paths


def _files(env: Mapping[str, str]) -> Iterator[Path]:
    home = env.get("HOME", "")
    for folder in FOLDERS:
        if folder.startswith("~") and not home:
            continue
        for at, _, names in os.walk(folder.replace("~", home, 1)):
            yield from (Path(at, name) for name in names if name.lower().endswith(ENDINGS))


def _covered(path: Path, *, strict: bool = True) -> set[str]:
    """Return the characters that a font has; of one that cannot be read none, unless the user named it."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, fontNumber=0, lazy=True) as font:
            return {chr(code) for code in font.getBestCmap() or ()}
    except (OSError, TTLibError) as problem:
        if strict:
            raise Invalid(f"{path} cannot be read as a font: {problem}", hint=f"{VARIABLE} names another.") from None
        return set()


def scripts(characters: str) -> str:
    """Return the alphabets of characters, as in `Arabic, CJK`."""
    names = (unicodedata.name(one, "").partition(" ")[0] for one in characters)
    return ", ".join(dict.fromkeys(name if name == "CJK" else name.capitalize() for name in names if name))


def is_joined(text: str) -> bool:
    """Tell whether a text runs from right to left, or has letters that take other shapes beside each other."""
    return any(
        unicodedata.bidirectional(one) in ("R", "AL") or unicodedata.category(one) in ("Mn", "Mc") for one in text
    )
