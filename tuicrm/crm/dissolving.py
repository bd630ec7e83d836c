"""Removing stages and pipelines: their deals go where somebody says, those that turn up later go there, too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.along import Along
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import table, words
from tuicrm.crm.stages import first_of, stage_of, stages
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo
    from tuicrm.store.changes import Change

Record = dict[str, Any]

FREE = Along(free=True)


def remove_stage(session: Session, pipeline: Record, stage: str, *, to: str = "") -> Plan:
    """Return the plan that removes a stage and moves its deals to the stage `to`; Invalid where deals have no place.

    The pipeline keeps in mind where they went, for a deal that a teammate moves into the stage before hearing of it;
    without `to` that is the stage before, or else the one after.
    """
    from tuicrm.crm.lookup import find_stage
    from tuicrm.store.changes import Write

    key = find_stage(session, pipeline["id"], stage)
    held = stages(pipeline)
    info = next(one for one in held if one.key == key)
    alike = [one for one in held if one.kind == info.kind]
    if alike == [info]:
        raise Invalid(f"{info.name} is the last stage of the kind {info.kind}, which a pipeline cannot do without")
    inside = inside_stage(session, pipeline, key)
    if inside and not to:
        raise Invalid(
            f"{_deals_are(len(inside))} in {info.name}",
            hint="name the stage that they go to: --to STAGE",
            field="to",
        )
    target = find_stage(session, pipeline["id"], to) if to else _neighbour(alike, key)
    if target == key:
        raise Invalid(f"the deals cannot go to {info.name}, which is being removed", field="to")
    left = {name: one for name, one in pipeline["stages"].items() if name != key}
    was = words(pipeline["stages"][key].get("was"))
    gone = {**table(pipeline.get("gone")), key: {"name": info.name, "to": target, **({"was": was} if was else {})}}
    note = f"removed stage {info.name}{_moved(len(inside))}"
    changes = _move(session, inside, pipeline, target)
    changes = (*changes, Write("pipeline", pipeline["id"], {"stages": left, "gone": gone}))
    return Plan(changes, note, ids=(pipeline["id"],), said=_waiting(session, pipeline, key))


def _waiting(session: Session, pipeline: Record, key: str) -> tuple[str, ...]:
    """Return a sentence about each rule that waits for a stage which no pipeline has any more."""
    from tuicrm.crm.rules.model import rules
    from tuicrm.records.kinds.rule import STAGE

    for other in session.ws.all("pipeline").values():
        if other["id"] != pipeline["id"] and any(one.key == key for one in stages(other)):
            return ()
    waits = [one for one in rules(session) if (one.trigger, one.stage) == (STAGE, key)]
    how = "waits for a stage that is there no longer: tuicrm rule edit"
    return tuple(f'{one.name} {how} "{one.name}" --when' for one in waits)


def inside_stage(session: Session, pipeline: Mapping[str, Any], key: str) -> list[Record]:
    """Return the deals of a pipeline that are in a stage."""
    found = []
    for deal in deals_of(session, str(pipeline["id"])):
        here = stage_of(session, deal)
        if here is not None and here.key == key:
            found.append(deal)
    return found


def _neighbour(alike: Sequence[StageInfo], key: str) -> str:
    at = [one.key for one in alike].index(key)
    return alike[at - 1 if at else 1].key


def remove(session: Session, pipeline: Record, *, to: str = "") -> Plan:
    """Return the plan that removes a pipeline; its deals go to another one: `Sales`, or `Sales: Demo` for open ones.

    Without a stage they go to the one of the same name, else to the first of the same kind. Invalid while deals have no
    place, or where the pipeline is the only one.
    """
    from dataclasses import replace

    from tuicrm.crm.edit import remove as remove_records

    if not to:
        return remove_records(session, "pipeline", [pipeline])
    refuse_only(session, pipeline)
    target, stage = _target(session, pipeline, to)
    inside = deals_of(session, pipeline["id"])
    changes: list[Change] = []
    for deal in inside:
        changes += _move(session, [deal], target, _same_stage(session, deal, target, stage))
    from tuicrm.store.changes import Remove

    note = f"removed pipeline {pipeline.get('name', '')}{_moved(len(inside))}"
    plan = Plan((*changes, Remove("pipeline", pipeline["id"])), note, ids=(pipeline["id"],))
    return replace(plan, note=f"{note} to {target.get('name', '')}" if inside else note)


def _target(session: Session, pipeline: Record, to: str) -> tuple[Record, str]:
    """Return the pipeline that `to` names, and the key of the stage behind a colon, if there is one."""
    from tuicrm.crm.lookup import find, find_stage, named

    whole = named(session, "pipeline", to)
    name, _, stage = (to, "", "") if whole else to.partition(":")
    target = find(session, "pipeline", name)
    if target["id"] == pipeline["id"]:
        raise Invalid(f"the deals cannot go to {pipeline.get('name', '')}, which is being removed", field="to")
    return target, find_stage(session, target["id"], stage) if stage.strip() else ""


def _same_stage(session: Session, deal: Record, target: Record, chosen: str) -> str:
    """Return the key of the stage that a deal of a removed pipeline goes to."""
    from tuicrm.folding import fold

    here = stage_of(session, deal)
    kind = here.kind if here is not None else "open"
    ways = [one for one in stages(target) if one.kind == kind]
    if kind == "open" and chosen:
        return chosen
    same = [one for one in ways if here is not None and fold(one.name) == fold(here.name)]
    return (same or [first_of(target, kind)])[0].key


def _move(session: Session, deals: Sequence[Record], pipeline: Record, stage: str) -> tuple[Change, ...]:
    """Return the changes that move deals whatever gates say: the team moves its stages, not a rep a deal."""
    from tuicrm.crm.deals import move

    return move(session, deals, stage, pipeline=pipeline["id"], along=FREE).changes if deals else ()


def refuse_in_use(session: Session, pipeline: Mapping[str, Any]) -> None:
    """Raise Invalid where removing a pipeline would leave deals without one."""
    count = len(deals_of(session, str(pipeline["id"])))
    name = pipeline.get("name", pipeline["id"])
    if count:
        raise Invalid(
            f"{_deals_are(count)} in the pipeline {name}; move them to another one first",
            hint='name where they go: --to PIPELINE, or --to "PIPELINE: STAGE"',
            field="to",
        )
    refuse_only(session, pipeline)


def refuse_only(session: Session, pipeline: Mapping[str, Any]) -> None:
    """Raise Invalid where a pipeline is the only one."""
    if len(session.ws.all("pipeline")) == 1:
        raise Invalid(f"{pipeline.get('name', pipeline['id'])} is the only pipeline, and deals need one")


def deals_of(session: Session, pipeline: str) -> list[Record]:
    """Return the deals of a pipeline."""
    return [one for one in session.ws.all("deal").values() if one.get("pipeline") == pipeline]


def _deals_are(count: int) -> str:
    return f"{count} {'deal is' if count == 1 else 'deals are'}"


def _moved(count: int) -> str:
    return f", {count} {'deal' if count == 1 else 'deals'} moved" if count else ""
