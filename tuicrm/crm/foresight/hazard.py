"""How likely an open deal of a given age is to be won, or lost, on a day: discrete-time competing risks.

A deal is at risk on each day from its opening (or the first close on record) to its end; what is open is censored on
the right, and deals that nobody closes stay in, so that the hazard of old ones falls towards zero. Events and exposure
are weighted by 2^(-age of the day / 180 days). See J. D. Singer and J. B. Willett, "It's about time: using
discrete-time survival analysis to study duration and the timing of events", 1993.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tuicrm.crm.foresight.facts import (
    BINS,
    CLOSE_GROUPS,
    CLOSE_HIGHS,
    CLOSE_LOWS,
    EDGES,
    LOST,
    NEVER,
    WON,
    bin_of,
    close_group,
)

if TYPE_CHECKING:
    from tuicrm.crm.foresight.facts import Facts, Floats, Ints

HALF_LIFE = 180.0
"""Days after which an observation counts half."""
PRIOR = {WON: 0.25, LOST: 0.75}
"""The share of ten imagined endings, spread over 900 days at risk, that are won and lost: what holds without data."""
PRIOR_ENDS, PRIOR_DAYS = 10.0, 900.0
LEAN = 2.0
"""Events that a bin borrows from the bin before it."""
FACTOR = 10.0
"""Events by which the factors of stages and of expected closes lean towards 1."""
ROUNDS = 3
"""How often hazards and calendar are worked out in turn."""
ENOUGH = 5.0
"""Expected endings from which a month tells of the calendar."""
MONTHS = 4
"""Months that must tell before there is a calendar."""


class Hazard(NamedTuple):
    """The chances per day of one kind of ending: of an age, times the factors of calendar, stage and close."""

    by_age: Floats
    by_position: Floats
    """By the place of the month in its quarter."""
    by_stage: Floats
    by_close: Floats


class Rows(NamedTuple):
    """Runs cut where a deal comes to another bin of age or to another distance from its close."""

    first: Ints
    last: Ints
    age: Ints
    stage: Ints
    close: Ints


def decay(days: int, half_life: float) -> Floats:
    """Return the weights of so many days, of which the last is today."""
    return np.exp2(-(np.arange(days)[::-1]) / half_life)


def hazard(facts: Facts, rows: Rows, origin: int, kind: int) -> Hazard:
    """Return the hazard of winning or losing as it could be known on a day."""
    days = origin - facts.day0 + 1
    if days < 1:
        base = PRIOR_ENDS * PRIOR[kind] / PRIOR_DAYS
        return Hazard(np.full(BINS, base), np.ones(3), np.ones(facts.stages), np.ones(CLOSE_GROUPS))
    weight = decay(days, HALF_LIFE)
    exposed, ended = facts.at_risk[:, :days], facts.ended[kind][:, :days]
    events = ended @ weight
    position = np.ones(3)
    by_age = np.zeros(BINS)
    for _ in range(ROUNDS):
        by_age = _by_age(events, exposed @ (weight * position[facts.position[:days]]), PRIOR[kind])
        position = _calendar(facts, by_age @ exposed, ended.sum(0), days)
    reached = np.concatenate(([0.0], np.cumsum(weight * position[facts.position[:days]])))
    by_stage, by_close = _factors(facts, rows, origin, kind, by_age, reached, weight)
    return Hazard(by_age, position, by_stage, by_close)


def _by_age(events: Floats, exposure: Floats, prior: float) -> Floats:
    """Return events by exposure per bin; a thin bin leans on the younger one beside it."""
    before = (events.sum() + PRIOR_ENDS * prior) / (exposure.sum() + PRIOR_DAYS)
    found = np.empty(BINS)
    for at in range(BINS):
        before = found[at] = (events[at] + LEAN) / (exposure[at] + LEAN / before)
    return found


def _calendar(facts: Facts, expected: Floats, seen: Floats, days: int) -> Floats:
    """Return a factor per place of the month in its quarter, shrunk by how much these differ beyond noise."""
    month = facts.month[:days]
    per_month = np.bincount(month, expected)
    tells = per_month >= ENOUGH
    place = facts.position[:days][np.searchsorted(month, np.arange(len(per_month)))][tells]
    if tells.sum() < MONTHS or np.bincount(place, minlength=3).min() == 0:
        return np.ones(3)
    more = np.log((np.bincount(month, seen)[tells] + 0.5) / (per_month[tells] + 0.5))
    weight = per_month[tells]
    mass = np.bincount(place, weight, 3)
    mean = np.bincount(place, weight * more, 3) / mass
    spread = (weight * (more - mean[place]) ** 2).sum() / weight.mean() / max(len(more) - 3, 1)
    noise = np.maximum(spread / np.bincount(place, minlength=3), 1 / mass)
    mean -= mean.mean()
    beyond = max(float(mean.var(ddof=1) - noise.mean()), 0.0)
    factor: Floats = np.exp(mean * beyond / (beyond + noise))
    factor /= factor.mean()
    return factor


def _factors(
    facts: Facts, rows: Rows, origin: int, kind: int, by_age: Floats, reached: Floats, weight: Floats
) -> tuple[Floats, Floats]:
    """Return what stages, and then distances from the expected close, had beyond what age and calendar explain."""
    held = rows.first <= origin
    by_stage, by_close = np.ones(facts.stages), np.ones(CLOSE_GROUPS)
    one_stage, one_close = (_all_one(traits[held]) for traits in (rows.stage, rows.close))
    if one_stage and one_close:
        return by_stage, by_close
    first, last = rows.first[held] - facts.day0, np.minimum(rows.last[held], origin) - facts.day0
    expected = by_age[rows.age[held]] * (reached[last + 1] - reached[first])
    ended = (facts.outcome == kind) & (facts.end <= origin) & (facts.end >= np.maximum(facts.opened, facts.day0))
    final = facts.final_run[ended]
    counts = weight[facts.end[ended] - facts.day0]
    if not one_stage:
        seen = np.bincount(facts.run_stage[final], counts, facts.stages)
        by_stage = (seen + FACTOR) / (np.bincount(rows.stage[held], expected, facts.stages) + FACTOR)
    if not one_close:
        group = close_group(facts.run_close[final], facts.end[ended])
        expected = expected * by_stage[rows.stage[held]]
        seen = np.bincount(group, counts, CLOSE_GROUPS)
        by_close = (seen + FACTOR) / (np.bincount(rows.close[held], expected, CLOSE_GROUPS) + FACTOR)
    return by_stage, by_close


def _all_one(traits: Ints) -> bool:
    """Tell whether all deals known so far are alike: then there is nothing to tell apart."""
    return len(traits) == 0 or bool((traits == traits[0]).all())


def rows_of(facts: Facts) -> Rows:
    """Return the runs of all deals, cut into rows that begin on or after the first day that is learnt from."""
    opened = facts.opened[facts.run_of]
    first = np.maximum(facts.run_first, facts.day0)
    last = np.minimum(facts.run_last, facts.last)
    held = first <= last
    age0, age1 = bin_of(first[held] - opened[held]), bin_of(last[held] - opened[held])
    many = age1 - age0 + 1
    which = np.repeat(np.flatnonzero(held), many)
    age = np.repeat(age0, many) + _counted(many)
    starts = np.maximum(first[which], opened[which] + EDGES[age])
    upper = np.where(age + 1 < BINS, opened[which] + EDGES[np.minimum(age + 1, BINS - 1)] - 1, NEVER)
    return _cut_by_close(facts, which, starts, np.minimum(last[which], upper), age)


def _cut_by_close(facts: Facts, which: Ints, first: Ints, last: Ints, age: Ints) -> Rows:
    """Cut rows where the distance from the expected close changes its group: it only ever shrinks."""
    close = facts.run_close[which]
    far, near = close_group(close, first), close_group(close, last)
    many = far - near + 1
    at = np.repeat(np.arange(len(which)), many)
    group = np.repeat(far, many) - _counted(many)
    starts = np.maximum(first[at], close[at] - CLOSE_HIGHS[group] + 1)
    ends = np.minimum(last[at], close[at] - CLOSE_LOWS[group])
    return Rows(starts, ends, age[at], facts.run_stage[which[at]], group)


def _counted(many: Ints) -> Ints:
    """Return 0, 1, … for each of several groups of so many places."""
    ends = np.cumsum(many)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - many, many)
