"""A report as text: its head, a table, sentences, charts where they are asked for, and definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.grid import grid
from tuicrm.crm.report import render
from tuicrm.text import clean_line, pad, truncate, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.report.declared import Report, Result, Row

PIPED_CELLS = 80
LABEL_CELLS = 20
LONGEST, WIDEST = 15, 80
"""So many rows at most are drawn as bars, in so many cells: the library takes time with the square of the cells."""


def page(found: Result, *, cells: int | None, plot: bool, bold: bool) -> str:
    """Return a result as text that fits into `cells`; without them nothing is cut."""
    if found.report == "dashboard":
        return _dashboard(found, cells or PIPED_CELLS, plot)
    return "\n".join(part for one in (found, *found.sections) for part in _part(one, cells, plot, bold))


def _part(found: Result, cells: int | None, plot: bool, bold: bool) -> list[str]:
    """Return the head, the chart, the table and the sentences of one table."""
    made = [f"{clean_line(render.headline(found))}\n"]
    if plot and found.rows:
        made.append("".join(f"{line}\n" for line in chart(found, cells or PIPED_CELLS)))
    right = set(range(1, len(found.columns) + 2))
    made.append(grid(render.heads(found), render.rows(found), right=right, cells=cells, bold=bold)[0])
    if found.notes:
        made.append("".join(f"{clean_line(note)}\n" for note in found.notes))
    return made


def chart(found: Result, cells: int) -> list[str]:
    """Return a bar per row of its leading figure, below the name of that, with the figure behind it."""
    column = next(one for one in found.columns if one.name == found.lead)
    left = len(found.rows) - LONGEST
    lines = bars(found, found.rows[:LONGEST], min(cells, WIDEST), plot=True)
    return [clean_line(column.title), *lines, *([f"and {left:,} more rows"] if left > 0 else [])]


def bars(found: Result, rows: Sequence[Row], cells: int, *, plot: bool) -> list[str]:
    """Return a line per row: its name, a bar of its leading figure where asked for, and the figure; below 0 no bar."""
    if not rows:
        return []
    column = next(one for one in found.columns if one.name == found.lead)
    figures = [row.values.get(column.name) for row in rows]
    said = [render.said(column, one) for one in figures]
    names = [clean_line(row.label) for row in rows]
    names_wide = min(max(map(width, names)), LABEL_CELLS)
    said_wide = max(map(len, said))
    drawn = [""] * len(rows)
    if plot:
        from tuicrm import charts

        lengths = [[render.size(one)] for one in figures]
        drawn = [f"{one} " for one in charts.bars(lengths, ("#",), max(cells - names_wide - said_wide - 2, 1))]
    lines = zip(names, drawn, said, strict=True)
    return [f"{pad(name, names_wide)} {bar}{text:>{said_wide}}".rstrip() for name, bar, text in lines]


def _dashboard(found: Result, cells: int, plot: bool) -> str:
    """Return each section in a few lines: its figures in one, then its first rows; a trend is one line."""
    from tuicrm.crm.report.dashboard import SHORT_MONTH, first_rows

    lines = [truncate(clean_line(render.headline(found)), cells)]
    for one in found.sections:
        lines.append(truncate(clean_line(f"{one.report.upper()}  {render.totals(one)}"), cells))
        if one.report == "trends":
            column = one.columns[0]
            held = ((row.label[:SHORT_MONTH], render.said(column, row.values.get(column.name))) for row in one.rows)
            lines.append(truncate(clean_line("  " + "  ".join(f"{name} {text or '-'}" for name, text in held)), cells))
            continue
        lines += [f"  {line}" for line in bars(one, first_rows(one), min(cells, WIDEST) - 2, plot=plot)]
    return "".join(f"{line}\n" for line in [*lines, *map(clean_line, found.notes)])


def definitions_page(parts: Sequence[Report], *, cells: int | None) -> str:
    """Return the definitions of a report and its sections, wrapped."""
    from textwrap import fill

    wide = cells or PIPED_CELLS
    made = []
    for report in parts:
        made.append(f"{report.name}\n")
        for name, text in render.explained(report):
            line = f"{name}: {text}" if name else text
            made.append(fill(line, wide, initial_indent="  ", subsequent_indent="    ") + "\n")
    return "".join(made)
