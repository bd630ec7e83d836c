"""What could be expected on one day, of what was known on that day: deals won from those open, and from later ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tuicrm.crm.foresight.facts import LOST, OPEN, WON, bin_of, close_group
from tuicrm.crm.foresight.hazard import decay, hazard

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tuicrm.crm.foresight.facts import Facts, Floats, Ints
    from tuicrm.crm.foresight.hazard import Hazard
    from tuicrm.crm.foresight.landmark import Factors

ARRIVAL_HALF_LIFE = 28.0
RUN_HALF_LIFE = 45.0
"""Days after which a deal that was opened, and a sum that was won, counts half."""
LEAN = 10.0
"""Wins by which mean values lean towards what price lists say."""


class OpenDeals(NamedTuple):
    """The deals that were open on a day."""

    episode: Ints
    value: Floats
    """What each is expected to bring if it is won."""
    age: Ints
    stage: Ints
    close: Ints


class Hazards:
    """The hazards of all deals of a team, each origin's worked out once: one person's deals are too few to tell."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[int, tuple[Hazard, Hazard]] = {}

    def at(self, origin: int) -> tuple[Hazard, Hazard]:
        """Return the hazards of winning and of losing as they could be known on a day."""
        if origin not in self._known:
            won, lost = (hazard(self._facts, origin, kind) for kind in (WON, LOST))
            self._known[origin] = won, lost
        return self._known[origin]


