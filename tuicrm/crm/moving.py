"""Entries of the log that belong to another deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]


def move_entries(session: Session, records: Sequence[Record], deal: str) -> Plan:
    """Return the plan that moves entries to another deal (an id) and to its company, where it has one."""
    from dataclasses import replace

    from tuicrm.crm.edit import edit, said_of
    from tuicrm.crm.lookup import title

    held = session.ws.get("deal", deal)
    if held is None:
        raise NotFound("that deal has been deleted")
    typed = {"deal": [deal]}
    if word(held.get("company")):
        typed["company"] = [word(held["company"])]
    plan = edit(session, "activity", records, typed)
    moved = said_of("moved", session, session.kind("activity"), records)
    return replace(plan, note=f"{moved} to {title(session, 'deal', held)}") if plan.changes else plan
