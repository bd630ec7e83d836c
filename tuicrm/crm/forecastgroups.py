"""A forecast in parts: by owner, team, pipeline, product, category, month or quarter, which add up to the whole."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tuicrm.crm.forecastparts import summed
from tuicrm.crm.forecasttable import gap_text, percent
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid
from tuicrm.money import amount_text, short

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.forecast import Bar, Forecast
    from tuicrm.crm.session import Session

Record = dict[str, Any]
BY = ("month", "quarter", "owner", "team", "pipeline", "product", "category")
NONE = "(none)"
WITH_QUOTAS = ("month", "quarter", "owner", "team")
HEADS = ("", "DEALS", "WON", "COMMIT", "OPEN", "MORE", "EXPECTED", "QUOTA", "%", "GAP")
SHEET = ("group", "deals", "won", "commit", "weighted", "more", "expected", "quota", "gap")
_NOTHING = Decimal(0)
_CENT = Decimal("0.01")


@dataclass
class Group:
    """One part of a forecast, in the base currency."""

    name: str
    ids: list[str]
    won: Decimal = _NOTHING
    commit: Decimal = _NOTHING
    """Won, and the full value of what is committed."""
    open: Decimal = _NOTHING
    more: Decimal = _NOTHING
    quota: Decimal | None = None
    """None where there is none: of months and people without one, and of things, which have none."""

    @property
    def gap(self) -> Decimal | None:
        """How far the expectation falls short of the quota (below zero: beyond it)."""
        return None if self.quota is None else summed(self.quota, self.expected.copy_negate())

    @property
    def expected(self) -> Decimal:
        """What is won and expected to be."""
        return summed(self.won, self.open, self.more)


def groups(session: Session, found: Forecast, by: str) -> list[Group]:
    """Return the parts of a forecast's period, the largest first; those by time in their order. Invalid names the ways.

    What a method expects beyond the deals (`more`) belongs to no deal: parts by people and things share it as they
    shared what was won in the year up to today, or, where nothing was, what is expected of their open deals.
    """
    if by not in BY:
        raise Invalid(f"by: there is no way to part a forecast by {by!r}; use {', '.join(BY)}", field="by")
    if by in ("month", "quarter"):
        return _by_time(session, found, by)
    key = _key(session, by)
    held: dict[str, Group] = {}
    total = found.total
    values = _values(session, found)

    def part(deal: str) -> Group:
        name = key(session.ws.get("deal", deal) or {}) or NONE
        return held.setdefault(name, Group(name, []))

    for deal in total.ids:
        part(deal).ids.append(deal)
    for deal in total.won.ids:
        one = part(deal)
        one.won, one.commit = summed(one.won, values(deal)), summed(one.commit, values(deal))
    for deal in total.commit.ids:
        one = part(deal)
        one.commit = summed(one.commit, values(deal))
    for deal in (*total.commit.ids, *total.rest.ids):
        one = part(deal)
        one.open = summed(one.open, found.hopes.get(deal, _NOTHING))
    _share(session, found, by, key, held)
    if by in WITH_QUOTAS and not found.where:
        _give_quotas(session, found, key, held)
    return sorted(held.values(), key=lambda one: (-one.expected, one.name))


def _by_time(session: Session, found: Forecast, by: str) -> list[Group]:
    from tuicrm.crm.periods import quarter_of

    held: dict[str, Group] = {}
    for bar in (one for one in found.months if not one.ahead):
        start = session.year_start
        name = bar.period.key if by == "month" else quarter_of(bar.period.first, start).key
        _add(held.setdefault(name, Group(name, [])), bar, found.currency)
    return list(held.values())


def _give_quotas(session: Session, found: Forecast, key: Callable[[Record], str], held: dict[str, Group]) -> None:
    """Give each part the quotas of its people for the months of the period; who has one is shown without deals, too."""
    from tuicrm.crm.quotas import user_quota

    months = [bar.period for bar in found.months if not bar.ahead and bar.period.whole_months == 1]
    for user in session.ws.all("user").values():
        if found.owners is not None and user["id"] not in found.owners:
            continue
        quotas = [user_quota(session, user, month).get(found.currency) for month in months]
        known = [one for one in quotas if one is not None]
        if known:
            name = key({"owner": user["id"]}) or NONE
            one = held.setdefault(name, Group(name, []))
            one.quota = summed(one.quota or _NOTHING, *known)


def _add(group: Group, bar: Bar, code: str) -> None:
    quota = bar.quota.get(code)
    if quota is not None:
        group.quota = summed(group.quota or _NOTHING, quota)
    group.ids += bar.ids
    group.won = summed(group.won, bar.won.of(code))
    group.commit = summed(group.commit, bar.committed(code))
    group.open = summed(group.open, bar.open.expected_in(code))
    group.more = summed(group.more, bar.more)


def _values(session: Session, found: Forecast) -> Callable[[str], Decimal]:
    from tuicrm.crm import derive
    from tuicrm.crm.dealrates import DealRates

    rates = DealRates(session)

    def value(key: str) -> Decimal:
        deal = session.ws.get("deal", key) or {}
        amount = derive.amount(deal.get("value"))
        return _NOTHING if amount is None else rates.in_base(deal, amount)

    return value


def _key(session: Session, by: str) -> Callable[[Record], str]:
    from tuicrm.crm import derive
    from tuicrm.crm.lookup import name_of, product_of
    from tuicrm.crm.methods import category_of

    if by == "owner":
        return lambda deal: name_of(session, "user", word(deal.get("owner")))
    if by == "team":
        users = session.ws.all("user")
        return lambda deal: word((users.get(word(deal.get("owner"))) or {}).get("team")).strip()
    if by == "product":
        return lambda deal: name_of(session, "product", product_of(deal)) if product_of(deal) else ""
    facts = derive.deals(session)
    if by == "pipeline":
        return lambda deal: name_of(session, "pipeline", facts.pipeline(deal))
    return lambda deal: "closed" if facts.status(deal) == "won" else category_of(deal, facts.probability(deal))


def _share(session: Session, found: Forecast, by: str, key: Callable[[Record], str], held: dict[str, Group]) -> None:
    """Give each part its share of what belongs to no deal; the largest takes what rounding leaves."""
    more = found.total.more
    if not more:
        return
    # A filter or a category is about deals that are there, and not about what was won before.
    weights = {} if by == "category" or found.where else _won_lately(session, found, key)
    weights = weights or {name: one.open for name, one in held.items() if one.open > 0}
    if not weights:
        weights = {NONE: Decimal(1)}
    whole = sum(weights.values(), _NOTHING)
    for name, weight in weights.items():
        held.setdefault(name, Group(name, [])).more = (more * weight / whole).quantize(_CENT)
    largest = max(weights, key=lambda name: (weights[name], name))
    held[largest].more += more - sum((one.more for one in held.values()), _NOTHING)


def _won_lately(session: Session, found: Forecast, key: Callable[[Record], str]) -> dict[str, Decimal]:
    from tuicrm.crm import derive

    facts, today, values = derive.deals(session), session.today.toordinal(), _values(session, found)
    weights: dict[str, Decimal] = {}
    for deal in session.ws.all("deal").values():
        if facts.status(deal) != "won" or not 0 <= today - derive.day_ordinal(deal.get("closed_on")) < 365:
            continue
        if found.owners is None or deal.get("owner") in found.owners:
            name = key(deal) or NONE
            weights[name] = weights.get(name, _NOTHING) + values(deal["id"])
    return {name: weight for name, weight in weights.items() if weight > 0}


def rows(held: Sequence[Group]) -> list[list[str]]:
    """Return what a table shows of the parts, in short amounts."""
    return [
        [
            one.name,
            f"{len(one.ids):,}",
            *map(short, (one.won, one.commit, one.open)),
            *map(short, (one.more, one.expected)),
            "" if one.quota is None else short(one.quota),
            percent(one.expected, one.quota),
            gap_text(one.gap),
        ]
        for one in held
    ]


def facts(held: Sequence[Group], code: str) -> list[dict[str, Any]]:
    """Return the parts as JSON shows them."""
    return [
        {
            "group": one.name,
            "deals": one.ids,
            "won": amount_text(one.won, code),
            "commit": amount_text(one.commit, code),
            "weighted": amount_text(one.open, code),
            "more": amount_text(one.more, code),
            "expected": amount_text(one.expected, code),
            "quota": None if one.quota is None else amount_text(one.quota, code),
            "gap": None if one.gap is None else amount_text(one.gap, code),
        }
        for one in held
    ]
