"""Made-up teams whose deals come, are won and are lost by known rules: steady, seasonal, growing, and so on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tuicrm.crm.foresight.facts import LOST, NEVER, OPEN, WON, Episode, Facts, Run

if TYPE_CHECKING:
    from collections.abc import Sequence

REGIMES = ("steady", "seasonal", "growing", "falling", "truncated", "stale", "lumpy", "shift")
START = 730_000
BURN, DAYS = 200, 540
PRICES = (50.0, 500.0, 1_200.0, 3_000.0, 5_000.0, 25_000.0)


def world(regime: str, seed: int) -> list[Episode]:
    """Return the deals of one team from START + BURN on; what ends after START + BURN + DAYS is still open."""
    chance = np.random.default_rng([REGIMES.index(regime), seed])
    days = np.arange(BURN + DAYS)
    rate = np.full(len(days), chance.uniform(1, 5))
    year = (days - BURN) / 365
    if regime == "growing":
        rate *= np.exp(chance.uniform(0.3, 1.2) * year)
    elif regime == "falling":
        rate *= np.exp(-chance.uniform(0.3, 1.0) * year)
    elif regime == "shift":
        rate[days > BURN + DAYS * chance.uniform(0.3, 0.7)] *= chance.uniform(0.5, 1.8)
    swing = chance.uniform(0.15, 0.45) if regime == "seasonal" else 0.0
    favour = np.array([1 - swing, 1.0, 1 + swing])[days // 30 % 3]
    opened = np.repeat(days, chance.poisson(rate))
    count = len(opened)
    stale = chance.uniform(0.1, 0.35) if regime == "stale" else chance.uniform(0, 0.08)
    win = chance.uniform(0.25, 0.65)
    kind = chance.choice(3, count, p=[stale, (1 - stale) * win, (1 - stale) * (1 - win)])
    shape, slow, fast = chance.uniform(1, 3), chance.uniform(25, 90), chance.uniform(15, 70)
    lasts = np.where(kind == WON, chance.gamma(shape, slow / shape, count), chance.gamma(1.2, fast / 1.2, count))
    end = np.where(kind == OPEN, NEVER, opened + lasts.astype(np.int64))
    for at in np.flatnonzero(kind == WON) if swing else ():
        while end[at] < len(days) and chance.random() > favour[end[at]] / favour.max():
            end[at] += chance.integers(1, 15)
    listed = chance.choice(PRICES[: int(chance.integers(2, 7))], count)
    won = listed * np.exp(chance.normal(-0.03, 1.0 if regime == "lumpy" else 0.25, count))
    begun = opened >= BURN if regime == "steady" else end >= BURN if regime == "truncated" else end >= 0
    return [
        _episode(int(at), int(opened[at]), int(end[at]), int(kind[at]), float(won[at]), float(listed[at]))
        for at in np.flatnonzero(begun)
    ]


def _episode(at: int, opened: int, end: int, kind: int, won: float, listed: float) -> Episode:
    over = end < BURN + DAYS
    runs = (Run(START + opened, 0, 0, float("nan"), float("nan")),)
    ends = (START + end, kind, won if kind == WON else 0.0) if over else (NEVER, OPEN, 0.0)
    return Episode(at, START + opened, *ends, listed, 0, runs)


def origins(step: int, horizon: int) -> range:
    """Return days to look from, each with so many known days after it."""
    return range(START + BURN + 120, START + BURN + DAYS - horizon, step)


def facts(episodes: Sequence[Episode], last: int = START + BURN + DAYS - 1) -> Facts:
    """Return the facts of a world."""
    return Facts(episodes, last, earliest=START + BURN)


def scrambled(episodes: Sequence[Episode], after: int, seed: int) -> list[Episode]:
    """Return the same world up to a day; what ends, begins or becomes known after it is another future."""
    chance = np.random.default_rng(seed)
    found = []
    for one in episodes:
        if one.opened > after:
            if chance.random() < 0.5:
                found.append(replace(one, opened=one.opened + 3, runs=(replace(one.runs[0], first=one.opened + 3),)))
            continue
        changed = one
        if one.end > after:
            kind = int(chance.choice([OPEN, WON, LOST]))
            end = NEVER if kind == OPEN else after + 1 + int(chance.integers(0, 300))
            changed = replace(one, end=end, outcome=kind, won=float(chance.uniform(1, 10**6)) if kind == WON else 0.0)
            runs = [run for run in one.runs if run.first <= after]
            runs.append(Run(after + 1, 1, after + 50, float(chance.uniform(1, 10**6)), 0.9))
            changed = replace(changed, runs=tuple(runs))
        found.append(changed)
    return found
