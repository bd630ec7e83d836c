"""Quotas: set for a period, shared out to its months exactly, the nearest period first."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm.periods import Period, month_of, period_named, year_of
from tuicrm.crm.quotas import quota_of, set_quota, split
from tuicrm.crm.scopes import everyone, mine
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

YEAR = year_of(date(2026, 1, 1)).months()


def ann(session: Session) -> dict[str, Any]:
    return session.ws.all("user")[session.me]


def months(session: Session) -> list[Decimal | None]:
    return [quota_of(session, mine(session), month).get("EUR") for month in YEAR]


@given(
    whole=st.decimals(0, 10**15, places=2), count=st.sampled_from([3, 4, 12]), currency=st.sampled_from(["EUR", "JPY"])
)
def test_parts_add_up_exactly(whole: Decimal, count: int, currency: str) -> None:
    parts = split(whole, count, currency)
    assert sum(parts) == whole
    assert len(parts) == count
    assert max(parts) - min(parts) <= 1
    assert parts == sorted(parts)


def test_a_quarter_is_shared_by_its_months(session: Session) -> None:
    session.commit(set_quota(session, [ann(session)], "2026-Q4", "100"))
    assert months(session)[9:] == [Decimal("33.33"), Decimal("33.33"), Decimal("33.34")]
    assert months(session)[:9] == [None] * 9


def test_a_year_goes_through_its_quarters(session: Session) -> None:
    session.commit(set_quota(session, [ann(session)], "2026", "1000"))
    held = [one for one in months(session) if one is not None]
    assert [sum(held[at : at + 3]) for at in (0, 3, 6, 9)] == [Decimal(250)] * 4


def test_the_nearest_period_counts(session: Session) -> None:
    for period, amount in (("2026", "1200"), ("2026-Q4", "600"), ("2026-11", "50")):
        session.commit(set_quota(session, [ann(session)], period, amount))
    assert months(session)[8:] == [Decimal(100), Decimal(200), Decimal(50), Decimal(200)]


def test_those_of_a_team_are_added_up_by_currency(session: Session) -> None:
    users = list(session.ws.all("user").values())
    session.commit(set_quota(session, users[:1], "2026-10", "100"))
    session.commit(set_quota(session, users[1:], "2026-10", "USD 30"))
    assert quota_of(session, everyone(), YEAR[9]) == {"EUR": Decimal(100), "USD": Decimal(30)}


def test_none_takes_it_away(session: Session) -> None:
    session.commit(set_quota(session, [ann(session)], "2026-Q4", "100"))
    session.commit(set_quota(session, [ann(session)], "q4", "none"))
    assert "quotas" not in ann(session)


def test_part_of_a_month_has_none(session: Session) -> None:
    session.commit(set_quota(session, [ann(session)], "2026-10", "100"))
    assert quota_of(session, everyone(), Period(date(2026, 10, 2), date(2026, 11, 1))) == {}


@pytest.mark.parametrize("period", ["last 30 days", "tomorrow", "last 2 quarters"])
def test_a_quota_is_for_a_month_a_quarter_or_a_year(session: Session, period: str) -> None:
    with pytest.raises(Invalid, match="month, a quarter or a year"):
        set_quota(session, [ann(session)], period, "100")


@pytest.mark.parametrize("held", ["x", 5, {"2026-10": "x"}, {"2026-10": {"amount": 4}}, {"2026-10": {"amount": "x"}}])
def test_what_is_no_quota_counts_for_none(session: Session, put: Callable[..., str], held: object) -> None:
    put("user", name="Odd", quotas=held)
    assert quota_of(session, everyone(), YEAR[9]) == {}


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
