"""Commands about what a deal is made of, and what is offered for it in writing."""

from __future__ import annotations

from tuicrm.tui.commands.command import RECORDS, Command

QUOTING: tuple[Command, ...] = (
    Command(
        "deal.items",
        (),
        "items",
        "The deal's line items: add, change, take away",
        RECORDS,
        "tuicrm deal item list REF",
        needs="product",
    ),
    Command(
        "quote.make",
        (),
        "quote",
        "Make a quote of the deal's line items",
        RECORDS,
        "tuicrm quote add REF",
        needs="product",
    ),
    Command(
        "quote.show",
        (),
        "show quote",
        "The deal's latest quote: sent, accepted, declined, next version",
        RECORDS,
        "tuicrm quote print REF",
        needs="quote",
    ),
)
