"""Sorting deals into the months of a forecast: each into one place at most, so that nothing is counted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.dealrates import DealRates
from tuicrm.crm.forecastparts import Part, Pile, Worth, summed
from tuicrm.crm.methods import category_of
from tuicrm.crm.nexts import nexts

if TYPE_CHECKING:
    from decimal import Decimal

    from tuicrm.crm.methods import Method
    from tuicrm.crm.periods import Period
    from tuicrm.crm.session import Session

Record = dict[str, Any]

NO_STAGE = "No stage"


class _Month:
    """The piles of one month."""

    def __init__(self) -> None:
        self.won, self.commit, self.rest, self.past, self.unplanned = (Pile() for _ in range(5))
        self.stages: dict[str, Pile] = {}


class Sorting:
    """The months of a forecast while deals are put into them."""

    def __init__(self, session: Session, spans: list[Period], period: Period) -> None:
        self.spans = spans
        self.before, self.undated, self.later, self.omitted = (Pile() for _ in range(4))
        self.gains: list[tuple[Decimal, str]] = []
        """What winning each open deal of the period would add."""
        self.hopes: dict[str, Decimal] = {}
        """What is expected of each open deal in a month, in the base currency."""
        self._period_end = period.end.toordinal()
        self._first = spans[0].first.toordinal()
        self._end = spans[-1].end.toordinal()
        self._months = [_Month() for _ in spans]
        self._at = {
            day: at for at, span in enumerate(spans) for day in range(span.first.toordinal(), span.end.toordinal())
        }
        self._today = session.today.toordinal()
        self._facts = derive.deals(session)
        self._rates = DealRates(session)
        self._nexts = nexts(session)
        self._names = stage_names(session)
        self.order = list(dict.fromkeys([*self._names.values(), NO_STAGE]))
        """The names of the open stages, the most advanced first."""

    def put(self, deal: Record, method: Method) -> None:
        """Put a deal where it belongs: nowhere, if it is lost, or was won at another time; raises MissingRate."""
        status = self._facts.status(deal)
        if status == "open":
            self._put_open(deal, self._worth(deal, method))
            return
        day = derive.day_ordinal(deal.get("closed_on"))
        at = self._at.get(day) if status == "won" else None
        # It may be tomorrow already where a teammate is; a closing later than that is not known yet.
        if at is not None and day <= self._today + 1:
            self._months[at].won.add(self._worth(deal, None))

    def _worth(self, deal: Record, method: Method | None) -> Worth:
        """Return what a deal adds; without a method it is won, and all of its value is what is expected of it."""
        base, value = self._rates.base, derive.amount(deal.get("value"))
        ours = None if value is None else self._rates.in_base(deal, value)
        expected = ours if method is None else method.expected(deal, ours)
        currency = str(deal.get("currency") or base)
        if currency == base:
            return Worth(deal["id"], base, ours, expected)
        return Worth(deal["id"], base, ours, expected, currency, value or None)

    def _put_open(self, deal: Record, one: Worth) -> None:
        pile, month, day = self._place(deal)
        pile.add(one)
        if month is None:
            return
        if one.expected is not None:
            self.hopes[one.key] = one.expected
        name = self._names.get((self._facts.pipeline(deal), self._facts.standing(deal)), NO_STAGE)
        month.stages.setdefault(name, Pile()).add(one)
        if day < self._today:
            month.past.add(one)
        if self._nexts.of("deal", one.key) is None:
            month.unplanned.add(one)
        if day < self._period_end and one.value is not None and one.expected is not None and one.value > one.expected:
            self.gains.append((summed(one.value, one.expected.copy_negate()), one.key))

    def _place(self, deal: Record) -> tuple[Pile, _Month | None, int]:
        """Return the pile of an open deal, the month that it is in (None for none), and the day of its close."""
        day = derive.day_ordinal(deal.get("expected_close"))
        category = category_of(deal, self._facts.probability(deal))
        if category == "omitted":
            return self.omitted, None, day
        if not day:
            return self.undated, None, day
        at = self._at.get(day)
        if at is None:
            return (self.before if day < self._first else self.later), None, day
        month = self._months[at]
        return (month.commit if category == "commit" else month.rest), month, day

    def parts(self, at: int) -> dict[str, Any]:
        """Return the parts of one month, by the names that a bar has for them."""
        month = self._months[at]
        held: dict[str, Any] = {
            name: getattr(month, name).part() for name in ("won", "commit", "rest", "past", "unplanned")
        }
        stages: dict[str, Part] = {name: month.stages[name].part() for name in self.order if name in month.stages}
        return {**held, "stages": tuple(stages.items())}


def stage_names(session: Session) -> dict[tuple[str, str], str]:
    """Return the names of all open stages by pipeline and key, the most advanced of the default pipeline first."""
    from tuicrm.crm.stages import default, stages
    from tuicrm.errors import NotFound

    held = session.ws.all("pipeline")
    try:
        own = default(session)["id"]
    except NotFound:
        own = ""
    found: dict[tuple[str, str], str] = {}
    for key in sorted(held, key=lambda one: (one != own, one)):
        behind = "" if len(held) == 1 else f" ({held[key].get('name', '')})"
        for stage in reversed([one for one in stages(held[key]) if one.kind == "open"]):
            found[key, stage.key] = stage.name + behind
    return found
