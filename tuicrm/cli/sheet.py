"""CSV and TSV for output: cleaned, and with no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.exchange.formulas import defused
from tuicrm.text import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence


def sheet(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str = ",", numeric: Collection[int] = ()
) -> str:
    """Return rows as delimited text with a line of heads; `numeric` columns may begin with a minus."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([[clean(defused(cell, numeric=at in numeric)) for at, cell in enumerate(row)] for row in rows])
    return out.getvalue()
