"""Among the follow-ups: people nobody has looked at for long, asked about in a group of their own, stored nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.freshness import SHOWN, quiet_days, stale
from tuicrm.crm.lookup import name_of, title
from tuicrm.crm.shapes import word
from tuicrm.tui.listing import Group

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session
    from tuicrm.tui.listing import Column
    from tuicrm.tui.safe import Line, Span

KEY = "still-right"


def group(session: Session, *, mine: bool) -> list[Group]:
    """Return the group, or nothing: where there is nobody to ask about, or while the log is still being read."""
    from tuicrm.crm.talks import ready

    found = stale(session, mine=mine) if ready(session) else []
    if not found:
        return []
    many = f"{SHOWN} of {len(found):,}" if len(found) > SHOWN else str(len(found))
    refs = [("contact", one.id) for one in found[:SHOWN]]
    return [Group(KEY, f"STILL RIGHT? ({many})  i: yes", refs)]


def row(session: Session, contact: dict[str, Any], columns: Sequence[Column]) -> list[Span]:
    """Return the cells of somebody to ask about, in the columns of the follow-ups."""
    company = name_of(session, "company", word(contact.get("company")))
    own = {
        "due": f"{quiet_days(session, contact)} days quiet",
        "subject": f"still right? {company}" if company else "still right?",
        "contacts": title(session, "contact", contact),
    }
    return [(own.get(one.name, "-"), "muted" if one.name == "due" else "text") for one in columns]


def about(session: Session, key: str) -> list[Line]:
    """Return who it is and how to reach them, as the list of contacts says it."""
    from tuicrm.crm.customers import customers
    from tuicrm.tui.panes.peoplerows import about_contact

    return about_contact(session, key, customers(session))
