"""Quotas: what each user should win in a month, a quarter or a year, and how they are set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.derive import amount
from tuicrm.crm.periods import Period, month_of, quarter_of, year_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.scopes import Scope
    from tuicrm.crm.session import Session

Record = dict[str, Any]
Sums = dict[str, "Decimal"]


def quota_of(session: Session, scope: Scope, month: Period) -> Sums:
    """Return the quota of a scope for a whole month, by currency; nothing where none is set, or for part of a month."""
    found: Sums = {}
    if month.whole_months != 1:
        return found
    for user in session.ws.all("user").values():
        if scope.owners is None or user["id"] in scope.owners:
            for currency, share in user_quota(session, user, month).items():
                found[currency] = found.get(currency, 0) + share
    return found


def user_quota(session: Session, user: Record, month: Period) -> Sums:
    """Return one user's quota for a month: the month's own, else its share of the quarter's, else of the year's."""
    held = user.get("quotas")
    if not isinstance(held, dict):
        return {}
    start = month.first.month - 1
    quarter = quarter_of(month.first)
    ways = (
        (month_of(month.first), ()),
        (quarter, ((3, start % 3),)),
        (year_of(month.first), ((4, start // 3), (3, start % 3))),
    )
    for period, steps in ways:
        entry = held.get(period.key)
        found = amount(entry.get("amount")) if isinstance(entry, dict) else None
        if found is not None and isinstance(entry, dict):
            currency = str(entry.get("currency") or session.currency)
            for count, at in steps:  # a year goes through its quarters, so that these are round where they can be
                found = split(found, count, currency)[at]
            return {currency: found}
    return {}


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
    if ".." in period.key:
        raise Invalid(
            f"period: a quota is for a month, a quarter or a year, such as 2026-Q4; not for {period.title}",
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
        others = {key: one for key, one in (held or {}).items() if key != period.key}
        wanted = {**others, period.key: dict(entry)} if entry else others
        changes.append(Write("user", user["id"], {"quotas": wanted or None}))
    who = title(session, "user", users[0]) if len(users) == 1 else f"{len(users)} users"
    return Plan(tuple(changes), f"gave {who} {said} for {period.title}", ids=tuple(one["id"] for one in users))
