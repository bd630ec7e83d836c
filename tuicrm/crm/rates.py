"""What amounts are worth in the base currency, at rates that the team keeps with the days from which they hold."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from tuicrm.crm.session import Session

PREFIX = "rate."
"""What the keys of the settings that hold rates begin with: `rate.USD.2026-10-01` holds `0.92 EUR`, for 1 USD."""
WHOLE_DIGITS = 15
FRACTION_DIGITS = 12
NUMBER = rf"\d{{1,{WHOLE_DIGITS}}}(?:\.\d{{1,{FRACTION_DIGITS}}})?"
"""How a rate is written."""
PRECISION = 100
"""Digits of products and sums: more than the largest amounts have at any rate, so that nothing is rounded."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of a currency is worth in a base currency, from a day on."""

    currency: str
    since: int
    """The day, as an ordinal."""
    value: Decimal
    base: str

    @property
    def key(self) -> str:
        """The key of the setting that holds it."""
        return f"{PREFIX}{self.currency}.{date.fromordinal(self.since).isoformat()}"


class MissingRate(Invalid):
    """An amount in a currency for which no rate holds on a day; nothing is ever taken to be worth 1:1."""

    code = "missing_rate"

    def __init__(self, currency: str, base: str, day: int, others: Iterable[str] = ()) -> None:
        when = date.fromordinal(day).isoformat()
        super().__init__(
            f"there is no rate from {currency} to {base} for {when}",
            field="currency",
            hint=_way_out(currency, base, when, sorted(others)),
        )
        self.currency = currency


def _way_out(currency: str, base: str, when: str, others: list[str]) -> str:
    from tuicrm.money import MINOR_UNITS

    if currency not in MINOR_UNITS:
        # It comes from a line that was not written by this program, and must not end up in a command to copy.
        return (
            "It is no ISO 4217 code, so it can have no rate; tuicrm deal list --all --columns name,currency "
            "--sort currency shows which deals have it."
        )
    way = f"tuicrm config rate {currency} RATE --from {when} sets what 1 {currency} is worth in {base}."
    if others:
        way += f" Rates into {', '.join(others)} do not count while the base currency is {base}."
    return way


class Rates:
    """The rates of a workspace into its base currency; those into another one do not count."""

    def __init__(self, base: str, held: Iterable[Rate]) -> None:
        from decimal import Context

        from tuicrm.when.moment import FIRST_YEAR

        self.base = base
        self._held: dict[str, list[tuple[int, Decimal]]] = {}
        self._others: dict[str, set[str]] = {}
        for one in sorted(held, key=lambda rate: rate.since):
            if one.base == base:
                self._held.setdefault(one.currency, []).append((one.since, one.value))
            else:
                self._others.setdefault(one.currency, set()).add(one.base)
        self.given = (base, tuple((code, *row) for code, rows in self._held.items() for row in rows))
        """All that conversions depend on, to be compared."""
        self._exact = Context(prec=PRECISION)
        self._first = date(FIRST_YEAR, 1, 1).toordinal()
        """The first day that a rate can be set for; what is earlier can only be damage."""

    def to_base(self, amount: Decimal, currency: str, day: int) -> Decimal:
        """Return an amount in the base currency, exact; the rate is the last one from a day (an ordinal) up to `day`.

        Raises MissingRate where there is none.
        """
        if currency == self.base or not amount:  # nothing is nothing at any rate
            return amount
        day = max(day, self._first)
        rows = self._held.get(currency, [])
        at = bisect_right(rows, day, key=lambda row: row[0])
        if not at:
            raise MissingRate(currency, self.base, day, self._others.get(currency, ()))
        return self._exact.multiply(amount, rows[at - 1][1])

    def day_of(self, currency: str, day: int) -> int:
        """Return since which day (an ordinal) the rate holds that a day has; 0 where it has none."""
        rows = self._held.get(currency, [])
        at = bisect_right(rows, day, key=lambda row: row[0])
        return rows[at - 1][0] if at else 0


def rates(session: Session) -> Rates:
    """Return the rates as the team has set them."""
    found: Rates = session.remember("rates", lambda: Rates(session.currency, held(session)))
    return found


def held(session: Session) -> list[Rate]:
    """Return all rates, those into other base currencies too; one for each currency and day."""
    from tuicrm.store.ulid import rank

    found: dict[tuple[str, int], tuple[str, str, Rate]] = {}
    for record in session.ws.all("setting").values():
        one = _read(record)
        if one is None:
            continue
        # Two clones may each have made a record of one rate: the later one holds, as for any setting.
        version = rank((record.get("_v") or {}).get("value", record["id"]))
        last = found.get((one.currency, one.since))
        if last is None or (version, record["id"]) > last[:2]:
            found[one.currency, one.since] = (version, record["id"], one)
    return [one for _, _, one in found.values()]


def _read(record: dict[str, Any]) -> Rate | None:
    """Return the rate that a setting holds; None for other settings, and for what this program would not write."""
    key = word(record.get("key"))
    if not key.startswith(PREFIX):
        return None
    import re
    from decimal import Decimal

    from tuicrm.crm.derive import day_ordinal
    from tuicrm.money import MINOR_UNITS

    currency, _, day = key.removeprefix(PREFIX).partition(".")
    said = re.fullmatch(rf"({NUMBER}) ([A-Z]{{3}})", word(record.get("value")), re.ASCII)
    since = day_ordinal(day)
    if said is None or not since or currency not in MINOR_UNITS or not Decimal(said[1]):
        return None
    one = Rate(currency, since, Decimal(said[1]), said[2])
    return one if one.key == key else None
