"""What line items come to: one rule for deals and quotes, exact to the currency's smallest unit.

A line is quantity times price less its discount, rounded half up. Tax is worked out once for each rate, on the sum of
the lines that it is on, rounded half up. Lines therefore add up to the net sum, and net and tax to what is to be paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Any

from tuicrm.crm.derive import amount
from tuicrm.crm.shapes import table, word
from tuicrm.money import MINOR_UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

PRECISION = 200
"""Digits that are reckoned with: more than the longest quantity, price and discount have together."""
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Line:
    """One line item, reckoned."""

    key: str
    product: str
    name: str
    quantity: Decimal
    price: Decimal | None
    """None where nobody has said it."""
    discount: Decimal
    """In percent."""
    reason: str
    """Why there is a discount; for the team, not for the customer."""
    tax: Decimal
    """The rate, in percent."""
    full: Decimal
    """What it comes to without the discount."""
    net: Decimal


@dataclass(frozen=True)
class Tax:
    """The tax of one rate."""

    rate: Decimal
    base: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Totals:
    """All lines with their sums."""

    currency: str
    lines: tuple[Line, ...]
    full: Decimal
    """Without discounts."""
    net: Decimal
    taxes: tuple[Tax, ...]
    """By rate, the highest first; a rate of nothing is left out."""
    tax: Decimal
    gross: Decimal


def reckon(items: object, currency: str, tax_rate: object = "") -> Totals:
    """Return what line items, as a record holds them, come to; `tax_rate` is on those without a rate of their own."""
    with localcontext() as context:
        context.prec = PRECISION
        usual = _percent(tax_rate)
        lines = tuple(_line(key, item, currency, usual) for key, item in ordered(items))
        taxes = tuple(_taxes(lines, currency))
        net, tax = sum((one.net for one in lines), Decimal(0)), sum((one.amount for one in taxes), Decimal(0))
        full = sum((one.full for one in lines), Decimal(0))
        return Totals(currency, lines, full, net, taxes, tax, net + tax)


def ordered(items: object) -> list[tuple[str, dict[str, Any]]]:
    """Return line items with their keys, in the order in which they are shown."""
    return sorted(table(items).items(), key=lambda pair: (word(pair[1].get("order")), pair[0]))


def _line(key: str, item: Mapping[str, Any], currency: str, usual: Decimal) -> Line:
    quantity = _quantity(item.get("quantity"))
    price = amount(item.get("price"))
    discount = _percent(item.get("discount"))
    full = quantity * (price or Decimal(0))
    return Line(
        key,
        word(item.get("product")),
        word(item.get("name")),
        quantity,
        price,
        discount,
        word(item.get("discount_reason")),
        usual if item.get("tax") in (None, "") else _percent(item.get("tax")),
        rounded(full, currency),
        rounded(full * (_HUNDRED - discount) / _HUNDRED, currency),
    )


def _taxes(lines: tuple[Line, ...], currency: str) -> list[Tax]:
    bases: dict[Decimal, Decimal] = {}
    for one in lines:
        bases[one.tax] = bases.get(one.tax, Decimal(0)) + one.net
    rates = sorted((rate for rate in bases if rate), reverse=True)
    return [Tax(rate, bases[rate], rounded(bases[rate] * rate / _HUNDRED, currency)) for rate in rates]


def rounded(value: Decimal, currency: str) -> Decimal:
    """Return an amount rounded half up to the smallest unit of a currency."""
    with localcontext() as context:
        context.prec = PRECISION
        return value.quantize(Decimal(1).scaleb(-MINOR_UNITS.get(currency, 2)), ROUND_HALF_UP)


def _quantity(value: object) -> Decimal:
    found = amount(value if isinstance(value, str) else str(value or 1))
    return found if found is not None and found > 0 else Decimal(1)


def _percent(value: object) -> Decimal:
    found = amount(value)
    return found if found is not None and 0 <= found <= _HUNDRED else Decimal(0)
