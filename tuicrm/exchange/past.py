"""When imported records really were made and closed: their ids and their history carry those times."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from tuicrm.records.kinds.activity import CHANGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
MADE_AT = ("at", "source_created_at", "opened_on")
"""The fields that say when a record was made, the most exact first."""


def moment(session: Session, typed: Mapping[str, Sequence[str]]) -> int | None:
    """Return the milliseconds that the id of a row's record should carry; None where the file does not say."""
    for name in MADE_AT:
        if typed.get(name):
            return _milliseconds(session, typed[name][0]) if typed[name][0] else None
    return None


def _milliseconds(session: Session, stored: str) -> int | None:
    """Return a stored date (its first moment in the session's zone) or instant as milliseconds, if it is past."""
    from zoneinfo import ZoneInfo

    if "T" in stored:
        at = datetime.fromisoformat(stored)
    else:
        day = date.fromisoformat(stored)
        at = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(session.zone))
    ms = int(at.astimezone(UTC).timestamp() * 1000)
    return ms if 0 < ms <= int(session.now.timestamp() * 1000) else None


def closing_entries(session: Session, deal: Record) -> list[Change]:
    """Return the history of a deal that comes closed: its stage, and its value, became known on the closing day."""
    from tuicrm.crm.track import shown
    from tuicrm.store.changes import Write

    at = _milliseconds(session, str(deal["closed_on"]))
    if at is None:
        return []
    made: list[Change] = []
    for name in ("stage", "value"):
        after = shown(deal, name)
        if after:
            about = {"type": CHANGE, "deal": deal["id"], "field": name, "after": after}
            more = {key: deal[key] for key in ("owner", "company") if deal.get(key)}
            made.append(Write("activity", session.ws.new_id(at), {**about, **more}))
    return made
