"""A believable sample workspace, the same for the same moment: companies, people, deals on their way, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.crm.sample import DAY, Sample
from tuicrm.crm.setup import SETUP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session

Record = dict[str, Any]
BATCH = 4000
"""Records per plan, so that no single transaction grows without bound."""


def sample(session: Session, size: str = "small", seed: int = 7) -> Iterator[Plan]:
    """Yield the plans that fill a fresh workspace, to be committed in turn: `small` or `large` (10,000 deals more).

    The pipeline and the user of the workspace are used; `ann` and her colleagues are added where they are missing.
    """
    made = Sample(session, seed)
    _small(made)
    if size == "large":
        from tuicrm.crm.biglist import fill

        fill(made)
    for start in range(0, len(made.changes), BATCH):
        yield Plan(tuple(made.changes[start : start + BATCH]), "filled the sample workspace", group=SETUP)


def _small(made: Sample) -> None:
    from tuicrm.crm import sampledata as data

    users = {handle: made.user(handle, name, team) for handle, name, team in data.USERS}
    for handle, amount in data.QUOTAS.items():
        made.quota(users[handle], amount)
    for name, sku, family, price in data.PRODUCTS:
        made.product(name, sku, family, price)
    companies: dict[str, tuple[str, str]] = {}
    for place, (name, city, country, industry, person, role) in enumerate(data.COMPANIES):
        owner = users["ann" if place < 42 else "bob"]
        companies[name] = made.customer(name, city, country, industry, person, role, owner)
    for row in data.ANN_DEALS:
        _open_deal(made, row, companies, users["ann"])
    for place, row in enumerate(data.OTHER_DEALS):
        _open_deal(made, row, companies, users["eva" if place % 3 == 0 else "bob"])
    for place, (name, company, thousands, how, ago) in enumerate(data.CLOSED):
        owner = users[("ann", "ann", "bob")[place % 3]]
        made.closed_deal(name, companies[company], owner, thousands * 1000, how, ago)
    _extras(made, companies, users)


def _open_deal(
    made: Sample,
    row: tuple[str, str, str, int, int | None, str, bool],
    companies: dict[str, tuple[str, str]],
    owner: str,
) -> None:
    stage, name, company, thousands, days, subject, rotting = row
    deal = made.open_deal(name, companies[company], owner, stage, thousands * 1000, rotting)
    if days is not None:
        made.followup(subject, days, deal)


def _extras(made: Sample, companies: dict[str, tuple[str, str]], users: dict[str, str]) -> None:
    """Add what the panes show besides deals: loose ends, repeats, snoozed ones, a person to leave alone, views."""
    ann = users["ann"]
    mira, isar = companies["Mira Optik"], companies["Isar Medien"]
    made.followup("send brochure", -2, {"company": mira[0], "contacts": [mira[1]], "owner": ann})
    made.followup("newsletter list", 6, {"company": isar[0], "owner": ann}, hour=9)
    made.followup("birthday card", 20, {"contacts": [isar[1]], "owner": ann}, snoozed=14)
    made.followup("team meeting", 4, {"owner": ann}, hour=16, repeat="FREQ=WEEKLY;INTERVAL=2")
    made.edit(companies["Marlow Print"][1], do_not_contact=True)
    made.edit(companies["Acme GmbH"][1], tags=["champion"])
    second = made.person("Tom Winter", companies["Acme GmbH"][0], "CFO", ann, made.now_ms - 300 * DAY)
    made.edit(second, tags=["decides"], last_verified=made.day(made.now_ms - 20 * DAY))
    made.view("Big ones", "value>20k", "-value", ann)
    made.view("Closing this month", 'close:"this month"', "expected_close", ann)
    made.view("No next step", "next_due:none", "-value", ann)
