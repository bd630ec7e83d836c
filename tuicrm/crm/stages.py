"""Pipelines as deals see them: which one is meant by default, and what its stages are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session

Record = dict[str, Any]
KINDS = ("open", "won", "lost")


@dataclass(frozen=True)
class StageInfo:
    """One stage of a pipeline."""

    key: str
    name: str
    kind: str
    """`open`, `won` or `lost`."""
    probability: int
    rotting_days: int
    """Days without a touch after which a deal rots; 0 for never."""
    requires: tuple[str, ...]
    """The deal fields that must be filled to enter."""
    order: str


def stages(pipeline: Mapping[str, Any]) -> list[StageInfo]:
    """Return the stages of a pipeline record in their order; what is no stage in it is left out."""
    held = pipeline.get("stages")
    if not isinstance(held, dict):
        return []
    found = [_stage(key, one) for key, one in held.items() if isinstance(one, dict)]
    return sorted(found, key=lambda stage: (KINDS.index(stage.kind) > 0, stage.order, stage.key))


def _stage(key: str, held: Mapping[str, Any]) -> StageInfo:
    kind = held.get("kind")
    requires = held.get("requires")
    name = held.get("name")
    order = held.get("order")
    fallback = {"won": 100}.get(str(kind), 0)
    return StageInfo(
        key=key,
        name=name if isinstance(name, str) and name else key,
        kind=kind if kind in KINDS else "open",
        probability=_number(held.get("probability"), fallback),
        rotting_days=_number(held.get("rotting_days"), 0),
        requires=tuple(one for one in requires if isinstance(one, str)) if isinstance(requires, list) else (),
        order=order if isinstance(order, str) else "",
    )


def _number(value: object, fallback: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else fallback


def default(session: Session) -> Record:
    """Return the pipeline of deals that name none: the setting's, else the oldest; NotFound where there is none."""
    held = session.ws.all("pipeline")
    wanted = session.setting("pipeline")
    if wanted in held:
        return held[wanted]
    for record in held.values():
        if wanted and str(record.get("name", "")).casefold() == wanted.casefold():
            return record
    for record in held.values():
        if stages(record):
            return record
    raise NotFound("the workspace has no pipeline", hint='add one: tuicrm pipeline add Sales --stage "Lead 10%"')


def of_deal(session: Session, deal: Mapping[str, Any]) -> Record:
    """Return the pipeline record of a deal; the default one where the deal's is missing."""
    held = session.ws.get("pipeline", str(deal.get("pipeline", "")))
    return held if held is not None else default(session)


def stage_of(session: Session, deal: Mapping[str, Any]) -> StageInfo | None:
    """Return the stage that a deal is in; None where its pipeline has no such stage."""
    key = deal.get("stage")
    return next((one for one in stages(of_deal(session, deal)) if one.key == key), None)


def choices(session: Session, own: str) -> list[tuple[str, str, str, str]]:
    """Return (pipeline id, key, name, kind) of the stages that a deal may go to: its own pipeline's, then others' open.

    Stages of another pipeline are named with it: `Renewals: Due`.
    """
    held = session.ws.all("pipeline")
    first = held.get(own) or default(session)
    made = [(own, one.key, one.name, one.kind) for one in stages(first)]
    for key, record in held.items():
        if key != first["id"]:
            name = str(record.get("name", ""))
            made += [(key, one.key, f"{name}: {one.name}", one.kind) for one in stages(record) if one.kind == "open"]
    return made


def first_of(pipeline: Mapping[str, Any], kind: str) -> StageInfo:
    """Return the first stage of a kind (`open`, `won`, `lost`), or raise Invalid naming the pipeline."""
    for stage in stages(pipeline):
        if stage.kind == kind:
            return stage
    raise Invalid(f"the pipeline {pipeline.get('name', pipeline['id'])} has no stage of the kind {kind}", field="stage")
