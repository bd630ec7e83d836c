"""Rejected rows go to a file of their own, with the reason, ready to be mended and imported again."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

from tuicrm.errors import ReadOnly

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tuicrm.exchange.sheet import Row, Sheet

REASON = "rejected because"
LINE = "line"


def write_rejects(path: Path, sheet: Sheet, rejected: Sequence[tuple[Row, str]]) -> None:
    """Write the rows as they came, the line they stood in and the reason behind them; readable by this user only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    except OSError as problem:
        raise ReadOnly(
            f"the rejected rows cannot be written to {path}: {problem.strerror}",
            hint="name another file: --rejects FILE",
        ) from None
    with open(descriptor, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*sheet.columns, LINE, REASON])
        for row, reason in rejected:
            cells = [*row.cells, *[""] * (len(sheet.columns) - len(row.cells))]
            writer.writerow([*map(_defused, cells), row.line, _defused(reason)])


def _defused(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula; the import takes the mark off again."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
