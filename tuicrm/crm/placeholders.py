"""Texts with `{fields}` in them, taken apart: a field is a name to look up, and nothing in a text is ever evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)?")
_MARK = re.compile(r"\{\{|\}\}|\{")
_SHOWN = 40
MOST = 100_000
"""Characters of a template; longer ones are no letters."""


@dataclass(frozen=True, slots=True)
class Place:
    """One `{field}` of a text."""

    name: str
    """The field's name, or that of a reference, a dot and the name of a field there."""
    fallback: str | None
    """What stands there where the field has no value: the text behind `|`; None where nobody gave any."""
    at: int
    """Where its brace stands in the text."""


def parts(text: str, what: str = "text") -> Iterator[str | Place]:
    """Yield the plain texts and the places of a template in their order; Invalid, with line and column, for others.

    `{{` and `}}` are braces. `what` is what the text is called in a sentence: its field.
    """
    if len(text) > MOST:
        raise Invalid(f"{what}: a template has at most {MOST:,} characters, this one {len(text):,}", field=what)
    start = 0
    while found := _MARK.search(text, start):
        yield text[start : found.start()]
        if found[0] != "{":
            yield found[0][0]
            start = found.end()
            continue
        end = text.find("}", found.end())
        if end < 0 or "\n" in text[found.end() : end] or "{" in text[found.end() : end]:
            raise refused(text, found.start(), what, "this { is not closed by a } in its line; {{ makes a brace")
        yield _place(text, found.start(), text[found.end() : end], what)
        start = end + 1
    yield text[start:]


def _place(text: str, at: int, inner: str, what: str) -> Place:
    name, bar, fallback = inner.partition("|")
    name = name.strip()
    if not _NAME.fullmatch(name):
        raise refused(text, at, what, _why_not(name))
    return Place(name, fallback if bar else None, at)


def _why_not(name: str) -> str:
    """Return what is wrong with what stands between braces."""
    shown = f"{{{name[:_SHOWN]}}}"
    if not name:
        return "{} names no field"
    for sign, meant in (("[", "indexes"), ("!", "conversions"), (":", "format codes"), ("(", "calls")):
        if sign in name:
            return f"{shown}: {meant} mean nothing here; write a field alone, as in {{name}}"
    if name.count(".") > 1:
        return f"{shown}: a field is looked up through one reference at most, as in {{company.name}}"
    return f"{shown} is no name of a field, as in {{name}} or {{company.name}}"


def refused(text: str, at: int, what: str, why: str) -> Invalid:
    """Return the error about a place in a text, by its line and column."""
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return Invalid(f"{what}: line {line}, column {column}: {why}", field=what)
