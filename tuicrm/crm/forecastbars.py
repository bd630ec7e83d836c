"""The forecast as lengths of bars: the parts of each month that add up to what is expected, and its quota."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.crm.forecast import Forecast

MARKS = ("#", "=", ".")
LEGEND = "# won   = commit   . weighted rest   | quota"


def lengths(found: Forecast) -> list[tuple[float, float, float]]:
    """Return for each month what is won, what is expected of committed deals, and of the others."""
    code = found.currency
    return [
        (float(bar.won.of(code)), float(bar.commit.expected_in(code)), float(bar.rest.expected_in(code)))
        for bar in found.months
    ]


def goals(found: Forecast) -> list[float]:
    """Return the quota of each month; 0 where there is none."""
    return [float(bar.quota.get(found.currency, 0)) for bar in found.months]
