"""Periods: their names with any fiscal year, their months, and the periods before and after them."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm.config import get, set_value
from tuicrm.crm.periods import Period, month_of, period_named, present_quarter, quarter_of, year_of
from tuicrm.errors import Invalid
from tuicrm.store.changes import Write
from tuicrm.when import Reading, parse_period

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

days = st.dates(date(1950, 1, 1), date(2190, 1, 1))
starts = st.integers(1, 12)


@pytest.mark.parametrize(
    ("text", "title", "key"),
    [
        ("", "Q4 2026", "2026-Q4"),
        ("this month", "Oct 2026", "2026-10"),
        ("2026", "2026", "2026"),
        ("2026-Q1", "Q1 2026", "2026-Q1"),
        ("last 30 days", "9 Sep 2026 - 8 Oct 2026", "2026-09-09..2026-10-08"),
        ("today", "8 Oct 2026", "2026-10-08..2026-10-08"),
    ],
)
def test_periods_have_names(session: Session, text: str, title: str, key: str) -> None:
    period = period_named(session, text)
    assert (period.title, period.key) == (title, key)


@given(day=st.dates(date(1950, 1, 1), date(2190, 1, 1)), length=st.integers(1, 500), by=st.integers(-9, 9))
def test_months_cover_a_period_and_moving_it_goes_back(day: date, length: int, by: int) -> None:
    period = Period(day, date.fromordinal(day.toordinal() + length))
    months = period.months()
    assert (months[0].first, months[-1].end) == (period.first, period.end)
    assert all(one.end == following.first for one, following in itertools.pairwise(months))
    assert all(month_of(one.first).holds(one.first) for one in months)
    assert period.moved(by).moved(-by) == period


def test_a_span_of_days_stays_one_where_it_falls_on_a_month() -> None:
    span = Period(date(2000, 1, 3), date(2000, 2, 3))
    august = span.moved(-5)
    assert (august.first, august.end) == (date(1999, 8, 1), date(1999, 9, 1))
    assert august.title == "1 Aug 1999 - 31 Aug 1999"
    assert august.moved(5) == span


@pytest.mark.parametrize(
    ("text", "title", "key"),
    [
        ("", "Q3 FY2027", "FY2027-Q3"),
        ("this year", "FY2027", "FY2027"),
        ("2026-Q3", "Q3 FY2026", "FY2026-Q3"),
        ("2026-10", "Oct 2026", "2026-10"),
        ("2026-01-01..2026-12-31", "1 Jan 2026 - 31 Dec 2026", "2026-01-01..2026-12-31"),
        ("ytd", "1 Apr 2026 - 8 Oct 2026", "2026-04-01..2026-10-08"),
    ],
)
def test_fiscal_periods_have_names_that_cannot_be_mistaken(session: Session, text: str, title: str, key: str) -> None:
    session.commit(set_value(session, "fiscal_year_start", "april"))
    period = period_named(session, text)
    assert (period.title, period.key) == (title, key)


@pytest.mark.parametrize(("text", "stored"), [("april", "4"), ("Apr", "4"), ("۴", "4"), ("12", "12"), (" 01 ", "1")])
def test_the_month_of_the_setting(session: Session, text: str, stored: str) -> None:
    session.commit(set_value(session, "fiscal_year_start", text))
    assert get(session, "fiscal_year_start").value == stored
    assert session.year_start == session.reading.year_start == int(stored)


@pytest.mark.parametrize("text", ["0", "13", "-4", "4.5", "quarter", "444444444"])
def test_what_is_no_month_is_refused(session: Session, text: str) -> None:
    with pytest.raises(Invalid, match="as april or 4"):
        set_value(session, "fiscal_year_start", text)


@pytest.mark.parametrize("value", ["0", "13", "04", "x", "", "٤"])
def test_a_stored_month_that_is_none_counts_for_january(session: Session, value: str) -> None:
    fields = {"key": "fiscal_year_start", "value": value}
    session.ws.commit([Write("setting", session.ws.new_id(), fields)], by="bob", note="by hand")
    assert present_quarter(session).key == "2026-Q4"


@given(day=days, start=starts)
def test_quarters_tile_the_year_and_every_day_is_in_exactly_one(day: date, start: int) -> None:
    year = year_of(day, start)
    first = quarter_of(year.first, start)
    quarters = [first.moved(by) for by in range(4)]
    assert (quarters[0].first, quarters[-1].end) == (year.first, year.end)
    assert all(one.end == following.first for one, following in itertools.pairwise(quarters))
    assert [one.title.split()[0] for one in quarters] == ["Q1", "Q2", "Q3", "Q4"]
    assert [one for one in quarters if one.holds(day)] == [quarter_of(day, start)]
    assert year.holds(day)
    assert (year.first.month, year.unit, first.unit) == (start, "year", "quarter")
    assert str((year.end - timedelta(days=1)).year) in year.title


@given(day=days, start=starts, now=days)
def test_the_key_of_a_period_is_read_as_that_period(day: date, start: int, now: date) -> None:
    reading = Reading(datetime(now.year, now.month, now.day, 12, tzinfo=UTC), year_start=start)
    odd = Period(day, day + timedelta(days=40), year_start=start)
    for period in (month_of(day), quarter_of(day, start), year_of(day, start), odd):
        for text in (period.key, period.title) if period.unit else (period.key,):
            found = Period(*parse_period(text, reading), year_start=start)
            assert found == period
            assert (found.key, found.title) == (period.key, period.title)


@given(day=days, start=starts, by=st.integers(-9, 9))
def test_moving_a_period_and_back(day: date, start: int, by: int) -> None:
    for of in (quarter_of, year_of):
        period = of(day, start)
        moved = period.moved(by)
        assert (moved.unit, moved.year_start) == (period.unit, start)
        assert moved.moved(-by) == period
        assert moved.moved(-by).key == period.key
