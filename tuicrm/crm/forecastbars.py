"""The forecast as lengths of bars: the parts of each month that add up to what is expected, and its quota."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.crm.forecast import Bar, Forecast

MARKS = ("#", "=", ".", ":")
Lengths = tuple[float, float, float, float]


def legend(found: Forecast, room: int | None = None) -> str:
    """Return what the signs of the bars mean, closer together where there is no room for it."""
    more = [": more"] if any(bar.more > 0 for bar in found.months) else []
    quota = ["| quota"] if any(goals(found)) else []
    signs = ["# won", "= commit", ". other open", *more, *quota]
    made = ["   ".join(signs), "  ".join(signs), " ".join(signs), " ".join(signs).replace("other open", "open")]
    return next((one for one in made if room is None or len(one) <= room), made[-1])


def lengths(found: Forecast) -> list[Lengths]:
    """Return for each month what is won, what is expected of committed deals, of the others, and beyond them."""
    return [_lengths(bar, found.currency) for bar in found.months]


def _lengths(bar: Bar, code: str) -> Lengths:
    won, commit, rest = bar.won.of(code), bar.commit.expected_in(code), bar.rest.expected_in(code)
    # Where less is expected than the deals add up to, the others give way first, then the committed ones.
    short = float(max(-bar.more, Decimal(0)))
    left = max(float(rest) - short, 0.0)
    sure = max(float(commit) - (short - (float(rest) - left)), 0.0)
    return float(won), sure, left, float(max(bar.more, Decimal(0)))


def goals(found: Forecast) -> list[float]:
    """Return the quota of each month; 0 where there is none."""
    return [float(bar.quota.get(found.currency, 0)) for bar in found.months]
