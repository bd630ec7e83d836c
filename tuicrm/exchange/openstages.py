"""Stages that a file brings along: added to the pipeline, in place of starter stages that nobody has used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

PROBABILITY = 50
"""Percent for a stage of which nothing is known but its name."""


def with_stages(
    session: Session, pipeline: str, made: dict[str, str], used: set[str]
) -> tuple[dict[str, Any], list[str]]:
    """Return a pipeline's stages with the open ones of `made` (key to name), and the names of those that made way.

    Only a pipeline that is as a fresh workspace has it, and holds no deal, gives up the stages that are not `used`;
    one that the import makes begins as such a one.
    """
    from tuicrm.crm.ordering import between
    from tuicrm.crm.stages import stages
    from tuicrm.crm.stagespec import standard

    record = session.ws.get("pipeline", pipeline)
    held: dict[str, Any] = dict(record.get("stages") or {}) if record else standard()
    gone = (
        []
        if not made or _in_use(session, pipeline, held)
        else [one for one in stages({"stages": held}) if one.kind == "open" and one.key not in used]
    )
    for one in gone:
        del held[one.key]
    made = {key: name for key, name in made.items() if key not in held}
    opened = [one.order for one in stages({"stages": held}) if one.kind == "open"]
    closed = [one.order for one in stages({"stages": held}) if one.kind != "open"]
    low, high = max(opened, default=""), min(closed, default="")
    for key, name in made.items():
        low = between(low, high)
        held[key] = {"name": name, "kind": "open", "probability": PROBABILITY, "rotting_days": 30, "order": low}
    return held, [one.name for one in gone]


def _in_use(session: Session, pipeline: str, held: dict[str, Any]) -> bool:
    from tuicrm.crm.stagespec import standard

    return held != standard() or any(one.get("pipeline") == pipeline for one in session.ws.all("deal").values())
