"""What happens when a deal enters a stage: what it asks for, the date and the reason of its closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.along import NOTHING, Along
from tuicrm.crm.needs import Needs, lacks, said, ticked
from tuicrm.crm.needs import filled as filled
from tuicrm.crm.stages import of_deal, stage_of, stages, successor, texts
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo
    from tuicrm.store.changes import Change

Record = dict[str, Any]


class MissingFields(Invalid):
    """A stage asks for what a deal does not have; `asks` says so without naming the `deal`."""

    def __init__(
        self,
        message: str,
        *,
        stage: str,
        needs: Needs,
        asks: str,
        deal: str = "",
        reasons: Sequence[str] = (),
        force: bool = False,
        hint: str = "",
    ) -> None:
        self.stage = stage
        """What the stage is called."""
        self.fields = needs.fields
        self.needs = needs
        self.asks = asks
        self.deal = deal
        self.reasons = tuple(reasons)
        """The reasons to choose from where the move goes back and wants one."""
        self.force = force
        """Whether one may go on without."""
        super().__init__(message, field=(*self.fields, "stage")[0], hint=hint)


def _hint(session: Session, stage: StageInfo, needs: Needs, force: bool) -> str:
    """Return how a command gives along what is missing."""
    given = [_option(session, name) for name in needs.fields]
    given += [f'--log "{one.wanted.type} TEXT"' for one in needs.talks for _ in range(min(one.missing, 3))]
    given += [f'--check "{one.text}"' for one in needs.checks]
    verb = "lose" if stage.kind == "lost" else "move"
    return f"give it along with tuicrm deal {verb}: {' '.join(given)}{'; or --force to go on without' if force else ''}"


def _option(session: Session, name: str) -> str:
    """Return the option of the stage commands that fills in a field."""
    field = session.kind("deal").by_name.get("product" if name == "items" else name)
    if field is None or field.custom:
        return f"--set {name}=VALUE"
    return "--reason" if name == "lost_reason" else f"--{field.option}"


def enter(session: Session, before: Record | None, fields: dict[str, Any], along: Along = NOTHING) -> dict[str, Any]:
    """Return the fields completed by what entering their stage means; raise MissingFields where its gate is shut.

    A deal that stays in its stage passes untouched. Typed dates and reasons are never overwritten. One that is being
    added is asked for fields only: nothing has happened to it yet.
    """
    held = before or {}
    after = {**held, **fields}
    stage = stage_of(session, after)
    if along.ticks:
        fields = _ticked(session, after, stage, fields, along)
        after |= fields
    if stage is None or (before is not None and _place(before) == _place(after)):
        return fields
    if not along.free:
        needs = lacks(session, after, stage, talks(session, after, stage, along))
        if before is None or along.past:
            needs = Needs(needs.fields)
        if any(needs) and not (along.force and may_force(session)):
            raise _missing(session, stage, after, needs, along)
        if (
            before is not None
            and not (along.past or along.reason.strip())
            and (reasons := asked_back(session, before, after))
        ):
            asks = f"going back to {stage.name} needs a reason"
            hint = f"say why: --reason TEXT ({', '.join(reasons)}, or in your own words)"
            raise MissingFields(
                asks,
                stage=stage.name,
                needs=Needs(),
                asks=asks,
                deal=str(after.get("id", "")),
                reasons=reasons,
                hint=hint,
            )
    was = stage_of(session, before) if before is not None else None
    return {**_closing(session, stage, was, fields), **fields}


def _missing(session: Session, stage: StageInfo, after: Mapping[str, Any], needs: Needs, along: Along) -> MissingFields:
    from tuicrm.crm.lookup import title

    asks = f"{stage.name} needs {_listed(said(session, needs))}"
    what = title(session, "deal", dict(after)) if after.get("id") else "the deal"
    allowed = may_force(session)
    refused = "; the team's settings do not let --force go on without" if along.force and not allowed else ""
    message = f"{asks}, which {what} does not have yet{refused}"
    hint = _hint(session, stage, needs, allowed)
    return MissingFields(
        message, stage=stage.name, needs=needs, asks=asks, deal=str(after.get("id", "")), force=allowed, hint=hint
    )


def may_force(session: Session) -> bool:
    """Tell whether the team lets a rep go on without what a stage asks for."""
    return session.setting("stage_force") != "no"


def asked_back(session: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the reasons to choose from where a move goes back and its pipeline wants to know why; none otherwise."""
    pipeline = of_deal(session, after)
    reasons = texts(pipeline.get("back_reasons"))
    if not reasons or of_deal(session, before)["id"] != pipeline["id"]:
        return []
    ways = [one.key for one in stages(pipeline) if one.kind == "open"]
    here, there = (successor(pipeline, one.get("stage")) for one in (before, after))
    goes_back = here in ways and there in ways and ways.index(there) < ways.index(here)
    return [one.text for one in reasons] if goes_back else []


