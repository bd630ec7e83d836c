"""Periods for filters and reports, as half-open spans of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.when.moment import Reading, checked_date
from tuicrm.when.names import MONTH_BY_WORD, UNIT_BY_WORD
from tuicrm.when.parse import parse_date
from tuicrm.when.refusal import quoted
from tuicrm.when.tokens import MAX_LENGTH, Tokens, shift, unit_span

if TYPE_CHECKING:
    from re import Match

_OFFSETS = {"this": 0, "current": 0, "next": 1, "last": -1, "previous": -1}
_CALENDAR = r"(?P<year>\d{4})(?:-?(?:q(?P<quarter>[1-4])|w(?P<week>\d{1,2})|(?P<month>\d{1,2})))?"


def parse_period(text: str, reading: Reading) -> tuple[date, date]:
    """Read `this week`, `last quarter`, `2026-Q3`, `2026-10`, `2026`, `last 30 days` or any day; raises Invalid.

    The span holds its first day and not its second. `last 30 days` ends with today, `next 7 days` begins with it.
    """
    try:
        span = _counted_or_named(text, reading) or _calendar(text) or _day(text, reading)
        checked_date(span[0])
        checked_date(span[1] - timedelta(days=1))
    except (OverflowError, ValueError):
        raise _no_period(text) from None
    return span


def _counted_or_named(text: str, reading: Reading) -> tuple[date, date] | None:
    """Read `this week`, `next month`, `last 30 days`, `q3 2026`, `october`; without a year, this year's."""
    if len(text) > MAX_LENGTH:
        raise _no_period(text)
    tokens = Tokens(text)
    if tokens.take("q"):
        quarter, year = tokens.number(1), tokens.number(4)
        if not tokens.done or quarter not in (1, 2, 3, 4):
            return None
        return _months(year or reading.today.year, quarter * 3 - 2, 3)
    if month := MONTH_BY_WORD.get(tokens.peek()):
        tokens.at += 1
        year = tokens.number(4)
        return _months(year or reading.today.year, month, 1) if tokens.done and (year is None or year > 99) else None
    offset = _OFFSETS.get(tokens.take_any(*_OFFSETS))
    count = tokens.number(4)
    unit = UNIT_BY_WORD.get(tokens.peek(), "")
    tokens.at += 1
    if offset is None or not tokens.done or unit not in ("day", "week", "month", "quarter", "year"):
        return None
    if count is None:
        return unit_span(reading.today, unit, offset, reading.week_start)
    if not offset or not count:
        return None
    tomorrow = reading.today + timedelta(days=1)
    return (
        (shift(tomorrow, unit, -count), tomorrow) if offset < 0 else (reading.today, shift(reading.today, unit, count))
    )


def _calendar(text: str) -> tuple[date, date] | None:
    """Read `2026`, `2026-10`, `2026-Q3`, `2026-W41`."""
    import re

    from tuicrm.text import fold

    found: Match[str] | None = re.fullmatch(_CALENDAR, fold(text).replace(" ", ""), re.ASCII)
    if not found:
        return None
    year = int(found["year"])
    if found["quarter"]:
        return _months(year, int(found["quarter"]) * 3 - 2, 3)
    if found["week"]:
        monday = date.fromisocalendar(year, int(found["week"]), 1)
        return monday, monday + timedelta(days=7)
    return _months(year, int(found["month"]), 1) if found["month"] else _months(year, 1, 12)


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    start = date(year, first, 1)
    return start, shift(start, "month", count)


def _day(text: str, reading: Reading) -> tuple[date, date]:
    try:
        day = parse_date(text, reading)
    except Invalid as refused:
        raise (_no_period(text) if "understand" in refused.message else refused) from None
    return day, day + timedelta(days=1)


def _no_period(text: str) -> Invalid:
    return Invalid(
        f"{quoted(text)} is no period I understand: write one such as this week, last quarter, 2026-Q3, 2026-10, "
        "last 30 days or a day."
    )
