"""Money is exact, strictly read, and never mixed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.errors import Invalid
from tuicrm.money import (
    MINOR_UNITS,
    Money,
    amount_text,
    parse_amount,
    parse_money,
    short,
    show,
    sum_money,
    valid_currency,
)

AMOUNTS = st.decimals(-(10**14), 10**14, allow_nan=False, allow_infinity=False, places=4)
CODES = st.sampled_from(sorted(MINOR_UNITS))


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("12000", "12000", "EUR"),
        ("12k", "12000", "EUR"),
        ("12K", "12000", "EUR"),
        ("1.5m", "1500000", "EUR"),
        ("2b", "2000000000", "EUR"),
        ("12,000.50", "12000.50", "EUR"),
        ("1 234 567.5", "1234567.5", "EUR"),
        ("1\u202f234", "1234", "EUR"),
        ("1'234", "1234", "EUR"),
        ("€12000", "12000", "EUR"),
        ("£5", "5", "GBP"),
        ("EUR 12k", "12000", "EUR"),
        ("12000 usd", "12000", "USD"),
        ("12kUSD", "12000", "USD"),
        ("12 k USD", "12000", "USD"),
        ("۱۲۳", "123", "EUR"),
        ("١٬٢٣٤٫٥", "1234.5", "EUR"),
        ("१२", "12", "EUR"),
        ("5 kr", "5", "SEK"),
        ("5 kwd", "5", "KWD"),
        ("12 mxn", "12", "MXN"),
        ("0", "0", "EUR"),
        ("0.005", "0.005", "EUR"),
    ],
)
def test_parse_money(text: str, amount: str, currency: str) -> None:
    assert parse_money(text, currency="EUR") == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "€", "k", "1e5", "1E5", "NaN", "Infinity", "-inf", "0x10", "1_000", "12,00", "1,2345", "1,234,5",
        "1 234,50", "1.000,00", "1.2.3", "1.", ".5", "--5", "+-5", "5  EUR", "EUR 5 USD", "12 million", "12mm", "5%",
        "1,000 000", "1/2", "½", "²", "[/", "\x1b[2J", "9" * 16, "9" * 5000, "1.123456789", "1000000b",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_money(text, currency="EUR")
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 200


def test_dollars_are_the_workspaces_own_dollars() -> None:
    assert parse_money("$5", currency="CAD").currency == "CAD"
    assert parse_money("$5", currency="EUR").currency == "USD"
    assert parse_money("kr 5", currency="NOK").currency == "NOK"


@pytest.mark.parametrize("text", ["-5", "−5", "€-5", "-€5", "-5 usd"])
def test_negative_amounts_only_where_allowed(text: str) -> None:
    with pytest.raises(Invalid, match="negative"):
        parse_money(text, currency="EUR")
    assert parse_money(text, currency="EUR", allow_negative=True).amount == -5


def test_parse_amount_takes_no_currency() -> None:
    assert parse_amount("12.5k") == 12500
    with pytest.raises(Invalid):
        parse_amount("EUR 5")


@given(AMOUNTS, CODES)
def test_the_stored_form_round_trips(amount: Decimal, currency: str) -> None:
    text = amount_text(amount, currency)
    assert Decimal(text) == amount
    assert parse_amount(text, allow_negative=True) == amount
    assert amount_text(Decimal(text), currency) == text
    assert "E" not in text


@given(AMOUNTS, CODES)
def test_what_is_shown_reads_back(amount: Decimal, currency: str) -> None:
    assert parse_money(show(Money(amount, currency)), currency="EUR", allow_negative=True) == Money(amount, currency)


@given(st.text(st.characters(exclude_categories=()), max_size=30) | st.text("0123456789.,kmb€$-+ '", max_size=12))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        money = parse_money(text, currency="EUR")
    except Invalid:
        return
    assert money.amount >= 0
    assert money.currency in MINOR_UNITS


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("12E3", "EUR", "12000.00"),
        ("12E3", "JPY", "12000"),
        ("1.5", "KWD", "1.500"),
        ("1.2345", "EUR", "1.2345"),
        ("0.5", "JPY", "0.5"),
        ("-0.00", "EUR", "0.00"),
    ],
)
def test_amount_text(amount: str, currency: str, text: str) -> None:
    assert amount_text(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("amount", "card"),
    [
        ("0", "0"), ("0.4", "0"), ("950", "950"), ("999.6", "1k"), ("1000", "1k"), ("1240", "1.2k"), ("12000", "12k"),
        ("489123", "489k"), ("999600", "1M"), ("1030000", "1.03M"), ("12345678", "12.3M"), ("999999999", "1B"),
        ("999000000000", "999B"), ("-12000", "-12k"), ("-0.1", "0"),
    ],
)  # fmt: skip
def test_short(amount: str, card: str) -> None:
    assert short(Decimal(amount)) == card


@given(st.decimals(-999 * 10**9, 999 * 10**9, places=2))
def test_short_fits_a_card_and_is_near(amount: Decimal) -> None:
    card = short(amount)
    assert len(card) <= 6
    factor = {"k": 10**3, "M": 10**6, "B": 10**9}.get(card[-1], 1)
    assert abs(Decimal(card.rstrip("kMB")) * factor - amount) <= max(abs(amount) * Decimal("0.05"), Decimal("0.5"))


def test_show() -> None:
    assert show(Money(Decimal("12000.00"), "EUR")) == "EUR 12,000"
    assert show(Money(Decimal("12000.5"), "EUR")) == "EUR 12,000.50"
    assert show(Money(Decimal("-0.5"), "EUR")) == "EUR -0.50"


@given(st.lists(st.builds(Money, AMOUNTS, st.sampled_from(["EUR", "USD"]))))
def test_sums_never_mix_currencies(items: list[Money]) -> None:
    totals = sum_money(items)
    for code in ("EUR", "USD"):
        assert totals.get(code, Decimal(0)) == sum(item.amount for item in items if item.currency == code)
    assert list(totals) == sorted({item.currency for item in items})


def test_valid_currency() -> None:
    assert valid_currency(" eur ") == "EUR"
    with pytest.raises(Invalid, match="did you mean EUR"):
        valid_currency("EURO")
    with pytest.raises(Invalid, match="no ISO 4217"):
        valid_currency("")
