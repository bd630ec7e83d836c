"""The forecast by history through its use case: parts that add up, little history, filters, what is left out."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.forecast import forecast, won_before
from tuicrm.crm.forecastgroups import BY, groups
from tuicrm.crm.periods import quarter_of
from tuicrm.crm.quotas import set_quota
from tuicrm.crm.scopes import everyone, mine
from tuicrm.errors import Invalid
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

TODAY = date(2026, 10, 8)
Q4 = quarter_of(TODAY)
METHODS = ("history", "simulation", "weighted", "categories")


def fill(session: Session, deals: int, seed: int = 1) -> None:
    """Store so many deals of the last year: most are closed, some are open."""
    chance = random.Random(seed)
    owners = list(session.ws.all("user"))
    product = session.ws.new_id()
    writes = [Write("product", product, {"name": "Plan", "price": "900.00", "currency": "EUR"})]
    for _ in range(deals):
        opened = TODAY - timedelta(days=chance.randint(1, 365))
        closed = opened + timedelta(days=chance.randint(3, 120))
        fields: dict[str, Any] = {"opened_on": opened.isoformat(), "owner": chance.choice(owners), "currency": "EUR"}
        if closed <= TODAY:
            fields |= {"stage": chance.choice(["won", "won", "lost"]), "closed_on": closed.isoformat()}
        else:
            close = TODAY + timedelta(days=chance.randint(-10, 90))
            fields |= {"stage": chance.choice(["lead", "demo", "verbal"]), "expected_close": close.isoformat()}
        if chance.random() < 0.9:
            fields["value"] = f"{chance.randint(100, 9000)}.{chance.randint(0, 99):02}"
        if chance.random() < 0.5:
            fields["items"] = {"1": {"product": product, "quantity": "2", "price": "900.00"}}
        # Made in passing: at no whole quarter of an hour, as imported deals are.
        writes.append(Write("deal", session.ws.new_id(), fields))
    session.ws.commit(writes, by="ann", note="")


def test_the_default_is_what_the_data_supports(session: Session) -> None:
    assert forecast(session, Q4, everyone()).method == "weighted"
    assert "no deal was closed" in forecast(session, Q4, everyone()).why
    fill(session, 20)
    found = forecast(session, Q4, everyone())
    assert (found.method, found.rough) == ("history", True)
    assert found.why.startswith("little history: ")
    fill(session, 120, 2)
    found = forecast(session, Q4, everyone())
    assert (found.method, found.rough) == ("history", False)
    assert "deals were closed" in found.why


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deals=st.integers(0, 60), seed=st.integers(0, 10**6), method=st.sampled_from(METHODS), own=st.booleans())
def test_parts_add_up_to_the_whole(fresh: Callable[[], Session], deals: int, seed: int, method: str, own: bool) -> None:
    session = fresh()
    fill(session, deals, seed)
    found = forecast(session, Q4, mine(session) if own else everyone(), method=method)
    total = found.total.expected("EUR")
    assert sum((bar.expected("EUR") for bar in found.months if not bar.ahead), Decimal(0)) == total
    for by in BY:
        held = groups(session, found, by)
        assert sum((one.expected for one in held), Decimal(0)) == total, by
        assert sum((one.won for one in held), Decimal(0)) == found.total.won.of("EUR"), by
        ids = [key for one in held for key in one.ids]
        assert sorted(ids) == sorted(found.total.ids), by
    if found.range is not None:
        assert found.range.low <= found.range.middle <= found.range.high
    session.ws.close()


def test_a_quota_has_a_chance_and_the_range_holds_what_is_expected(session: Session) -> None:
    fill(session, 150)
    session.commit(set_quota(session, list(session.ws.all("user").values()), "2026-Q4", "1"))
    found = forecast(session, Q4, everyone())
    assert found.range is not None
    assert found.range.chance == 100
    assert found.range.low < found.total.expected("EUR") < found.range.high
    session.commit(set_quota(session, list(session.ws.all("user").values()), "2026-Q4", "900M"))
    found = forecast(session, Q4, everyone())
    assert found.range is not None
    assert found.range.chance == 0
    quota = found.total.quota["EUR"]
    for by in ("month", "quarter", "owner", "team"):
        held = groups(session, found, by)
        assert sum((one.quota or Decimal(0) for one in held), Decimal(0)) == quota, by
        assert sum((one.gap or Decimal(0) for one in held), Decimal(0)) == found.total.gap("EUR"), by


def test_the_same_data_give_the_same_forecast(session: Session) -> None:
    fill(session, 100)
    first = forecast(session, Q4, everyone(), method="simulation")
    session.kept.clear()
    session.ws.commit([Write("company", session.ws.new_id(), {"name": "Acme"})], by="ann", note="")
    again = forecast(session, Q4, everyone(), method="simulation")
    assert (first.range, first.total.expected("EUR")) == (again.range, again.total.expected("EUR"))


def test_after_a_change_it_is_as_if_all_were_read_afresh(session: Session) -> None:
    fill(session, 100)
    forecast(session, Q4, everyone())
    deal = next(one for one in session.ws.all("deal").values() if one["stage"] == "demo")
    session.ws.commit(
        [Write("deal", deal["id"], {"stage": "won", "closed_on": TODAY.isoformat(), "value": "777.00"})],
        by="ann",
        note="",
    )
    changed = forecast(session, Q4, everyone())
    session.kept.clear()
    session.ws.commit([Write("company", session.ws.new_id(), {"name": "Acme"})], by="ann", note="")
    assert forecast(session, Q4, everyone()).months == changed.months


def test_a_filter_speaks_of_open_deals_only(session: Session) -> None:
    fill(session, 150)
    found = forecast(session, Q4, everyone(), where="stage:demo", method="history")
    assert found.total.expected("EUR") == sum((bar.expected("EUR") for bar in found.months[:3]), Decimal(0))
    everything = sum((Decimal(one.get("value", "0")) for one in session.ws.all("deal").values()), Decimal(0))
    assert 0 < found.total.expected("EUR") < everything


def test_a_period_that_is_over_brings_no_more(session: Session) -> None:
    fill(session, 150)
    found = forecast(session, Q4.moved(-1), everyone(), method="history")
    assert found.total.more == 0
    assert found.total.expected("EUR") == found.total.won.of("EUR") > 0
    assert won_before(session, forecast(session, Q4, everyone())) == (Q4.moved(-1), found.total.won.of("EUR"))


def test_omitted_deals_are_not_expected(session: Session) -> None:
    fill(session, 150)
    before = forecast(session, Q4, everyone(), where="is:open", method="history")
    writes = [
        Write("deal", one["id"], {"category": "omitted"})
        for one in session.ws.all("deal").values()
        if one["stage"] not in ("won", "lost")
    ]
    session.ws.commit(writes, by="ann", note="")
    after = forecast(session, Q4, everyone(), where="is:open", method="history")
    assert before.total.expected("EUR") > 0
    assert after.total.expected("EUR") == 0
    assert len(after.omitted.ids) == len(writes)


def test_a_part_that_there_is_not_is_refused(session: Session) -> None:
    with pytest.raises(Invalid, match="use month, quarter, owner"):
        groups(session, forecast(session, Q4, everyone()), "colour")
