"""`forecast`: the months ahead as a table, with a chart on a terminal, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.cli.state import State
    from tuicrm.crm.scopes import Scope

FORMATS = ("table", "json", "csv", "tsv")


def build(name: str) -> click.Command:
    """Return `forecast`."""
    return forecast


@command(
    "forecast",
    help="Show what the months of a period bring: won so far, committed, and what is expected by how the team's own "
    "deals went (or by another method), against the quota. A month with a plus lies after the period and is not in its "
    "sums.",
    examples=[
        "tuicrm forecast",
        "tuicrm forecast --owner me --period 2026-Q4 --json",
        "tuicrm forecast --by owner --method weighted",
        "tuicrm forecast --plot",
        "tuicrm forecast --backtest --horizon 90 --from 2026-01-01",
    ],
    json_names=(
        *("period", "from", "to", "owner", "where", "method", "currency", "won", "commit", "weighted", "expected"),
        *("quota", "gap", "won_deals", "commit_deals", "other_deals", "stages", "count", "value", "past_close"),
        *("no_next_step", "other_currencies", "closers", "months", "month", "ahead", "left_out"),
        *("before", "undated", "later", "omitted"),
        *(
            "horizon",
            "origins",
            "date",
            "actual",
            "forecasts",
            "low",
            "high",
            "open_deals",
            "wins",
            "methods",
            "default",
        ),
        *("why", "little_history", "middle", "quota_chance", "more", "previous", "group", "parts", "by"),
        *("wape", "bias", "brier", "coverage", "reliability", "deals", "chance"),
    ),
)
@click.option(
    "--period", default="", metavar="PERIOD", help="As next quarter, 2026-Q4, 2026-11; this quarter if absent."
)
@click.option("--owner", default="", metavar="WHO", help="me, a user, or the name of a team; everybody where absent.")
@click.option(
    "--where", default="", metavar="QUERY", help="Only these deals; without quotas, which are for all of them."
)
@click.option("--team", default="", metavar="NAME", help="The deals of a team.")
@click.option(
    "--method",
    type=click.Choice(["history", "simulation", "weighted", "categories"]),
    default=None,
    help="How to forecast; the best that the data supports where absent.",
)
@click.option(
    "--by", default="", metavar="PART", help="In parts: month, quarter, owner, team, pipeline, product, category."
)
@click.option("--records", is_flag=True, help="List the deals behind the figures.")
@click.option("--explain", is_flag=True, help="Say how each figure is worked out, and where that comes from.")
@click.option("--plot/--no-plot", default=None, help="Draw a chart, too; on a terminal it is drawn unless refused.")
@click.option("--backtest", is_flag=True, help="Say instead what each method would have said before, beside what came.")
@click.option("--horizon", type=int, default=None, metavar="DAYS", help="With --backtest: how far to look ahead; 30.")
@click.option(
    "--origins", type=click.Choice(["month", "week"]), default=None, help="With --backtest: look at the ends of these."
)
@click.option("--from", "first", default="", metavar="DAY", help="With --backtest: not before this day.")
@click.option("--to", "last", default="", metavar="DAY", help="With --backtest: not after this day.")
@format_options(FORMATS)
def forecast(
    state: State,
    *,
    period: str,
    owner: str,
    where: str,
    team: str,
    method: str | None,
    by: str,
    records: bool,
    explain: bool,
    plot: bool | None,
    backtest: bool,
    horizon: int | None,
    origins: str | None,
    first: str,
    last: str,
    form: str | None,
) -> None:
    """Print the forecast, or how it would have done."""
    if backtest:
        from tuicrm.cli.backtest import give_backtest

        without = {"--period": period, "--where": where, "--method": method, "--by": by, "--plot": plot}
        _refuse({**without, "--records": records or None, "--explain": explain or None}, "goes without --backtest")
        give_backtest(state, _scope(state, owner, team), horizon, origins, first, last, form)
        return
    _refuse({"--horizon": horizon, "--origins": origins, "--from": first, "--to": last}, "goes with --backtest")
    if explain:
        from tuicrm.crm.forecastwords import explained

        state.give(explained())
        return
    from tuicrm.cli import forecast_print as printing
    from tuicrm.crm.forecast import forecast as build_forecast
    from tuicrm.crm.periods import period_named

    session = state.session
    scope = _scope(state, owner, team)
    found = build_forecast(session, period_named(session, period), scope, where=where, method=method or "")
    if records:
        printing.give_records(state, found, form)
    elif by:
        printing.give_groups(state, found, by, form)
    elif form in ("json", "csv", "tsv"):
        printing.give_data(state, found, form)
    else:
        printing.print_forecast(state, found, plot=state.on_terminal if plot is None else plot)


def _scope(state: State, owner: str, team: str) -> Scope:
    from tuicrm.crm.scopes import scope_named, team_named

    if owner and team:
        raise click.UsageError("--owner and --team exclude each other")
    return team_named(state.session, team) if team else scope_named(state.session, owner)


def _refuse(given: Mapping[str, object], why: str) -> None:
    for name, value in given.items():
        if value not in (None, ""):
            raise click.UsageError(f"{name} {why}")
