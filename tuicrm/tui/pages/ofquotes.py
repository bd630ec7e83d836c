"""What a deal is made of and what was offered for it, as rows of its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.tui.pages.row import LINKS, Row, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session

Record = dict[str, Any]
LOOKS = {"accepted": "text", "sent": "text", "expired": "late"}


def item_rows(session: Session, deal: Record) -> Iterator[Row]:
    """Yield the line items of a deal."""
    from tuicrm.crm.lineitems import called
    from tuicrm.crm.pricing import ordered

    held = ordered(deal.get("items"))
    if held:
        yield from heading("PRODUCTS", LINKS)
    for key, item in held:
        product, name = word(item.get("product")), called(session, item)
        count, discount = item.get("quantity"), word(item.get("discount"))
        times = f" x {count}" if isinstance(count, int | str) and count not in (1, "1", "") else ""
        less = f" -{discount}%" if discount else ""
        line = ((name, "title"), (f"{times}{less}", "muted"))
        yield Row((line,), f"item {key}", LINKS, ("product", product) if product else None, copy=name)


def quote_rows(session: Session, deal: Record) -> Iterator[Row]:
    """Yield the quotes of a deal, the latest first; none of a team that makes none."""
    from tuicrm.crm.quotes.paper import money
    from tuicrm.crm.quotes.standing import called, of_deal, status, totals

    held = of_deal(session, deal["id"]) if session.ws.all("quote") else []
    if held:
        yield from heading("QUOTES", LINKS)
    for one in held:
        key, name, stands = one["id"], called(session, one), status(session, one)
        gross = f"{word(one.get('currency'))} {money(totals(one).gross, word(one.get('currency')))}"
        line = ((name, "title"), (f"  {gross}", "muted"), (f"  {stands}", LOOKS.get(stands, "muted")))
        yield Row((line,), f"quote {key}", LINKS, ("quote", key), copy=name)
