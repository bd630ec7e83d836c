"""Spans of days that figures are given for: their names, their months, and the spans before and after them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

QUARTER = 3
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` on, before `end`."""

    first: date
    end: date
    of_days: bool = field(default=False, compare=False)
    """Whether it is a span of days that moves by days, also where it happens to fall on a month."""

    @property
    def whole_months(self) -> int:
        """How many months the period is made of; 0 where it does not begin and end with one."""
        if self.of_days or self.first.day != 1 or self.end.day != 1:
            return 0
        return _month(self.end) - _month(self.first)

    @property
    def title(self) -> str:
        """`Q4 2026`, `Oct 2026`, `2026`, else its first and last day."""
        count, year = self.whole_months, self.first.year
        if count == 1:
            return f"{NAMES[self.first.month - 1]} {year}"
        if count == QUARTER and self.first.month % QUARTER == 1:
            return f"Q{(self.first.month + 2) // QUARTER} {year}"
        if count == 12 and self.first.month == 1:
            return str(year)
        last = self.end - timedelta(days=1)
        return f"{_day(self.first)} - {_day(last)}" if last != self.first else _day(last)

    @property
    def key(self) -> str:
        """`2026-Q4`, `2026-10`, `2026`, else its first and last day in ISO: what commands take and JSON holds."""
        count, year = self.whole_months, f"{self.first.year:04}"
        if count == 1:
            return f"{year}-{self.first.month:02}"
        if count == QUARTER and self.first.month % QUARTER == 1:
            return f"{year}-Q{(self.first.month + 2) // QUARTER}"
        if count == 12 and self.first.month == 1:
            return year
        return f"{self.first.isoformat()}..{(self.end - timedelta(days=1)).isoformat()}"

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return self.first <= day < self.end

    def months(self) -> list[Period]:
        """Return the months of the period, the first and the last cut where it begins and ends."""
        found, start = [], self.first
        while start < self.end:
            following = month_of(start).end
            found.append(Period(start, min(following, self.end)))
            start = following
        return found

    def moved(self, by: int) -> Period:
        """Return the period so many of its own lengths later; itself at the ends of the calendar."""
        count = self.whole_months
        try:
            if count:
                return Period(_first_of(_month(self.first) + by * count), _first_of(_month(self.end) + by * count))
            span = self.end - self.first
            return Period(self.first + span * by, self.end + span * by, of_days=True)
        except (OverflowError, ValueError):
            return self


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _day(day: date) -> str:
    return f"{day.day} {NAMES[day.month - 1]} {day.year}"


def month_of(day: date) -> Period:
    """Return the month that holds a day."""
    return Period(day.replace(day=1), _first_of(_month(day) + 1))


def quarter_of(day: date) -> Period:
    """Return the quarter of the calendar year that holds a day."""
    start = _month(day) // QUARTER * QUARTER
    return Period(_first_of(start), _first_of(start + QUARTER))


def year_of(day: date) -> Period:
    """Return the calendar year that holds a day."""
    return Period(_first_of(day.year * 12), _first_of(day.year * 12 + 12))


def period_named(session: Session, text: str) -> Period:
    """Return the period that a text means, the present quarter where it is empty; raises Invalid."""
    if not text.strip():
        return quarter_of(session.today)
    from tuicrm.when import parse_period

    return Period(*parse_period(text, session.reading))