def left_without(session: Session, before: Record, after: Record, along: Along) -> str:
    """Return what a deal was pushed on without, for the history: `without value, decision maker named`."""
    stage = stage_of(session, after)
    if not along.force or stage is None or _place(before) == _place(after):
        return ""
    words = said(session, lacks(session, after, stage, talks(session, after, stage, along)))
    return f"without {', '.join(words)}" if words else ""


def talks(session: Session, deal: Mapping[str, Any], stage: StageInfo | None, along: Along) -> list[Record]:
    """Return the activities that are logged along with a move, as far as they count: type, outcome, text.

    The outcome is the one that the stage asks for.
    """
    if not along.logs:
        return []
    found: list[Record] = []
    for sort, text in along.logs:
        lacking = lacks(session, deal, stage, found).talks if stage is not None else ()
        wanted = [one.wanted for one in lacking if one.wanted.type == sort]
        wanted.sort(key=lambda one: not one.outcome)
        if wanted or not along.spare:
            outcome = wanted[0].outcome if wanted else ""
            found.append({"type": sort, "outcome": outcome, "subject": text})
    return found


def typed_log(text: str) -> tuple[str, str]:
    """Return the type and the text of a talk that was typed in one: `meeting kick-off`, `call: wants the report`."""
    from tuicrm.records.kinds.activity import LOGGED

    sort, _, rest = text.strip().partition(" ")
    sort = sort.rstrip(":").lower()
    if sort not in LOGGED:
        raise Invalid(f"log: {text!r} does not begin with {', '.join(LOGGED)}", field="log")
    return sort, rest.strip()


def log_along(session: Session, deal: Record, after: Record, along: Along) -> list[Change]:
    """Return the changes that log what was said along with a move."""
    from tuicrm.crm.activities import log

    stage = stage_of(session, after)
    made: list[Change] = []
    for one in talks(session, after, stage, along):
        plan = log(session, one["type"], one["subject"], deal=deal["id"], outcome=one["outcome"])
        made.extend(plan.changes)
    return made


def _ticked(
    session: Session, after: Record, stage: StageInfo | None, fields: dict[str, Any], along: Along
) -> dict[str, Any]:
    """Return the fields with the boxes ticked that are given along."""
    from tuicrm.crm.ticks import find_check, mark

    held = {**ticked(after)}
    asked = {one.key for one in stage.checks} if stage is not None else set()
    for text in along.ticks:
        key = text if text in asked else find_check(of_deal(session, after), text).key
        if key not in held and not (along.spare and key not in asked):
            held[key] = mark(session)
    return {**fields, "checks": held} if held != ticked(after) else fields


def _place(deal: Mapping[str, Any]) -> tuple[Any, Any]:
    return (deal.get("pipeline"), deal.get("stage"))


def _listed(texts: Sequence[str]) -> str:
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if texts[1:] else texts)


def _closing(session: Session, stage: StageInfo, was: StageInfo | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what closing or reopening sets by itself."""
    closed_before = was is not None and was.kind != "open"
    if stage.kind == "open":
        return {"closed_on": None, "lost_reason": None} if closed_before else {}
    found: dict[str, Any] = {} if closed_before else {"closed_on": session.today.isoformat()}
    if stage.kind == "won":
        found["lost_reason"] = None
    return found
