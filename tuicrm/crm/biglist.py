"""The large sample: ten thousand more deals, with the companies, people, log and follow-ups around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm import sampledata as data

if TYPE_CHECKING:
    from tuicrm.crm.sample import Customer, Sample

COMPANIES = 2_500
DEALS = 10_000
OPEN_SHARE = 0.35
WON_SHARE = 0.55
"""Of those that are closed."""
REASONS = ("price", "timing", "competitor", "no decision", "no budget", "bad fit")


def fill(made: Sample) -> None:
    """Add the large part to a sample that has its team and products."""
    pick = made.random
    owners = [
        made.user(
            f"rep{number}", f"{pick.choice(data.FIRST)} {pick.choice(data.LAST)}", pick.choice(("north", "south"))
        )
        for number in range(1, 9)
    ]
    customers = [_customer(made, place, owners[place % len(owners)]) for place in range(COMPANIES)]
    for number in range(DEALS):
        place = pick.randrange(COMPANIES)
        owner = owners[place % len(owners)]
        name = f"{made.records[customers[place][0]][1]['name']} {number}"
        value = round(pick.lognormvariate(9.6, 0.9), -2)
        worth = max(500, int(value))
        if pick.random() < OPEN_SHARE:
            stage = made.ways[min(int(pick.triangular(0, len(made.ways), 0.5)), len(made.ways) - 1)].key
            about = made.open_deal(name, customers[place], owner, stage, worth, pick.random() < 0.12)
            if pick.random() < 0.75:
                made.followup(pick.choice(("call", "send the quote", "ask who signs", "demo")), _due(made), about)
        else:
            how = "won" if pick.random() < WON_SHARE else pick.choice(REASONS)
            made.closed_deal(name, customers[place], owner, worth, how, pick.uniform(1, 700))


def _due(made: Sample) -> int:
    return int(made.random.triangular(-12, 40, 3))


def _customer(made: Sample, place: int, owner: str) -> Customer:
    pick = made.random
    stem, end = data.STEMS[place % len(data.STEMS)], data.ENDS[place // len(data.STEMS) % len(data.ENDS)]
    form = data.FORMS[place // (len(data.STEMS) * len(data.ENDS)) % len(data.FORMS)]
    city, country = pick.choice(data.CITIES)
    person = f"{pick.choice(data.FIRST)} {pick.choice(data.LAST)}"
    return made.customer(f"{stem}{end} {form}", city, country, end, person, pick.choice(("CTO", "CFO", "COO")), owner)
