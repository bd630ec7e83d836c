"""A report as lines: its tables one below the other, with their sentences; columns that do not fit are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.report import render
from tuicrm.tui.safe import cells, fit, short
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.report.declared import Result, Row
    from tuicrm.tui.reporting.model import Page, Spot
    from tuicrm.tui.safe import Line

SIGN, GAP = 2, 2
LABEL, LABEL_NARROW = 24, 12
"""Cells that the names of rows take at most."""
ROOMY = 60


def lines(page: Page, here: Spot | None, size: int) -> list[Line]:
    """Return all lines; the row under the cursor has the look of the cursor, heads of columns that of heads."""
    made: list[Line] = []
    for at, part in enumerate(page.parts):
        made += [()] if at else []
        if at:
            made.append(((f" {part.report}", "title"), (f" | {render.when(part)}", "muted")))
        made += _table(part, here.row if here is not None and here.part == at else None, size)
        made += [line for note in part.notes for line in wrapped(((f"  {note}", "muted"),), size - 1)]
    return made


def _table(part: Result, here: Row | None, size: int) -> list[Line]:
    """Return the heads and a line per row, the whole last."""
    rows = (*part.rows, part.total)
    texts = [render.cells(part, row) for row in rows]
    heads = [head.lower() for head in render.heads(part)]
    label = min(max(map(cells, (heads[0], *(one[0] for one in texts)))), LABEL if size >= ROOMY else LABEL_NARROW)
    wide = [max(map(len, (heads[at], *(one[at] for one in texts)))) for at in range(1, len(heads))]
    shown = _fitting(part, wide, size - SIGN - label)
    made: list[Line] = [((_joined("  ", heads, label, wide, shown), "head"),)]
    for row, cell in zip(rows, texts, strict=True):
        look = "cursor" if row is here else "title" if row is part.total else "text"
        text = _joined("> " if row is here else "  ", cell, label, wide, shown)
        made.append(((fit(text, size) if row is here else text, look),))
    return made


def _fitting(part: Result, wide: Sequence[int], room: int) -> list[int]:
    """Return the columns of figures that fit: the leading one and its change, then the others from the left."""
    lead = next(at for at, column in enumerate(part.columns) if column.name == part.lead)
    held: list[int] = []
    for at in dict.fromkeys([lead, *range(len(part.columns), len(wide)), *range(len(part.columns))]):
        if not held or sum(wide[one] + GAP for one in (*held, at)) <= room:
            held.append(at)
    return sorted(held)


def _joined(sign: str, texts: Sequence[str], label: int, wide: Sequence[int], shown: Sequence[int]) -> str:
    figures = "".join(" " * GAP + texts[at + 1].rjust(wide[at]) for at in shown)
    return f"{sign}{fit(texts[0], label)}{figures}"


def facts(page: Page, spot: Spot) -> str:
    """Return all figures of a row, or of a part as a whole, in one line."""
    part = page.parts[spot.part]
    if spot.row is None:
        return f"{part.report} | {render.totals(part)}"
    pairs = [
        f"{column.title.lower()} {text}"
        for column in part.columns
        if (text := render.said(column, spot.row.values.get(column.name)))
    ]
    return short(" | ".join([spot.row.label, *pairs]), 400)
