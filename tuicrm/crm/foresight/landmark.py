"""What stages and expected closes tell beyond the age of a deal: learnt from how deals in them went before.

On each earlier origin the open deals are grouped by the stage that they were in, and by how far ahead their expected
close was; what was won of a group within the horizon is compared with what ages alone had let expect (landmarking:
H. C. van Houwelingen, "Dynamic prediction by landmarking in event history analysis", 2007). So a stage stands for all
that usually becomes of deals in it, and not only for what is won out of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tuicrm.crm.foresight.facts import CLOSE_GROUPS, WON, close_group
from tuicrm.crm.foresight.hazard import HALF_LIFE

if TYPE_CHECKING:
    from tuicrm.crm.foresight.facts import Facts, Floats, Ints
    from tuicrm.crm.foresight.model import Hazards

STEP = 7
"""Days between the earlier origins."""
MOST = 52
LEAN = 10.0
"""Wins by which a factor leans towards 1."""
LEVELS = 25
"""Steps of the chances that are told apart."""
ROUNDS = 40
LOW, HIGH = 1e-3, 1e3
"""The factors that are looked among."""


class Seen(NamedTuple):
    """What one earlier origin tells, by stage and group of the expected close."""

    deals: Floats
    """How many deals were given a chance of each level: stages x groups x levels."""
    won: Floats
    """How many of them were won: stages x groups."""


class Factors(NamedTuple):
    """By how much the odds of deals differ from what their age alone lets expect."""

    by_stage: Floats
    by_close: Floats

    def on(self, chance: Floats, stage: Ints, group: Ints) -> Floats:
        """Return chances (deals last) of deals of these stages and groups of the expected close."""
        return scaled(chance, self.by_stage[stage] * self.by_close[group])


def scaled(chance: Floats, factor: Floats | float) -> Floats:
    """Return chances whose odds are multiplied."""
    more = chance * factor
    found: Floats = more / (1.0 - chance + more)
    return found


class Landmarks:
    """The earlier origins of one horizon, for all deals of a team; each is looked at once."""

    def __init__(self, facts: Facts, hazards: Hazards, horizon: int) -> None:
        self._facts = facts
        self._hazards = hazards
        self._horizon = horizon
        self._known: dict[int, Seen] = {}

    def factors(self, origin: int) -> Factors:
        """Return what could be known on a day."""
        facts = self._facts
        deals = np.zeros((facts.stages, CLOSE_GROUPS, LEVELS))
        won = np.zeros((facts.stages, CLOSE_GROUPS))
        at, count = (origin - self._horizon) // STEP * STEP, 0
        while at > facts.day0 and count < MOST:
            seen = self._at(at)
            # Origins that overlap tell the same again: together they count as one per horizon.
            weight = 2.0 ** (-(origin - at) / HALF_LIFE) * min(STEP / self._horizon, 1.0)
            deals += weight * seen.deals
            won += weight * seen.won
            at, count = at - STEP, count + 1
        return _factors(deals, won)

    def _at(self, origin: int) -> Seen:
        if origin not in self._known:
            self._known[origin] = self._look(origin)
        return self._known[origin]

    def _look(self, origin: int) -> Seen:
        from tuicrm.crm.foresight.model import Model

        facts = self._facts
        model = Model(facts, self._hazards, origin)
        chance, deals = model.chances([self._horizon])[0], model.open
        group = close_group(deals.close, origin)
        level = np.minimum((chance * LEVELS).astype(np.int64), LEVELS - 1)
        place = (deals.stage * CLOSE_GROUPS + group) * LEVELS + level
        shape = (facts.stages, CLOSE_GROUPS, LEVELS)
        counts = np.bincount(place, minlength=facts.stages * CLOSE_GROUPS * LEVELS).reshape(shape)
        is_won = (facts.outcome[deals.episode] == WON) & (facts.end[deals.episode] <= origin + self._horizon)
        won = np.bincount(deals.stage * CLOSE_GROUPS + group, is_won, facts.stages * CLOSE_GROUPS)
        return Seen(counts.astype(np.float64), won.reshape(shape[:2]).astype(np.float64))


def _factors(deals: Floats, won: Floats) -> Factors:
    """Return the factors of stages, then those of closes beyond them; 1 where there is but one group to be seen."""
    stages = deals.shape[0]
    by_stage, by_close = np.ones(stages), np.ones(CLOSE_GROUPS)
    middle = (np.arange(LEVELS) + 0.5) / LEVELS
    seen = deals.sum(axis=2) > 0
    if seen.any(axis=1).sum() > 1:
        by_stage = np.array([_fitted(deals[at].sum(axis=0), middle, float(won[at].sum())) for at in range(stages)])
    if seen.any(axis=0).sum() > 1:
        spread = scaled(np.broadcast_to(middle, (stages, LEVELS)), by_stage[:, None])
        by_close = np.array(
            [_fitted(deals[:, at].ravel(), spread.ravel(), float(won[:, at].sum())) for at in range(CLOSE_GROUPS)]
        )
    return Factors(by_stage, by_close)


def _fitted(deals: Floats, chance: Floats, won: float) -> float:
    """Return the factor at which as many are expected to be won as were, leaning on 1; found by halving."""
    low, high = np.log(LOW), np.log(HIGH)
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        factor = float(np.exp(middle))
        expected = float(deals @ scaled(chance, factor))
        low, high = (low, middle) if expected + LEAN * factor > won + LEAN else (middle, high)
    return float(np.exp((low + high) / 2))
