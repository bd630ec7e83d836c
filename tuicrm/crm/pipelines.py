"""Pipelines and their stages: adding, changing, ordering them; `dissolving` removes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import table, word, words
from tuicrm.crm.stages import StageInfo as StageInfo
from tuicrm.crm.stages import default as default
from tuicrm.crm.stages import stages as stages
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]


def add(session: Session, name: str, specs: Sequence[str] = ()) -> Plan:
    """Return the plan that adds a pipeline; a spec reads `Offer 60%`, `Offer 60% 14d`, or `Signed 100% won`.

    Without specs it gets the stages of the default pipeline; Won and Lost are added where no spec is of their kind.
    """
    from tuicrm.crm.edit import born
    from tuicrm.crm.parsing import Typing
    from tuicrm.crm.stagespec import standard, with_ends
    from tuicrm.store.changes import Write

    ctx = Typing(session)
    record = born(session, session.kind("pipeline"), {"name": [name]}, ctx)
    record["stages"] = with_ends(specs) if specs else standard()
    fields = {key: value for key, value in record.items() if key != "id"}
    return Plan(
        (Write("pipeline", record["id"], fields),), f"added pipeline {name}", ids=(record["id"],), said=ctx.notes
    )


def rename(session: Session, pipeline: Record, name: str) -> Plan:
    """Return the plan that gives a pipeline another name, in rules and filters as well."""
    from tuicrm.crm.edit import edit
    from tuicrm.crm.respelling import pipeline_respelled

    plan = edit(session, "pipeline", [pipeline], {"name": [name]})
    if not plan.changes:
        return plan
    more, said = pipeline_respelled(session, pipeline, name.strip())
    return replace(plan, changes=(*plan.changes, *more), said=(*plan.said, *said))


def add_stage(session: Session, pipeline: Record, spec: str, *, before: str = "", after: str = "") -> Plan:
    """Return the plan that adds a stage, at the end of its kind or beside the stage named."""
    from tuicrm.crm.stagespec import free_key, parse_spec

    key, stage = parse_spec(spec)
    held = stages(pipeline)
    _refuse_name(held, str(stage["name"]), "")
    # The key of a removed stage stays its own: deals that still name it belong elsewhere.
    unique = free_key(key, {*table(pipeline.get("stages")), *table(pipeline.get("gone"))})
    stage["order"] = _place(held, _key(session, pipeline, before), _key(session, pipeline, after), str(stage["kind"]))
    return _write(session, pipeline, {unique: stage}, f"added stage {stage['name']} to {pipeline.get('name', '')}")


def edit_stage(
    session: Session,
    pipeline: Record,
    stage: str,
    *,
    name: str | None = None,
    probability: str | None = None,
    rotting_days: str | None = None,
    requires: Sequence[str] | None = None,
    activities: Sequence[str] | None = None,
    checks: Sequence[str] = (),
    unchecks: Sequence[str] = (),
    rechecks: Sequence[tuple[str, str]] = (),
    before: str = "",
    after: str = "",
) -> Plan:
    """Return the plan that changes a stage; its key stays, so that deals and their history keep pointing at it.

    `requires` and `activities` are what it asks for from then on; `checks` are boxes to add, `unchecks` those to take
    away, `rechecks` those to put into other words, whose ticks stay.
    """
    from tuicrm.crm.checklist import with_checks
    from tuicrm.crm.lookup import find_stage
    from tuicrm.crm.stagespec import parse_activities, parse_requires, whole

    key = find_stage(session, pipeline["id"], stage)
    held = stages(pipeline)
    entries = with_checks(pipeline, key, added=checks, removed=unchecks, renamed=rechecks)
    entry = dict(entries.get(key, pipeline["stages"][key]))
    if name is not None:
        if not name.strip():
            raise Invalid("name: a stage needs one", field="name")
        _refuse_name(held, name.strip(), key)
        entry |= _named(entry, name.strip()) if name.strip() != entry.get("name") else {}
    if probability is not None:
        entry["probability"] = whole(probability, "probability", 100, "%")
    if rotting_days is not None:
        entry["rotting_days"] = whole(rotting_days, "rotting_days", 3650, "d")
    if requires is not None:
        entry["requires"] = parse_requires(session.kind("deal"), requires)
    if activities is not None:
        entry.pop("activities", None)
        entry |= {"activities": wanted} if (wanted := parse_activities(session, activities)) else {}
    if before or after:
        others = [one for one in held if one.key != key]
        entry["order"] = _place(
            others, _key(session, pipeline, before), _key(session, pipeline, after), str(entry.get("kind", "open"))
        )
    plan = _write(session, pipeline, {**entries, key: entry}, f"changed stage {entry.get('name', key)}")
    if name is None or not plan.changes:
        return plan
    from tuicrm.crm.respelling import stage_respelled

    more, said = stage_respelled(session, pipeline, key, name.strip())
    return replace(plan, changes=(*plan.changes, *more), said=(*plan.said, *said))


def _named(stage: Record, name: str) -> Record:
    """Return a stage's other name, with all that it was called: by those it is still found, here and in filters.

    The other name is among them: where two people renamed it at once, the name that gave way finds it as well.
    """
    return {"name": name, "was": sorted({*words(stage.get("was")), word(stage.get("name")), name} - {""})}


def ask_back(session: Session, pipeline: Record, reasons: Sequence[str]) -> Plan:
    """Return the plan that lets moves back ask for a reason, one of these or in one's own words; none ends that."""
    from tuicrm.crm.edit import same
    from tuicrm.crm.stagespec import with_texts
    from tuicrm.store.changes import Write

    wanted = with_texts(pipeline.get("back_reasons"), reasons, "back reasons")
    name = pipeline.get("name", "")
    if same(pipeline.get("back_reasons"), wanted):
        return Plan((), f"nothing to change in {name}", ids=(pipeline["id"],))
    note = f"going back in {name} {'asks for a reason' if wanted else 'asks for no reason'}"
    return Plan((Write("pipeline", pipeline["id"], {"back_reasons": wanted or None}),), note, ids=(pipeline["id"],))


def _key(session: Session, pipeline: Record, text: str) -> str:
    from tuicrm.crm.lookup import find_stage

    return find_stage(session, pipeline["id"], text) if text else ""


def _refuse_name(held: Sequence[StageInfo], name: str, own: str) -> None:
    from tuicrm.folding import fold

    if any(fold(one.name) == fold(name) and one.key != own for one in held):
        raise Invalid(f"name: there is a stage called {name!r} already", field="name")


def _place(held: Sequence[StageInfo], before: str, after: str, kind: str) -> str:
    """Return the order of a stage that goes before or after another, or after the last of its kind."""
    from tuicrm.crm.ordering import between

    keys = [one.key for one in held]
    if before:
        spot = keys.index(before)
    elif after:
        spot = keys.index(after) + 1
    else:
        spot = max((place + 1 for place, one in enumerate(held) if one.kind == kind), default=len(held))
    low = held[spot - 1].order if spot > 0 else ""
    high = held[spot].order if spot < len(held) else ""
    return between(low, high)


def _write(session: Session, pipeline: Record, entries: Mapping[str, Any], note: str) -> Plan:
    from tuicrm.crm.edit import same
    from tuicrm.store.changes import Write

    wanted = {**table(pipeline.get("stages")), **entries}
    if same(pipeline.get("stages"), wanted):
        return Plan((), f"nothing to change in {pipeline.get('name', '')}", ids=(pipeline["id"],))
    return Plan((Write("pipeline", pipeline["id"], {"stages": wanted}),), note, ids=(pipeline["id"],))
