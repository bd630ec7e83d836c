"""The sums behind a commission: what each deal adds, by bands, accelerators and a cap.

One rule of rounding holds: what is earned up to a point is rounded to the currency's minor unit, a half away from
zero, and what lies between two points earns the difference. So parts add up to deals, and deals to the total, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from typing import TYPE_CHECKING

from tuicrm.crm.rates import PRECISION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much a period's sales earn, all in one currency."""

    bands: tuple[tuple[Decimal, Decimal], ...]
    """Sales from which a rate in percent holds, and the rate; in rising order, the first from 0."""
    retroactive: bool = False
    """Whether the rate of the band that is reached counts for all sales, and not only for those in the band."""
    boosts: tuple[tuple[Decimal, Decimal], ...] = ()
    """Sales above which rates are multiplied, and by what; in rising order."""
    cap: Decimal | None = None
    unit: Decimal = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Part:
    """What of a deal lies in one band."""

    sales: Decimal
    start: Decimal
    """The lower bound of the band."""
    rate: Decimal
    times: Decimal
    amount: Decimal


def earned(scale: Scale, sales: Decimal) -> Decimal:
    """Return what sales earn altogether, rounded."""
    with localcontext(prec=PRECISION):
        return _paid(scale, _in_force(scale, sales), sales)


def parts(scale: Scale, values: Sequence[Decimal]) -> list[list[Part]]:
    """Return the parts of each deal, given the values in the order in which they were won."""
    with localcontext(prec=PRECISION):
        bands = _in_force(scale, sum(values, ZERO))
        found, at = [], ZERO
        for value in values:
            found.append(list(_cut(scale, bands, at, at + value)))
            at += value
        return found


def _in_force(scale: Scale, sales: Decimal) -> tuple[tuple[Decimal, Decimal], ...]:
    """Return the bands by which the sales of a period are paid."""
    if not scale.retroactive:
        return scale.bands
    return ((ZERO, max(row for row in scale.bands if row[0] <= max(sales, ZERO))[1]),)


def _cut(scale: Scale, bands: Sequence[tuple[Decimal, Decimal]], low: Decimal, high: Decimal) -> Iterator[Part]:
    """Yield what lies between two points, by bands; backwards where a value below zero takes sales away."""
    first, last = min(low, high), max(low, high)
    bounds = sorted({bound for bound, _ in (*bands, *scale.boosts) if first < bound < last})
    points = [first, *bounds, last]
    if high < low:
        points.reverse()
    for start, end in pairwise(points):
        lower = min(start, end)
        band = max((row for row in bands if row[0] <= lower), default=bands[0])
        times = _times(scale, lower)
        amount = _paid(scale, bands, end) - _paid(scale, bands, start)
        yield Part(end - start, band[0], band[1], times, amount)


def _times(scale: Scale, above: Decimal) -> Decimal:
    return max((row for row in scale.boosts if row[0] <= above), default=(ZERO, Decimal(1)))[1]


def _paid(scale: Scale, bands: Sequence[tuple[Decimal, Decimal]], sales: Decimal) -> Decimal:
    """Return what sales up to a point earn, at most the cap, rounded."""
    bounds = sorted({ZERO, *(bound for bound, _ in (*bands, *scale.boosts) if ZERO < bound < sales)})
    whole = ZERO
    for low, high in zip(bounds, [*bounds[1:], sales], strict=True):
        rate = max((row for row in bands if row[0] <= low), default=bands[0])[1]
        whole += (high - low) * rate * _times(scale, low)
    whole = whole.scaleb(-2)
    if scale.cap is not None:
        whole = min(whole, scale.cap)
    return whole.quantize(scale.unit, ROUND_HALF_UP)
