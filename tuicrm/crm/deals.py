"""Moving deals through their pipeline: to a stage, a step on or back, won, lost, and open again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm.along import NOTHING, Along
from tuicrm.crm.edit import edited, said_of, unique, written
from tuicrm.crm.gates import MissingFields as MissingFields
from tuicrm.crm.gates import left_without, log_along
from tuicrm.crm.parsing import Typing, by_field
from tuicrm.crm.plan import Plan
from tuicrm.crm.stages import first_of, of_deal, stage_of, stages
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo
    from tuicrm.store.changes import Change

Record = dict[str, Any]
Typed = dict[str, list[str]]


def move(
    session: Session,
    records: Sequence[Record],
    stage: str,
    *,
    pipeline: str = "",
    typed: Mapping[str, Sequence[str]] | None = None,
    group: str = "",
    previous: Plan | None = None,
    along: Along = NOTHING,
) -> Plan:
    """Return the plan that moves deals to the stage that `stage` names in each one's pipeline, or in that of this id.

    `typed` fills in fields along with the move and `along` the rest, as a gate may ask. A move that goes on with a
    `previous` one (key presses in a row) amends its history entries instead of adding more. Raises MissingFields.
    """
    into = session.ws.get("pipeline", pipeline)
    plan = _moved(
        session, records, lambda deal: _named(session, deal, stage, into), typed or {}, "moved", along, group, into
    )
    return _amended(session, plan, previous) if previous is not None else plan


def win(
    session: Session,
    records: Sequence[Record],
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    along: Along = NOTHING,
) -> Plan:
    """Return the plan that wins deals: closed today, or on the `closed_on` typed."""
    return _moved(session, records, lambda deal: first_of(of_deal(session, deal), "won"), typed or {}, "won", along)


def lose(
    session: Session,
    records: Sequence[Record],
    reason: str = "",
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    along: Along = NOTHING,
) -> Plan:
    """Return the plan that loses deals, for a reason in the team's words or one's own."""
    given = dict(typed or {})
    if reason.strip():
        given["lost_reason"] = [_reason(session, reason)]
    return _moved(session, records, lambda deal: first_of(of_deal(session, deal), "lost"), given, "lost", along)


def _reason(session: Session, text: str) -> str:
    """Return the team's spelling of a reason that was typed in another case; the text itself otherwise."""
    from tuicrm.folding import fold

    offered = [one.strip() for one in session.setting("lost_reasons").split(",")]
    return next((one for one in offered if fold(one) == fold(text.strip())), text)


def reopen(session: Session, records: Sequence[Record], stage: str = "") -> Plan:
    """Return the plan that opens closed deals again: in a stage, else where they were before they were closed."""
    for deal in records:
        held = stage_of(session, deal)
        if held is not None and held.kind == "open":
            raise Invalid(f"{_title(session, deal)} is open: it is in {held.name}")
    return _moved(session, records, lambda deal: _reopened(session, deal, stage), {}, "reopened", Along(past=True))


def _reopened(session: Session, deal: Record, text: str) -> StageInfo:
    if text:
        target = _named(session, deal, text)
        if target.kind != "open":
            raise Invalid(f"stage: {target.name} is no open stage", field="stage")
        return target
    pipeline = of_deal(session, deal)
    still_open = {one.key: one for one in stages(pipeline) if one.kind == "open"}
    return next((still_open[key] for key in _left(session, deal) if key in still_open), first_of(pipeline, "open"))


def _left(session: Session, deal: Record) -> list[str]:
    """Return the stages that a deal has left, the last one first."""
    from tuicrm.records.kinds.activity import CHANGE

    log = session.ws.all("activity").values()
    mine = [one for one in log if one.get("deal") == deal["id"] and one.get("type") == CHANGE]
    mine = [one for one in mine if one.get("field") == "stage"]
    return [str(one.get("before", "")) for one in sorted(mine, key=lambda one: str(one["id"]), reverse=True)]


