"""How likely an open deal of a given age is to be won, or lost, on a day: discrete-time competing risks.

A deal is at risk on each day from its opening (or the first close on record) to its end; what is open is censored on
the right, and deals that nobody closes stay in, so that the hazard of old ones falls towards zero. Events and exposure
are weighted by 2^(-age of the day / 180 days). See J. D. Singer and J. B. Willett, "It's about time: using
discrete-time survival analysis to study duration and the timing of events", 1993.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tuicrm.crm.foresight.facts import BINS, LOST, WON

if TYPE_CHECKING:
    from tuicrm.crm.foresight.facts import Facts, Floats

HALF_LIFE = 180.0
"""Days after which an observation counts half."""
PRIOR = {WON: 0.25, LOST: 0.75}
"""The share of ten imagined endings, spread over 900 days at risk, that are won and lost: what holds without data."""
PRIOR_ENDS, PRIOR_DAYS = 10.0, 900.0
LEAN = 2.0
"""Events that a bin borrows from the bin before it."""
ROUNDS = 3
"""How often hazards and calendar are worked out in turn."""
ENOUGH = 5.0
"""Expected endings from which a month tells of the calendar."""
MONTHS = 4
"""Months that must tell before there is a calendar."""


class Hazard(NamedTuple):
    """The chances per day of one kind of ending: of an age, times the factor of the calendar."""

    by_age: Floats
    by_position: Floats
    """By the place of the month in its quarter."""


def decay(days: int, half_life: float) -> Floats:
    """Return the weights of so many days, of which the last is today."""
    return np.exp2(-(np.arange(days)[::-1]) / half_life)


def hazard(facts: Facts, origin: int, kind: int) -> Hazard:
    """Return the hazard of winning or losing as it could be known on a day."""
    days = origin - facts.day0 + 1
    if days < 1:
        base = PRIOR_ENDS * PRIOR[kind] / PRIOR_DAYS
        return Hazard(np.full(BINS, base), np.ones(3))
    weight = decay(days, HALF_LIFE)
    exposed, ended = facts.at_risk[:, :days], facts.ended[kind][:, :days]
    events = ended @ weight
    position = np.ones(3)
    by_age = np.zeros(BINS)
    for _ in range(ROUNDS):
        by_age = _by_age(events, exposed @ (weight * position[facts.position[:days]]), PRIOR[kind])
        position = _calendar(facts, by_age @ exposed, ended.sum(0), days)
    return Hazard(by_age, position)


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
