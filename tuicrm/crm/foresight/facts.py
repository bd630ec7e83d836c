"""The history of deals as arrays: when each could be won, what was known of it, and how it ended.

Days are proleptic ordinals; amounts are in one currency. An *episode* is a time in which a deal was open (one that was
taken up again has several); a *run* is a part of an episode in which what was known of the deal did not change.
Whoever looks at a day T may use of an episode only that it had begun, and its end only where that is not after T.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]

NEVER = 10_000_000
"""The day of what has not happened."""
OPEN, WON, LOST = 0, 1, 2
LONGEST = 1_500
"""Days of the past that are learnt from: what is older has less than 0.4 % of today's weight."""
EDGES = np.array([*range(0, 183, 7), *range(210, 731, 28)], dtype=np.int64)
"""The first age in days of each bin: 7 days wide up to 26 weeks, then 28 days up to two years, then all the rest."""
BINS = len(EDGES)
CLOSE_EDGES = np.array([-30, 0, 31, 91], dtype=np.int64)
NO_CLOSE = len(CLOSE_EDGES) + 1
"""The group of deals without an expected close; the others: more than 30 days late, late, within 30, 31-90, later."""
CLOSE_GROUPS = NO_CLOSE + 1


@dataclass(frozen=True, slots=True)
class Run:
    """What was known of a deal from a day on."""

    first: int
    stage: int
    """The number of its stage; one number stands for all deals of which no move had been recorded."""
    close: int
    """The expected close; 0 where none was known."""
    value: float
    """Its value; NaN where none was known."""
    chance: float
    """The probability of its stage, from 0 to 1; NaN where no stage was known."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One time in which a deal was open."""

    deal: int
    """The deal's number."""
    opened: int
    end: int
    """The day it was closed; NEVER where it is open."""
    outcome: int
    """OPEN, WON or LOST."""
    won: float
    """What it brought; 0 where it was not won."""
    listed: float
    """The list price of what was to be sold; NaN where there is none."""
    product: int
    """The product's number; 0 where there is none, or several."""
    runs: Sequence[Run]
    """At least one, the first from the day it was opened."""


