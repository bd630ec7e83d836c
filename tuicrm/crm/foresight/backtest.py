"""What each method would have said on earlier days, with what was known then, beside what came.

WAPE is Σ|forecast - actual| / Σ actual, bias Σ(forecast - actual) / Σ actual (R. J. Hyndman and G. Athanasopoulos,
"Forecasting: principles and practice"); the Brier score is the mean of (chance - won)² over all open deals of all
origins (G. W. Brier, 1950); coverage is the share of the outcomes within the range from P10 to P90.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tuicrm.crm.foresight.blend import Trials
from tuicrm.crm.foresight.facts import WON
from tuicrm.crm.foresight.model import Model
from tuicrm.crm.foresight.spread import spread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.foresight.facts import Facts, Floats
    from tuicrm.crm.foresight.landmark import Landmarks
    from tuicrm.crm.foresight.model import Hazards

COMMITTED = 0.8
"""The probability from which an open deal counts as committed."""
TENTHS = 10


class Said(NamedTuple):
    """What a method said at one origin."""

    value: float
    chances: Floats | None = None
    """Of each open deal, where the method speaks of deals."""
    low: float | None = None
    high: float | None = None


class Origin(NamedTuple):
    """One earlier day."""

    day: int
    actual: float
    """What was won in the days after it."""
    said: dict[str, Said]
    won: Floats
    """1 for each deal open on the day that was won in the days after it, else 0."""


class Score(NamedTuple):
    """How a method did over all origins; None for what it does not speak of, or where nothing was won."""

    method: str
    wape: float | None
    bias: float | None
    brier: float | None
    coverage: float | None


class Tenth(NamedTuple):
    """The deals that were given a chance within one tenth."""

    low: float
    deals: int
    mean: float
    """The mean chance."""
    won: float
    """The share that was won."""


class Backtest(NamedTuple):
    """All origins of one horizon."""

    horizon: int
    origins: tuple[Origin, ...]

    def scores(self) -> list[Score]:
        """Return the score of each method, in the order in which they are tried."""
        methods = list(self.origins[0].said) if self.origins else []
        return [self._score(one) for one in methods]

    def _score(self, method: str) -> Score:
        total = sum(one.actual for one in self.origins)
        off = [one.said[method].value - one.actual for one in self.origins]
        ranges = [
            (said.low, one.actual, said.high)
            for one in self.origins
            if (said := one.said[method]).low is not None and said.high is not None
        ]
        chances, won = self._chances(method)
        return Score(
            method,
            sum(map(abs, off)) / total if total > 0 else None,
            sum(off) / total if total > 0 else None,
            float(((chances - won) ** 2).mean()) if len(chances) else None,
            sum(low <= actual <= high for low, actual, high in ranges) / len(ranges) if ranges else None,
        )

    def reliability(self, method: str) -> list[Tenth]:
        """Return, for each tenth of the chances that a method gave, how many of the deals were won."""
        chances, won = self._chances(method)
        place = np.minimum((chances * TENTHS).astype(np.int64), TENTHS - 1)
        return [
            Tenth(at / TENTHS, int(here.sum()), float(chances[here].mean()), float(won[here].mean()))
            for at in range(TENTHS)
            if (here := place == at).any()
        ]

    def _chances(self, method: str) -> tuple[Floats, Floats]:
        held = [(said, one.won) for one in self.origins if (said := one.said[method].chances) is not None]
        if not held:
            return np.zeros(0), np.zeros(0)
        return np.concatenate([said for said, _ in held]), np.concatenate([won for _, won in held])


def backtest(
    facts: Facts,
    hazards: Hazards,
    landmarks: Landmarks,
    days: Sequence[int],
    horizon: int,
    *,
    told: Callable[[int, int], None] = lambda done, every: None,
) -> Backtest:
    """Return what each method would have said on each of some days (ordinals) for the `horizon` days after it.

    `told` is given how many of the days are done, of how many; what it raises ends the work.
    """
    trials = Trials(facts, hazards, landmarks, horizon)
    found = []
    for at, day in enumerate(days):
        told(at, len(days))
        found.append(_origin(facts, hazards, landmarks, trials, day, horizon))
    return Backtest(horizon, tuple(found))


def _origin(facts: Facts, hazards: Hazards, landmarks: Landmarks, trials: Trials, day: int, horizon: int) -> Origin:
    model, marks = Model(facts, hazards, day), [horizon]
    blend = trials.blend(day)
    chances = model.judged(marks, landmarks.factors(day))[0]
    later, run = float(model.later(marks)[0]), model.run_rate(marks)
    value = float(blend.of(np.array([chances @ model.open.value + later * model.mean]), run)[0])
    futures = spread(model, blend, chances, later, value)
    low, middle, high = (futures.at(share) for share in (0.1, 0.5, 0.9))
    weighted, committed = _by_stage(model, horizon)
    episodes = model.open.episode
    won = (facts.outcome[episodes] == WON) & (facts.end[episodes] <= day + horizon)
    said = {
        "history": Said(value, chances, low, high),
        "simulation": Said(middle, chances, low, high),
        "seasonal": Said(float(run[0])),
        "weighted": Said(float(weighted @ model.open.value), weighted),
        "categories": Said(float(committed @ model.open.value)),
        "run_rate": Said(facts.actual(day - horizon, horizon)),
    }
    return Origin(day, facts.actual(day, horizon), said, won.astype(np.float64))


def _by_stage(model: Model, horizon: int) -> tuple[Floats, Floats]:
    """Return the probability of the stage of each open deal that should close in time, and 1 where it is committed.

    A deal whose stage was not known has the share of deals won until then; one without an expected close may close in
    time.
    """
    chance = np.where(np.isnan(model.staged), model.win_rate(), model.staged)
    in_time = (model.open.close == 0) | (model.open.close <= model.origin + horizon)
    sure = in_time & (model.staged >= COMMITTED)
    weighted: Floats = np.where(in_time, chance, 0.0)
    return weighted, sure.astype(np.float64)
