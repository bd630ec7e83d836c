"""A report as text: its head, a table, sentences, charts where they are asked for, and definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.grid import grid
from tuicrm.crm.report import render
from tuicrm.text import clean_line, pad, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.report.declared import Report, Result

PIPED_CELLS = 80
LABEL_CELLS = 20
LONGEST = 30
"""So many rows at most are drawn as bars."""


def page(found: Result, *, cells: int | None, plot: bool, bold: bool) -> str:
    """Return a result as text that fits into `cells`; without them nothing is cut."""
    parts = [part for one in (found, *found.sections) for part in _part(one, cells, plot, bold)]
    return "\n".join(parts)


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
    """Return a bar per row of its leading figure, with the figure behind it; negative ones have none."""
    from tuicrm import charts

    column = next(one for one in found.columns if one.name == found.lead)
    shown = found.rows[:LONGEST]
    figures = [row.values.get(column.name) for row in shown]
    said = [render.said(column, one) for one in figures]
    names = [clean_line(row.label) for row in shown]
    names_wide = min(max(map(width, names)), LABEL_CELLS)
    said_wide = max(map(len, said))
    lengths = [[float(one) if isinstance(one, (int, float)) or hasattr(one, "as_tuple") else 0.0] for one in figures]
    drawn = charts.bars(lengths, ("#",), max(cells - names_wide - said_wide - 2, 1))
    lines = [f"{clean_line(column.title)}"]
    for name, line, text in zip(names, drawn, said, strict=True):
        lines.append(f"{pad(name, names_wide)} {line} {text:>{said_wide}}".rstrip())
    left = len(found.rows) - len(shown)
    return [*lines, *([f"and {left:,} more rows"] if left else [])]


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
