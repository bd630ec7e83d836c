"""What stands on a quote, the same on every kind of paper: texts ready to be set, cleaned of what no paper shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.quotes.standing import called, stored_status, totals
from tuicrm.crm.shapes import word
from tuicrm.records.kinds.quote import DRAFT
from tuicrm.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tuicrm.crm.pricing import Totals
    from tuicrm.crm.session import Session


@dataclass(frozen=True)
class Paper:
    """A quote to be set: every text is one line and free of control characters."""

    heading: str
    seller: tuple[str, ...]
    recipient: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    """Labels with their texts: the day, how long it holds."""
    heads: tuple[str, ...]
    """Of the table: the first column is what is sold, the others are figures."""
    rows: tuple[tuple[str, ...], ...]
    sums: tuple[tuple[str, str], ...]
    """Labels with amounts; the last is what is to be paid."""
    terms: tuple[str, ...]

    def texts(self) -> str:
        """Return all that stands on it, for whoever needs to know which characters these are."""
        parts = [self.heading, *self.seller, *self.recipient, *self.heads, *self.terms]
        parts += [text for row in (*self.facts, *self.rows, *self.sums) for text in row]
        return "\n".join(parts)


def paper(session: Session, quote: Mapping[str, Any]) -> Paper:
    """Return what stands on a quote."""
    found = totals(quote)
    facts = [("Date", word(quote.get("date"))), ("Valid until", word(quote.get("valid_until")))]
    if stored_status(quote) == DRAFT:
        facts.append(("Status", "draft"))
    heads, rows = _table(found)
    return Paper(
        clean_line(f"Quote {called(session, quote)}"),
        _seller(session),
        lines(word(quote.get("recipient"))),
        tuple((label, clean_line(_day(text))) for label, text in facts if text),
        heads,
        rows,
        tuple(_sums(found)),
        lines(word(quote.get("terms"))),
    )


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text, without those that are empty at its ends."""
    return tuple(clean_line(one.rstrip()) for one in text.strip().splitlines())


def _seller(session: Session) -> tuple[str, ...]:
    address = session.setting("seller_address")
    parts = address.splitlines() if "\n" in address else [one.strip() for one in address.split(",")]
    tax = session.setting("seller_tax_number")
    held = [session.setting("seller_name"), *parts, session.setting("seller_contact"), f"Tax no. {tax}" if tax else ""]
    return tuple(clean_line(one) for one in held if one.strip())


def _day(text: str) -> str:
    from datetime import date

    from tuicrm.when import say_day

    try:
        return say_day(date.fromisoformat(text))
    except ValueError:
        return text


def _table(found: Totals) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return heads and rows; discounts and tax rates have a column only where they tell lines apart."""
    discounts = any(one.discount for one in found.lines)
    rates = len({one.tax for one in found.lines}) > 1
    heads = ["Item", "Quantity", "Price"]
    heads += ["Discount"] if discounts else []
    heads += ["Tax"] if rates else []
    rows = []
    for one in found.lines:
        row = [clean_line(one.name or one.key), number(one.quantity), money(one.price, found.currency)]
        row += [f"{number(one.discount)}%" if one.discount else ""] if discounts else []
        row += [f"{number(one.tax)}%"] if rates else []
        rows.append((*row, money(one.net, found.currency)))
    return (*heads, clean_line(found.currency)), tuple(rows)


def _sums(found: Totals) -> list[tuple[str, str]]:
    currency = found.currency
    made = [("Before discounts", money(found.full, currency))] if found.full != found.net else []
    if found.taxes:
        made.append(("Net", money(found.net, currency)))
        made += [
            (f"Tax {number(one.rate)}% on {money(one.base, currency)}", money(one.amount, currency))
            for one in found.taxes
        ]
    return [*made, (clean_line(f"Total {currency}"), money(found.gross, currency))]


def number(value: Decimal) -> str:
    """Return a figure without zeros at its end: `19`, `7.5`."""
    whole, point, fraction = f"{value:,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{point}{fraction}" if fraction else whole


def money(value: Decimal | None, currency: str) -> str:
    """Return an amount with all its cents, thousands apart."""
    from decimal import Decimal

    from tuicrm.money import amount_text

    if value is None:
        return ""
    whole, point, fraction = amount_text(value, currency).partition(".")
    return f"{Decimal(whole):,f}{point}{fraction}"
