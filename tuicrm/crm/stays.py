"""Where each deal has been: its stages one after the other, with the days on which it came and went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm import derive
from tuicrm.crm.touches import id_ms
from tuicrm.crm.tracks import tracks
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.crm.tracks import Step

Record = dict[str, Any]
NEVER = 10_000_000


class Stay(NamedTuple):
    """A deal in one stage."""

    stage: str
    """The stage's key; empty where nobody knows which one it was."""
    kind: str
    """`open`, `won` or `lost`; a stage that its pipeline does not have is open."""
    first: int
    """The day (an ordinal) on which the deal entered."""
    end: int | None
    """The day on which it left; None where it is there still."""


def stays(session: Session) -> Mapping[str, tuple[Stay, ...]]:
    """Return the stays of every live deal by id, oldest first: at least one each, each ending where the next begins.

    A deal begins on the day it was opened (see `derive.Deals.opened`). Its moves are those of the log; a last one that
    the log does not tell of is taken to have happened when the field was written. A closing counts on the day that the
    deal says it was closed; where that is before the opening or a move, these count on that day, too.
    """

    def make() -> dict[str, tuple[Stay, ...]]:
        facts, log = derive.deals(session), tracks(session)
        way = f"{session.zone} {facts.ways}"
        known: dict[str, tuple[str, Record, Sequence[Step], tuple[Stay, ...]]] = session.kept.setdefault("stays", {})
        found = {}
        for key, deal in session.ws.all("deal").items():
            steps, held = log.of(key, "stage"), known.get(key)
            # Records are replaced, never changed in place: one that is the same object is as it was.
            if held is None or held[1] is not deal or held[2] is not steps or held[0] != way:
                held = known[key] = (way, deal, steps, tuple(_stays(deal, steps, facts)))
            found[key] = held[3]
        return found

    found: Mapping[str, tuple[Stay, ...]] = session.remember(f"stays {session.zone}", make)
    return found


def _stays(deal: Record, steps: Sequence[Step], facts: derive.Deals) -> list[Stay]:
    kinds = _kinds(deal, facts)
    now = deal.get("stage") if isinstance(deal.get("stage"), str) else ""
    moves = [(facts.day_of(step.ms), step.after) for step in steps]
    if steps and steps[-1].after != now:
        moves.append((facts.day_of(_written(deal)), str(now)))
    elif not steps and facts.status(deal) != "open":
        moves.append((0, str(now)))
    first = steps[0].before if steps else "" if moves else str(now)
    last = NEVER
    if moves and kinds(moves[-1][1]) != "open":
        last = derive.day_ordinal(deal.get("closed_on")) or max(moves[-1][0], facts.opened(deal))
        moves[-1] = (last, moves[-1][1])
    found, day, stage = [], min(facts.opened(deal), last), first
    for when, after in moves:
        # Never backwards, and nothing after the closing: whoever notes a sale afterwards names the day that counts.
        when = min(max(when, day), last)
        found.append(Stay(stage, kinds(stage), day, when))
        day, stage = when, after
    return [*found, Stay(stage, kinds(stage), day, None)]


def _kinds(deal: Record, facts: derive.Deals) -> Callable[[str], str]:
    pipeline = facts.pipeline(deal)

    def kind(stage: str) -> str:
        held = facts.stage_named(pipeline, stage)
        return held.kind if held is not None else "open"

    return kind


def _written(deal: Record) -> int:
    """Return when the stage was last written, in milliseconds since 1970."""
    return id_ms(rank((deal.get("_v") or {}).get("stage", deal["id"])))
