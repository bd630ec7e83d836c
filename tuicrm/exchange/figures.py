"""Numbers in a file: whether `1.234` is a thousand or one and a bit, as the file's other cells show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuicrm.records.types import Integer
from tuicrm.records.values import Amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.exchange.mapping import Column, Mapping
    from tuicrm.exchange.sheet import Sheet

POINT, COMMA = "point", "comma"
_AFTER_COMMA = re.compile(r"\d,\d{1,2}(?!\d)|\d\.\d{3},|(?:\d\.\d{3}){2}")
_AFTER_POINT = re.compile(r"\d\.\d{1,2}(?!\d)|\d,\d{3}\.|(?:\d,\d{3}){2}")
_EITHER = re.compile(r"\d[.,]\d{3}(?!\d)")
_THOUSANDS = {",": re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ".": re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")}
"""Marks between thousands: of `1,5` or `99.50` none is one, whatever stands before the decimals elsewhere."""
_POINTED = re.compile(r"\d\.\d{3}(?!\d)")


class Figures:
    """What stands before the decimals of a file's numbers, asked for or found out."""

    def __init__(self, sheet: Sheet, mapping: Mapping, asked: str) -> None:
        self.said = ""
        """A sentence about it, where it was worked out and makes a difference."""
        self._places = {one.place for one in mapping.columns if isinstance(one.field.type, (Amount, Integer))}
        self._mark = asked or self._found(sheet)

    def leaves(self, column: Column) -> bool:
        """Tell whether the cells of a column stay as they are."""
        return column.place not in self._places or not self._mark

    def plain(self, column: Column, cell: str) -> str:
        """Return a cell with the point before its decimals and nothing between its thousands, if it is a number."""
        if self.leaves(column):
            return cell
        if self._mark == COMMA:
            plain = _THOUSANDS["."].sub("", cell)
            return plain if "." in plain else plain.replace(",", ".")
        return _THOUSANDS[","].sub("", cell)

    def _found(self, sheet: Sheet) -> str:
        commas = points = either = pointed = ""
        for cell in self._cells(sheet):
            if "," not in cell and "." not in cell:
                continue
            commas = commas or (cell if _AFTER_COMMA.search(cell) else "")
            points = points or (cell if _AFTER_POINT.search(cell) else "")
            either = either or (cell if _EITHER.search(cell) else "")
            pointed = pointed or (cell if _POINTED.search(cell) else "")
        if commas and not points:
            self.said = f"numbers read with a comma before the decimals, as {commas.strip()} shows"
            return COMMA
        if points and not commas:
            if either:
                self.said = f"numbers read with a point before the decimals, as {points.strip()} shows"
            return POINT
        if pointed and not points and sheet.separator == ";":
            # Semicolons stand between cells where commas stand before decimals.
            self.said = (
                f"{pointed.strip()} read as thousands, as the file has semicolons; --numbers point reads a point"
            )
            return COMMA
        if pointed and not points:
            self.said = f"the point in {pointed.strip()} read as one before decimals; --numbers comma reads thousands"
        return ""

    def _cells(self, sheet: Sheet) -> Iterator[str]:
        return (row.cells[place] for row in sheet.rows for place in self._places if place < len(row.cells))
