"""The funnel of one pipeline: how many deals entered each stage lately, and which share of the stage before that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.recent import recent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.recent import Recent
    from tuicrm.crm.scopes import Scope
    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo

Record = dict[str, Any]

DAYS = 90
"""How far back the funnel looks; no further than the log that is kept at hand."""
ENOUGH = 5
"""So many deals must have entered a stage before its conversion is called weak."""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the funnel."""

    key: str
    name: str
    ids: tuple[str, ...]
    """The deals that entered it in the time, each once."""

    @property
    def count(self) -> int:
        """How many deals entered."""
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Funnel:
    """The open stages in their order, and won as the last step."""

    pipeline: str
    days: int
    steps: tuple[Step, ...]

    def share(self, at: int) -> int | None:
        """Return the deals that entered a step in percent of those that entered the one before; None without any."""
        before = self.steps[at - 1].count if at else 0
        return (200 * self.steps[at].count + before) // (2 * before) if before else None

    @property
    def weakest(self) -> int:
        """The place of the step with the lowest share; 0 where too few deals tell of none."""
        shares = [
            (share, at)
            for at in range(1, len(self.steps))
            if (share := self.share(at)) is not None and self.steps[at - 1].count >= ENOUGH
        ]
        return min(shares)[1] if shares else 0


def funnel(session: Session, scope: Scope, *, where: str = "", pipeline: str = "", days: int = DAYS) -> Funnel:
    """Return the funnel of a pipeline (an id; the default one where empty) over the last days.

    A deal counts once for each stage that it entered: when it was opened (with the stages before the one that it began
    in), and when it moved on (with the stages that it skipped). Moving back counts for nothing. A won deal counts on
    the day it was closed; what no entry of the log tells is taken to have happened on that day.
    """
    from tuicrm.crm.forecast import deals_in
    from tuicrm.crm.stages import default, stages

    record = session.ws.get("pipeline", pipeline) if pipeline else default(session)
    way = stages(record or {})
    walk = _Walk(way, recent(session), days)
    facts = derive.deals(session)
    for deal in deals_in(session, scope, where):
        if record is not None and facts.pipeline(deal) == record["id"]:
            walk.follow(deal, facts)
    return Funnel(str((record or {}).get("name", "")), days, tuple(walk.steps()))


class _Walk:
    """Follows deals through the stages, and notes where each one entered."""

    def __init__(self, way: list[StageInfo], log: Recent, days: int) -> None:
        self._log = log
        self._first = log.last - days + 1
        self._open = [one for one in way if one.kind == "open"]
        self._at = {one.key: at for at, one in enumerate(self._open)}
        self._won_name = next((one.name for one in way if one.kind == "won"), "Won")
        self._entered: list[list[str]] = [[] for _ in range(len(self._open) + 1)]

    def steps(self) -> Iterator[Step]:
        """Yield the steps with the deals that entered each."""
        names = [(one.key, one.name) for one in self._open]
        for (key, name), held in zip([*names, ("won", self._won_name)], self._entered, strict=True):
            yield Step(key, name, tuple(held))

    def follow(self, deal: Record, facts: derive.Deals) -> None:
        """Note the stages that one deal entered in the time."""
        if not self._open:
            return
        moves = [one for one in self._log.moves(deal["id"]) if one[0] >= self._first]
        place = self._at.get(moves[0][1] if moves else str(deal.get("stage")), 0)
        found: set[int] = set()
        if self._first <= facts.opened(deal) <= self._log.last:
            found.update(range(place + 1))
        for _, before, after in moves:
            goal = self._at.get(after)
            if goal is None:
                continue
            if before in self._at:  # else it was taken up again, which is no step forward
                found.update(range(self._at[before] + 1, goal + 1))
            place = goal
        if facts.status(deal) == "won" and self._first <= derive.day_ordinal(deal.get("closed_on")) <= self._log.last:
            found.update(range(place + 1, len(self._open) + 1))
        for at in found:
            self._entered[at].append(deal["id"])
