"""Spans of days that figures are given for: their names, their months, and the spans before and after them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

QUARTER, YEAR = 3, 12
"""Months."""
NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` on, before `end`."""

    first: date
    end: date
    of_days: bool = field(default=False, compare=False)
    """Whether it is a span of days that moves by days, also where it happens to fall on a month."""
    year_start: int = field(default=1, compare=False)
    """The first month of the fiscal year, which says what a quarter is and what years are called."""

    @property
    def whole_months(self) -> int:
        """How many months the period is made of; 0 where it does not begin and end with one."""
        if self.of_days or self.first.day != 1 or self.end.day != 1:
            return 0
        return _month(self.end) - _month(self.first)

    @property
    def unit(self) -> str:
        """`month`, `quarter` or `year`, as the team's fiscal year has them; empty for any other span."""
        count = self.whole_months
        if count == 1:
            return "month"
        if count not in (QUARTER, YEAR) or (self.first.month - self.year_start) % count:
            return ""
        return "quarter" if count == QUARTER else "year"

    @property
    def title(self) -> str:
        """`Oct 2026`, `Q4 2026`, `2026`, else the first and the last day.

        Where fiscal years do not begin in January, `Q3 FY2027` and `FY2027`: named after the calendar year of the end.
        """
        unit = self.unit
        if unit == "month":
            return f"{NAMES[self.first.month - 1]} {self.first.year}"
        if unit:
            return f"Q{self._quarter} {self._year_name}" if unit == "quarter" else self._year_name
        last = self.end - timedelta(days=1)
        return f"{_day(self.first)} - {_day(last)}" if last != self.first else _day(last)

    @property
    def key(self) -> str:
        """`2026-10`, `2026-Q4`, `2026`, else the first and the last day in ISO: what commands take and JSON holds.

        Where fiscal years do not begin in January, `FY2027-Q3` and `FY2027`.
        """
        unit = self.unit
        if unit == "month":
            return f"{self.first.year:04}-{self.first.month:02}"
        if unit:
            return f"{self._year_name}-Q{self._quarter}" if unit == "quarter" else self._year_name
        return f"{self.first.isoformat()}..{(self.end - timedelta(days=1)).isoformat()}"

    @property
    def _quarter(self) -> int:
        return (self.first.month - self.year_start) % YEAR // QUARTER + 1

    @property
    def _year_name(self) -> str:
        if self.year_start == 1:
            return f"{self.first.year:04}"
        return f"FY{self.first.year + (self.first.month >= self.year_start):04}"

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
                first, end = (_first_of(_month(day) + by * count) for day in (self.first, self.end))
                return replace(self, first=first, end=end)
            span = self.end - self.first
            return replace(self, first=self.first + span * by, end=self.end + span * by, of_days=True)
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


def quarter_of(day: date, year_start: int = 1) -> Period:
    """Return the quarter that holds a day, of the fiscal year that begins with a month."""
    return _part_of_year(day, QUARTER, year_start)


def year_of(day: date, year_start: int = 1) -> Period:
    """Return the fiscal year that holds a day, given the month that it begins with."""
    return _part_of_year(day, YEAR, year_start)


def _part_of_year(day: date, count: int, year_start: int) -> Period:
    start = _month(day) - (day.month - year_start) % count
    return Period(_first_of(start), _first_of(start + count), year_start=year_start)


def present_quarter(session: Session) -> Period:
    """Return the quarter that today is in, as the team's fiscal year has it."""
    return quarter_of(session.today, session.year_start)


def period_named(session: Session, text: str) -> Period:
    """Return the period that a text means, the present quarter where it is empty; raises Invalid."""
    if not text.strip():
        return present_quarter(session)
    from tuicrm.when import parse_period

    return Period(*parse_period(text, session.reading), year_start=session.year_start)
