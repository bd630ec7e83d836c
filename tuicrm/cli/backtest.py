"""`forecast --backtest`: what each method would have said before, beside what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.output import give_json

if TYPE_CHECKING:
    from datetime import date

    from tuicrm.cli.state import State
    from tuicrm.crm.backtesting import Tried
    from tuicrm.crm.scopes import Scope

SAYS = {
    "history": "the default: won and lost before, later deals, run rate",
    "simulation": "the middle of many possible futures",
    "seasonal": "as of late, in the rhythm of the quarter",
    "weighted": "value times the probability of the stage",
    "categories": "committed deals only",
    "run_rate": "as much as in the same time before",
}


def give_backtest(
    state: State, scope: Scope, horizon: int | None, origins: str | None, first: str, last: str, form: str | None
) -> None:
    """Try the methods and print what came of it."""
    from tuicrm.cli.progress import Progress
    from tuicrm.crm import backtesting

    session = state.session
    with Progress() as said:
        tried = backtesting.backtest(
            session,
            scope,
            horizon=backtesting.HORIZON if horizon is None else horizon,
            every=origins or "month",
            first=_day(state, first, "from"),
            last=_day(state, last, "to"),
            told=lambda done, every: said(f"trying day {done + 1} of {every}"),
        )
    if form == "json":
        give_json(state, backtesting.facts(tried))
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        heads, rows = backtesting.sheet(tried)
        state.give(sheet(heads, rows, delimiter="\t" if form == "tsv" else ",", numeric=set(range(1, len(heads)))))
    else:
        _print(state, tried)


def _day(state: State, text: str, field: str) -> date | None:
    from tuicrm.errors import Invalid
    from tuicrm.when import parse_date

    if not text.strip():
        return None
    try:
        return parse_date(text, state.session.reading)
    except Invalid as error:
        raise Invalid(f"{field}: {error}", field=field) from error


def _print(state: State, tried: Tried) -> None:
    from tuicrm.cli.grid import grid
    from tuicrm.crm import backtesting
    from tuicrm.money import short

    result = tried.result
    rows = [
        [
            backtesting.day_text(one.day),
            short(backtesting.exact(one.actual)),
            *(short(backtesting.exact(one.said[name].value)) for name in backtesting.COMPARED),
            _range(one.said[backtesting.DEFAULT].low, one.said[backtesting.DEFAULT].high),
        ]
        for one in result.origins
    ]
    heads = ("FROM", "CAME", *(name.replace("_", " ").upper() for name in backtesting.COMPARED), "8 TIMES IN 10")
    look: dict[str, Any] = {"cells": state.width, "bold": state.colour}
    scores = [
        [
            one.method.replace("_", " "),
            *(_percent(value) for value in (one.wape, one.bias)),
            "" if one.brier is None else f"{one.brier:.3f}",
            _percent(one.coverage),
            SAYS[one.method],
        ]
        for one in result.scores()
    ]
    tenths = [
        [f"{one.low:.0%} to {one.low + 0.1:.0%}", f"{one.deals:,}", f"{one.mean:.0%}", f"{one.won:.0%}"]
        for one in result.reliability(backtesting.DEFAULT)
    ]
    parts = [
        f"{result.horizon} days ahead, {tried.currency}, with what was known on each day\n",
        grid(heads, rows, right=set(range(1, len(heads))), fixed={0}, **look)[0],
        grid(("METHOD", "OFF BY", "BIAS", "BRIER", "IN RANGE", ""), scores, right={1, 2, 3, 4}, fixed={0}, **look)[0],
        grid(("CHANCE GIVEN", "DEALS", "MEAN", "WON"), tenths, right={1, 2, 3}, **look)[0],
    ]
    if tried.left_out:
        parts.append(f"{tried.left_out} days left out: what comes after them is not over yet\n")
    state.give("\n".join(parts))


def _range(low: float | None, high: float | None) -> str:
    from tuicrm.crm.backtesting import exact
    from tuicrm.money import short

    return "" if low is None or high is None else f"{short(exact(low))} - {short(exact(high))}"


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"
