"""Rejected rows go to a file of their own, with the reason, ready to be mended and imported again."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

from tuicrm.errors import ReadOnly, UsageProblem
from tuicrm.exchange.formulas import defused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tuicrm.exchange.sheet import Row, Sheet

REASON = "rejected because"
LINE = "line"


def write_rejects(path: Path, sheet: Sheet, rejected: Sequence[tuple[Row, str]]) -> None:
    """Write the rows as they came, the line they stood in and the reason behind them; readable by this user only.

    What is at that path stays as it is until all is written, and the file that is being imported is never written to.
    """
    if path.exists() and path.samefile(sheet.path):
        raise UsageProblem(f"the rejected rows cannot go to {path}, the file that they come from")
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            _write(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), sheet, rejected)
            return
        temporary = path.with_name(f".rejected.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            _write(descriptor, sheet, rejected)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as problem:
        raise ReadOnly(
            f"the rejected rows cannot be written to {path}: {(problem.strerror or str(problem)).lower()}",
            hint="name another file: --rejects FILE",
        ) from None


def free_name(path: Path) -> Path:
    """Return the path, or one like it, at which nothing is: rows that somebody is mending are not written over."""
    number, found = 1, path
    while found.exists() or found.is_symlink():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _write(descriptor: int, sheet: Sheet, rejected: Sequence[tuple[Row, str]]) -> None:
    with open(descriptor, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*sheet.columns, LINE, REASON])
        for row, reason in rejected:
            cells = [*row.cells, *[""] * (len(sheet.columns) - len(row.cells))]
            writer.writerow([*map(defused, cells), row.line, defused(reason)])
