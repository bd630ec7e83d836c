"""Stages that a deal only passes through: key presses in a row are one move, so what rules did on the way is undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.records.kinds.rule import STAGE
from tuicrm.store.changes import Remove, Write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.rules.engine import Engine
    from tuicrm.crm.rules.events import Run
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
_KEPT = "rule row"


def take_back(session: Session, engine: Engine, plan: Plan) -> list[Change]:
    """Return the changes that take back what rules did for stages which the deals of this plan have left again."""
    group, runs = session.kept.get(_KEPT, ("", []))
    if not plan.group or group != plan.group:
        return []
    moved = {one.id for one in plan.changes if isinstance(one, Write) and one.kind == "deal" and "stage" in one.fields}
    gone = [one for one in runs if (first := one.first).event.trigger == STAGE and first.event.id in moved]
    found = [change for one in reversed(gone) for change in (Remove("activity", one.entry), *reversed(one.back))]
    engine.overlay(found)
    session.kept[_KEPT] = (group, [one for one in runs if one not in gone])
    return found


def remember(session: Session, group: str, runs: Sequence[Run]) -> None:
    """Keep what rules did in a step of a row of them."""
    before, known = session.kept.get(_KEPT, ("", []))
    if group:
        session.kept[_KEPT] = (group, [*(known if before == group else ()), *(one for one in runs if one.did)])


def back(engine: Engine, made: Iterable[Change]) -> list[Change]:
    """Return the changes that take others back, which have not been taken in yet."""
    found: list[Change] = []
    for one in made:
        if isinstance(one, Write):
            held = engine.find(one.kind, one.id)
            old = None if held is None else Write(one.kind, one.id, {name: held.get(name) for name in one.fields})
            found.append(old or Remove(one.kind, one.id))
    return found
