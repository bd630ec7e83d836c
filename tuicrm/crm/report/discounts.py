"""`discounts`: what was sold below the list price."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.report.declared import COUNT, MONEY, PERCENT, Case, Column, Report
from tuicrm.crm.report.figures import percent, total
from tuicrm.crm.report.registry import LINES
from tuicrm.crm.shapes import table, word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Values
    from tuicrm.crm.report.facts import Facts


def gather(facts: Facts, span: Period) -> list[Case]:
    """Return the closed deals that have a value and whose every line item has a list price, which is `more`."""
    found = []
    for case in facts.closed(span):
        price = list_price(facts, case.record, case.day) if case.value else None
        if price:
            found.append(case._replace(more=price))
    return found


def list_price(facts: Facts, deal: dict[str, Any], day: int) -> Decimal | None:
    """Return what a deal's items cost by the list, in base currency at a day's rate; None where one has no price."""
    products, found = facts.session.ws.all("product"), Decimal(0)
    items = table(deal.get("items"))
    for item in items.values():
        product = products.get(word(item.get("product")), {})
        price = facts.worth(product.get("price"), product.get("currency"), day)
        count = item.get("quantity")
        if not price:
            return None
        found += price * (derive.amount(count if isinstance(count, str) else str(count or 1)) or 1)
    return found if items else None


def measure(facts: Facts, cases: Sequence[Case], span: Period) -> Values:
    """Return what was asked for by the list, and what was agreed."""
    listed, sold = sum((case.more for case in cases), Decimal(0)), total(cases)
    return {
        "deals": len(cases),
        "list": listed,
        "sold": sold,
        "discount": listed - sold,
        "rate": percent(listed - sold, listed),
    }


REPORT = Report(
    name="discounts",
    help=LINES["discounts"],
    counts="Deals won or lost in the period that have a value and whose every line item is a product with a list "
    "price. The list price is the one that the product has now. Lost deals show whether discounts help: --by status.",
    columns=(
        Column("deals", COUNT, "Closed deals with a list price."),
        Column("list", MONEY, "What they cost by the list.", "Σ list price × quantity", head="list price"),
        Column("sold", MONEY, "What they were sold for, or offered for where lost.", "Σ value"),
        Column(
            "discount", MONEY, "What was given away; below zero: what was sold above the list.", "list price − sold"
        ),
        Column("rate", PERCENT, "Discount by the list price.", "discount ÷ list price"),
    ),
    lead="rate",
    gather=gather,
    measure=measure,
    period="last 90 days",
    hint="No closed deal of this period has a product with a list price: tuicrm product add NAME --price 49 and "
    "tuicrm deal edit REF --product NAME.",
    example="--by lost_reason",
)
