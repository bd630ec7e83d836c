"""What reports count: deals that a query and a scope fit, closed in a span or open on a day, as it was known then."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.periods import period_named
from tuicrm.crm.rates import rates
from tuicrm.crm.report.declared import OPEN, Case
from tuicrm.crm.report.whose import owners_meant, scope_title
from tuicrm.crm.shapes import word
from tuicrm.crm.stays import stays
from tuicrm.crm.touches import at_ms
from tuicrm.crm.tracks import tracks
from tuicrm.records.kinds.activity import LOGGED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tuicrm.crm.periods import Period
    from tuicrm.crm.report.declared import Ask, Report
    from tuicrm.crm.session import Session
    from tuicrm.crm.stays import Stay
    from tuicrm.crm.tracks import Step, Tracks

Record = dict[str, Any]


class Facts:
    """The workspace as one question to one report sees it; days are ordinals in the session's zone."""

    def __init__(self, session: Session, ask: Ask, report: Report) -> None:
        self.session = session
        self.ask = ask
        self.today = session.today.toordinal()
        self.period = period_named(session, ask.period or report.period)
        self.before = self.period.moved(-1)
        self.compared = ask.compare and report.compares and self.before != self.period
        self.owners = owners_meant(session, ask.owner, ask.team)
        self.scope = scope_title(session, ask.owner, ask.team)
        self.derived = derive.deals(session)
        self._rates = rates(session)
        self.kept: dict[str, Any] = {}
        """What a report has worked out for one span and needs for the next."""

    @cached_property
    def deals(self) -> list[Record]:
        """The live deals that the query fits, whosever they are."""
        held = list(self.session.ws.all("deal").values())
        if not self.ask.where.strip():
            return held
        from tuicrm.crm.query import compile_query

        return list(filter(compile_query(self.session, "deal", self.ask.where), held))

    @cached_property
    def log(self) -> Tracks:
        """What was known of each deal, and when."""
        return tracks(self.session)

    @cached_property
    def stays(self) -> Mapping[str, Sequence[Stay]]:
        """Where each deal has been."""
        return stays(self.session)

    @cached_property
    def talks(self) -> tuple[list[int], list[tuple[int, Record]]]:
        """All calls, e-mails, meetings and notes with their day, in the order of the days; and the days."""
        held = self.session.ws.all("activity").values()
        day_of = self.derived.day_of
        found = [(day_of(at_ms(one)), one) for one in held if one.get("type") in LOGGED]
        found.sort(key=lambda pair: pair[0])
        return [day for day, _ in found], found

    def holds(self, owner: str) -> bool:
        """Tell whether what belongs to a user (an id, or nothing) is asked for."""
        return self.owners is None or owner in self.owners

    def last_day(self, span: Period) -> int:
        """Return the last day of a span that is not still to come."""
        return min(span.end.toordinal() - 1, self.today)

    def closed(self, span: Period) -> list[Case]:
        """Return the deals won or lost in a span, by the day they were closed on, with whose they were then.

        Their value is what they hold now, at the rate of the closing day.
        """
        days, held = self.closings
        found = []
        for at in range(bisect_left(days, span.first.toordinal()), bisect_left(days, span.end.toordinal())):
            day, deal, outcome = held[at]
            owner = self.owner_at(deal, day)
            if self.holds(owner):
                value = self.worth(deal.get("value"), deal.get("currency"), day)
                opened = self.derived.opened(deal)
                stage = word(deal.get("stage"))
                found.append(Case(deal, day, owner, deal, stage, outcome, value, opened if opened <= day else 0))
        return found

    def closing_day(self, deal: Record) -> int:
        """Return the day on which a closed deal was closed: what it says, else when it entered its stage."""
        return derive.day_ordinal(deal.get("closed_on")) or self.stays[deal["id"]][-1].first

    @cached_property
    def closings(self) -> tuple[list[int], list[tuple[int, Record, str]]]:
        """All closed deals that the query fits, with day and outcome, in the order of the days; and the days."""
        status = self.derived.status
        held = [(self.closing_day(one), one, kind) for one in self.deals if (kind := status(one)) != OPEN]
        held.sort(key=lambda row: (row[0], row[1]["id"]))
        return [row[0] for row in held], held

    def open_at(self, day: int) -> list[Case]:
        """Return the deals that were open at the end of a day, with their stage, value and owner as known then.

        `more` is the day on which each had entered its stage. Today's are those that are open as they stand.
        """
        found = []
        for deal in self.deals:
            stay = self._stay(deal, day)
            if stay is None or stay.kind != OPEN:
                continue
            owner = self.owner_at(deal, day)
            if self.holds(owner):
                value = self._value_at(deal, day)
                opened = min(self.derived.opened(deal), day)
                found.append(Case(deal, day, owner, deal, stay.stage, OPEN, value, opened, min(stay.first, day)))
        return found

    def _stay(self, deal: Record, day: int) -> Stay | None:
        held = self.stays[deal["id"]]
        if day >= self.today:
            return held[-1]
        return next((one for one in reversed(held) if one.first <= day), None)

    def owner_at(self, deal: Record, day: int) -> str:
        """Return the id of whose a deal was at the end of a day; empty for nobody."""
        return word(self._at(self.log.of(deal["id"], "owner"), deal.get("owner"), day))

    def _value_at(self, deal: Record, day: int) -> Decimal | None:
        """Return what a deal was worth at the end of a day: at its rate, or at that of an earlier expected close."""
        closes = derive.day_ordinal(
            self._at(self.log.of(deal["id"], "expected_close"), deal.get("expected_close"), day)
        )
        at = min(closes, day) if closes else day
        steps = self.log.of(deal["id"], "value") if day < self.today else ()
        if not steps:
            return self.worth(deal.get("value"), deal.get("currency"), at)
        now = f"{word(deal.get('value'))} {word(deal.get('currency'))}".strip()
        amount, _, currency = self._at(steps, now, day).partition(" ")
        return self.worth(amount, currency, at)

    def _at(self, steps: Sequence[Step], now: Any, day: int) -> Any:
        """Return what a field held at the end of a day, from what it holds now and its changes."""
        if day >= self.today:
            return now
        for step in reversed(steps):
            if self.derived.day_of(step.ms) <= day:
                break
            now = step.before
        return now

    def worth(self, amount: object, currency: object, day: int) -> Decimal | None:
        """Return a stored amount in base currency at the rate of a day; None without one. Raises MissingRate."""
        value = derive.amount(amount)
        return self._rates.to_base(value, word(currency) or self._rates.base, day) if value else value
