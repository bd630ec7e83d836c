"""`forecast`: the months ahead as a table, with a chart on a terminal, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.cli.state import State
    from tuicrm.crm.forecast import Forecast

FORMATS = ("table", "json", "csv", "tsv")
PIPED_CELLS = 80
NAME_CELLS = 10


def build(name: str) -> click.Command:
    """Return `forecast`."""
    return forecast


@command(
    "forecast",
    help="Show what the months of a period bring: won, committed, and open deals weighted by their probability, "
    "against the quota. A month with a plus lies after the period and is not in its sums.",
    examples=[
        "tuicrm forecast",
        "tuicrm forecast --owner me --period 2026-Q4 --json",
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
    plot: bool | None,
    backtest: bool,
    horizon: int | None,
    origins: str | None,
    first: str,
    last: str,
    form: str | None,
) -> None:
    """Print the forecast, or how it would have done."""
    of_backtest = {"--horizon": horizon, "--origins": origins, "--from": first, "--to": last}
    if backtest:
        from tuicrm.cli.backtest import give_backtest

        _refuse({"--period": period, "--where": where, "--plot": plot}, "goes without --backtest")
        give_backtest(state, owner, horizon, origins, first, last, form)
        return
    _refuse(of_backtest, "goes with --backtest")
    from tuicrm.crm import forecasttable
    from tuicrm.crm.forecast import forecast as build_forecast
    from tuicrm.crm.periods import period_named
    from tuicrm.crm.scopes import scope_named

    session = state.session
    found = build_forecast(session, period_named(session, period), scope_named(session, owner), where=where)
    if form == "json":
        give_json(state, forecasttable.facts(found))
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        heads, lines = forecasttable.SHEET, forecasttable.sheet_rows(found)
        state.give(sheet(heads, lines, delimiter="\t" if form == "tsv" else ",", numeric=set(range(1, len(heads)))))
    else:
        print_forecast(state, found, plot=state.on_terminal if plot is None else plot)


def _refuse(given: Mapping[str, object], why: str) -> None:
    for name, value in given.items():
        if value not in (None, ""):
            raise click.UsageError(f"{name} {why}")


def print_forecast(state: State, found: Forecast, *, plot: bool) -> None:
    """Print the forecast as text that fits the terminal."""
    from tuicrm.cli.grid import grid
    from tuicrm.crm import forecasttable
    from tuicrm.text import clean_line

    filtered = f" | {found.where}" if found.where else ""
    head = f"{found.period.title}, {found.currency} | {found.scope}{filtered} | {found.method}: {found.says}"
    pairs = "  ".join(f"{name} {text}" for name, text in forecasttable.summary(found))
    parts = [f"{clean_line(head)}\n{pairs}\n{forecasttable.verdict(found)}\n"]
    if said := forecasttable.converted(found):
        parts[0] += f"{clean_line(said)}\n"
    if plot:
        parts.append("\n".join(chart(found, state.width or PIPED_CELLS)) + "\n")
    rows = forecasttable.rows(found)
    parts.append(
        grid(forecasttable.HEADS, rows, right=set(range(1, 8)), fixed={0}, cells=state.width, bold=state.colour)[0]
    )
    risks = forecasttable.risks(found, found.total)
    if risks:
        lines = [[name, f"{part.count:,}", forecasttable.sum_text(part, found.currency)] for name, part in risks]
        parts.append(grid(("BEWARE", "DEALS", "VALUE"), lines, right={1, 2}, cells=state.width, bold=state.colour)[0])
    state.give("\n".join(parts))


def chart(found: Forecast, cells: int) -> list[str]:
    """Return a bar per month of what is won, committed and expected, with a mark at the quota."""
    from tuicrm import charts
    from tuicrm.crm.forecastbars import LEGEND, MARKS, goals, lengths
    from tuicrm.text import pad

    drawn = charts.bars(lengths(found), MARKS, max(cells - NAME_CELLS, 1), goals=goals(found))
    names = [pad(bar.period.title, NAME_CELLS) for bar in found.months]
    return [*((name + line).rstrip() for name, line in zip(names, drawn, strict=True)), f"{' ' * NAME_CELLS}{LEGEND}"]
