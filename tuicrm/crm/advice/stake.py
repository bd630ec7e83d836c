"""What is at stake: the value in usual deals of the team, and the chance in percent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tuicrm.crm.derive import Deals
    from tuicrm.crm.session import Session

Record = dict[str, Any]

LEAST_WORTH = 0.1
"""So that small deals are seen at all."""
LEAST_CHANCE = 5
"""Percent; also for what belongs to no deal and for leads without a score."""
LEAD_SHARE = 4
"""A lead with 100 points has a chance of one in so many."""


class Stake(NamedTuple):
    """Worth times chance is what a step may bring."""

    worth: float
    """The value as a multiple of the team's usual deal; 1 where nobody gave one."""
    chance: int
    """Percent."""
    value: float | None = None
    """In the base currency."""

    @property
    def counted_worth(self) -> float:
        """The worth that counts: at least so much that nothing is out of sight for good."""
        return max(self.worth, LEAST_WORTH)

    @property
    def counted_chance(self) -> int:
        """The chance that counts, likewise."""
        return max(self.chance, LEAST_CHANCE)

    @property
    def size(self) -> float:
        """Worth times chance."""
        return self.counted_worth * self.counted_chance


LOOSE = Stake(1.0, LEAST_CHANCE)
"""Of what belongs to no deal and no lead."""


class Stakes:
    """Stakes of one workspace, compared with the median of what its open deals are worth."""

    def __init__(self, session: Session, facts: Deals, open_deals: list[Record]) -> None:
        from tuicrm.crm.dealrates import DealRates

        self._rates = DealRates(session)
        self._facts = facts
        self._values = {one["id"]: self._value(one) for one in open_deals}
        held = sorted(value for value in self._values.values() if value)
        self.usual = held[len(held) // 2] if held else 0.0
        """The median value of the open deals that have one, in the base currency; 0 where none has."""

    def _value(self, deal: Record) -> float | None:
        from tuicrm.crm.derive import amount
        from tuicrm.crm.rates import MissingRate

        value = amount(deal.get("value"))
        if value is None or value < 0:
            return None
        try:
            return float(self._rates.in_base(deal, value))
        except MissingRate:
            # Nothing is taken to be worth 1:1; the forecast says which rate is missing.
            return None

    def of_value(self, value: float | None, chance: int) -> Stake:
        """Return the stake of a value in the base currency."""
        return Stake(1.0 if value is None or not self.usual else value / self.usual, chance, value)

    def of_deal(self, deal: Record) -> Stake:
        """Return the stake of an open deal."""
        return self.of_value(self._values.get(deal["id"]), self._facts.probability(deal))

    def in_base(self, deal: Record) -> float | None:
        """Return the value of any deal in the base currency; None without one or without a rate."""
        return self._values[deal["id"]] if deal["id"] in self._values else self._value(deal)


def of_lead(score: int | None) -> Stake:
    """Return the stake of a lead: a usual deal, and a quarter of its score in percent, at most 25."""
    return Stake(1.0, max(LEAST_CHANCE, min(score or 0, 100) // LEAD_SHARE))


def stake_text(stake: Stake) -> str:
    """Return a stake in words: `12k at 30 %`."""
    from decimal import Decimal

    from tuicrm.money import short

    value = "a usual deal" if stake.value is None else short(Decimal(str(stake.value)))
    return f"{value} at {stake.chance} %"
