"""The forecast as text for a terminal, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.output import give_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.forecast import Forecast

PIPED_CELLS = 80
NAME_CELLS = 10


def give_data(state: State, found: Forecast, form: str) -> None:
    """Print the forecast as JSON, or a row per month for a spreadsheet."""
    from tuicrm.crm import forecasttable
    from tuicrm.crm.forecast import won_before
    from tuicrm.money import amount_text

    if form == "json":
        period, won = won_before(state.session, found)
        before = {"period": period.key, "won": amount_text(won, found.currency)}
        give_json(state, {**forecasttable.facts(found), "previous": before})
    else:
        _give_sheet(state, forecasttable.SHEET, forecasttable.sheet_rows(found), form)


def give_groups(state: State, found: Forecast, by: str, form: str | None) -> None:
    """Print the parts of the forecast."""
    from tuicrm.cli.grid import grid
    from tuicrm.crm import forecastgroups

    held = forecastgroups.groups(state.session, found, by)
    facts = forecastgroups.facts(held, found.currency)
    if form == "json":
        shown = {"period": found.period.key, "method": found.method, "currency": found.currency, "by": by}
        give_json(state, {**shown, "parts": facts})
    elif form in ("csv", "tsv"):
        rows = [
            [str(len(one[name]) if name == "deals" else one[name]) for name in forecastgroups.SHEET] for one in facts
        ]
        _give_sheet(state, forecastgroups.SHEET, rows, form)
    else:
        heads: list[str] = [by.upper(), *forecastgroups.HEADS[1:]]
        rows = forecastgroups.rows(held)
        if not any(one.quota is not None for one in held):
            heads, rows = heads[:-3], [row[:-3] for row in rows]
        table = grid(heads, rows, right=set(range(1, len(heads))), fixed={0}, cells=state.width, bold=state.colour)[0]
        state.give(f"{_head(state, found)}\n\n{table}")


def give_records(state: State, found: Forecast, form: str | None) -> None:
    """Print the deals behind the forecast, as `deal list` does."""
    from tuicrm.cli.output import give_list

    deals = state.session.ws.all("deal")
    give_list(state, state.session.kind("deal"), [deals[key] for key in found.total.ids], form)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _give_sheet(state: State, heads: Sequence[str], rows: Sequence[Sequence[str]], form: str) -> None:
    from tuicrm.cli.sheet import sheet

    state.give(sheet(heads, rows, delimiter="\t" if form == "tsv" else ",", numeric=set(range(1, len(heads)))))


def _head(state: State, found: Forecast) -> str:
    from textwrap import wrap

    from tuicrm.text import clean_line

    filtered = f" | {found.where}" if found.where else ""
    head = f"{found.period.title}, {found.currency} | {found.scope}{filtered} | {found.method}: {found.says}"
    why = f"{found.why[:1].upper()}{found.why[1:]}" if found.why else ""
    # The reason may be long; textwrap is for plain words, of which it is made.
    lines = [clean_line(head), *wrap(clean_line(why), state.width or PIPED_CELLS)]
    return "\n".join(lines)


def print_forecast(state: State, found: Forecast, *, plot: bool) -> None:
    """Print the forecast as text that fits the terminal."""
    from tuicrm.cli.grid import grid
    from tuicrm.crm import forecasttable
    from tuicrm.text import clean_line

    pairs = "  ".join(f"{name} {text}" for name, text in forecasttable.summary(found))
    told = f"{forecasttable.chance_text(found)}{forecasttable.verdict(found)}"
    parts = [f"{_head(state, found)}\n{pairs}\n{told}\n{_before(state, found)}\n"]
    if said := forecasttable.converted(found):
        parts[0] += f"{clean_line(said)}\n"
    if plot:
        parts.append("\n".join(chart(found, state.width or PIPED_CELLS)) + "\n")
    rows = forecasttable.rows(found)
    parts.append(
        grid(forecasttable.HEADS, rows, right=set(range(1, 9)), fixed={0}, cells=state.width, bold=state.colour)[0]
    )
    risks = forecasttable.risks(found, found.total)
    if risks:
        lines = [[name, f"{part.count:,}", forecasttable.sum_text(part, found.currency)] for name, part in risks]
        parts.append(grid(("BEWARE", "DEALS", "VALUE"), lines, right={1, 2}, cells=state.width, bold=state.colour)[0])
    state.give("\n".join(parts))


def chart(found: Forecast, cells: int) -> list[str]:
    """Return a bar per month of what is won, committed and expected, with a mark at the quota."""
    from tuicrm import charts
    from tuicrm.crm.forecastbars import MARKS, goals, legend, lengths
    from tuicrm.text import pad

    drawn = charts.bars(lengths(found), MARKS, max(cells - NAME_CELLS, 1), goals=goals(found))
    names = [pad(bar.period.title, NAME_CELLS) for bar in found.months]
    return [
        *((name + line).rstrip() for name, line in zip(names, drawn, strict=True)),
        f"{' ' * NAME_CELLS}{legend(found)}",
    ]


def _before(state: State, found: Forecast) -> str:
    """Return what the period before brought, and how this one compares."""
    from tuicrm.crm.forecast import won_before
    from tuicrm.money import short

    period, won = won_before(state.session, found)
    if won <= 0:
        return f"{period.title}: nothing was won"
    change = (found.total.expected(found.currency) / won - 1) * 100
    how = "more" if change >= 0 else "less"
    return f"{period.title}: {short(won)} were won; {abs(change):.0f}% {how} are expected now"
