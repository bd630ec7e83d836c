"""Dated rates: what is read from settings, how they are set and taken away, and exact sums with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm import config, undo
from tuicrm.crm.ratebook import entries, remove_rate, set_rate
from tuicrm.crm.rates import MissingRate, Rate, Rates, held, rates
from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

TODAY = date(2026, 10, 8).toordinal()
ONE = Decimal(1)


def of(session: Session, currency: str = "USD", day: int = TODAY) -> Decimal:
    return rates(session).to_base(ONE, currency, day)


def listed(session: Session) -> list[tuple[str, str, str, str]]:
    return [(one.currency, one.since, f"{one.rate} {one.base}", one.status) for one in entries(session)]


def test_the_last_rate_up_to_a_day_holds(session: Session) -> None:
    for rate, since in (("0.92", "2026-10-01"), ("0.95", "2026-10-08"), ("0.9", "2027-01-01")):
        session.commit(set_rate(session, "USD", rate, since))
    assert [of(session, day=TODAY + by) for by in (-7, -1, 0, 84, 85)] == [
        Decimal(text) for text in ("0.92", "0.92", "0.95", "0.95", "0.9")
    ]
    with pytest.raises(MissingRate, match="from USD to EUR for 2026-09-30") as missing:
        of(session, day=TODAY - 8)
    assert "tuicrm config rate USD RATE --from 2026-09-30" in missing.value.hint
    assert listed(session) == [
        ("USD", "2027-01-01", "0.9 EUR", "later"),
        ("USD", "2026-10-08", "0.95 EUR", "now"),
        ("USD", "2026-10-01", "0.92 EUR", "past"),
    ]


def test_the_base_currency_and_nothing_need_no_rate(session: Session) -> None:
    assert rates(session).to_base(Decimal("7.10"), "EUR", 1) == Decimal("7.10")
    assert rates(session).to_base(Decimal("0.00"), "USD", 1) == 0


def test_a_rate_is_from_today_where_no_day_is_named_and_days_are_words(session: Session) -> None:
    session.commit(set_rate(session, "usd", "۰.۹۲"))
    session.commit(set_rate(session, "USD", "1.50", "tomorrow"))
    assert [row[1:3] for row in listed(session)] == [("2026-10-09", "1.5 EUR"), ("2026-10-08", "0.92 EUR")]


@pytest.mark.parametrize(
    ("currency", "rate", "since", "says"),
    [
        ("EUR", "1", "", "is the base currency"),
        ("USDD", "1", "", "did you mean USD"),
        ("", "1", "", "ISO 4217"),
        *(
            ("USD", rate, "", "is no rate")
            for rate in ("0", "0.000", "-1", "", "1e3", "NaN", "1,5", ".5", "1.", "0.1234567890123", "1" * 16, "1 2")
        ),
        ("USD", "x" * 1000, "", "is no rate"),
        ("USD", "1", "someday", "from"),
        ("USD", "1", "1899-12-31", "from"),
    ],
)
def test_a_bad_rate_is_refused(session: Session, currency: str, rate: str, since: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        set_rate(session, currency, rate, since)
    assert len(str(refused.value)) < 250


def test_taking_a_rate_away_and_back(session: Session) -> None:
    session.commit(set_rate(session, "USD", "0.92", "2026-10-01"))
    session.commit(set_rate(session, "USD", "0.95", "2026-10-02"))
    with pytest.raises(NotFound) as missing:
        remove_rate(session, "USD", "2026-10-03")
    assert "2026-10-01, 2026-10-02" in missing.value.hint
    session.commit(remove_rate(session, "USD", "2026-10-02"))
    assert of(session) == Decimal("0.92")
    session.commit(undo.undo(session))
    assert of(session) == Decimal("0.95")
    session.commit(undo.undo(session))
    session.commit(undo.undo(session))
    assert listed(session) == []
    with pytest.raises(MissingRate):
        of(session)


def test_setting_what_is_set_changes_nothing(session: Session) -> None:
    session.commit(set_rate(session, "USD", "0.92"))
    assert set_rate(session, "USD", "0.9200").changes == ()


def test_two_records_of_one_rate_end_up_equal(session: Session, put: Callable[..., str]) -> None:
    put("setting", days_ago=2, key="rate.USD.2026-10-01", value="0.90 EUR")
    put("setting", days_ago=1, key="rate.USD.2026-10-01", value="0.91 EUR")
    assert of(session) == Decimal("0.91")
    assert len(held(session)) == 1
    session.commit(set_rate(session, "USD", "0.92", "2026-10-01"))
    assert {one["value"] for one in session.ws.all("setting").values() if one["key"].startswith("rate")} == {"0.92 EUR"}
    session.commit(remove_rate(session, "USD", "2026-10-01"))
    assert held(session) == []


def test_rates_into_another_base_do_not_count_and_are_named(session: Session) -> None:
    session.commit(set_rate(session, "USD", "0.92", "2026-10-01"))
    plan = config.set_value(session, "currency", "GBP")
    assert "rates into EUR do not count" in plan.said[-1]
    session.commit(plan)
    with pytest.raises(MissingRate, match="from USD to GBP") as missing:
        of(session)
    assert "Rates into EUR do not count while the base currency is GBP" in missing.value.hint
    assert listed(session) == [("USD", "2026-10-01", "0.92 EUR", "other base")]
    session.commit(config.set_value(session, "currency", "EUR"))
    assert of(session) == Decimal("0.92")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("rate.USD.2026-10-01", value)
        for value in ("0.92", "EUR", "-1 EUR", "0 EUR", "NaN EUR", "1e2 EUR", "1 eur", "٠.٩ EUR", 4, None, "1  EUR", "")
    ]
    + [
        (key, "0.92 EUR")
        for key in ("rate.usd.2026-10-01", "rate.USD.20261001", "rate.USD.2026-W40-4", "rate.USD", "rate..", "rate", 7)
    ],
)
def test_what_this_program_would_not_write_is_no_rate(
    session: Session, put: Callable[..., str], key: object, value: object
) -> None:
    put("setting", key=key, value=value)
    assert held(session) == []
    assert next(one.key for one in config.listing(session)) == "currency"


def test_a_currency_that_can_have_no_rate_is_not_put_into_a_command(session: Session) -> None:
    with pytest.raises(MissingRate) as missing:
        of(session, "$(reboot)")
    assert "reboot" not in missing.value.hint
    assert "no ISO 4217 code" in missing.value.hint


def test_settings_know_where_rates_are(session: Session) -> None:
    session.commit(set_rate(session, "USD", "0.92"))
    with pytest.raises(Invalid, match="tuicrm config rate"):
        config.get(session, "rate.USD.2026-10-08")


@given(
    amount=st.decimals(-(10**15), 10**15, places=8),
    rows=st.dictionaries(st.integers(TODAY - 400, TODAY + 400), st.decimals("0.000001", 10**9, places=12), max_size=9),
    day=st.integers(TODAY - 500, TODAY + 500),
)
def test_amounts_are_exact_at_the_rate_of_the_day(amount: Decimal, rows: dict[int, Decimal], day: int) -> None:
    book = Rates("EUR", [Rate("USD", since, value, "EUR") for since, value in rows.items()])
    before = [since for since in rows if since <= day]
    if before and amount:
        assert Fraction(book.to_base(amount, "USD", day)) == Fraction(amount) * Fraction(rows[max(before)])
    elif amount:
        with pytest.raises(MissingRate):
            book.to_base(amount, "USD", day)
