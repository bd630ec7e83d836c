"""The forecast against a naive loop over the deals; quotas, currencies, scopes, the gap and what would close it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.forecast import Bar, Forecast, forecast
from tuicrm.crm.periods import Period, quarter_of
from tuicrm.crm.quotas import set_quota
from tuicrm.crm.scopes import Scope, everyone, mine, scope_named, scopes
from tuicrm.errors import Invalid, NotFound
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

TODAY = date(2026, 10, 8)
Q4 = quarter_of(TODAY)
CHANCES = {"lead": 10, "qualified": 20, "demo": 30, "proposal": 50, "negotiation": 70, "verbal": 90}

days = st.one_of(st.none(), st.integers(-120, 200).map(lambda by: (TODAY + timedelta(days=by)).isoformat()))
made_deals = st.lists(
    st.fixed_dictionaries(
        {
            "stage": st.sampled_from([*CHANCES, "won", "lost", "gone"]),
            "value": st.one_of(st.none(), st.decimals(0, 10**15 - 1, places=2).map(str)),
            "currency": st.sampled_from(["EUR", "EUR", "USD"]),
            "expected_close": days,
            "closed_on": days,
            "probability": st.one_of(st.none(), st.integers(0, 100)),
            "category": st.sampled_from([None, None, "commit", "best_case", "omitted"]),
            "owner": st.sampled_from(["me", "other", None]),
        }
    ),
    max_size=25,
)


def store(session: Session, deals: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write deals and return them as they are stored."""
    others = [key for key in session.ws.all("user") if key != session.me]
    writes = []
    for one in deals:
        owner = {"me": session.me, "other": others[0], None: None}[one["owner"]]
        fields = {key: value for key, value in (one | {"owner": owner}).items() if value is not None}
        writes.append(Write("deal", session.ws.new_id(), fields))
    session.ws.commit(writes, by="ann", note="")
    return [session.ws.all("deal")[one.id] for one in writes]


def naive(deals: list[dict[str, Any]], first: str, end: str, owner: str | None) -> dict[str, tuple[set[str], Any, Any]]:
    """What a bar should hold, worked out deal by deal: ids, value and expectation by currency."""
    found: dict[str, tuple[set[str], Any, Any]] = {name: (set(), {}, {}) for name in ("won", "commit", "rest")}
    for deal in deals:
        if owner is not None and deal.get("owner") != owner:
            continue
        stage, chance = deal["stage"], deal.get("probability")
        chance = CHANCES.get(stage, 0) if chance is None else chance
        day = deal.get("closed_on" if stage == "won" else "expected_close")
        category = deal.get("category")
        if stage == "lost" or day is None or not first <= day < end or (stage != "won" and category == "omitted"):
            continue
        sure = category == "commit" or (category is None and chance >= 80)
        ids, value, expected = found["won" if stage == "won" else "commit" if sure else "rest"]
        ids.add(deal["id"])
        if deal.get("value") is not None:
            cents = int(Decimal(deal["value"]).scaleb(2))
            code = deal["currency"]
            value[code] = value.get(code, 0) + cents
            expected[code] = expected.get(code, 0) + cents * (100 if stage == "won" else chance)
    return found


def check(bar: Bar, wanted: dict[str, tuple[set[str], Any, Any]]) -> None:
    for name, (ids, value, expected) in wanted.items():
        part = getattr(bar, name)
        assert set(part.ids) == ids
        assert len(part.ids) == len(ids)
        assert {code: amount.scaleb(2) for code, amount in part.value.items()} == value
        assert {code: amount.scaleb(4) for code, amount in part.expected.items()} == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deals=made_deals, whose=st.booleans())
def test_every_number_is_that_of_a_naive_loop(
    fresh: Callable[[], Session], deals: list[dict[str, Any]], whose: bool
) -> None:
    session = fresh()
    held = store(session, deals)
    owner = session.me if whose else None
    found = forecast(session, Q4, mine(session) if whose else everyone())
    assert [bar.period.key for bar in found.months] == ["2026-10", "2026-11", "2026-12", "2027-01"]
    for bar in found.months:
        check(bar, naive(held, bar.period.first.isoformat(), bar.period.end.isoformat(), owner))
    check(found.total, naive(held, "2026-10-01", "2027-01-01", owner))
    assert [bar.ahead for bar in found.months] == [False, False, False, True]
    _nothing_is_lost(found, held, owner)
    session.ws.close()


def _nothing_is_lost(found: Forecast, held: list[dict[str, Any]], owner: str | None) -> None:
    """Every open deal is in exactly one place, and the stages of a bar add up to its open deals."""
    places = [bar.open for bar in found.months] + [found.before, found.undated, found.later, found.omitted]
    shown = [key for part in places for key in part.ids]
    wanted = [one["id"] for one in held if one["stage"] not in ("won", "lost")]
    assert sorted(shown) == sorted(
        one for one in wanted if owner is None or any(one == deal["id"] and deal.get("owner") == owner for deal in held)
    )
    for bar in (*found.months, found.total):
        inside = [key for _, part in bar.stages for key in part.ids]
        assert sorted(inside) == sorted(bar.open.ids)
        for code in ("EUR", "USD"):
            assert sum((part.of(code) for _, part in bar.stages), Decimal(0)) == bar.open.of(code)


