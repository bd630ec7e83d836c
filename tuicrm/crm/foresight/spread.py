"""How far off a forecast may be: many possible futures, drawn with a fixed seed.

In each future every open deal is won or not, a number of later deals is won that varies as their arrivals do, and what
wins bring varies as it did. The futures are then moved so that their mean is the forecast, and spread as far as
forecasts have been off before, on earlier origins; what few origins cannot tell comes from a prior, and is drawn anew
in each future (a Student t).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from tuicrm.crm.foresight.blend import Blend
    from tuicrm.crm.foresight.facts import Floats
    from tuicrm.crm.foresight.model import Model

DRAWS = 2_000
SEED = 20_171
PRIOR, PRIOR_ERROR = 3.0, 0.12
"""What is thought of the error before anything was tried: as if three forecasts had been off by 12 %."""
MANY = 100
"""Wins from which their sum is drawn as a normal one, instead of each on its own."""
CHUNK = 500
"""Deals that are drawn at a time."""


class Spread(NamedTuple):
    """Possible sums won within a horizon, sorted, in the currency of the facts."""

    futures: Floats

    def at(self, share: float) -> float:
        """Return the sum below which a share (0 to 1) of the futures lies."""
        return float(np.quantile(self.futures, share))

    def reaching(self, goal: float) -> float:
        """Return the share of the futures that reach a goal."""
        return float((self.futures >= goal).mean())


def drawn(chance: Floats, value: Floats, ratios: Floats, draws: int, chance_of: np.random.Generator) -> Floats:
    """Return what independent deals bring in each of so many futures.

    The mean is exactly Σ p·v and the variance Σ p(1-p)v² where `ratios` (what a win brings by its value) is [1].
    """
    total = np.zeros(draws)
    for at in range(0, len(chance), CHUNK):
        here = slice(at, at + CHUNK)
        wins = chance_of.random((draws, len(chance[here]))) < chance[here]
        if len(ratios) == 1:
            total += wins @ (value[here] * ratios[0])
        else:
            total += (wins * ratios[chance_of.integers(len(ratios), size=wins.shape)]) @ value[here]
    return total


def spread(
    model: Model,
    blend: Blend,
    chance: Floats,
    later: float,
    expected: float,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Spread:
    """Return what may be won, with `expected` as the mean.

    `chance` is that of each open deal of the model, `later` the number of wins among deals that are not made yet.
    """
    chance_of = np.random.default_rng(seed)
    known = ~np.isnan(model.known)
    value, one = model.open.value, np.ones(1)
    total = drawn(chance[known], value[known], one, draws, chance_of)
    total += drawn(chance[~known], value[~known], model.ratios(), draws, chance_of)
    total += _later(model, later, draws, chance_of)
    mean = float(total.mean())
    if mean <= 0 or expected <= 0:
        return Spread(np.full(draws, max(expected, 0.0)))
    total *= expected / mean
    own = float((total / expected).var())
    return Spread(np.sort(total * _more(blend, own, draws, chance_of)))


def _later(model: Model, wins: float, draws: int, chance_of: np.random.Generator) -> Floats:
    """Return what deals opened later bring: gamma-Poisson in number, each with the value of a past win."""
    if wins <= 0:
        return np.zeros(draws)
    seen = max(model.seen_arrivals(), 1.0)
    counts = chance_of.poisson(chance_of.gamma(seen, wins / seen, draws))
    values = model.win_values()
    if wins > MANY:
        sums: Floats = counts * values.mean() + np.sqrt(counts) * values.std() * chance_of.standard_normal(draws)
        return np.maximum(sums, 0.0)
    each = values[chance_of.integers(len(values), size=int(counts.sum()))]
    found: Floats = np.bincount(np.repeat(np.arange(draws), counts), each, draws).astype(np.float64)
    return found


def _more(blend: Blend, own: float, draws: int, chance_of: np.random.Generator) -> Floats:
    """Return factors that spread futures of a relative variance `own` as far as forecasts have been off."""
    off = np.array(blend.errors)
    count = blend.independent if len(off) else 0.0
    freedom = count + PRIOR
    squares = (count * float((off**2).mean()) if len(off) else 0.0) + PRIOR * PRIOR_ERROR**2
    beyond = np.maximum(squares / chance_of.chisquare(freedom, draws) - own, 0.0)
    found: Floats = np.exp(np.sqrt(beyond) * chance_of.standard_normal(draws) - beyond / 2)
    return found