def shift(
    session: Session,
    record: Record,
    by: int,
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    group: str = "",
    previous: Plan | None = None,
    along: Along = NOTHING,
) -> Plan | None:
    """Return the plan that moves an open deal `by` stages on (back, if negative), never into won or lost.

    None where the deal is closed, or at that end already. Only the gate of the stage reached counts.
    """
    here = stage_of(session, record)
    ways = [one for one in stages(of_deal(session, record)) if one.kind == "open"]
    if here is None or here.kind != "open":
        return None
    place = [one.key for one in ways].index(here.key)
    target = min(max(place + by, 0), len(ways) - 1)
    if target == place:
        return None
    if previous is not None and _came_from(session, record, previous) == ways[target].key:
        # One press too many, taken back: the deal was let in there before.
        along = replace(along, free=True)
    return move(session, [record], ways[target].key, typed=typed, group=group, previous=previous, along=along)


def _named(session: Session, deal: Record, text: str, into: Record | None = None) -> StageInfo:
    from tuicrm.crm.lookup import find_stage

    pipeline = into or of_deal(session, deal)
    key = find_stage(session, pipeline["id"], text)
    return next(one for one in stages(pipeline) if one.key == key)


def _moved(
    session: Session,
    records: Sequence[Record],
    target: Callable[[Record], StageInfo],
    typed: Mapping[str, Sequence[str]],
    verb: str,
    along: Along = NOTHING,
    group: str = "",
    into: Record | None = None,
) -> Plan:
    ctx = Typing(session)
    ctx.along = along
    kind = session.kind("deal")
    records = unique(records)
    given = by_field(kind, typed)
    made: list[Change] = []
    moved: list[Record] = []
    reached: dict[str, None] = {}
    for deal in records:
        stage = target(deal)
        reached[stage.name] = None
        pipeline = (into or of_deal(session, deal))["id"]
        fields = edited(session, kind, deal, {"pipeline": [pipeline], "stage": [stage.key], **given}, {}, ctx)
        if fields:
            after = {**deal, **fields}
            why = ", ".join(filter(None, (along.reason.strip(), left_without(session, deal, after, along))))
            made.extend(log_along(session, deal, after, along))
            made.extend(written(session, kind, deal, fields, why))
            moved.append(deal)
    ids = tuple(one["id"] for one in records)
    where = ", ".join(reached)
    if not moved:
        note = f"nothing to move: {said_of('', session, kind, records).strip()} {_are(records)} in {where} already"
        return Plan((), note, ids=ids, said=(*ctx.notes, note))
    note = said_of(verb, session, kind, moved) + (f" to {where}" if verb in ("moved", "reopened") else "")
    return Plan(tuple(made), note, ids=ids, said=ctx.notes, group=group)


def _are(records: Sequence[Record]) -> str:
    return "is" if len(records) == 1 else "are"


def _title(session: Session, deal: Record) -> str:
    from tuicrm.crm.lookup import title

    return title(session, "deal", deal)


def _amended(session: Session, plan: Plan, previous: Plan) -> Plan:
    """Return the plan with its stage entries folded into those of the previous move, where these are still there."""
    from tuicrm.store.changes import Remove, Write

    made: list[Change] = []
    entries = _stage_entries(previous)
    for change in plan.changes:
        deal = _entered(change)
        first = session.ws.get("activity", entries.get(deal, "")) if deal else None
        if first is None or not isinstance(change, Write):
            made.append(change)
        elif first.get("before") == change.fields.get("after"):
            made.append(Remove("activity", first["id"]))
        else:
            # Whole, so that the next press in the row recognises it; only what differs is stored.
            fields = {"reason": None, **change.fields, "before": first.get("before")}
            made.append(Write("activity", first["id"], fields))
    return replace(plan, changes=tuple(made), group=plan.group or previous.group)


def _came_from(session: Session, deal: Record, previous: Plan) -> str:
    """Return the stage in which a row of moves found a deal; empty where it was not among them."""
    entry = session.ws.get("activity", _stage_entries(previous).get(str(deal["id"]), "")) or {}
    return str(entry.get("before", ""))


def _stage_entries(plan: Plan) -> dict[str, str]:
    """Return the ids of the stage entries that a plan writes, by deal; those that it amends belong to it as well."""
    found: dict[str, str] = {}
    for change in plan.changes:
        deal = _entered(change)
        if deal:
            found[deal] = change.id
    return found


def _entered(change: Change) -> str:
    """Return the deal whose stage entry a change writes; empty for any other change."""
    from tuicrm.store.changes import Write

    if not isinstance(change, Write) or change.kind != "activity" or change.fields.get("field") != "stage":
        return ""
    return str(change.fields.get("deal", ""))
