"""JSON read strictly: numbers as they are written, and what JSON does not know told where it stands."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from tuicrm.errors import Invalid

_LONGEST = 40
"""Figures beyond which a number is no value of a record."""


class Odd(str):
    """A value that cannot be taken; the text says why."""


class Row(dict[str, Any]):
    """An object of the file; `twice` is a key that it has more than once."""

    twice = ""


def parsed_json(text: str) -> Any:
    """Return what a JSON text says; raises Invalid with the line where it is none."""
    import json

    try:
        return json.loads(
            text, object_pairs_hook=_row, parse_int=_figure, parse_float=_figure, parse_constant=_constant
        )
    except json.JSONDecodeError as problem:
        raise Invalid(f"line {problem.lineno}, column {problem.colno}: this is no JSON: {problem.msg}") from None
    except RecursionError:
        raise Invalid("the JSON is nested too deeply to be read") from None


def _row(pairs: list[tuple[str, Any]]) -> Row:
    made = Row(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        made.twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return made


def _figure(text: str) -> str:
    """Return a number as plain figures: 1.5e3 is 1500."""
    if len(text) > _LONGEST:
        return Odd(f"a number of {len(text):,} figures is too long")
    if "e" not in text.lower():
        return text
    try:
        number = Decimal(text)
        plain = f"{number:f}" if abs(number.adjusted()) < _LONGEST else ""
    except (InvalidOperation, ValueError):
        plain = ""
    return plain or Odd(f"the number {text} is too large or too small")


def _constant(text: str) -> str:
    return Odd(f"{text} is no number")


def texts_of(value: Any) -> list[str] | None:
    """Return a value as texts, a list as several; None where it is nested. Raises Invalid for what is no value."""
    if isinstance(value, Odd):
        raise Invalid(str(value))
    if value is None:
        return []
    if isinstance(value, bool):
        return ["yes" if value else "no"]
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list):
        return None
    made: list[str] = []
    for one in value:
        inner = None if isinstance(one, (list, dict)) else texts_of(one)
        if inner is None:
            return None
        made.extend(inner)
    return made
