"""Figures that several reports have: sums, shares, means, quartiles, and a median that counts what is not over yet."""

from __future__ import annotations

from bisect import bisect_left
from decimal import Decimal
from statistics import median, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.crm.report.declared import Case

ROUNDING = 1e-12
"""What a share of one half may miss by where it was multiplied up in binary."""
QUARTILES = "Hyndman & Fan 1996, Sample Quantiles in Statistical Packages, type 7"
KAPLAN_MEIER = (
    "Kaplan & Meier 1958, Nonparametric Estimation from Incomplete Observations; late entry: Klein & Moeschberger, "
    "Survival Analysis, 4.6"
)


def total(cases: Iterable[Case]) -> Decimal:
    """Return the sum of the values, exact; a case without a value adds nothing."""
    return sum((case.value for case in cases if case.value is not None), Decimal(0))


def percent(part: float | Decimal, whole: float | Decimal) -> float | None:
    """Return a part in percent of a whole; None of nothing."""
    return float(100 * Decimal(part) / Decimal(whole)) if whole else None


def mean(numbers: Sequence[int]) -> float | None:
    """Return the arithmetic mean; None of nothing."""
    return sum(numbers) / len(numbers) if numbers else None


def middle(numbers: Sequence[int]) -> float | None:
    """Return the median; None of nothing."""
    return float(median(numbers)) if numbers else None


def quartile(numbers: Sequence[int], which: int) -> float | None:
    """Return the first (1) or third (3) quartile, interpolated; None of nothing."""
    if len(numbers) < 2:
        return float(numbers[0]) if numbers else None
    return float(quantiles(numbers, n=4, method="inclusive")[which - 1])


def left_out(count: int) -> str:
    """Return `3 deals are left out`, for what cannot be counted."""
    return "1 deal is left out" if count == 1 else f"{count:,} deals are left out"


def kaplan_meier_median(spans: Iterable[tuple[int, int, bool]]) -> float | None:
    """Return the age in days by which half would be over, from (age at the first look, age at the last, ended then).

    What has not ended is right-censored at its last age; what was older than 0 at the first look entered late. None
    where fewer than half are ever seen to end. Source: `KAPLAN_MEIER`.
    """
    held = list(spans)
    # A day is the unit: whoever is `age` days old on its first day is at risk during the day number age + 1.
    entries = sorted(first for first, last, _ in held if last >= first)
    exits = sorted(last + 1 for first, last, _ in held if last >= first)
    ends: dict[int, int] = {}
    for first, last, ended in held:
        if ended and last >= first:
            ends[last + 1] = ends.get(last + 1, 0) + 1
    alive = 1.0
    for day in sorted(ends):
        at_risk = bisect_left(entries, day) - bisect_left(exits, day)
        alive *= 1 - ends[day] / at_risk
        if alive <= 0.5 + ROUNDING:
            return float(day - 1)
    return None
