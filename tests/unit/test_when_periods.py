"""Periods for filters are half-open spans of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.errors import Invalid
from tuicrm.when import Reading, parse_date, parse_period

THURSDAY = Reading.at(datetime(2026, 10, 8, 9, 4, tzinfo=UTC), "Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("today", "2026-10-08", "2026-10-09"),
        ("yesterday", "2026-10-07", "2026-10-08"),
        ("this week", "2026-10-05", "2026-10-12"),
        ("last week", "2026-09-28", "2026-10-05"),
        ("next month", "2026-11-01", "2026-12-01"),
        ("last quarter", "2026-07-01", "2026-10-01"),
        ("this year", "2026-01-01", "2027-01-01"),
        ("2026-Q3", "2026-07-01", "2026-10-01"),
        ("q4 2027", "2027-10-01", "2028-01-01"),
        ("2026-10", "2026-10-01", "2026-11-01"),
        ("2026-12", "2026-12-01", "2027-01-01"),
        ("december 2027", "2027-12-01", "2028-01-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("۲۰۲۶", "2026-01-01", "2027-01-01"),
        ("2199", "2199-01-01", "2200-01-01"),
        ("2026-W41", "2026-10-05", "2026-10-12"),
        ("last 30 days", "2026-09-09", "2026-10-09"),
        ("next 7 days", "2026-10-08", "2026-10-15"),
        ("2026-12-01", "2026-12-01", "2026-12-02"),
        ("in 2 weeks", "2026-10-22", "2026-10-23"),
        ("last 90 days", "2026-07-11", "2026-10-09"),
        ("last 4 weeks", "2026-09-11", "2026-10-09"),
        ("year to date", "2026-01-01", "2026-10-09"),
        ("YTD", "2026-01-01", "2026-10-09"),
        ("quarter to date", "2026-10-01", "2026-10-09"),
        ("qtd", "2026-10-01", "2026-10-09"),
        ("month to date", "2026-10-01", "2026-10-09"),
        ("wtd", "2026-10-05", "2026-10-09"),
        ("FY2026", "2026-01-01", "2027-01-01"),
        ("FY2026-Q3", "2026-07-01", "2026-10-01"),
        ("2026-09-09..2026-10-08", "2026-09-09", "2026-10-09"),
    ],
)
def test_periods(text: str, start: str, end: str) -> None:
    assert parse_period(text, THURSDAY) == (date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    "text",
    [
        *("", "foo", "2026-13", "2026-Q5", "2026-W60", "1899", "2200", "next 0 days", "q5", "x" * 999),
        *("to date", "hour to date", "ytd 2026", "FY2026-10", "FY2026-W3", "q3 fy", "fy", "fy 7", "FY1900-Q"),
        *("2026-10-08..2026-10-07", "2026-10-08..", "2026-10-08..2026-13-01"),
    ],
)
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_period(text, THURSDAY)
    assert len(str(refused.value)) < 200


@given(
    st.dates(date(1902, 1, 8), date(2197, 12, 1)),
    st.sampled_from(["week", "month", "quarter", "year"]),
    st.integers(0, 6),
    st.integers(1, 12),
)
def test_units_follow_one_another_without_a_gap(day: date, unit: str, week_start: int, year_start: int) -> None:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    reading = Reading(now, week_start=week_start, year_start=year_start)
    last, this, following = (parse_period(f"{word} {unit}", reading) for word in ("last", "this", "next"))
    assert this[0] <= day < this[1]
    assert last[1] == this[0]
    assert this[1] == following[0]
    if unit == "week":
        assert this[0].weekday() == week_start
        assert this[1] - this[0] == timedelta(days=7)
    if unit in ("quarter", "year"):
        assert (this[0].day, (this[0].month - year_start) % (3 if unit == "quarter" else 12)) == (1, 0)


APRIL = replace(THURSDAY, year_start=4)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("this quarter", "2026-10-01", "2027-01-01"),
        ("this year", "2026-04-01", "2027-04-01"),
        ("last year", "2025-04-01", "2026-04-01"),
        ("2026", "2025-04-01", "2026-04-01"),
        ("FY2027", "2026-04-01", "2027-04-01"),
        ("fy27", "2026-04-01", "2027-04-01"),
        ("2026-Q3", "2025-10-01", "2026-01-01"),
        ("FY2027-Q1", "2026-04-01", "2026-07-01"),
        ("Q1 FY2027", "2026-04-01", "2026-07-01"),
        ("q3", "2026-10-01", "2027-01-01"),
        ("year to date", "2026-04-01", "2026-10-09"),
        ("2026-10", "2026-10-01", "2026-11-01"),
        ("october", "2026-10-01", "2026-11-01"),
        ("end of year", "2027-03-31", "2027-04-01"),
        ("eoy", "2027-03-31", "2027-04-01"),
        ("start of next year", "2027-04-01", "2027-04-02"),
    ],
)
def test_quarters_and_years_follow_the_fiscal_year(text: str, start: str, end: str) -> None:
    assert parse_period(text, APRIL) == (date.fromisoformat(start), date.fromisoformat(end))


def test_quarters_that_begin_between_those_of_the_calendar() -> None:
    february = replace(THURSDAY, year_start=2)
    assert parse_period("this quarter", february) == (date(2026, 8, 1), date(2026, 11, 1))
    assert parse_period("qtd", february) == (date(2026, 8, 1), date(2026, 10, 9))
    assert parse_date("end of quarter", february) == date(2026, 10, 31)
    assert parse_date("next quarter UTC", february) == date(2026, 11, 1)
