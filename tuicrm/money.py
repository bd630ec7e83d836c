"""Money: exact amounts with an ISO 4217 currency, read from what people type, never a float, never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
    from re import Match

_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP "
    "CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
    "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN "
    "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP "
    "SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
MINOR_UNITS = {code: digits for digits, codes in _BY_DIGITS.items() for code in codes.split()}
"""Digits after the decimal point, by currency code."""

_SYMBOLS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "￥": "JPY", "₹": "INR", "₺": "TRY", "₴": "UAH", "₽": "RUB", "₩": "KRW",
    "﷼": "IRR", "₼": "AZN", "₸": "KZT", "₾": "GEL", "₪": "ILS", "₫": "VND", "₦": "NGN", "₱": "PHP", "฿": "THB",
    "₡": "CRC", "₲": "PYG", "₵": "GHS", "₭": "LAK", "₮": "MNT", "៛": "KHR", "US$": "USD", "A$": "AUD", "C$": "CAD",
    "R$": "BRL", "HK$": "HKD", "NZ$": "NZD", "S$": "SGD", "zł": "PLN", "Kč": "CZK",
}  # fmt: skip
_SHARED = {
    "$": ("USD", "AUD CAD NZD SGD HKD TWD MXN ARS CLP COP BBD BSD BZD BMD BND FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD"),
    "¥": ("JPY", "CNY"),
    "￥": ("JPY", "CNY"),
    "£": ("GBP", "EGP FKP GIP LBP SDG SHP SSP SYP"),
    "﷼": ("IRR", "SAR QAR OMR YER"),
    "₩": ("KRW", "KPW"),
    "kr": ("SEK", "NOK DKK ISK"),
}
"""Symbols of several currencies: the usual one, and those that the workspace's own currency makes it mean."""

_FACTORS = {"": 0, "k": 3, "m": 6, "b": 9}
MAX_WHOLE_DIGITS = 15
MAX_FRACTION_DIGITS = 8
_NUMBER = r"\d[\d.,' ]*?"
_WORD = r"(?:[^\d\s.,+'-]+)"
_EXAMPLES = "such as 12000, 12,000.50, 12k, 1.5m or EUR 12000"
_SIGNS = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f\u2007", " ") | {"٬": ",", "٫": ".", "’": "'", "−": "-"})


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in one currency."""

    amount: Decimal
    currency: str


def parse_money(text: str, *, currency: str, allow_negative: bool = False) -> Money:
    """Read `12k`, `€12,000.50`, `EUR 12k` or `12000 usd`; without a sign of its own the given currency holds.

    Raises Invalid. A point is the decimal sign; commas, apostrophes or spaces may part groups of three digits.
    """
    found = _match(
        rf"(?P<sign>[-+]?) ?(?P<before>{_WORD}?) ?(?P<number>-?{_NUMBER}) ?(?P<after>{_WORD}?( {_WORD})?)", text
    )
    if not found:
        raise _not_money(text)
    before, (unit, after) = found["before"], _unit_and_name(found["after"])
    if before and after:
        raise _not_money(text)
    amount = _amount(text, found["number"], unit, found["sign"], allow_negative)
    return Money(amount, _currency_of(text, before or after, valid_currency(currency)))


def parse_amount(text: str, *, allow_negative: bool = False) -> Decimal:
    """Read an amount without a currency, by the same rules as `parse_money`; raises Invalid."""
    found = _match(rf"(?P<sign>[-+]?) ?(?P<number>{_NUMBER}) ?(?P<unit>[kKmMbB]?)", text)
    if not found:
        raise _not_money(text)
    return _amount(text, found["number"], found["unit"], found["sign"], allow_negative)


def amount_text(amount: Decimal, currency: str) -> str:
    """Return the canonical decimal string of a record: at least the currency's minor units, never an exponent."""
    whole, _, fraction = f"{amount:f}".partition(".")
    fraction = fraction.rstrip("0").ljust(MINOR_UNITS.get(currency, 2), "0")
    if not fraction.strip("0") and not whole.strip("-0"):
        whole = "0"
    return f"{whole}.{fraction}" if fraction else whole


def valid_currency(code: str) -> str:
    """Return the upper-cased ISO 4217 code; raises Invalid, naming the nearest."""
    upper = code.strip().upper()
    if upper in MINOR_UNITS:
        return upper
    from tuicrm.text import clean_line, nearest

    meant = nearest(upper, MINOR_UNITS) if len(upper) <= 8 else None
    guess = f"did you mean {meant}?" if meant else "use one such as EUR, USD or GBP."
    raise Invalid(f'"{clean_line(code.strip()[:20])}" is no ISO 4217 currency code: {guess}')


