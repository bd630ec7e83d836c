"""All figures of the forecast pane, worked out together in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tuicrm.crm import derive
from tuicrm.crm.dealrates import DealRates
from tuicrm.crm.efforts import efforts
from tuicrm.crm.forecast import forecast
from tuicrm.crm.funnel import funnel
from tuicrm.crm.periods import NAMES
from tuicrm.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from tuicrm.crm.efforts import Efforts
    from tuicrm.crm.forecast import Bar, Forecast
    from tuicrm.crm.funnel import Funnel
    from tuicrm.crm.periods import Period
    from tuicrm.crm.scopes import Scope
    from tuicrm.crm.session import Session

POINTS = 60
"""At most so many points of a curve."""


@dataclass(frozen=True)
class Curve:
    """What has been won and is expected to be won by each point of the period, added up, beside an even pace."""

    won: tuple[float, ...]
    """Up to today."""
    expected: tuple[float, ...]
    pace: tuple[float, ...]
    """Empty without a quota."""
    names: tuple[str, ...]
    """A name for each point at which a month begins, else empty."""


@dataclass(frozen=True)
class Outlook:
    """What the pane shows."""

    found: Forecast
    funnel: Funnel | None
    """None where the workspace has no pipeline."""
    efforts: Efforts
    curve: Curve
    here: int
    """The place of the month that today is in; the first where it is in none."""

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The rows: the months of the period, the period as a whole, the months after it."""
        held = self.found.months
        inside = tuple(bar for bar in held if not bar.ahead)
        return (*inside, self.found.total, *(bar for bar in held if bar.ahead))


def outlook(session: Session, period: Period, scope: Scope, *, where: str = "", method: str = "") -> Outlook:
    """Return the figures for a period and a scope; raises Invalid for a wrong query, and MissingRate.

    They are kept until the workspace or the day changes.
    """
    owners = "*" if scope.owners is None else " ".join(sorted(scope.owners))
    key = f"outlook {session.today} {session.zone} {period.key} {scope.name} {owners} {method} {where}"
    kept: Outlook = session.remember(key, lambda: _outlook(session, period, scope, where, method))
    return kept


def _outlook(session: Session, period: Period, scope: Scope, where: str, method: str) -> Outlook:
    found = forecast(session, period, scope, where=where, method=method)
    concerned = None
    if where.strip():
        from tuicrm.crm.forecast import deals_in
        from tuicrm.crm.scopes import everyone

        concerned = {deal["id"] for deal in deals_in(session, everyone(), where)}
    try:
        way = funnel(session, scope, where=where)
    except NotFound:
        way = None
    today = session.today
    return Outlook(
        found=found,
        funnel=way,
        efforts=efforts(session, scope, concerned),
        curve=_curve(session, found),
        here=next((at for at, bar in enumerate(found.months) if bar.period.holds(today)), 0),
    )


def _curve(session: Session, found: Forecast) -> Curve:
    period, code = found.period, found.currency
    first, end, today = period.first.toordinal(), period.end.toordinal(), session.today.toordinal()
    step = -(-(end - first) // POINTS)
    points = -(-(end - first) // step) + 1
    won, more = [0.0] * points, [0.0] * points
    rates = DealRates(session)
    for deal in _held(session, found.total.won.ids):
        day = derive.day_ordinal(deal.get("closed_on"))
        won[_after(day, first, step, points)] += _in_base(rates, deal, derive.amount(deal.get("value")))
    for deal in _held(session, found.total.open.ids):
        day = max(derive.day_ordinal(deal.get("expected_close")), min(today, end - 1))
        more[_after(day, first, step, points)] += float(found.hopes.get(str(deal["id"]), 0))
    for bar in found.months:
        ahead = range(max(bar.period.first.toordinal(), today), bar.period.end.toordinal())
        for day in ahead if not bar.ahead else ():
            more[_after(day, first, step, points)] += float(bar.more) / len(ahead)
    by_now = min(max(0, _after(today, first, step, points)), points - 1) if today >= first else 0
    quota = found.total.quota.get(code)
    return Curve(
        won=tuple(_summed(won)[: by_now + 1]) if today >= first else (),
        expected=tuple(_summed([own + other for own, other in zip(won, more, strict=True)])),
        pace=tuple(float(quota) * at / (points - 1) for at in range(points)) if quota is not None else (),
        names=tuple(_month_begins(first + at * step, step) for at in range(points)),
    )


def _held(session: Session, ids: Iterable[str]) -> Iterable[dict[str, object]]:
    for key in ids:
        deal = session.ws.get("deal", key)
        if deal is not None:
            yield deal


def _in_base(rates: DealRates, deal: dict[str, object], amount: Decimal | None) -> float:
    return 0.0 if amount is None else float(rates.in_base(deal, amount))


def _after(day: int, first: int, step: int, points: int) -> int:
    """Return the first point at which a day is over."""
    return min(max((day - first) // step + 1, 0), points - 1)


def _summed(parts: list[float]) -> list[float]:
    total, found = 0.0, []
    for one in parts:
        total += one
        found.append(total)
    return found


def _month_begins(ordinal: int, step: int) -> str:
    """Return the name of a month that begins between this point and the next, else nothing."""
    for day in range(ordinal, ordinal + step):
        at = date.fromordinal(day)
        if at.day == 1:
            return NAMES[at.month - 1]
    return ""
