"""Which company somebody works for, by the domain of the e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.freemail import FREE_MAIL
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuicrm.crm.session import Session


def companies_by_domain(session: Session, address: str) -> list[str]:
    """Return the ids of the companies that an e-mail address belongs to; none for a provider that anybody may use."""
    domain = fold(address.rpartition("@")[2])
    if not domain or domain in FREE_MAIL:
        return []
    # A file of contacts asks for the same few domains thousands of times.
    known: dict[str, list[str]] = session.remember("employers", dict)
    found = known.get(domain)
    if found is None:
        from tuicrm.crm.quick.index import index

        found = known[domain] = index(session, "company").of(f"domain:{domain}")
    return found


def employer(session: Session, addresses: Iterable[str]) -> str:
    """Return the id of the one company that some addresses belong to; empty where none does, or several."""
    found = {key for one in addresses for key in companies_by_domain(session, one)}
    return found.pop() if len(found) == 1 else ""
