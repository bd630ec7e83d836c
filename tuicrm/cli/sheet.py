"""CSV and TSV for output: cleaned, and with no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.text import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def sheet(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str = ",", numeric: Collection[int] = ()
) -> str:
    """Return rows as delimited text with a line of heads; `numeric` columns may begin with a minus."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([[_cell(cell, at in numeric) for at, cell in enumerate(row)] for row in rows])
    return out.getvalue()


def _cell(text: str, numeric: bool) -> str:
    if text.startswith(FORMULA) and not (numeric and _is_negative(text)):
        text = f"'{text}"
    return clean(text)


def _is_negative(text: str) -> bool:
    return text[0] == "-" and text[1:].replace(".", "", 1).isdecimal() and text.isascii()
