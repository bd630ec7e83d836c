"""The dashboard as lines: the five reports that matter, a few lines of each, on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm import charts
from tuicrm.crm.report import render
from tuicrm.crm.report.dashboard import SHORT_MONTH
from tuicrm.tui.safe import cells, fit, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.report.declared import Result
    from tuicrm.tui.reporting.model import Page, Spot
    from tuicrm.tui.safe import Line, Span

TWO = 76
"""From this width on, the last two stand side by side."""
LABEL = 20


def lines(page: Page, here: Spot | None, size: int, *, one_column: bool = False) -> list[Line]:
    """Return all lines; what the cursor is on has its look."""
    count = len(page.parts)
    if size < TWO or one_column:
        return [line for at in range(count) for line in _part(page, at, here, size)]
    left = size // 2
    made = [line for at in range(count - 2) for line in _part(page, at, here, size)]
    first, second = _part(page, count - 2, here, left - 2), _part(page, count - 1, here, size - left)
    tall = max(len(first), len(second))
    padded = [[*held, *[()] * (tall - len(held))] for held in (first, second)]
    return [*made, *(_beside(one, other, left) for one, other in zip(padded[0], padded[1], strict=True))]


def _part(page: Page, at: int, here: Spot | None, size: int) -> list[Line]:
    """Return the head of one report, with its figures as a whole, and its first rows."""
    part = page.parts[at]
    rows = [spot for spot in page.spots if spot.part == at and spot.row is not None]
    name, figures = f" {part.report.upper()} ", render.totals(part)
    if here is not None and here.part == at and here.row is None:
        head: Line = ((fit(f">{name[1:]} {figures}", size), "cursor"),)
    else:
        head = ((name, "head"), (short(f" {figures}", max(size - cells(name), 0)), "text"))
    if part.report == "trends":
        return [head, ((short(f"   {_months(part)}", size), "text"),)]
    return [head, *_rows(part, rows, here, size)]


def _months(part: Result) -> str:
    """Return the figure of each month in one line."""
    column = part.columns[0]
    held = ((row.label[:SHORT_MONTH], render.said(column, row.values.get(column.name))) for row in part.rows)
    return "  ".join(f"{name} {text or '-'}" for name, text in held)


def _rows(part: Result, spots: Sequence[Spot], here: Spot | None, size: int) -> list[Line]:
    """Return a line per row: its name, a bar of its leading figure, and the figure."""
    column = next(one for one in part.columns if one.name == part.lead)
    rows = [spot.row for spot in spots if spot.row is not None]
    if not rows:
        return []
    figures = [row.values.get(column.name) for row in rows]
    said = [render.said(column, one) for one in figures]
    label = min(max(cells(row.label) for row in rows), LABEL, max(size // 3, 6))
    wide = max(map(len, said))
    drawn = charts.bars([(render.size(one),) for one in figures], "#", max(size - label - wide - 6, 1))
    made: list[Line] = []
    for spot, row, bar, text in zip(spots, rows, drawn, said, strict=True):
        name = fit(row.label, label)
        if spot is here:
            made.append(((fit(f" > {name} {bar} {text:>{wide}}", size), "cursor"),))
        else:
            made.append(((f"   {name} ", "text"), (bar, "head"), (f" {text:>{wide}}", "text")))
    return made


def _beside(left: Line, right: Line, size: int) -> Line:
    """Return two lines side by side, the left one filled to its size."""
    spans: list[Span] = list(left)
    return (*spans, (" " * max(size - sum(cells(text) for text, _ in spans), 0), "text"), *right)
