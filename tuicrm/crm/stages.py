"""Pipelines as deals see them: which one is meant by default, and what its stages are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.shapes import table, word, words
from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]
KINDS = ("open", "won", "lost")


class Check(NamedTuple):
    """A box that a rep ticks, in the team's words."""

    key: str
    """What ticks on deals point at; it stays when the words change."""
    text: str


@dataclass(frozen=True, order=True)
class Wanted:
    """Activities that must have been logged for a deal before it enters a stage."""

    key: str
    type: str
    outcome: str
    """The outcome that counts; any where empty."""
    count: int
    here: bool
    """Whether only those count that were logged since the deal entered the stage that it is in."""


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
    activities: tuple[Wanted, ...] = ()
    """What must have been logged to enter."""
    checks: tuple[Check, ...] = ()
    """The boxes that must be ticked to enter."""
    former: tuple[str, ...] = ()
    """What it was called before, and what stages were called whose deals were sent here when they were removed."""


def stages(pipeline: Mapping[str, Any]) -> list[StageInfo]:
    """Return the stages of a pipeline record in their order; what is no stage in it is left out."""
    held = pipeline.get("stages")
    if not isinstance(held, dict):
        return []
    gone = pipeline.get("gone")
    # What somebody changed in a stage while somebody else removed it does not bring it back.
    dropped = gone if isinstance(gone, dict) else ()
    former = _former(table(gone), table(held)) if gone else {}
    found = [
        _stage(key, one, former.get(key, ()))
        for key, one in held.items()
        if isinstance(one, dict) and key not in dropped
    ]
    return sorted(found, key=lambda stage: (KINDS.index(stage.kind) > 0, stage.order, stage.key))


def _former(gone: Mapping[str, Record], held: Mapping[str, Record]) -> dict[str, list[str]]:
    """Return what the removed stages were called, by the stage that their deals went to.

    What is `held` of such a one was written by somebody who had not heard of its end, its other name perhaps.
    """
    found: dict[str, list[str]] = {}
    for key, one in gone.items():
        names = found.setdefault(_end(gone, key), [])
        for said in (one, held.get(key, {})):
            names += [key, word(said.get("name")), *words(said.get("was"))]
    return found


def _end(gone: Mapping[str, Record], key: str) -> str:
    """Return where the deals of a removed stage ended up: a stage that is removed itself only where that is a ring."""
    seen = set[str]()
    while key in gone and key not in seen:
        seen.add(key)
        key = word(gone[key].get("to"))
    return key


def _stage(key: str, held: Mapping[str, Any], taken: Sequence[str]) -> StageInfo:
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
        activities=_activities(held["activities"]) if held.get("activities") else (),
        checks=texts(held["checks"]) if held.get("checks") else (),
        former=(*words(held.get("was")), *taken) if taken or held.get("was") else (),
    )


def _activities(held: object) -> tuple[Wanted, ...]:
    found = [
        Wanted(
            key,
            word(one.get("type")),
            word(one.get("outcome")),
            max(_number(one.get("count"), 1), 1),
            one.get("here") is True,
        )
        for key, one in table(held).items()
        if word(one.get("type"))
    ]
    return tuple(sorted(found))


def texts(held: object) -> tuple[Check, ...]:
    """Return the entries of a map of texts (checks, reasons) in their order."""
    found = [(word(one.get("order")), key, word(one.get("text"))) for key, one in table(held).items()]
    return tuple(Check(key, text or key) for _, key, text in sorted(found))


def successor(pipeline: Mapping[str, Any], key: object) -> str:
    """Return the stage that deals of a removed stage belong to: where its own were sent; the key itself otherwise."""
    if not pipeline.get("gone"):
        return word(key)
    gone, held = table(pipeline.get("gone")), table(pipeline.get("stages"))
    now = _end(gone, word(key))
    if now in held and now not in gone:
        return now
    if word(key) not in gone:
        return word(key)
    # Two people removed each other's way out: the first stage is better than none.
    return next((one.key for one in stages(pipeline)), word(key))


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
    pipeline = of_deal(session, deal)
    key = successor(pipeline, deal.get("stage"))
    return next((one for one in stages(pipeline) if one.key == key), None)


def following(session: Session, deal: Mapping[str, Any]) -> tuple[StageInfo | None, int, int]:
    """Return the stage after a deal's own (None after the last open one), the place of its own, and how many."""
    pipeline = of_deal(session, deal)
    key = successor(pipeline, deal.get("stage"))
    ways: dict[str, list[StageInfo]] = session.remember("open stages", dict)
    held = ways.get(pipeline["id"])
    if held is None:
        held = ways[pipeline["id"]] = [one for one in stages(pipeline) if one.kind == "open"]
    at = next((at for at, one in enumerate(held) if one.key == key), -1)
    after = held[at + 1] if 0 <= at < len(held) - 1 else None
    return after, at + 1, len(held)


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
