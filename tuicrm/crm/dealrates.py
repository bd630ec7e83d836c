"""What deals are worth in the base currency: which day's rate each one goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.rates import rates

if TYPE_CHECKING:
    from decimal import Decimal

    from tuicrm.crm.session import Session

Record = dict[str, Any]


class DealRates:
    """The team's rates, by deal, at one revision of the workspace and on one day."""

    def __init__(self, session: Session) -> None:
        self.base = session.currency
        self._rates = rates(session)
        self._facts = derive.deals(session)
        self._today = session.today.toordinal()

    def in_base(self, deal: Record, amount: Decimal) -> Decimal:
        """Return an amount that is in a deal's currency in the base currency, exact; raises MissingRate."""
        currency = deal.get("currency")
        if not currency or currency == self.base:
            return amount
        return self._rates.to_base(amount, str(currency), self.day(deal))

    def day(self, deal: Record) -> int:
        """Return the day (an ordinal) whose rate counts: an open deal's expected close, but never after today.

        For one that is closed, the day it was closed; today where the record names no day.
        """
        if self._facts.status(deal) == "open":
            return min(derive.day_ordinal(deal.get("expected_close")) or self._today, self._today)
        return derive.day_ordinal(deal.get("closed_on")) or self._today
