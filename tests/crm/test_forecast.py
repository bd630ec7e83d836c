"""The forecast against a naive loop over the deals; quotas, currencies, scopes, the gap and what would close it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.forecast import Bar, Forecast, forecast
from tuicrm.crm.periods import Period, quarter_of
from tuicrm.crm.quotas import set_quota
from tuicrm.crm.ratebook import set_rate
from tuicrm.crm.rates import MissingRate
from tuicrm.crm.scopes import Scope, everyone, mine, scope_named, scopes
from tuicrm.errors import Invalid, NotFound
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

TODAY = date(2026, 10, 8)
TOMORROW = "2026-10-09"
Q4 = quarter_of(TODAY)
RATES = {"2000-01-01": 500, "2026-09-01": 917, "2026-10-05": 925, "2026-10-09": 1300, "2026-11-11": 875}
"""What 1 USD is worth in the base currency, in thousandths, by the day from which that holds."""
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
    """What a bar should hold, worked out deal by deal: ids, value and expectation in units of a hundred-thousandth."""
    found: dict[str, tuple[set[str], Any, Any]] = {name: (set(), {}, {}) for name in ("won", "commit", "rest")}
    for deal in deals:
        if owner is not None and deal.get("owner") != owner:
            continue
        stage, chance = deal["stage"], deal.get("probability")
        chance = CHANCES.get(stage, 0) if chance is None else chance
        day = deal.get("closed_on" if stage == "won" else "expected_close")
        category = deal.get("category")
        if stage == "won" and day is not None and day > TOMORROW:
            continue
        if stage == "lost" or day is None or not first <= day < end or (stage != "won" and category == "omitted"):
            continue
        sure = category == "commit" or (category is None and chance >= 80)
        ids, value, expected = found["won" if stage == "won" else "commit" if sure else "rest"]
        ids.add(deal["id"])
        if deal.get("value") is not None:
            units = int(Decimal(deal["value"]).scaleb(2)) * rate_of(deal, day)
            value["EUR"] = value.get("EUR", 0) + units
            expected["EUR"] = expected.get("EUR", 0) + units * (100 if stage == "won" else chance)
    return found


def rate_of(deal: dict[str, Any], day: str) -> int:
    """The rate in thousandths."""
    if deal["currency"] == "EUR":
        return 1000
    counts = day if deal["stage"] == "won" else min(day, TODAY.isoformat())
    return max((since, rate) for since, rate in RATES.items() if since <= counts)[1]


def check(bar: Bar, wanted: dict[str, tuple[set[str], Any, Any]]) -> None:
    for name, (ids, value, expected) in wanted.items():
        part = getattr(bar, name)
        assert set(part.ids) == ids
        assert len(part.ids) == len(ids)
        assert {code: Fraction(amount) * 10**5 for code, amount in part.value.items()} == value
        assert {code: Fraction(amount) * 10**7 for code, amount in part.expected.items()} == expected


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deals=made_deals, whose=st.booleans())
def test_every_number_is_that_of_a_naive_loop(
    fresh: Callable[[], Session], deals: list[dict[str, Any]], whose: bool
) -> None:
    session = fresh()
    for since, rate in RATES.items():
        session.commit(set_rate(session, "USD", str(Decimal(rate).scaleb(-3)), since))
    held = store(session, deals)
    owner = session.me if whose else None
    found = forecast(session, Q4, mine(session) if whose else everyone(), method="weighted")
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
        assert sum((Fraction(part.of("EUR")) for _, part in bar.stages), Fraction(0)) == Fraction(bar.open.of("EUR"))


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


def test_won_deals_go_by_the_day_they_were_closed_and_open_ones_by_none_after_today(
    put: Callable[..., str], session: Session
) -> None:
    for rate, since in (("0.5", "2026-01-01"), ("0.8", "2026-10-05"), ("0.9", "2026-10-08"), ("7", "2026-10-20")):
        session.commit(set_rate(session, "USD", rate, since))
    put("deal", stage="won", value="100.00", currency="USD", closed_on="2026-10-04")
    put("deal", stage="won", value="100.00", currency="USD", closed_on="2026-10-05")
    late = put("deal", stage="verbal", value="1000.00", currency="USD", expected_close="2026-10-06")
    put("deal", stage="verbal", value="10000.00", currency="USD", expected_close="2026-10-30")
    put("deal", stage="verbal", value="1.00", currency="EUR", expected_close="2026-10-30")
    total = forecast(session, Q4, everyone()).total
    assert total.won.value == {"EUR": Decimal("50") + Decimal("80")}
    assert total.past.ids == (late,)
    assert total.commit.of("EUR") == Decimal("800") + Decimal("9000") + 1
    assert total.commit.expected_in("EUR") == Decimal("8820.9")
    assert total.won.foreign == {"USD": Decimal("200")}
    assert total.commit.foreign == {"USD": Decimal("11000")}


def test_a_missing_rate_is_named(put: Callable[..., str], session: Session) -> None:
    put("deal", stage="verbal", value="7.00", currency="USD", expected_close="2026-10-06")
    with pytest.raises(MissingRate, match="from USD to EUR for 2026-10-06"):
        forecast(session, Q4, everyone())
    session.commit(set_rate(session, "USD", "1", "2026-10-06"))
    assert forecast(session, Q4, everyone()).total.expected("EUR") == Decimal("6.3")


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "won", "closed_on": "2026-10-02"},
        {"stage": "verbal"},
        {"stage": "verbal", "expected_close": "2025-01-01"},
        {"stage": "verbal", "expected_close": "2028-01-01"},
        {"stage": "verbal", "category": "omitted"},
        {"stage": "verbal", "expected_close": "0001-01-01"},
    ],
)
def test_nothing_that_is_shown_is_taken_1_to_1(
    put: Callable[..., str], session: Session, fields: dict[str, str]
) -> None:
    """Also where all deals are in one other currency."""
    put("deal", value="7.00", currency="USD", **fields)
    with pytest.raises(MissingRate):
        forecast(session, Q4, everyone())
    session.commit(set_rate(session, "USD", "0.5", "1900-01-01"))
    found = forecast(session, Q4, everyone())
    assert found.currency == "EUR"
    assert found.total.won.of("EUR") + found.omitted.of("EUR") + sum(
        (part.of("EUR") for part in (found.before, found.undated, found.later)), Decimal(0)
    ) == Decimal("3.5")


def test_what_no_figure_holds_needs_no_rate(put: Callable[..., str], session: Session) -> None:
    put("deal", stage="lost", value="7.00", currency="USD", closed_on="2026-10-06")
    put("deal", stage="won", value="7.00", currency="USD", closed_on="2025-10-06")
    put("deal", stage="demo", value="0.00", currency="USD", expected_close="2026-10-20")
    put("deal", stage="demo", currency="USD", expected_close="2026-10-20")
    assert forecast(session, Q4, everyone()).total.open.count == 2


def test_quotas_go_by_the_first_day_of_what_they_were_set_for(session: Session) -> None:
    users = list(session.ws.all("user").values())
    session.commit(set_quota(session, users[:1], "2026-Q4", "USD 300"))
    session.commit(set_quota(session, users[1:], "2026-11", "100"))
    with pytest.raises(MissingRate, match="for 2026-10-01"):
        forecast(session, Q4, everyone())
    session.commit(set_rate(session, "USD", "0.5", "2026-10-01"))
    session.commit(set_rate(session, "USD", "9", "2026-10-02"))
    found = forecast(session, Q4, everyone())
    assert [bar.quota.get("EUR") for bar in found.months] == [Decimal(50), Decimal(150), Decimal(50), None]
    assert found.total.quota == {"EUR": Decimal(250)}


def test_sums_are_exact_beyond_the_digits_that_are_usual(put: Callable[..., str], session: Session) -> None:
    session.commit(set_rate(session, "USD", "123456789012345.123456789012", "2026-01-01"))
    session.commit(set_quota(session, [session.ws.all("user")[session.me]], "2026-Q4", "0.01"))
    for stage, day in (("won", "closed_on"), ("verbal", "expected_close"), ("demo", "expected_close")):
        put("deal", stage=stage, value="999999999999999.12345678", currency="USD", **{day: "2026-10-08"})
    total = forecast(session, Q4, everyone()).total
    one = Fraction("999999999999999.12345678") * Fraction("123456789012345.123456789012")
    assert Fraction(total.expected("EUR")) == one + one * Fraction(90, 100) + one * Fraction(30, 100)
    assert Fraction(total.committed("EUR")) == one + one
    assert Fraction(total.open.of("EUR")) == one * 2
    assert Fraction(total.gap("EUR") or 0) == Fraction(1, 100) - Fraction(total.expected("EUR"))


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
