"""Stages in a query: by name or key, in whatever pipeline, and ordered within each one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.lookup import matching_stages
from tuicrm.crm.stages import stages
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session


def stage_test(session: Session, op: str, text: str) -> Callable[[dict[str, Any]], bool]:
    """Return the test for a stage; `stage>=demo` means Demo and what comes after it in the same pipeline."""
    wanted: set[tuple[str, str]] = set()
    held = {key: stages(one) for key, one in session.ws.all("pipeline").items()}
    for key, steps in held.items():
        meant = {stage.key for stage in matching_stages(steps, text)}
        places = [place for place, stage in enumerate(steps) if stage.key in meant]
        for place, stage in enumerate(steps):
            if places and _stands(op, place, places):
                wanted.add((key, stage.key))
    facts = derive.deals(session)
    if not wanted and not any(matching_stages(steps, text) for steps in held.values()):
        return _unknown(session, held, text)

    def stands(deal: dict[str, Any]) -> bool:
        stage = facts.stage(deal)
        return stage is not None and (facts.pipeline(deal), stage.key) in wanted

    return stands


def _stands(op: str, place: int, places: list[int]) -> bool:
    if op in (":", "="):
        return place in places
    return {
        ">": place > max(places),
        ">=": place >= min(places),
        "<": place < min(places),
        "<=": place <= max(places),
    }[op]


def _unknown(session: Session, held: dict[str, Any], text: str) -> Callable[[dict[str, Any]], bool]:
    """Raise Invalid for a stage that nobody knows, unless a deal still stands in it: those must be findable."""
    if any(deal.get("stage") == text for deal in session.ws.all("deal").values()):
        return lambda deal: deal.get("stage") == text
    from tuicrm.folding import nearest

    known = list(dict.fromkeys(stage.name for steps in held.values() for stage in steps))
    near = nearest(text, known)
    guess = f"did you mean {near}?" if near else f"the stages are {', '.join(known)}"
    raise Invalid(f"there is no stage {text!r}; {guess}")
