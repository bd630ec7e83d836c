"""The automatic history of deals: an entry for each change of stage, value, expected close or owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.records.kinds.activity import CHANGE, TRACKED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
SAME_TICK = 60_000
"""Milliseconds that a version may be ahead of the clock without being taken for one of a wrong clock."""


def entries(session: Session, before: Record | None, fields: Mapping[str, Any], reason: str = "") -> list[Change]:
    """Return the entries that writing `fields` to a deal makes; none for one that is being added.

    `reason` says why it changed its stage, where that is known.
    """
    if before is None:
        return []
    from tuicrm.store.changes import Write

    after = {**before, **fields}
    made: list[Change] = []
    for name in TRACKED:
        old, fresh = shown(before, name), shown(after, name)
        if old != fresh or (name == "stage" and before.get("pipeline") != after.get("pipeline")):
            entry = _entry(session, after, name, old, fresh)
            if reason and name == "stage":
                entry["reason"] = reason
            made.append(Write("activity", _next_id(session, before, name), entry))
    return made


def _next_id(session: Session, deal: Record, name: str) -> str:
    """Return an id that sorts after the field's last change, also where several happen within one tick of the clock."""
    from tuicrm.store.ulid import ms_of, rank

    made = session.ws.new_id()
    last = rank((deal.get("_v") or {}).get(name, deal["id"]))
    if made > last or ms_of(last) > ms_of(made) + SAME_TICK:
        return made
    return session.ws.clock.after(last)


def shown(deal: Mapping[str, Any], name: str) -> str:
    """Return a tracked field as entries hold it: the stage's key, the owner's id, a date, `12000.00 EUR`."""
    value = deal.get(name)
    if value is None or value == "":
        return ""
    if name == "value":
        return f"{value} {deal.get('currency', '')}".rstrip()
    return str(value)


def _entry(session: Session, deal: Mapping[str, Any], name: str, old: str, fresh: str) -> dict[str, Any]:
    entry = {
        "type": CHANGE,
        "deal": deal["id"],
        "field": name,
        "before": old or None,
        "after": fresh or None,
        "owner": session.me or None,
        "company": deal.get("company"),
    }
    return {key: value for key, value in entry.items() if value is not None}
