"""Dates in figures: which of day and month comes first, and saying how it was taken."""

from __future__ import annotations

from datetime import date

from tuicrm.errors import Invalid
from tuicrm.when.moment import Reading, checked_date
from tuicrm.when.names import short_date
from tuicrm.when.refusal import quoted

_FIGURES = r"(?<![\d./:-])(\d{1,2})([/-])(\d{1,2})\2(\d{4}|\d{2})(?![\d./-])"
_PLACES = {"dmy": (2, 1, 0), "mdy": (2, 0, 1)}
"""Where year, month and day stand among three figures."""
_EXAMPLES = {"dmy": "31/12/2026", "mdy": "12/31/2026"}
_FIRST = {"dmy": "day first", "mdy": "month first"}


def full_year(text: str) -> int:
    """Return the year of four digits, or of two, which mean 2000 to 2099."""
    return int(text) if len(text) > 2 else 2000 + int(text)


def in_order(first: int, second: int, year: int, order: str) -> tuple[date | None, str]:
    """Return the date of two figures and a year, and the order used: the wanted one unless only the other can be."""
    wanted = "mdy" if order == "mdy" else "dmy"
    for used in (wanted, "dmy" if wanted == "mdy" else "mdy"):
        day, month = (first, second) if used == "dmy" else (second, first)
        try:
            return date(year, month, day), used
        except ValueError:
            continue
    return None, wanted


def note_on_order(text: str, reading: Reading) -> str:
    """Return how a date such as 10/11/2026 was taken, or an empty text where it can be read in one way only."""
    import re

    from tuicrm.text import fold

    found = re.search(_FIGURES, fold(text[:200]), re.ASCII)
    if not found:
        return ""
    first, second = int(found[1]), int(found[3])
    day, used = in_order(first, second, full_year(found[4]), reading.order)
    if day is None or first == second:
        return ""
    said = f"read as {short_date(day.year, day.month, day.day)} ({_FIRST[used]}"
    if reading.order in _FIRST:
        return f"{said}, as date_order says)" if used == reading.order else f"{said}: no other order makes it a date)"
    return f"{said}; set date_order to change)" if max(first, second) <= 12 else ""


def date_in_order(text: str, order: str) -> date:
    """Read a date of one column of a file, figures only and strictly in the order dmy, mdy or ymd; raises Invalid.

    ISO dates are read whatever the order; a time after the date is left out.
    """
    parts = _figures(text)
    places = (0, 1, 2) if parts and len(parts[0]) == 4 else _PLACES.get(order)
    try:
        if not parts or places is None:
            raise ValueError
        year, month, day = (parts[place] for place in places)
        found = date(full_year(year), int(month), int(day))
    except ValueError:
        raise Invalid(
            f"{quoted(text)} is no date in the order {order}: {_EXAMPLES.get(order, '2026-12-31')} would be right."
        ) from None
    return checked_date(found)


def _figures(text: str) -> list[str]:
    """Split a date in figures into its three parts, or return nothing."""
    if not text.isascii():
        from tuicrm.text import fold

        text = fold(text[:100])
    head = text.strip()[:40].replace("T", " ").partition(" ")[0]
    for separator in "-/.":
        parts = head.split(separator)
        if len(parts) == 3 and all(part.isdigit() and len(part) in (1, 2, 4) for part in parts):
            return parts if [len(part) for part in parts].count(4) < 2 and len(parts[1]) < 3 else []
    return []
