"""What a forecast is added up from: sets of deals with their exact sums, never mixing currencies."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Sums = dict[str, Decimal]
"""Exact amounts by currency."""

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """Some deals and what they add up to."""

    ids: tuple[str, ...] = ()
    value: Sums = field(default_factory=dict)
    expected: Sums = field(default_factory=dict)
    """What a method expects of them; of won deals, their value."""

    @property
    def count(self) -> int:
        """How many deals there are, those without a value included."""
        return len(self.ids)

    def of(self, currency: str) -> Decimal:
        """Return the sum of the values in one currency."""
        return self.value.get(currency, _NOTHING)

    def expected_in(self, currency: str) -> Decimal:
        """Return what is expected in one currency."""
        return self.expected.get(currency, _NOTHING)

    def others(self, currency: str) -> bool:
        """Tell whether there is anything in other currencies, which the sums in this one leave out."""
        return any(amount for held, amount in self.value.items() if held != currency)


class Pile:
    """A part that is still being added up."""

    __slots__ = ("expected", "ids", "value")

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.value: Sums = {}
        self.expected: Sums = {}

    def add(self, key: str, currency: str, value: Decimal | None, expected: Decimal | None) -> None:
        """Take in a deal."""
        self.ids.append(key)
        if value is not None:
            self.value[currency] = self.value[currency] + value if currency in self.value else value
        if expected is not None:
            self.expected[currency] = self.expected[currency] + expected if currency in self.expected else expected

    def part(self) -> Part:
        """Return what has come together."""
        return Part(tuple(self.ids), self.value, self.expected)


def merged(parts: Iterable[Part]) -> Part:
    """Return parts as one; they must not share deals."""
    held = list(parts)
    ids = tuple(key for part in held for key in part.ids)
    return Part(ids, added(part.value for part in held), added(part.expected for part in held))


def added(sums: Iterable[Sums]) -> Sums:
    """Return sums added up, each currency for itself."""
    found: Sums = {}
    for one in sums:
        for currency, amount in one.items():
            found[currency] = found[currency] + amount if currency in found else amount
    return found
