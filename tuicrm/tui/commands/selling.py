"""Commands about territories, discounts and commissions: offered in the palette once a team uses them."""

from __future__ import annotations

from tuicrm.tui.commands.command import ALL, RECORDS, Command

SELLING: tuple[Command, ...] = (
    Command(
        "deal.discount",
        (),
        "discount",
        "Give a discount, or ask for one: 12.5 three years",
        RECORDS,
        "tuicrm deal discount REF PERCENT --reason TEXT",
        needs="discount_limits",
    ),
    Command(
        "deal.approve-discount",
        (),
        "approve discount",
        "Approve the discount that somebody asks for",
        RECORDS,
        "tuicrm deal approve-discount REF",
        needs="discount_limits",
    ),
    Command(
        "territory.give",
        (),
        "territory",
        "Give this to the people of its territory",
        RECORDS,
        "tuicrm territory apply",
        needs="territory",
    ),
    Command(
        "commission.statement",
        (),
        "commission",
        "What I have earned by the commission plans, deal by deal",
        ALL,
        "tuicrm commission statement",
        needs="commission",
    ),
)
