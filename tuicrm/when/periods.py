"""Periods for filters and reports, as half-open spans of days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.when.moment import Reading, checked_date
from tuicrm.when.names import MONTH_BY_WORD, UNIT_BY_WORD
from tuicrm.when.parse import parse_date
from tuicrm.when.refusal import quoted
from tuicrm.when.tokens import MAX_LENGTH, Tokens, shift, unit_span, unit_start

if TYPE_CHECKING:
    from re import Match

_OFFSETS = {"this": 0, "current": 0, "next": 1, "last": -1, "previous": -1}
_TO_DATE = {"wtd": "week", "mtd": "month", "qtd": "quarter", "ytd": "year"}
_UNITS = ("day", "week", "month", "quarter", "year")
_CALENDAR = (
    r"(?P<fiscal>fy)?(?P<year>\d{4}|(?<=fy)\d{2})"
    r"(?:-?(?:q(?P<quarter>[1-4])|w(?P<week>\d{1,2})|(?P<month>\d{1,2})))?"
)
_RANGE = r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})"


def parse_period(text: str, reading: Reading) -> tuple[date, date]:
    """Read `this week`, `last quarter`, `2026-Q3`, `2026-10`, `2026`, `last 30 days`, `ytd` or any day; raises Invalid.

    The span holds its first day and not its second. `last 30 days` and `year to date` end with today, `next 7 days`
    begins with it. Quarters and years are those of the fiscal year, which is named after the calendar year it ends in.
    """
    try:
        span = _range(text) or _counted_or_named(text, reading) or _calendar(text, reading) or _day(text, reading)
        checked_date(span[0])
        checked_date(span[1] - timedelta(days=1))
    except (OverflowError, ValueError):
        raise _no_period(text) from None
    return span


def _range(text: str) -> tuple[date, date] | None:
    """Read `2026-09-09..2026-10-08`: the first and the last day."""
    import re

    found = re.fullmatch(_RANGE, text.strip(), re.ASCII)
    if not found:
        return None
    first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    if last < first:
        raise Invalid(f"{quoted(text)} ends before it begins: the earlier day comes first.")
    return first, last + timedelta(days=1)


def _counted_or_named(text: str, reading: Reading) -> tuple[date, date] | None:
    """Read `this week`, `next month`, `last 30 days`, `ytd`, `q3 2026`, `october`; without a year, this year's."""
    if len(text) > MAX_LENGTH:
        raise _no_period(text)
    tokens = Tokens(text)
    if tokens.take("q"):
        quarter, fiscal = tokens.number(1), tokens.take("fy")
        year = tokens.number(4)
        if not tokens.done or quarter not in (1, 2, 3, 4) or (fiscal and year is None):
            return None
        return _fiscal(year or _this_year(reading), quarter, reading)
    if month := MONTH_BY_WORD.get(tokens.peek()):
        tokens.at += 1
        year = tokens.number(4)
        return _months(year or reading.today.year, month, 1) if tokens.done and (year is None or year > 99) else None
    return _to_date(tokens, reading) or _counted(tokens, reading)


def _to_date(tokens: Tokens, reading: Reading) -> tuple[date, date] | None:
    """Read `ytd`, `quarter to date`: what has gone by of a unit, with today."""
    unit = _TO_DATE.get(tokens.take_any(*_TO_DATE), "")
    if not unit and tokens.peek(1) == "to" and tokens.peek(2) == "date":
        unit = UNIT_BY_WORD.get(tokens.peek(), "")
        tokens.at += 3
    if unit not in _UNITS or not tokens.done:
        return None
    tomorrow = reading.today + timedelta(days=1)
    return unit_start(reading.today, unit, reading.week_start, reading.year_start), tomorrow


def _counted(tokens: Tokens, reading: Reading) -> tuple[date, date] | None:
    """Read `this week`, `next month`, `last 30 days`."""
    offset = _OFFSETS.get(tokens.take_any(*_OFFSETS))
    count = tokens.number(4)
    unit = UNIT_BY_WORD.get(tokens.peek(), "")
    tokens.at += 1
    if offset is None or not tokens.done or unit not in _UNITS:
        return None
    if count is None:
        return unit_span(reading.today, unit, offset, reading.week_start, reading.year_start)
    if not offset or not count:
        return None
    tomorrow = reading.today + timedelta(days=1)
    return (
        (shift(tomorrow, unit, -count), tomorrow) if offset < 0 else (reading.today, shift(reading.today, unit, count))
    )


def _calendar(text: str, reading: Reading) -> tuple[date, date] | None:
    """Read `2026`, `2026-10`, `2026-Q3`, `2026-W41`, `FY2027`, `FY2027-Q1`."""
    import re

    from tuicrm.text import fold

    found: Match[str] | None = re.fullmatch(_CALENDAR, fold(text).replace(" ", ""), re.ASCII)
    if not found or (found["fiscal"] and (found["week"] or found["month"])):
        return None
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    if found["week"]:
        monday = date.fromisocalendar(year, int(found["week"]), 1)
        return monday, monday + timedelta(days=7)
    if found["month"]:
        return _months(year, int(found["month"]), 1)
    return _fiscal(year, int(found["quarter"] or 0), reading)


def _fiscal(year: int, quarter: int, reading: Reading) -> tuple[date, date]:
    """Return a quarter of the fiscal year that ends in a calendar year; the whole year for 0."""
    start = date(year - (reading.year_start > 1), reading.year_start, 1)
    if not quarter:
        return start, shift(start, "month", 12)
    first = shift(start, "month", 3 * quarter - 3)
    return first, shift(first, "month", 3)


def _this_year(reading: Reading) -> int:
    """Return the calendar year in which the present fiscal year ends."""
    return reading.today.year + (1 < reading.year_start <= reading.today.month)


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
        "last 30 days, year to date or a day."
    )
