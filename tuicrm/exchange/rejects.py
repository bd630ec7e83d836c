"""Rejected rows go to a file of their own, with the reason, ready to be mended and imported again."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tuicrm.errors import ReadOnly, UsageProblem
from tuicrm.exchange.formulas import defused

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.exchange.items import Item
    from tuicrm.exchange.sources import Source

Rejected = Sequence[tuple["Item", str]]
REASON = "rejected because"
LINE = "line"


def write_rejects(path: Path, source: Source, rejected: Rejected) -> None:
    """Write the rows as they came, the line they stood in and the reason behind them; readable by this user only.

    What is at that path stays as it is until all is written, and the file that is being imported is never written to.
    """
    if path.exists() and source.path is not None and path.samefile(source.path):
        raise UsageProblem(f"the rejected rows cannot go to {path}, the file that they come from")
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            _write(os.open(path, os.O_WRONLY | os.O_NOFOLLOW), source, rejected)
            return
        temporary = path.with_name(f".rejected.{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            _write(descriptor, source, rejected)
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


def _write(descriptor: int, source: Source, rejected: Rejected) -> None:
    columns, rows = _as_they_came(source, rejected) if source.sheet else _by_field(rejected)
    # As in the file that they come from: what stands between cells tells how its numbers are written.
    mark = source.sheet.separator if source.sheet else ","
    with open(descriptor, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=mark)
        writer.writerow([*columns, LINE, REASON])
        for cells, (item, reason) in zip(rows, rejected, strict=True):
            writer.writerow([*map(defused, cells), item.line or item.where, defused(reason)])


def _as_they_came(source: Source, rejected: Rejected) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return a table's own columns, and the rejected rows of it."""
    assert source.sheet is not None
    columns, by_line = source.sheet.columns, {row.line: row.cells for row in source.sheet.rows}
    rows = [[*by_line[item.line], *[""] * (len(columns) - len(by_line[item.line]))] for item, _ in rejected]
    if columns[-2:] == (LINE, REASON):
        # Rows that were rejected before: the new line and reason stand in place of the old.
        return columns[:-2], [[*cells[: len(columns) - 2], *cells[len(columns) :]] for cells in rows]
    return columns, rows


def _by_field(rejected: Rejected) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return what other files told, a column for each field."""
    columns = tuple(dict.fromkeys(name for item, _ in rejected for name in item.typed))
    return columns, [[", ".join(item.typed.get(name, ())) for name in columns] for item, _ in rejected]
