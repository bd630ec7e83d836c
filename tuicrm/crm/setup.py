"""The first records of a fresh workspace: its currency, its pipeline, its first user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan

if TYPE_CHECKING:
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

PIPELINE = "Sales"
SETUP = "setup"
"""The group of what a workspace starts with; it is no step of anybody's, so it is not offered for undoing."""


def first_records(session: Session, *, currency: str = "", user: str = "", name: str = "") -> Plan:
    """Return the plan that a workspace starts with; `user` is a handle, `name` the full name behind it."""
    from tuicrm.crm.checks import check
    from tuicrm.crm.parsing import refuse_unstorable
    from tuicrm.crm.stagespec import standard
    from tuicrm.money import valid_currency
    from tuicrm.store.changes import Write

    ws = session.ws
    made: list[Change] = []
    if currency:
        made.append(Write("setting", ws.new_id(), {"key": "currency", "value": valid_currency(currency)}))
    handle = user.strip() or session.user
    refuse_unstorable(handle + name, "user")
    owner: dict[str, Any] = {"id": ws.new_id(), "handle": handle, "name": name.strip() or handle, "active": True}
    check(session, session.kind("user"), None, owner, owner)
    made.append(Write("user", owner["id"], {key: value for key, value in owner.items() if key != "id"}))
    made.append(Write("pipeline", ws.new_id(), {"name": PIPELINE, "stages": standard()}))
    return Plan(tuple(made), "set up the workspace", ids=(owner["id"],), group=SETUP)