def short(amount: Decimal) -> str:
    """Return an amount for a card, in at most 6 characters below 1000B: `950`, `1.2k`, `12k`, `1.03M`, `489k`.

    Rounded (a half goes to the even digit): thousands from ten upwards to whole ones, larger units to three digits.
    """
    scaled, name, digits = abs(amount), "", ""
    for name, power in (("", 0), ("k", 3), ("M", 6), ("B", 9)):
        scaled = abs(amount).scaleb(-power)
        places = _places(scaled, name)
        digits = f"{scaled:,.{places}f}".replace(",", "")
        if name == "B" or len(digits.partition(".")[0]) <= 3:
            break
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    if digits == "0":
        return "0"
    return f"{'-' if amount < 0 else ''}{digits}{name}"


def show(money: Money) -> str:
    """Return `EUR 12,000` or `EUR 12,000.50`: grouped, the fraction only when there is one."""
    from decimal import Decimal

    whole, _, fraction = amount_text(money.amount, money.currency).partition(".")
    grouped = f"{Decimal(whole):,f}"
    return f"{money.currency} {grouped}.{fraction}" if fraction.strip("0") else f"{money.currency} {grouped}"


def sum_money(items: Iterable[Money]) -> dict[str, Decimal]:
    """Return the exact total of each currency, ordered by code; currencies are never mixed."""
    from decimal import Decimal

    totals: dict[str, Decimal] = {}
    for item in items:
        totals[item.currency] = totals.get(item.currency, Decimal(0)) + item.amount
    return dict(sorted(totals.items()))


def _match(pattern: str, text: str) -> Match[str] | None:
    """Match a whole text once its digits and signs are written in ASCII."""
    import re

    # Nothing longer is an amount, and a bound keeps hostile text from costing time.
    return re.fullmatch(pattern, ascii_digits(text.strip()), re.ASCII) if len(text) <= 80 else None


def ascii_digits(text: str) -> str:
    """Return a text with digits and signs of any script written in ASCII."""
    if text.isascii():
        return text
    import unicodedata

    text = text.translate(_SIGNS)
    return "".join([str(unicodedata.digit(char)) if char.isdecimal() else char for char in text])


def _places(scaled: Decimal, name: str) -> int:
    """Say how many decimals a scaled amount shows on a card."""
    if not name or scaled >= 100:
        return 0
    if scaled >= 10:
        return 0 if name == "k" else 1
    return 1 if name == "k" else 2


def _unit_and_name(tail: str) -> tuple[str, str]:
    """Split what follows a number, `k`, `k EUR`, `kEUR` or `EUR`, into factor and currency."""
    if tail[:1].lower() in _FACTORS and tail not in _SYMBOLS and tail.lower() not in _SHARED:
        rest = tail[1:].strip()
        if tail[1:2] == " " or not rest or rest in _SYMBOLS or rest in _SHARED or rest.upper() in MINOR_UNITS:
            return tail[:1].lower(), rest
    return "", tail


def _amount(text: str, number: str, unit: str, sign: str, allow_negative: bool) -> Decimal:
    """Check the grouping of the digits and give them their exact value."""
    from decimal import Decimal

    if number.startswith("-"):
        if sign:
            raise _not_money(text)
        sign, number = "-", number[1:]
    if not _match(r"\d+(\.\d+)?|\d{1,3}([,' ])\d{3}(\2\d{3})*(\.\d+)?", number):
        raise _not_money(text)
    number = number.translate({ord(char): None for char in ",' "})
    fraction = number.partition(".")[2]
    value = Decimal(number) * Decimal(10 ** _FACTORS[unit.lower()])
    if len(f"{value:f}".partition(".")[0].lstrip("0")) > MAX_WHOLE_DIGITS or len(fraction) > MAX_FRACTION_DIGITS:
        raise Invalid(
            f"{_quoted(text)} is out of range: at most {MAX_WHOLE_DIGITS} digits before the point and "
            f"{MAX_FRACTION_DIGITS} after it."
        )
    if sign == "-" and value and not allow_negative:
        raise Invalid(f"{_quoted(text)} is negative: an amount of zero or more is right here.")
    return -value if sign == "-" and value else value


def _currency_of(text: str, named: str, own: str) -> str:
    """Find the currency that a symbol or a code names beside an amount, given the workspace's own."""
    if not named:
        return own
    usual, others = _SHARED.get(named) or _SHARED.get(named.lower()) or ("", "")
    if usual:
        return own if own in others.split() else usual
    if named in _SYMBOLS:
        return _SYMBOLS[named]
    if len(named) == 3 and named.isalpha():
        return valid_currency(named)
    raise _not_money(text)


def _not_money(text: str) -> Invalid:
    return Invalid(f"{_quoted(text)} is no amount: write one {_EXAMPLES}.")


def _quoted(text: str) -> str:
    from tuicrm.text import clean_line, truncate

    return f'"{truncate(clean_line(text[:200]), 40)}"'
