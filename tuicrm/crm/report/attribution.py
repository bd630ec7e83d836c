"""Which share of a deal each of its touches gets, by four usual models; the shares of a deal sum to 1 exactly."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tuicrm.money import MINOR_UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

MODELS = ("first", "last", "linear", "u_shaped")
SOURCE = "the position-based models of Google Analytics (first, last, linear; 40 % first, 40 % last, 20 % between)"
ENDS = Fraction(2, 5)
"""What the first and the last touch get each in the U-shaped model."""


def shares(count: int, model: str) -> list[Fraction]:
    """Return the share of each of `count` touches, in their order; with two, the U-shaped model halves."""
    if model == "linear" or count == 1:
        return [Fraction(1, count)] * count
    if model == "u_shaped":
        if count == 2:
            return [Fraction(1, 2)] * 2
        return [ENDS, *[(1 - 2 * ENDS) / (count - 2)] * (count - 2), ENDS]
    at = 0 if model == "first" else count - 1
    return [Fraction(place == at) for place in range(count)]


def parts(value: Decimal, by: Sequence[Fraction], currency: str) -> list[Decimal]:
    """Return an amount by shares, in minor units that add up to it exactly; the last share takes what is left."""
    unit = Decimal(1).scaleb(-MINOR_UNITS.get(currency, 2))
    found = [
        (value * share.numerator / share.denominator).quantize(unit, ROUND_FLOOR) if share else Decimal(0)
        for share in by
    ]
    at = max(place for place, share in enumerate(by) if share)
    found[at] += value - sum(found)
    return found
