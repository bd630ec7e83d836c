"""How far the two views of the future were off before, and what follows for what they say now.

One view adds up open deals and those to come, the other goes by the run rate. Each was tried on earlier origins, with
what was known then; their weights go by their mean squared errors, and a lasting bias is taken out as far as it stands
out from the noise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tuicrm.crm.foresight.landmark import STEP
from tuicrm.crm.foresight.model import Model

if TYPE_CHECKING:
    from tuicrm.crm.foresight.facts import Facts, Floats
    from tuicrm.crm.foresight.landmark import Landmarks
    from tuicrm.crm.foresight.model import Hazards

MOST = 52
"""Earlier origins that are tried at most, the latest of them."""
ENOUGH = 30
"""Wins that an origin must know of to be tried."""
PRIOR, PRIOR_ERROR = 2.0, 0.15
"""What is thought of a view before it was tried: as if it had been 15 % off twice."""
BIAS_HALF_LIFE = 180.0
STANDS_OUT = 3.0
"""A bias is believed beyond the square root of this times its standard error."""


class Tried(NamedTuple):
    """What both views said at an earlier origin, and what came."""

    pipeline: float
    run: float
    actual: float


class Blend(NamedTuple):
    """What to make of the two views."""

    weight: float
    """The share of the pipeline's view."""
    pipeline: float
    run: float
    """The factors that take out the bias of each."""
    errors: tuple[float, ...]
    """The errors of the blend at the earlier origins, as logarithms of actual by forecast, the latest first."""
    independent: float
    """How many origins that do not overlap these are worth."""

    def of(self, pipeline: Floats, run: Floats) -> Floats:
        """Return the blend of both views."""
        found: Floats = self.weight * self.pipeline * pipeline + (1 - self.weight) * self.run * run
        return found


class Trials:
    """The earlier origins of one horizon, each worked out once."""

    def __init__(self, facts: Facts, hazards: Hazards, landmarks: Landmarks, horizon: int) -> None:
        self._facts = facts
        self._hazards = hazards
        self._landmarks = landmarks
        self._horizon = horizon
        self._known: dict[int, Tried | None] = {}

    def blend(self, origin: int) -> Blend:
        """Return what could be learnt by a day."""
        tried = self._before(origin)
        if not tried:
            return Blend(0.5, 1.0, 1.0, (), 0.0)
        told = np.array(tried)
        pipeline, run, actual = told[:, 0], told[:, 1], told[:, 2]
        mean = float(actual.mean())
        if mean <= 0:
            return Blend(0.5, 1.0, 1.0, (), 0.0)
        first, second = (_error(view, actual, mean) for view in (pipeline, run))
        weight = second**2 / (first**2 + second**2)
        count = max(len(tried) * min(STEP / self._horizon, 1.0), 0.5)
        made = Blend(weight, _unbias(pipeline, actual, self._horizon), _unbias(run, actual, self._horizon), (), count)
        said = made.of(pipeline, run)
        held = (said > 0) & (actual > 0)
        return made._replace(errors=tuple(np.log(actual[held] / said[held]).tolist()))

    def _before(self, origin: int) -> list[Tried]:
        found: list[Tried] = []
        # On one grid for all origins, so that each is worked out once however many look back at it.
        at = (origin - self._horizon) // STEP * STEP
        while at > self._facts.day0 and len(found) < MOST:
            one = self._at(at)
            if one is None:
                break
            found.append(one)
            at -= STEP
        return found

    def _at(self, origin: int) -> Tried | None:
        if origin not in self._known:
            self._known[origin] = self._try(origin)
        return self._known[origin]

    def _try(self, origin: int) -> Tried | None:
        facts = self._facts
        if facts.won_count[: origin - facts.day0 + 1].sum() < ENOUGH:
            return None
        model, marks = Model(facts, self._hazards, origin), [self._horizon]
        return Tried(
            float(model.pipeline(marks, self._landmarks.factors(origin))[0]),
            float(model.run_rate(marks)[0]),
            facts.actual(origin, self._horizon),
        )


def _error(said: Floats, actual: Floats, mean: float) -> float:
    """Return a view's mean squared error in units of the mean outcome, leaning on what is thought of it untried."""
    count = len(said)
    return float((count * (((said - actual) / mean) ** 2).mean() + PRIOR * PRIOR_ERROR**2) / (count + PRIOR))


def _unbias(said: Floats, actual: Floats, horizon: int) -> float:
    """Return the factor that takes out a view's bias: the positive part of what exceeds its noise (James and Stein)."""
    weight = np.exp2(-STEP * np.arange(len(said)) / BIAS_HALF_LIFE)
    held = (said > 0) & (actual > 0)
    if held.sum() < 2:
        return 1.0
    off = np.log(actual[held] / said[held])
    share = weight[held] / weight[held].sum()
    bias = float(share @ off)
    count = max(STEP / horizon / float(share @ share), 0.5)
    noise = (float(share @ (off - bias) ** 2) * count + PRIOR * PRIOR_ERROR**2) / (count + PRIOR) / count
    return float(np.exp(bias * max(0.0, 1.0 - STANDS_OUT * noise / max(bias**2, 1e-12))))
