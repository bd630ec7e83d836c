"""Contacts that nobody has talked to or checked for long: are their details still right?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm import derive
from tuicrm.crm.shapes import word
from tuicrm.crm.touches import id_ms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]

SHOWN = 5
"""How many are suggested at a time: the list of what is to be done must not drown in them."""
UNSURE = {
    "bounced": "e-mails come back",
    "left": "no longer there",
    "changed": "details have changed",
}
"""Statuses that say a contact cannot be reached as before, each with what that means."""


class Stale(NamedTuple):
    """A contact to ask about."""

    id: str
    days: int
    """Since somebody last talked to them, checked them, or added them."""
    open_deals: int


def limit(session: Session) -> int:
    """Return after how many days a contact is asked about; 0 for never."""
    said = session.setting("stale_days")
    return int(said) if said.isdecimal() else 180


def stale(session: Session, *, mine: bool = False) -> list[Stale]:
    """Return the contacts to ask about: those with open deals first, then those nobody looked at for longest.

    They have an owner or an open deal; `mine` keeps to the acting user's, and to what nobody owns. Who left, bounced or
    asked not to be contacted is not asked about.
    """
    me = session.me if mine else ""
    found: list[Stale] = session.remember(f"stale {session.today} {me}", lambda: list(_stale(session, me)))
    return found


def _stale(session: Session, me: str) -> Iterator[Stale]:
    most = limit(session)
    if most <= 0:
        return
    old = [(days, one) for one in session.ws.all("contact").values() if (days := quiet_days(session, one)) > most]
    wanted = [
        pair for pair in old if not (pair[1].get("do_not_contact") is True or word(pair[1].get("status")) in UNSURE)
    ]
    if not wanted:
        return
    from tuicrm.crm.customers import customers

    known = customers(session)
    found = []
    for days, one in wanted:
        deals = known.open(one["id"])
        owners = {word(one.get("owner")), *(word(deal.get("owner")) for deal in deals)}
        if (deals or any(owners)) and (not me or me in owners or not any(owners)):
            found.append(Stale(str(one["id"]), days, len(deals)))
    yield from sorted(found, key=lambda one: (not one.open_deals, -one.days, one.id))


def quiet_days(session: Session, contact: Record) -> int:
    """Return the days since somebody talked to a person, checked the details, or added the record."""
    from tuicrm.crm.talks import talks

    facts = derive.deals(session)
    last = max(talks(session).when((contact["id"],)), id_ms(contact["id"]))
    day = max(facts.day_of(last), derive.day_ordinal(contact.get("last_verified")))
    return session.today.toordinal() - day


def verify(session: Session, contacts: Sequence[Record]) -> Plan:
    """Return the plan that notes that the details of people are right as of today."""
    from dataclasses import replace

    from tuicrm.crm.edit import edit, said_of, unique

    contacts = unique(contacts)
    plan = edit(session, "contact", contacts, {"last_verified": ["today"]})
    said = tuple(
        f"{one.get('name', one['id'])} is still marked as {status}: {UNSURE[status]}"
        for one in contacts
        if (status := word(one.get("status"))) in UNSURE
    )
    if not plan.changes:
        return replace(plan, said=(*plan.said, *said))
    return replace(plan, note=said_of("still right:", session, session.kind("contact"), contacts), said=said)


def bounced(session: Session, contacts: Sequence[Record]) -> Plan:
    """Return the plan that notes that e-mails to people come back."""
    from dataclasses import replace

    from tuicrm.crm.edit import edit, said_of, unique

    contacts = unique(contacts)
    plan = edit(session, "contact", contacts, {"status": ["bounced"]})
    if not plan.changes:
        return plan
    return replace(plan, note=said_of("e-mails bounce:", session, session.kind("contact"), contacts))


def warning(contact: Record, sort: str) -> str:
    """Return why reaching out to somebody by a call, an e-mail or a meeting may be in vain; mostly empty."""
    status = word(contact.get("status"))
    if status not in UNSURE or (status == "bounced" and sort != "email"):
        return ""
    return f"{word(contact.get('name')) or 'somebody'} is marked as {status}: {UNSURE[status]}"
