"""The months ahead: what is won, committed and expected in each, against the quota, and the deals behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.dealrates import DealRates
from tuicrm.crm.forecastparts import Part, added, merged, summed
from tuicrm.crm.forecastsort import Sorting
from tuicrm.crm.methods import COMMITTED
from tuicrm.crm.rates import PRECISION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tuicrm.crm.forecastparts import Sums
    from tuicrm.crm.methods import Method, Range
    from tuicrm.crm.periods import Period
    from tuicrm.crm.scopes import Scope
    from tuicrm.crm.session import Session

Record = dict[str, Any]

__all__ = ["COMMITTED", "Bar", "Forecast", "Part", "deals_in", "forecast"]

_NOTHING = Decimal(0)
AHEAD = 3
"""How many months after the present one are shown, also beyond the period."""


@dataclass(frozen=True, slots=True)
class Bar:
    """What one month, or the whole period, brings."""

    period: Period
    won: Part
    commit: Part
    """Open deals that are committed: category `commit`, or none and a probability of at least `COMMITTED`."""
    rest: Part
    """The other open deals."""
    stages: tuple[tuple[str, Part], ...]
    """The open deals by stage, the most advanced stage first."""
    past: Part
    """Open deals whose expected close has gone by."""
    unplanned: Part
    """Open deals for which nothing is planned."""
    quota: Sums
    more: Decimal = _NOTHING
    """What the method expects beyond these deals: of deals to come, of others earlier or later than planned."""
    ahead: bool = False
    """Whether the month lies after the period and is not in its sums."""

    @property
    def open(self) -> Part:
        """All open deals of the bar."""
        return merged((self.commit, self.rest))

    @property
    def ids(self) -> tuple[str, ...]:
        """All deals behind the bar, won ones first."""
        return (*self.won.ids, *self.commit.ids, *self.rest.ids)

    def expected(self, currency: str) -> Decimal:
        """Return what is won and what the method expects to be."""
        placed = (self.commit.expected_in(currency), self.rest.expected_in(currency))
        return summed(self.won.of(currency), *placed, self.more)

    def committed(self, currency: str) -> Decimal:
        """Return what is won and the full value of what is committed."""
        return summed(self.won.of(currency), self.commit.of(currency))

    def gap(self, currency: str) -> Decimal | None:
        """Return how far the expectation falls short of the quota (below zero: beyond it); None without a quota."""
        quota = self.quota.get(currency)
        return None if quota is None else summed(quota, self.expected(currency).copy_negate())


@dataclass(frozen=True, slots=True)
class Forecast:
    """The forecast of one period for one scope; `total` is the sum of the months in the period, exactly."""

    period: Period
    scope: str
    owners: frozenset[str] | None
    """The ids of the users whose deals count; None for everybody's."""
    where: str
    method: str
    says: str
    why: str
    """Why this method was chosen; empty where it was asked for."""
    rough: bool
    """Whether so little is known that the range says more than the sum."""
    range: Range | None
    """Where the whole period should end, as far as the method can say."""
    currency: str
    """What figures are in: the base currency, to which others are converted at the team's rates."""
    total: Bar
    months: tuple[Bar, ...]
    before: Part
    """Open deals that should have closed before the period."""
    undated: Part
    """Open deals without an expected close."""
    later: Part
    """Open deals beyond the months shown."""
    omitted: Part
    """Open deals that their forecast category leaves out."""
    closers: tuple[str, ...]
    """The fewest open deals of the period that would close the gap to the quota if they were won; else none."""
    stakes: tuple[str, ...]
    """The open deals of the period, by what winning them would add, most first."""

    hopes: Mapping[str, Decimal]
    """What the method expects of each open deal of the months, by id."""

    @property
    def empty(self) -> bool:
        """Whether no deal is in it at all."""
        others = (self.before, self.undated, self.later, self.omitted)
        return not any(bar.ids for bar in self.months) and not any(part.ids for part in others)


def forecast(session: Session, period: Period, scope: Scope, *, where: str = "", method: str = "") -> Forecast:
    """Return the forecast of the deals of a scope that a query fits; kept until the workspace or the day changes.

    Raises MissingRate where a deal or a quota is in a currency without a rate for its day.
    """
    owners = "*" if scope.owners is None else " ".join(sorted(scope.owners))
    key = f"forecast {session.today} {session.zone} {period.key} {scope.name} {owners} {method} {where}"
    found: Forecast = session.remember(key, lambda: _forecast(session, period, scope, where, method))
    return found


