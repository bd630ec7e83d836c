"""Quotas: set for a period, shared out to its months exactly, the nearest period first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm.config import set_value
from tuicrm.crm.periods import Period, month_of, quarter_of, year_of
from tuicrm.crm.quotas import quota_key, quota_of, set_quota, span_of, split
from tuicrm.crm.ratebook import set_rate
from tuicrm.crm.rates import MissingRate
from tuicrm.crm.scopes import everyone, mine
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Of = Callable[[date, int], Period]

YEAR = year_of(date(2026, 1, 1)).months()
UNITS = (lambda day, start: month_of(day), quarter_of, year_of)


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


def test_those_of_a_team_are_added_up_in_the_base_currency(session: Session) -> None:
    users = list(session.ws.all("user").values())
    session.commit(set_quota(session, users[:1], "2026-10", "100"))
    session.commit(set_quota(session, users[1:], "2026-10", "USD 30"))
    with pytest.raises(MissingRate, match="for 2026-10-01"):
        quota_of(session, everyone(), YEAR[9])
    session.commit(set_rate(session, "USD", "0.9", "2026-10-01"))
    assert quota_of(session, everyone(), YEAR[9]) == {"EUR": Decimal(127)}


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


def fiscal(session: Session, month: str) -> None:
    session.commit(set_value(session, "fiscal_year_start", month))


def test_a_fiscal_quarter_is_found_again_whatever_the_year_begins_with(session: Session) -> None:
    fiscal(session, "april")
    session.commit(set_quota(session, [ann(session)], "FY2027-Q2", "300"))
    assert list(ann(session)["quotas"]) == ["2026-07..2026-09"]
    for month in ("april", "january", "july", "february"):
        fiscal(session, month)
        assert months(session) == [None] * 6 + [Decimal(100)] * 3 + [None] * 3


def test_a_calendar_quarter_set_before_stays_that_quarter(session: Session) -> None:
    session.commit(set_quota(session, [ann(session)], "2026-Q3", "300"))
    fiscal(session, "april")
    assert months(session) == [None] * 6 + [Decimal(100)] * 3 + [None] * 3
    session.commit(set_quota(session, [ann(session)], "FY2027-Q2", "600"))
    assert list(ann(session)["quotas"]) == ["2026-07..2026-09"]
    assert months(session)[6:9] == [Decimal(200)] * 3
    session.commit(set_quota(session, [ann(session)], "FY2027-Q2", "none"))
    assert "quotas" not in ann(session)


def test_a_fiscal_year_goes_through_its_own_quarters(session: Session) -> None:
    fiscal(session, "july")
    session.commit(set_quota(session, [ann(session)], "FY2027", "1000"))
    assert list(ann(session)["quotas"]) == ["2026-07..2027-06"]
    held = [one for one in months(session) if one is not None]
    assert [sum(held[at : at + 3]) for at in (0, 3)] == [Decimal(250)] * 2


def test_of_quarters_that_overlap_that_of_the_present_fiscal_year_counts(session: Session) -> None:
    session.commit(set_quota(session, [ann(session)], "2026-Q2", "300"))
    fiscal(session, "february")
    session.commit(set_quota(session, [ann(session)], "FY2027-Q2", "600"))
    assert months(session)[3:7] == [Decimal(100), Decimal(200), Decimal(200), Decimal(200)]
    fiscal(session, "january")
    assert months(session)[3:7] == [Decimal(100), Decimal(100), Decimal(100), Decimal(200)]


@given(day=st.dates(date(1950, 1, 1), date(2190, 1, 1)), start=st.integers(1, 12), of=st.sampled_from(UNITS))
def test_what_a_quota_is_stored_under_means_the_same_months_for_ever(day: date, start: int, of: Of) -> None:
    period = of(day, start)
    assert span_of(quota_key(period)) == period


@pytest.mark.parametrize(
    "key", ["", "2026-13", "2026-Q5", "2026-00", "0000", "2026-01..2026-02", "2026-06..2026-04", "FY2027", "2026-1"]
)
def test_other_keys_are_no_quotas(key: str) -> None:
    assert span_of(key) is None
