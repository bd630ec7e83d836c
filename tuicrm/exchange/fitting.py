"""Making what other programs write fit a field: one line, valid addresses, the rest kept in the notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.records.types import normal_email, normal_phone

if TYPE_CHECKING:
    from collections.abc import Iterable


def one_line(text: str) -> str:
    """Return a text without line breaks, doubled blanks, and what cannot be stored."""
    return " ".join(storable(text).split())


def storable(text: str) -> str:
    """Return a text without NUL and halves of characters, its lines ended as everywhere."""
    text = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def emails(texts: Iterable[str], odd: list[str]) -> list[str]:
    """Return the texts that are e-mail addresses, each once; the others go to `odd`, as lines for the notes."""
    made: dict[str, str] = {}
    for text in texts:
        plain = one_line(text)
        bare = plain[7:] if plain.lower().startswith("mailto:") else plain
        try:
            made.setdefault(normal_email(bare).lower(), bare)
        except Invalid:
            if bare:
                odd.append(f"e-mail: {bare}")
    return list(made.values())


def phones(texts: Iterable[str], odd: list[str]) -> list[str]:
    """Return the texts that are phone numbers, each once; the others go to `odd`, as lines for the notes."""
    made: dict[str, str] = {}
    for text in texts:
        plain = one_line(text)
        bare = plain[4:] if plain.lower().startswith("tel:") else plain
        bare = bare.replace(";ext=", " x").partition(";")[0]
        try:
            made.setdefault(normal_phone(bare), bare)
        except Invalid:
            if bare:
                odd.append(f"phone: {bare}")
    return list(made.values())


def tags(texts: Iterable[str]) -> list[str]:
    """Return the words of lists that commas and semicolons part, each once."""
    found = [one_line(part) for text in texts for part in text.replace(";", ",").split(",")]
    return list(dict.fromkeys(one for one in found if one))


def notes(*parts: str) -> str:
    """Return the texts that are not empty as the paragraphs of one."""
    return "\n".join(one for one in (storable(part).strip() for part in parts) if one)


def filled(typed: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return what is typed without empty texts, and fields that have none."""
    kept = {name: [one for one in texts if one.strip()] for name, texts in typed.items()}
    return {name: texts for name, texts in kept.items() if texts}
