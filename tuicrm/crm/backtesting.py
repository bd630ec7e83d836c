"""Trying the forecast on earlier days of this workspace: which days, and what came of it, as JSON and as rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.foresight.backtest import Backtest
    from tuicrm.crm.scopes import Scope
    from tuicrm.crm.session import Session

HORIZON = 30
LONGEST = 730
DEFAULT = "history"
"""The method that a forecast uses where nothing else is asked for and the data supports it."""
ENOUGH = 30
"""Wins that must be known before an origin is tried where no first day is named."""
COMPARED = ("history", "weighted", "run_rate")
"""The methods that a table has room for."""


class Tried(NamedTuple):
    """A backtest and what is to be said about it."""

    result: Backtest
    currency: str
    left_out: int
    """Origins whose days are not over yet, so that nothing can be compared."""


def backtest(
    session: Session,
    scope: Scope,
    *,
    horizon: int = HORIZON,
    every: str = "month",
    first: date | None = None,
    last: date | None = None,
    told: Callable[[int, int], None] = lambda done, every: None,
) -> Tried:
    """Return what each method would have said at the ends of the months or weeks between two days (both included).

    Raises Invalid where there is no such day, or nothing to learn from; MissingRate.
    """
    from tuicrm.crm.foresight.backtest import backtest as run
    from tuicrm.crm.foresight.gathering import gather
    from tuicrm.crm.foresight.landmark import Landmarks
    from tuicrm.crm.foresight.model import Hazards

    if not 1 <= horizon <= LONGEST:
        raise Invalid(f"horizon: {horizon} is no number of days from 1 to {LONGEST}", field="horizon")
    held = gather(session)
    closed = sorted(one.end for one in held.episodes if one.outcome)
    if not closed:
        raise Invalid(
            "no deal has been won or lost yet, so there is nothing to try a forecast on",
            field="backtest",
            hint="tuicrm import FILE --as deals brings closed deals along.",
        )
    begin = first.toordinal() if first else _enough(held.episodes) or closed[0]
    end = last.toordinal() if last else session.today.toordinal() - horizon
    days = [day for day in range(begin, end + 1) if _is_end(session, day, every)]
    over = [day for day in days if day + horizon <= held.today]
    if not over:
        between = f"between {day_text(begin)} and {day_text(end)}" if begin <= end else f"from {day_text(begin)} on"
        raise Invalid(
            f"no {every} ends {between} with {horizon} days after it that are over",
            field="from",
            hint="Name an earlier --from, or a shorter --horizon.",
        )
    earliest, until = over[0], over[-1] + horizon
    owned = None
    if scope.owners is not None:
        deals = session.ws.all("deal")
        owned = {key for key in held.deals if scope.holds(deals[key])}
    own = held.facts(owned, earliest=earliest, last=until)
    everyone = held.facts(earliest=earliest, last=until, amounts=False)
    hazards = Hazards(everyone)
    result = run(own, hazards, Landmarks(everyone, hazards, horizon), over, horizon, told=told)
    return Tried(result, session.currency, len(days) - len(over))


def _enough(episodes: Any) -> int:
    wins = sorted(one.end for one in episodes if one.won)
    return int(wins[ENOUGH - 1]) if len(wins) >= ENOUGH else 0


def _is_end(session: Session, day: int, every: str) -> bool:
    """Tell whether a day is the last one of its month or week."""
    following = date.fromordinal(day) + timedelta(days=1)
    if every == "month":
        return following.day == 1
    return following.weekday() == session.reading.week_start


def day_text(day: int) -> str:
    """Return a day (an ordinal) in ISO form."""
    return date.fromordinal(day).isoformat()


def facts(tried: Tried) -> dict[str, Any]:
    """Return a backtest as JSON shows it: shares and scores as numbers, amounts as decimal strings."""
    from tuicrm.money import amount_text

    def money(value: float) -> str:
        return amount_text(exact(value), tried.currency)

    result = tried.result
    return {
        "horizon": result.horizon,
        "currency": tried.currency,
        "origins": [
            {
                "date": day_text(one.day),
                "actual": money(one.actual),
                "forecasts": {name: money(said.value) for name, said in one.said.items()},
                "low": money(one.said[DEFAULT].low or 0.0),
                "high": money(one.said[DEFAULT].high or 0.0),
                "open_deals": len(one.won),
                "wins": int(one.won.sum()),
            }
            for one in result.origins
        ],
        "methods": [
            {
                "method": one.method,
                "default": one.method == DEFAULT,
                "wape": rounded(one.wape),
                "bias": rounded(one.bias),
                "brier": rounded(one.brier),
                "coverage": rounded(one.coverage),
            }
            for one in result.scores()
        ],
        "reliability": [
            {"from": one.low, "deals": one.deals, "chance": rounded(one.mean), "won": rounded(one.won)}
            for one in result.reliability(DEFAULT)
        ],
        "left_out": tried.left_out,
    }


def exact(value: float) -> Any:
    """Return an amount that was worked out in floating point as a decimal number with two places."""
    from decimal import Decimal

    return Decimal(f"{value:.2f}")


def rounded(value: float | None) -> float | None:
    """Return a score with four places; None stays None."""
    return None if value is None else round(value, 4)


def sheet(tried: Tried) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return the names of the columns and a row per origin for a spreadsheet, amounts in full."""
    found = facts(tried)
    methods = [one["method"] for one in found["methods"]]
    heads = ("date", "actual", *methods, "low", "high", "open_deals", "wins")
    rows = [
        [one["date"], one["actual"], *(one["forecasts"][name] for name in methods)]
        + [str(one[name]) for name in ("low", "high", "open_deals", "wins")]
        for one in found["origins"]
    ]
    return heads, rows
