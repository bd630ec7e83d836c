"""Deals like others: what they are about is taken over, what happened to them is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]

LEFT_OUT = frozenset(
    {"id", "stage", "opened_on", "closed_on", "lost_reason", "expected_close", "probability", "checks", "discounts"}
)
"""What belongs to the life of one deal."""


def clone(session: Session, deals: Sequence[Record]) -> Plan:
    """Return the plan that adds a deal like each of these, open at the first stage of its pipeline."""
    from tuicrm.crm.edit import said_of
    from tuicrm.crm.stages import first_of, of_deal
    from tuicrm.store.changes import Write

    made: list[Change] = []
    for deal in deals:
        kept = {name: value for name, value in deal.items() if name not in LEFT_OUT and not name.startswith("_")}
        pipeline = of_deal(session, deal)
        fields = {**kept, "pipeline": pipeline["id"], "stage": first_of(pipeline, "open").key}
        made.append(Write("deal", session.ws.new_id(), fields))
    note = said_of("cloned", session, session.kind("deal"), deals)
    return Plan(tuple(made), note, ids=tuple(change.id for change in made))