def _forecast(session: Session, period: Period, scope: Scope, where: str, name: str) -> Forecast:
    from decimal import localcontext

    from tuicrm.crm.methods import Ask, method_for

    with localcontext() as context:
        context.prec = PRECISION
        spans = _shown(session, period)
        method = method_for(Ask(session, period, spans, scope, where), name)
        piles = Sorting(session, spans, period)
        for deal in deals_in(session, scope, where):
            piles.put(deal, method)
        quotas = [] if where.strip() else _quotas(session, piles.spans, scope)
        base = session.currency
        bars = (
            Bar(period=span, **piles.parts(at), quota=quotas[at] if quotas else {}, ahead=span.first >= period.end)
            for at, span in enumerate(piles.spans)
        )
        months = tuple(_with_more(bar, at, base, method) for at, bar in enumerate(bars))
        total = _total(period, [bar for bar in months if not bar.ahead], piles.order)
        stakes = sorted(piles.gains, key=lambda pair: (-pair[0], pair[1]))
        return Forecast(
            period=period,
            scope=scope.name,
            owners=scope.owners,
            where=where.strip(),
            method=method.name,
            says=method.says,
            why=method.why,
            rough=method.rough,
            range=method.range(total.won.of(base), total.quota.get(base)),
            currency=base,
            total=total,
            months=months,
            before=piles.before.part(),
            undated=piles.undated.part(),
            later=piles.later.part(),
            omitted=piles.omitted.part(),
            closers=_closers(total.gap(base), stakes),
            stakes=tuple(key for _, key in stakes),
            hopes=piles.hopes,
        )


def won_before(session: Session, found: Forecast) -> tuple[Period, Decimal]:
    """Return the period before a forecast's, and what the same scope and filter won in it, in the base currency."""
    from tuicrm.crm.scopes import Scope

    period = found.period.moved(-1)
    facts, rates = derive.deals(session), DealRates(session)
    first, end = period.first.toordinal(), period.end.toordinal()
    amounts = (
        rates.in_base(deal, value)
        for deal in deals_in(session, Scope(found.scope, found.owners), found.where)
        if facts.status(deal) == "won"
        and first <= derive.day_ordinal(deal.get("closed_on")) < end
        and (value := derive.amount(deal.get("value"))) is not None
    )
    return period, summed(*amounts)


def _with_more(bar: Bar, at: int, base: str, method: Method) -> Bar:
    return replace(bar, more=method.more(at, bar.open.expected_in(base)))


def deals_in(session: Session, scope: Scope, where: str) -> Iterator[Record]:
    """Yield the live deals of a scope that a query fits; raises Invalid for a wrong query."""
    held: Iterable[Record] = session.ws.all("deal").values()
    if where.strip():
        from tuicrm.crm.query import compile_query

        held = filter(compile_query(session, "deal", where), held)
    return (deal for deal in held if scope.holds(deal))


def _shown(session: Session, period: Period) -> list[Period]:
    """Return the months of a period; of a present one, also those right after it that are near."""
    from tuicrm.crm.periods import month_of

    months = period.months()
    if period.whole_months and period.holds(session.today):
        last = month_of(session.today).moved(AHEAD)
        while months[-1].end < last.end:
            months.append(month_of(months[-1].end))
    return months


def _quotas(session: Session, spans: list[Period], scope: Scope) -> list[Sums]:
    from tuicrm.crm.quotas import quota_of

    return [quota_of(session, scope, span) for span in spans]


def _total(period: Period, months: list[Bar], order: list[str]) -> Bar:
    """Return the bar of the whole period, which is that of its months together; a quota only where all have one."""
    stages: dict[str, list[Part]] = {}
    for bar in months:
        for name, part in bar.stages:
            stages.setdefault(name, []).append(part)
    everywhere = set.intersection(*(set(bar.quota) for bar in months)) if months else set()
    return Bar(
        period=period,
        won=merged(bar.won for bar in months),
        commit=merged(bar.commit for bar in months),
        rest=merged(bar.rest for bar in months),
        more=summed(*(bar.more for bar in months)),
        stages=tuple((name, merged(stages[name])) for name in order if name in stages),
        past=merged(bar.past for bar in months),
        unplanned=merged(bar.unplanned for bar in months),
        quota={key: one for key, one in added(bar.quota for bar in months).items() if key in everywhere},
    )


def _closers(gap: Decimal | None, stakes: list[tuple[Decimal, str]]) -> tuple[str, ...]:
    """Return the fewest deals whose winning adds up to a gap; none where all of them together do not."""
    if gap is None or gap <= 0:
        return ()
    found: list[str] = []
    for gain, key in stakes:
        found.append(key)
        gap -= gain
        if gap <= 0:
            return tuple(found)
    return ()
