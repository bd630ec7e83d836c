"""What a forecast is added up from: sets of deals with their exact sums in the base currency."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Context, Decimal
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.crm.rates import PRECISION

if TYPE_CHECKING:
    from collections.abc import Iterable

Sums = dict[str, Decimal]
"""Exact amounts by currency."""

_NOTHING = Decimal(0)
_EXACT = Context(prec=PRECISION)


@dataclass(frozen=True, slots=True)
class Part:
    """Some deals and what they add up to."""

    ids: tuple[str, ...] = ()
    value: Sums = field(default_factory=dict)
    expected: Sums = field(default_factory=dict)
    """What a method expects of them; of won deals, their value."""
    foreign: Sums = field(default_factory=dict)
    """What of the value was agreed on in other currencies, before it was converted."""

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


class Worth(NamedTuple):
    """What one deal adds to a part; None where its value is unknown."""

    key: str
    base: str
    """What `value` and `expected` are in."""
    value: Decimal | None
    expected: Decimal | None
    currency: str = ""
    agreed: Decimal | None = None
    """The value as it was agreed on, where that was in another currency."""


class Pile:
    """A part that is still being added up."""

    __slots__ = ("expected", "foreign", "ids", "value")

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.value: Sums = {}
        self.expected: Sums = {}
        self.foreign: Sums = {}

    def add(self, one: Worth) -> None:
        """Take in a deal."""
        self.ids.append(one.key)
        if one.value is not None:
            _add(self.value, one.base, one.value)
        if one.expected is not None:
            _add(self.expected, one.base, one.expected)
        if one.agreed is not None:
            _add(self.foreign, one.currency, one.agreed)

    def part(self) -> Part:
        """Return what has come together."""
        return Part(tuple(self.ids), self.value, self.expected, self.foreign)


def merged(parts: Iterable[Part]) -> Part:
    """Return parts as one; they must not share deals."""
    held = list(parts)
    ids = tuple(key for part in held for key in part.ids)
    value, expected, foreign = (
        added(getattr(part, name) for part in held) for name in ("value", "expected", "foreign")
    )
    return Part(ids, value, expected, foreign)


def added(sums: Iterable[Sums]) -> Sums:
    """Return sums added up, each currency for itself."""
    found: Sums = {}
    for one in sums:
        for currency, amount in one.items():
            _add(found, currency, amount)
    return found


def _add(sums: Sums, currency: str, amount: Decimal) -> None:
    sums[currency] = _EXACT.add(sums[currency], amount) if currency in sums else amount


def summed(*amounts: Decimal) -> Decimal:
    """Return amounts added up, exactly."""
    total = _NOTHING
    for one in amounts:
        total = _EXACT.add(total, one)
    return total