def test_stages_stand_in_the_order_of_the_way_to_winning(put: Callable[..., str], session: Session) -> None:
    for stage in ("lead", "verbal", "demo", "nowhere"):
        put("deal", stage=stage, value="10.00", currency="EUR", expected_close="2026-11-02")
    put("deal", stage="proposal", value="10.00", currency="EUR", expected_close="2026-10-20")
    found = forecast(session, Q4, everyone())
    assert [name for name, _ in found.total.stages] == ["Verbal", "Proposal", "Demo", "Lead", "No stage"]


def test_risks_are_counted(put: Callable[..., str], session: Session) -> None:
    late = put("deal", stage="demo", value="10.00", currency="EUR", expected_close="2026-10-05")
    planned = put("deal", stage="demo", value="20.00", currency="EUR", expected_close="2026-10-08")
    put("followup", subject="call", due="2026-10-09", deal=planned)
    october = forecast(session, Q4, everyone()).months[0]
    assert october.past.ids == (late,)
    assert october.unplanned.ids == (late,)
    assert october.open.count == 2


def test_currencies_are_never_mixed(put: Callable[..., str], session: Session) -> None:
    put("deal", stage="verbal", value="100.00", currency="EUR", expected_close="2026-10-20")
    put("deal", stage="verbal", value="7.00", currency="USD", expected_close="2026-10-20")
    found = forecast(session, Q4, everyone())
    assert found.currency == "EUR"
    assert found.total.expected("EUR") == Decimal("90")
    assert found.total.open.others("EUR")


def test_the_only_currency_is_used_whatever_the_base_is(put: Callable[..., str], session: Session) -> None:
    put("deal", stage="verbal", value="7.00", currency="USD", expected_close="2026-10-20")
    assert forecast(session, Q4, everyone()).currency == "USD"


def test_the_gap_and_the_fewest_deals_that_close_it(put: Callable[..., str], session: Session) -> None:
    session.commit(set_quota(session, [session.ws.all("user")[session.me]], "2026-Q4", "200"))
    own = {"owner": session.me, "currency": "EUR", "expected_close": "2026-11-10"}
    put("deal", stage="won", value="50.00", currency="EUR", closed_on="2026-10-02", owner=session.me)
    small, big, middle = (put("deal", stage="proposal", value=value, **own) for value in ("20.00", "120.00", "60.00"))
    found = forecast(session, Q4, mine(session))
    assert found.total.quota == {"EUR": Decimal("200.00")}
    assert found.total.expected("EUR") == Decimal("150")
    assert found.total.gap("EUR") == Decimal("50")
    assert found.closers == (big,)
    assert found.stakes == (big, middle, small)


def test_a_gap_that_no_deals_close_names_none(put: Callable[..., str], session: Session) -> None:
    session.commit(set_quota(session, [session.ws.all("user")[session.me]], "2026", "1m"))
    put(
        "deal",
        stage="demo",
        value="20.00",
        currency="EUR",
        expected_close="2026-11-10",
        owner=session.me,
    )
    found = forecast(session, Q4, mine(session))
    assert found.total.gap("EUR") == Decimal("250000") - Decimal("6")
    assert found.closers == ()


def test_a_filter_leaves_no_quota_to_compare_with(session: Session) -> None:
    session.commit(set_quota(session, [session.ws.all("user")[session.me]], "2026-Q4", "200"))
    assert forecast(session, Q4, mine(session), where="value>1").total.quota == {}


def test_a_wrong_filter_or_method_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        forecast(session, Q4, everyone(), where="nonsense:1")
    with pytest.raises(Invalid, match="weighted"):
        forecast(session, Q4, everyone(), method="crystal ball")


def test_scopes(session: Session, put: Callable[..., str]) -> None:
    eva = put("user", name="Eva Koch", handle="eva", team="South")
    names = [one.name for one in scopes(session)]
    assert names == ["mine", "team", "team South", "Ann Lee", "Bob Ray", "Eva Koch"]
    assert scope_named(session, "south") == Scope("team South", frozenset({eva}))
    assert scope_named(session, "eva").owners == frozenset({eva})
    assert scope_named(session, "me").owners == frozenset({session.me})
    assert scope_named(session, "all").owners is None
    with pytest.raises(NotFound):
        scope_named(session, "nobody knows")


def test_a_change_is_seen_at_once(put: Callable[..., str], session: Session) -> None:
    assert forecast(session, Q4, everyone()).empty
    put("deal", stage="verbal", value="7.00", currency="EUR", expected_close="2026-10-20")
    assert not forecast(session, Q4, everyone()).empty


def test_a_past_period_shows_its_months_alone(session: Session) -> None:
    found = forecast(session, Period(date(2026, 1, 1), date(2026, 4, 1)), everyone())
    assert [bar.period.title for bar in found.months] == ["Jan 2026", "Feb 2026", "Mar 2026"]