class Facts:
    """The episodes of a workspace up to `last`, and sums over them that belong to single days of the past."""

    def __init__(self, episodes: Sequence[Episode], last: int, *, earliest: int | None = None, fiscal: int = 1) -> None:
        """Lay out what is known up to `last`, for looking at it from days not before `earliest` (`last` where absent).

        `fiscal` is the month with which fiscal years begin.
        """
        self.last = last
        """The last day of which anything is known."""
        self._fiscal = fiscal
        self.count = len(episodes)
        self.deal = np.array([one.deal for one in episodes], dtype=np.int64)
        self.opened = np.array([one.opened for one in episodes], dtype=np.int64)
        self.end = np.array([one.end for one in episodes], dtype=np.int64)
        self.outcome = np.array([one.outcome for one in episodes], dtype=np.int64)
        self.won = np.array([one.won for one in episodes], dtype=np.float64)
        self.listed = np.array([one.listed for one in episodes], dtype=np.float64)
        self.product = np.array([one.product for one in episodes], dtype=np.int64)
        closed = self.end[self.outcome != OPEN]
        self.first = int(closed.min()) if len(closed) else last
        """The first close on record: what was lost or won before it is not known, so nothing is learnt from before."""
        self.day0 = max(self.first, min(last if earliest is None else earliest, last) - LONGEST)
        """The day that the first place of every array by days stands for."""
        self._lay_runs(episodes)
        self._add_up()

    def _lay_runs(self, episodes: Sequence[Episode]) -> None:
        held = [(at, run) for at, one in enumerate(episodes) for run in one.runs]
        self.run_of = np.array([at for at, _ in held], dtype=np.int64)
        self.run_first = np.array([run.first for _, run in held], dtype=np.int64)
        self.run_stage = np.array([run.stage for _, run in held], dtype=np.int64)
        self.run_close = np.array([run.close for _, run in held], dtype=np.int64)
        self.run_value = np.array([run.value for _, run in held], dtype=np.float64)
        self.run_chance = np.array([run.chance for _, run in held], dtype=np.float64)
        last = np.full(len(held), NEVER, dtype=np.int64)
        if len(held) > 1:
            same = self.run_of[1:] == self.run_of[:-1]
            last[:-1] = np.where(same, self.run_first[1:] - 1, NEVER)
        self.run_last = np.minimum(last, self.end[self.run_of]) if len(held) else last
        self.stages = int(self.run_stage.max()) + 1 if len(held) else 1

    def _add_up(self) -> None:
        days = self.days = max(self.last - self.day0 + 1, 1)
        start = np.maximum(self.opened, self.day0)
        stop = np.minimum(self.end, self.last)
        self.at_risk = np.zeros((BINS, days))
        """How many deals of each age could be won or lost on each day."""
        for at in range(BINS):
            upper = self.opened + EDGES[at + 1] - 1 if at + 1 < BINS else np.full(self.count, NEVER)
            self.at_risk[at] = spans(
                np.maximum(self.opened + EDGES[at], start), np.minimum(upper, stop), self.day0, days
            )
        self.ended = {kind: self._endings(kind, days) for kind in (WON, LOST)}
        """By outcome: how many deals of each age ended so on each day."""
        won = (self.outcome == WON) & (self.end >= self.day0) & (self.end <= self.last)
        place = self.end[won] - self.day0
        self.won_value = np.bincount(place, self.won[won], days)
        """What was won on each day."""
        self.won_count = np.bincount(place, minlength=days).astype(np.float64)
        fresh = (self.opened >= self.day0) & (self.opened <= self.last)
        self.arrived = np.bincount(self.opened[fresh] - self.day0, minlength=days).astype(np.float64)
        """How many deals were opened on each day."""
        self.position = self.positions(self.day0, days)
        self.month = np.cumsum(np.concatenate(([0], np.diff(_months(self.day0, days)) != 0)))
        """The number of the month of each day, from 0."""

    def _endings(self, kind: int, days: int) -> Floats:
        found = np.zeros((BINS, days))
        held = (self.outcome == kind) & (self.end >= np.maximum(self.opened, self.day0)) & (self.end <= self.last)
        np.add.at(found, (bin_of(self.end[held] - self.opened[held]), self.end[held] - self.day0), 1)
        return found

    def positions(self, first: int, days: int) -> Ints:
        """Return the place of the month in its quarter (0, 1, 2) for so many days from `first` on."""
        return (_months(first, days) - (self._fiscal - 1)) % 3

    def actual(self, origin: int, horizon: int) -> float:
        """Return what was won in the `horizon` days after a day."""
        place = origin - self.day0 + 1
        return float(self.won_value[max(place, 0) : max(place + horizon, 0)].sum())


def bin_of(age: Ints) -> Ints:
    """Return the bins of ages in days."""
    return np.clip(np.searchsorted(EDGES, age, side="right") - 1, 0, BINS - 1)


def close_group(close: Ints, day: Ints | int) -> Ints:
    """Return the groups of deals by how far their expected close lies from a day."""
    return np.where(close > 0, np.searchsorted(CLOSE_EDGES, close - day, side="right"), NO_CLOSE)


def spans(first: Ints, last: Ints, day0: int, days: int) -> Floats:
    """Return how many of the spans of days (both ends included) cover each of `days` days from `day0` on."""
    held = (first <= last) & (first < day0 + days) & (last >= day0)
    begins = np.bincount(np.maximum(first[held], day0) - day0, minlength=days + 1)
    ends = np.bincount(np.minimum(last[held] + 1, day0 + days) - day0, minlength=days + 1)
    return np.cumsum(begins - ends)[:days].astype(np.float64)


def _months(first: int, days: int) -> Ints:
    """Return year x 12 + month for so many days from an ordinal on."""
    epoch = 719_163  # the ordinal of 1970-01-01, where numpy begins to count
    dates = (np.arange(days) + first - epoch).astype("datetime64[D]")
    return dates.astype("datetime64[M]").astype(np.int64) + 1970 * 12
