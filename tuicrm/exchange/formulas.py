"""Cells that a spreadsheet would run as a formula: an export puts a `'` before them, the import takes it off again."""

from __future__ import annotations

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
MARK = "'"


def defused(cell: str, *, numeric: bool = False) -> str:
    """Return a cell that no spreadsheet runs; of a `numeric` column a negative number stays as it is.

    A cell that looks defused already gets one more mark, so that `bare` gives back exactly what was there.
    """
    if not cell.lstrip(MARK).startswith(STARTS) or (numeric and _is_negative(cell)):
        return cell
    return MARK + cell


def bare(cell: str) -> str:
    """Return what a cell was before it was defused."""
    return cell[1:] if cell.startswith(MARK) and cell.lstrip(MARK).startswith(STARTS) else cell


def _is_negative(text: str) -> bool:
    return text[0] == "-" and text[1:].replace(".", "", 1).isdecimal() and text.isascii()