class Model:
    """All that one origin tells of some deals. `marks` are numbers of days after it, in rising order."""

    def __init__(self, facts: Facts, hazards: Hazards, origin: int, *, leave_out: Collection[int] = ()) -> None:
        """Work out what a day tells; the open deals with a number in `leave_out` do not count."""
        self.facts = facts
        self._leave_out = np.array(sorted(leave_out), dtype=np.int64)
        self.origin = origin
        self._days = max(origin - facts.day0 + 1, 0)
        self.won, self.lost = hazards.at(origin)
        self._past = (facts.outcome == WON) & (facts.end <= origin)
        self.ratio, self.mean = self._worth()
        """What a won deal brought by its list price, and what one brought on average; both shrunk."""
        self.known: Floats
        """What was known of the values of the open deals; NaN where nothing was."""
        self.staged: Floats
        """The probabilities of the stages of the open deals; NaN where no stage was known."""
        self.open = self._open()

    def _worth(self) -> tuple[float, float]:
        facts, past = self.facts, self._past
        known = facts.opened <= self.origin
        listed = facts.listed[known]
        prices = listed[~np.isnan(listed)]
        won = facts.won[past]
        fallback = float(won.mean()) if len(won) else 0.0
        price = float(prices.mean()) if len(prices) else fallback
        priced = past & ~np.isnan(facts.listed)
        ratio = 1.0
        if price > 0:
            ratio = (facts.won[priced].sum() + LEAN * price) / (facts.listed[priced].sum() + LEAN * price)
        mean = (won.sum() + LEAN * ratio * price) / (len(won) + LEAN)
        return float(ratio), float(mean)

    def _open(self) -> OpenDeals:
        facts, origin = self.facts, self.origin
        held = np.flatnonzero(
            (facts.run_first <= origin) & (facts.run_last >= origin) & (facts.end[facts.run_of] > origin)
        )
        if len(self._leave_out):
            held = held[~np.isin(facts.deal[facts.run_of[held]], self._leave_out)]
        episode = facts.run_of[held]
        listed = facts.listed[episode] * self.ratio
        value = np.where(np.isnan(facts.run_value[held]), listed, facts.run_value[held])
        self.known = facts.run_value[held]
        self.staged = facts.run_chance[held]
        return OpenDeals(
            episode,
            np.where(np.isnan(value), self._by_product()[facts.product[episode]], value),
            origin - facts.opened[episode],
            facts.run_stage[held],
            facts.run_close[held],
        )

    def deals(self) -> list[int]:
        """Return the numbers of the open deals."""
        found: list[int] = self.facts.deal[self.open.episode].tolist()
        return found

    def _by_product(self) -> Floats:
        """Return what a won deal of each product brought on average, leaning on the mean of all."""
        facts, past = self.facts, self._past
        size = int(facts.product.max(initial=0)) + 1
        value = np.bincount(facts.product[past], facts.won[past], size)
        count = np.bincount(facts.product[past], minlength=size)
        found: Floats = (value + LEAN * self.mean) / (count + LEAN)
        return found

    def chances(self, marks: Sequence[int]) -> Floats:
        """Return the chance of each open deal to be won by each mark, going by its age: an array of marks x deals."""
        age, which = np.unique(self.open.age, return_inverse=True)
        alive, won = np.ones(len(age)), np.zeros(len(age))
        found = np.zeros((len(marks), len(age)))
        place = self._positions(marks[-1])
        at = 0
        for day in range(1, marks[-1] + 1):
            bins, position = bin_of(age + day), place[day - 1]
            win = np.minimum(self.won.by_age[bins] * self.won.by_position[position], 1.0)
            lose = np.minimum(self.lost.by_age[bins] * self.lost.by_position[position], 1.0 - win)
            won = won + alive * win
            alive = alive * (1.0 - win - lose)
            while at < len(marks) and marks[at] == day:
                found[at] = won
                at += 1
        return found[:, which]

    def judged(self, marks: Sequence[int], factors: Factors) -> Floats:
        """Return these chances with what stages and expected closes tell beyond the age."""
        return factors.on(self.chances(marks), self.open.stage, close_group(self.open.close, self.origin))

    def later(self, marks: Sequence[int]) -> Floats:
        """Return how many deals that are opened after the origin should be won by each mark."""
        days = marks[-1]
        place = self._positions(days)
        born = np.arange(1, days + 1)
        alive, won = np.ones(days), np.zeros(days)
        total = np.zeros(days + 1)
        for day in range(1, days + 1):
            here = slice(0, day)
            bins = bin_of(day - born[here])
            win = self.won.by_age[bins] * self.won.by_position[place[day - 1]]
            lose = self.lost.by_age[bins] * self.lost.by_position[place[day - 1]]
            won[here] += alive[here] * win
            alive[here] *= np.maximum(1.0 - win - lose, 0.0)
            total[day] = won.sum()
        return total[list(marks)] * self.arrivals()

    def arrivals(self) -> float:
        """Return how many deals are opened per day, of late."""
        if not self._days:
            return 0.0
        weight = decay(self._days, ARRIVAL_HALF_LIFE)
        return float(self.facts.arrived[: self._days] @ weight / weight.sum())

    def run_rate(self, marks: Sequence[int]) -> Floats:
        """Return what will be won by each mark if things go on as of late, in the rhythm of the quarter."""
        if not self._days:
            return np.zeros(len(marks))
        weight = decay(self._days, RUN_HALF_LIFE)
        rhythm = self.won.by_position
        per_day = self.facts.won_value[: self._days] @ weight / (weight @ rhythm[self.facts.position[: self._days]])
        reached = np.concatenate(([0.0], np.cumsum(rhythm[self._positions(marks[-1])])))
        found: Floats = per_day * reached[list(marks)]
        return found

    def pipeline(self, marks: Sequence[int], factors: Factors) -> Floats:
        """Return what the open deals and those after them should bring by each mark."""
        found: Floats = self.judged(marks, factors) @ self.open.value + self.later(marks) * self.mean
        return found

    def ratios(self) -> Floats:
        """Return what past wins brought by what was expected of their list price; [1] where there are none."""
        facts = self.facts
        held = self._past & ~np.isnan(facts.listed)
        found: Floats = facts.won[held] / (facts.listed[held] * self.ratio) if self.ratio > 0 else np.ones(0)
        return found if len(found) else np.ones(1)

    def win_values(self) -> Floats:
        """Return the values of past wins, moved so that their mean is the one that is counted with."""
        won = self.facts.won[self._past]
        own = float(won.mean()) if len(won) else 0.0
        return won * (self.mean / own) if own > 0 else np.array([self.mean])

    def seen_arrivals(self) -> float:
        """Return how many arrivals the rate of arrivals rests on."""
        weight = decay(max(self._days, 1), ARRIVAL_HALF_LIFE)
        return self.arrivals() * float(weight.sum() ** 2 / (weight**2).sum())

    def win_rate(self) -> float:
        """Return the share of the closed deals that was won; one half where nothing was closed."""
        return (self.wins() + 1) / (self.closed() + 2)

    def wins(self) -> int:
        """Return how many wins were known."""
        return int(self._past.sum())

    def closed(self) -> int:
        """Return how many deals were known to have been won or lost."""
        return int(((self.facts.outcome != OPEN) & (self.facts.end <= self.origin)).sum())

    def _positions(self, days: int) -> Ints:
        return self.facts.positions(self.origin + 1, days)
