"""Quotas: what each user should win in a month, a quarter or a year, and how they are set."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tuicrm.crm.derive import amount
from tuicrm.crm.forecastparts import added
from tuicrm.crm.periods import QUARTER, YEAR, Period, month_of, present_quarter
from tuicrm.crm.rates import rates
from tuicrm.crm.shapes import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.scopes import Scope
    from tuicrm.crm.session import Session

Record = dict[str, Any]
Sums = dict[str, "Decimal"]

_STORED = (
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>\d\d)|(?P<first>\d\d)\.\.(?P<until>\d{4})-(?P<last>\d\d)))?"
)


def quota_of(session: Session, scope: Scope, month: Period) -> Sums:
    """Return the quota of a scope for a whole month, in the base currency; nothing where none is set.

    Nothing for part of a month, either. Raises MissingRate.
    """
    if month.whole_months != 1:
        return {}
    if scope.team and session.ws.all("target"):
        from tuicrm.crm.targets import team_quota

        if of_team := team_quota(session, scope.team, month):
            return of_team
    users = session.ws.all("user").values()
    return added(
        user_quota(session, user, month) for user in users if scope.owners is None or user["id"] in scope.owners
    )


def user_quota(session: Session, user: Record, month: Period) -> Sums:
    """Return one user's quota for a month: the month's own, else its share of the quarter's, else of the year's.

    It is in the base currency, at the rate of the first day of the month, quarter or year that it was set for; raises
    MissingRate. Where the fiscal year was changed, quarters of both may hold the month: those of the present one go
    first.
    """
    return share_of(session, table(user.get("quotas")), month)


def share_of(session: Session, held: Mapping[str, Mapping[str, Any]], month: Period) -> Sums:
    """Return what a month has of quotas that are kept by period: those of one user, or of one team."""

    def nearness(found: tuple[str, Period, Decimal]) -> tuple[int, bool, int, str]:
        key, span, _ = found
        count = span.whole_months
        return count, (span.first.month - session.year_start) % count > 0, -span.first.toordinal(), key

    ways = [
        (key, span, whole)
        for key, entry in held.items()
        if (span := span_of(key)) is not None
        and span.holds(month.first)
        and (whole := amount(entry.get("amount"))) is not None
    ]
    if not ways:
        return {}
    key, span, whole = min(ways, key=nearness)
    currency = str(held[key].get("currency") or session.currency)
    share = _share(whole, span, month, currency)
    return {session.currency: rates(session).to_base(share, currency, span.first.toordinal())}


def _share(whole: Decimal, span: Period, month: Period, currency: str) -> Decimal:
    """Return what a month has of the quota of its span."""
    at = (month.first.year - span.first.year) * 12 + month.first.month - span.first.month
    if span.whole_months == YEAR:  # by its quarters, so that these are round where they can be
        whole, at = split(whole, 4, currency)[at // QUARTER], at % QUARTER
    return split(whole, QUARTER, currency)[at] if span.whole_months > 1 else whole


def quota_key(period: Period) -> str:
    """Return what the quota of a month, a quarter or a year is stored under, whatever the fiscal year will be later.

    `2026-11`, `2026-Q4` and `2026` are the calendar's; `2026-04..2026-06` are the months of a fiscal year's quarter.
    """
    if period.year_start == 1 or period.unit == "month":
        return period.key
    last = period.end - timedelta(days=1)
    return f"{period.first:%Y-%m}..{last:%Y-%m}"


@lru_cache(maxsize=1024)
def span_of(key: str) -> Period | None:
    """Return the months that a stored quota is for; None where the key names no month, quarter or year."""
    import re

    found = re.fullmatch(_STORED, key, re.ASCII)
    if not found:
        return None
    first, last = (int(found["month"] or found["first"] or 1), int(found["month"] or found["last"] or YEAR))
    if found["quarter"]:
        last = int(found["quarter"]) * QUARTER
        first = last - QUARTER + 1
    try:
        start = date(int(found["year"]), first, 1)
        span = Period(start, month_of(date(int(found["until"] or found["year"]), last, 1)).end)
    except ValueError:
        return None
    return span if span.whole_months in (1, QUARTER, YEAR) else None


def split(whole: Decimal, count: int, currency: str) -> list[Decimal]:
    """Return an amount in equal parts of whole minor units that add up to it exactly; the last ones take the rest."""
    from decimal import ROUND_FLOOR, Decimal

    from tuicrm.money import MINOR_UNITS

    unit = Decimal(1).scaleb(-MINOR_UNITS.get(currency, 2))
    each = (whole / count).quantize(unit, ROUND_FLOOR)
    parts = [each] * count
    left = whole - each * count
    for at in range(count - 1, -1, -1):
        more = min(left, unit)
        parts[at] += more
        left -= more
    return parts


def set_quota(session: Session, users: Sequence[Record], period_text: str, amount_text: str) -> Plan:
    """Return the plan that sets (or, with `none`, clears) the quota of users for a month, a quarter or a year."""
    from tuicrm.crm.lookup import title
    from tuicrm.crm.periods import period_named
    from tuicrm.crm.plan import Plan
    from tuicrm.errors import Invalid
    from tuicrm.money import Money, parse_money, show
    from tuicrm.money import amount_text as stored
    from tuicrm.store.changes import Write

    period = period_named(session, period_text)
    if not period.unit:
        raise Invalid(
            f"period: a quota is for a month, a quarter or a year, such as {present_quarter(session).key}; "
            f"not for {period.title}",
            field="period",
        )
    entry: Mapping[str, str] | None = None
    said = "no quota"
    if amount_text.strip().casefold() not in ("none", "-"):
        found: Money = parse_money(amount_text, currency=session.currency)
        entry = {"amount": stored(found.amount, found.currency), "currency": found.currency}
        said = f"a quota of {show(found)}"
    changes = []
    for user in users:
        held = user.get("quotas") if isinstance(user.get("quotas"), dict) else {}
        others = {key: one for key, one in (held or {}).items() if span_of(key) != period}
        wanted = {**others, quota_key(period): dict(entry)} if entry else others
        changes.append(Write("user", user["id"], {"quotas": wanted or None}))
    who = title(session, "user", users[0]) if len(users) == 1 else f"{len(users)} users"
    return Plan(tuple(changes), f"gave {who} {said} for {period.title}", ids=tuple(one["id"] for one in users))
