"""Field types for plain figures: percentages and quantities, kept as decimal strings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.records.types import FieldType
from tuicrm.records.values import Amount

if TYPE_CHECKING:
    from tuicrm.records.types import Parsing, Stored

MOST_DIGITS = 12
"""Digits before the point, or behind it."""


_AMOUNT = Amount()


class Figure(FieldType):
    """A decimal number that is no money."""

    numeric = True

    def check(self, value: Stored) -> str:
        return _AMOUNT.check(value)

    def key(self, value: Stored) -> Any:
        return _AMOUNT.key(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d+(\.\d+)?$"}


class Percent(Figure):
    """A share of a hundred, as in `19` or `7.5`, with or without its sign."""

    name = "percent"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from decimal import Decimal

        found = _decimal(text.strip().removesuffix("%").strip())
        if found is None or not 0 <= Decimal(found) <= 100:
            raise Invalid(f"{text.strip()!r} is no percentage from 0 to 100, as in 19 or 7.5")
        return found


class Quantity(Figure):
    """How many there are of something: more than nothing, as in `3` or `1.5`."""

    name = "quantity"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from decimal import Decimal

        found = _decimal(text.strip())
        if found is None or Decimal(found) <= 0:
            raise Invalid(f"{text.strip()!r} is no quantity, as in 3 or 1.5")
        return found


def _decimal(text: str) -> str | None:
    """Return a number in its shortest form; None for what is none, or too long to be meant."""
    import re

    from tuicrm.money import ascii_digits

    plain = ascii_digits(text)
    if not re.fullmatch(rf"\d{{1,{MOST_DIGITS}}}(\.\d{{1,{MOST_DIGITS}}})?", plain, re.ASCII):
        return None
    whole, _, fraction = plain.partition(".")
    fraction = fraction.rstrip("0")
    return f"{int(whole)}.{fraction}" if fraction else str(int(whole))
