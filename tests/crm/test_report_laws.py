"""What holds for every report, whatever a workspace holds: parts make the whole, and each deal counts once."""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.rates import MissingRate
from tuicrm.crm.report.declared import COUNT, MONEY, Ask
from tuicrm.crm.report.registry import LINES, report_named
from tuicrm.crm.report.tabulate import compute
from tuicrm.store.changes import Remove, Write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.report.declared import Result, Value
    from tuicrm.crm.session import Session

SOURCES = ("fair", "Fair", "web", "", None)
DAY_MS = 86_400_000
DEALS = st.fixed_dictionaries(
    {
        "stage": st.sampled_from(("lead", "demo", "verbal", "won", "lost", "nowhere")),
        "value": st.sampled_from(("0.00", "99.99", "12000.00", None)),
        "currency": st.sampled_from(("EUR", "USD", None)),
        "source": st.sampled_from(SOURCES),
        "lost_reason": st.sampled_from(("price", "timing", None)),
        "opened_on": st.sampled_from(("2025-01-31", "2026-05-01", "2026-09-30", None)),
        "closed_on": st.sampled_from(("2026-03-31", "2026-08-15", "2026-10-01", "2026-10-08", None)),
        "expected_close": st.sampled_from(("2026-10-01", "2027-01-15", None)),
        "tags": st.sampled_from((["hot"], ["hot", "new"], [], None)),
        "owner": st.integers(0, 2),
        "company": st.integers(0, 2),
    }
)
MOVES = st.lists(
    st.tuples(st.integers(1, 200), st.sampled_from(("stage", "owner", "value")), st.sampled_from(("lead", "demo"))),
    max_size=4,
)
WORLDS = st.lists(st.tuples(DEALS, MOVES), max_size=8)
PERIODS = st.sampled_from(("this quarter", "2026-Q3", "2026", "last 90 days", "2026-08", "next month", "2020"))
BY = ("owner", "team", "source", "lost_reason", "stage", "status", "tags", "company", "industry", "pipeline")
SUMMED = {
    "winloss": ("won", "lost", "won_value", "lost_value"),
    "leaderboard": ("value", "won", "lost"),
    "pipeline": ("count", "value", "weighted"),
    "velocity": ("open",),
    "cycle": ("count",),
    "stale": ("open", "rotting", "no_next_step", "past_close", "at_risk", "value"),
    "sources": ("deals", "first", "last", "linear", "u_shaped"),
    "discounts": ("deals", "list", "sold", "discount"),
}
"""The figures of which parts add up to the whole, by report."""


@contextmanager
def holding(session: Session, world: list[Any]) -> Iterator[None]:
    """Fill a workspace for one example, and empty it again: much faster than a fresh one."""
    fill(session, world)
    yield
    kinds = ("deal", "activity", "company", "setting")
    gone = [
        Remove(kind, key) for kind in kinds for key, one in session.ws.all(kind).items() if one.get("key") != "currency"
    ]
    session.ws.commit(gone, by="ann", note="")


def fill(session: Session, world: list[tuple[dict[str, Any], list[tuple[int, str, str]]]]) -> None:
    """Put deals with their history into a workspace that has a rate for dollars."""
    ws = session.ws
    now = int(session.now.timestamp() * 1000)
    users = [*ws.all("user"), None]
    companies: list[str | None] = [ws.new_id(), ws.new_id()]
    writes = [
        Write("company", str(key), {"name": f"Firm {at}", "industry": ("steel", None)[at], "source": "fair"})
        for at, key in enumerate(companies)
    ]
    companies.append(None)
    writes.append(Write("setting", ws.new_id(), {"key": "rate.USD.2020-01-01", "value": "0.5 EUR"}))
    for deal, moves in world:
        key = ws.new_id(now - 300 * DAY_MS)
        held = {**deal, "owner": users[deal["owner"]], "company": companies[deal["company"]]}
        writes.append(Write("deal", key, {name: value for name, value in held.items() if value is not None}))
        for ago, field, before in moves:
            was = {"stage": before, "owner": users[0], "value": "50.00 USD"}[field]
            entry = {"type": "change", "deal": key, "field": field, "before": was, "after": was}
            writes.append(Write("activity", ws.new_id(now - ago * DAY_MS), entry))
    ws.commit(writes, by="ann", note="")


QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def number(value: Value) -> Decimal:
    """Return a figure as a number, nothing as 0."""
    return Decimal(value) if isinstance(value, (int, float, Decimal)) else Decimal(0)


@pytest.mark.parametrize("name", SUMMED)
@QUICK
@given(world=WORLDS, period=PERIODS)
def test_parts_make_the_whole(session: Session, name: str, world: list[Any], period: str) -> None:
    report = report_named(name)
    with holding(session, world):
        for by in BY:
            if (name, by) == ("cycle", "stage"):  # is about stays, of which a deal has several
                continue
            found = compute(session, Ask(by=by, period=period), report)
            for figure in SUMMED[name]:
                _summed(found, figure)
            if name != "sources":  # where a deal may have several touches
                ids = [key for row in found.rows for key in row.ids]
                assert len(ids) == len(set(ids)), by
                assert set(ids) == set(found.total.ids)


def _summed(found: Result, figure: str) -> None:
    """Rows add up to the whole, now and before; parts of deals as near as binary fractions come."""
    exact = figure != "deals" or found.report != "sources"
    pairs = [(number(found.total.values[figure]), sum(number(row.values[figure]) for row in found.rows))]
    if found.total.previous is not None:
        before = sum(number((row.previous or {})[figure]) for row in found.rows)
        pairs.append((number(found.total.previous[figure]), before))
    for whole, parts in pairs:
        assert whole == parts if exact else abs(whole - parts) < Decimal("1e-9"), (found.by, figure)


@QUICK
@given(world=WORLDS, period=PERIODS, by=st.sampled_from(BY))
def test_every_report_answers_whatever_there_is(session: Session, world: list[Any], period: str, by: str) -> None:
    with holding(session, world):
        for name in LINES:
            report = report_named(name)
            found = [compute(session, Ask(period=period), report)]
            if not report.within and report.subject == "deal":
                found.append(compute(session, Ask(by=by, period=period), report))
            for part in found:
                for one in (part, *part.sections):
                    _shaped(one)


def _shaped(found: Result) -> None:
    """Every row has each figure, in its type."""
    for row in (*found.rows, found.total):
        for column in found.columns:
            value = row.values[column.name]
            kinds = {COUNT: int, MONEY: Decimal}.get(column.type, (int, float))
            assert value is None or isinstance(value, kinds), (found.report, column.name, value)


@QUICK
@given(world=WORLDS)
def test_the_funnel_loses_nobody(session: Session, world: list[Any]) -> None:
    with holding(session, world):
        entered = []
        for by in ("", "owner"):
            found = compute(session, Ask(by=by, period="2026"), report_named("funnel"))
            for row in (*found.rows, found.total):
                parts = [number(row.values[name]) for name in ("advanced", "lost", "open")]
                assert number(row.values["entered"]) == sum(parts)
            entered.append(sum(number(row.values["entered"]) for row in found.rows))
        assert entered[0] == entered[1]


@QUICK
@given(world=WORLDS)
def test_dollars_are_converted_or_refused(session: Session, world: list[Any]) -> None:
    """Without the rate, a report of deals in dollars names it; it never takes dollars for euros."""
    ask, report = Ask(period="2026", compare=False), report_named("winloss")
    with holding(session, world):
        values = compute(session, ask, report).total
        worth, dollars = Decimal(0), False
        for key in values.ids:
            deal = session.ws.all("deal")[key]
            abroad = deal.get("currency") == "USD"
            worth += Decimal(deal.get("value") or 0) / (2 if abroad else 1)
            dollars = dollars or (abroad and bool(Decimal(deal.get("value") or 0)))
        assert number(values.values["won_value"]) + number(values.values["lost_value"]) == worth
        rate = next(one for one in session.ws.all("setting").values() if one["key"].startswith("rate."))
        session.ws.commit([Remove("setting", rate["id"])], by="ann", note="")
        if dollars:
            with pytest.raises(MissingRate, match="USD"):
                compute(session, ask, report)
