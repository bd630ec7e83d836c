"""What somebody has earned in a period: a line for each deal, by each plan that is for them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tuicrm.crm.commissions.plans import KIND, terms
from tuicrm.crm.commissions.sums import Part, Scale, earned, parts
from tuicrm.crm.managing import managed
from tuicrm.crm.percents import plain
from tuicrm.crm.periods import Period, month_of, quarter_of, year_of
from tuicrm.crm.quotas import user_quota
from tuicrm.crm.rates import rates
from tuicrm.money import MINOR_UNITS, amount_text
from tuicrm.records.kinds.commission import RETROACTIVE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.crm.commissions.plans import Terms
    from tuicrm.crm.report.declared import Case
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.session import Session

Record = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One deal, with what of it lies in which band."""

    deal: Record
    day: int
    owner: str
    """Whose it was on that day."""
    value: Decimal
    """In the base currency, at the rate of the day on which it was won."""
    parts: tuple[Part, ...]

    @property
    def amount(self) -> Decimal:
        """What the deal earns."""
        return sum((one.amount for one in self.parts), Decimal(0))


@dataclass(frozen=True)
class Statement:
    """What one plan pays to one person for one of its periods."""

    user: str
    plan: Terms
    period: Period
    quota: Decimal | None
    cap: Decimal | None
    """In the base currency."""
    uncapped: Decimal
    lines: tuple[Line, ...]

    @property
    def sales(self) -> Decimal:
        """What was sold, in the base currency."""
        return sum((one.value for one in self.lines), Decimal(0))

    @property
    def amount(self) -> Decimal:
        """What it pays: the sum of its lines."""
        return sum((one.amount for one in self.lines), Decimal(0))

    @property
    def attainment(self) -> float | None:
        """Sales in percent of the quota."""
        return float(self.sales / self.quota * 100) if self.quota else None


def statements(session: Session, users: Sequence[Record], period: Period, ref: str = "") -> list[Statement]:
    """Return the statements of users for all periods of the plans that a period touches, or those of one plan.

    Deals count for whose they were on the day on which they were won. Raises MissingRate.
    """
    from tuicrm.crm.lookup import find

    held = [find(session, KIND, ref)] if ref else list(session.ws.all(KIND).values())
    plans = sorted((terms(session, one) for one in held), key=lambda one: (one.name.casefold(), one.id))
    found = []
    for plan in plans:
        chosen = [one for one in users if plan.holds(one)]
        if not chosen:
            continue
        facts = _facts(session, plan)
        for span in _spans(session, plan, period):
            won = _won(facts, plan, span)
            found += [made for one in chosen if (made := _statement(session, plan, span, one, won)) is not None]
    order = {one["id"]: at for at, one in enumerate(users)}
    return sorted(found, key=lambda one: order[one.user])


def _facts(session: Session, plan: Terms) -> Facts:
    from tuicrm.crm.report.declared import Ask
    from tuicrm.crm.report.facts import Facts
    from tuicrm.crm.report.registry import report_named

    return Facts(session, Ask(where=plan.where), report_named("quota"))


def _spans(session: Session, plan: Terms, asked: Period) -> Iterator[Period]:
    """Yield the whole periods of a plan that hold days of the period that was asked for, and days of its validity."""
    start = session.year_start
    at = asked.first
    while at < asked.end:
        span = (
            month_of(at) if plan.period == "month" else (quarter_of if plan.period == "quarter" else year_of)(at, start)
        )
        ends = span.end.toordinal() - 1
        if ends >= plan.first and not (plan.last and span.first.toordinal() > plan.last):
            yield span
        at = span.end


def _won(facts: Facts, plan: Terms, span: Period) -> dict[str, list[Case]]:
    """Return the deals with a value that were won in a span while a plan held, by whose they were."""
    found: dict[str, list[Case]] = {}
    for case in facts.closed(span):
        valid = plan.first <= case.day and not (plan.last and case.day > plan.last)
        if case.outcome == "won" and case.value and valid:
            found.setdefault(case.owner, []).append(case)
    return found


def _statement(
    session: Session, plan: Terms, span: Period, user: Record, won: dict[str, list[Case]]
) -> Statement | None:
    people = managed(session, user) if plan.of_team else [user["id"]]
    cases = sorted((one for key in people for one in won.get(key, [])), key=lambda one: (one.day, one.record["id"]))
    if not cases:
        return None
    quota = _quota(session, people, span) if plan.accelerators else None
    scale = _scale(session, plan, span, quota)
    values = [case.value or Decimal(0) for case in cases]
    cut = parts(scale, values)
    lines = tuple(
        Line(case.record, case.day, case.owner, value, tuple(of_deal))
        for case, value, of_deal in zip(cases, values, cut, strict=True)
    )
    free = Scale(scale.bands, scale.retroactive, scale.boosts, None, scale.unit)
    return Statement(user["id"], plan, span, quota, scale.cap, earned(free, sum(values, Decimal(0))), lines)


def _quota(session: Session, people: Sequence[str], span: Period) -> Decimal | None:
    """Return what these have as quotas for a span together, in the base currency; None where there are none."""
    users = session.ws.all("user")
    months = [user_quota(session, users[key], month) for key in people for month in span.months()]
    found = sum((amount for month in months for amount in month.values()), Decimal(0))
    return found or None


def _scale(session: Session, plan: Terms, span: Period, quota: Decimal | None) -> Scale:
    """Return a plan in the base currency, at the rates of the first day of the span."""
    base, book, day = session.currency, rates(session), span.first.toordinal()
    boosts = tuple(((quota * share).scaleb(-2), times) for share, times in plan.accelerators) if quota else ()
    return Scale(
        bands=tuple((book.to_base(low, plan.currency, day), rate) for low, rate in plan.bands),
        retroactive=plan.type == RETROACTIVE,
        boosts=boosts,
        cap=None if plan.cap is None else book.to_base(plan.cap, plan.currency, day),
        unit=Decimal(1).scaleb(-MINOR_UNITS.get(base, 2)),
    )


def flat(session: Session, one: Statement) -> dict[str, Any]:
    """Return a statement as one JSON object, its deals in it."""
    from tuicrm.crm.lookup import name_of

    base = session.currency

    def money(amount: Decimal) -> str:
        return amount_text(amount, base)

    return {
        "user": one.user,
        "user_name": name_of(session, "user", one.user),
        "plan": one.plan.id,
        "plan_name": one.plan.name,
        "type": one.plan.type,
        "period": one.period.key,
        "currency": base,
        "sales": money(one.sales),
        "quota": None if one.quota is None else money(one.quota),
        "attainment": None if one.attainment is None else round(one.attainment, 2),
        "cap": None if one.cap is None else money(one.cap),
        "uncapped": money(one.uncapped),
        "amount": money(one.amount),
        "deals": [_flat_line(session, line, money) for line in one.lines],
    }


def _flat_line(session: Session, line: Line, money: Any) -> dict[str, Any]:
    from datetime import date

    from tuicrm.crm.lookup import name_of, title

    return {
        "deal": line.deal["id"],
        "deal_name": title(session, "deal", line.deal),
        "owner": line.owner,
        "owner_name": name_of(session, "user", line.owner),
        "closed_on": date.fromordinal(line.day).isoformat(),
        "deal_value": line.deal.get("value"),
        "deal_currency": line.deal.get("currency") or session.currency,
        "value": money(line.value),
        "amount": money(line.amount),
        "parts": [
            {
                "sales": money(one.sales),
                "from": money(one.start),
                "rate": plain(one.rate),
                "times": plain(one.times),
                "amount": money(one.amount),
            }
            for one in line.parts
        ],
    }
