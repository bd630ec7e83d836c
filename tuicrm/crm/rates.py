"""What amounts are worth in the base currency, at rates that the team keeps with the days from which they hold."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING

from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from decimal import Decimal

    from tuicrm.crm.session import Session

PREFIX = "rate."
"""What the keys of the settings that hold rates begin with: `rate.USD.2026-10-01` holds what 1 USD is worth."""


class MissingRate(Invalid):
    """An amount in a currency for which no rate holds on a day; nothing is ever taken to be worth 1:1."""

    code = "missing_rate"

    def __init__(self, currency: str, base: str, day: int) -> None:
        when = date.fromordinal(max(day, 1)).isoformat()
        super().__init__(
            f"there is no rate from {currency} to {base} for {when}",
            field="currency",
            hint=f"tuicrm config rate {currency} RATE --from {when} sets what 1 {currency} is worth in {base}.",
        )
        self.currency = currency


class Rates:
    """The rates of a workspace into its base currency."""

    def __init__(self, base: str, held: dict[str, list[tuple[int, Decimal]]]) -> None:
        self.base = base
        self._held = {code: sorted(rows) for code, rows in held.items()}

    def to_base(self, amount: Decimal, currency: str, day: int) -> Decimal:
        """Return an amount in the base currency, exact; the rate is the last one from a day (an ordinal) up to `day`.

        Raises MissingRate where there is none.
        """
        if currency == self.base:
            return amount
        rows = self._held.get(currency, [])
        at = bisect_right(rows, day, key=lambda row: row[0])
        if not at:
            raise MissingRate(currency, self.base, day)
        return amount * rows[at - 1][1]


def rates(session: Session) -> Rates:
    """Return the rates as the team has set them."""
    found: Rates = session.remember("rates", lambda: Rates(session.currency, _read(session)))
    return found


def _read(session: Session) -> dict[str, list[tuple[int, Decimal]]]:
    from tuicrm.crm.derive import amount, day_ordinal

    found: dict[str, dict[int, tuple[str, Decimal]]] = {}
    for record in session.ws.all("setting").values():
        currency, _, day = word(record.get("key")).removeprefix(PREFIX).partition(".")
        value, since = amount(record.get("value")), day_ordinal(day)
        if word(record.get("key")).startswith(PREFIX) and currency and since and value is not None and value > 0:
            version = (record.get("_v") or {}).get("value", record["id"])
            # Two clones may each have made a record of one rate: the later one holds, as for any setting.
            held = found.setdefault(currency, {})
            held[since] = max(held.get(since, ("", value)), (str(version), value))
    return {code: [(day, pair[1]) for day, pair in rows.items()] for code, rows in found.items()}
