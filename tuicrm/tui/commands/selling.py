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
        "deal.decline-discount",
        (),
        "decline discount",
        "Decline the discount that somebody asks for, and say why",
        RECORDS,
        "tuicrm deal approve-discount REF --decline --reason TEXT",
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
        "territory.show",
        (),
        "territories",
        "The team's territories: who works where",
        ALL,
        "tuicrm territory list",
        needs="territory",
    ),
    Command(
        "target.show", (), "targets", "What is asked of people and teams", ALL, "tuicrm target list", needs="target"
    ),
    Command(
        "commission.show",
        (),
        "plans",
        "The team's commission plans",
        ALL,
        "tuicrm commission list",
        needs="commission",
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
