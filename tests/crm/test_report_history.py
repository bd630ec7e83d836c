"""Reports go by what was known then: owners, stages and values by the log, amounts by the rates of their day."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.report.declared import Ask
from tuicrm.crm.report.registry import report_named
from tuicrm.crm.report.tabulate import compute

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.report.declared import Result, Row
    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def run(session: Session, name: str, **ask: Any) -> Result:
    return compute(session, Ask(**ask), report_named(name))


def rows(found: Result) -> dict[str, Row]:
    return {row.label: row for row in found.rows}


@pytest.fixture
def ann(session: Session) -> str:
    return session.me


@pytest.fixture
def bob(session: Session) -> str:
    return next(key for key, one in session.ws.all("user").items() if one["handle"] == "bob")


def test_who_sold_it_keeps_it(session: Session, put: Put, ann: str, bob: str) -> None:
    """Ann won the deal; that Bob looks after the customer now changes nothing about that."""
    deal = put("deal", days_ago=60, stage="won", value="500.00", currency="EUR", owner=bob, closed_on="2026-09-20")
    put("activity", days_ago=2, type="change", deal=deal, field="owner", before=ann, after=bob)
    found = run(session, "leaderboard", period="2026-Q3")
    assert {label: row.values["value"] for label, row in rows(found).items()} == {"Ann Lee": Decimal(500)}
    assert run(session, "leaderboard", period="2026-Q3", owner="bob").total.values["won"] == 0


def test_the_pipeline_as_it_was(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=60, stage="proposal", value="900.00", currency="EUR")
    put("activity", days_ago=3, type="change", deal=deal, field="stage", before="demo", after="proposal")
    put("activity", days_ago=3, type="change", deal=deal, field="value", before="400.00 EUR", after="900.00 EUR")
    now = rows(run(session, "pipeline"))
    assert now["Proposal"].values["value"] == 900
    assert (now["Demo"].values["count"], (now["Demo"].previous or {})["value"]) == (0, 400)
    then = rows(run(session, "pipeline", period="2026-Q3"))
    assert (then["Demo"].values["value"], then["Proposal"].values["count"]) == (400, 0)
    assert run(session, "pipeline", period="2026-Q2").total.values["count"] == 0


def test_a_closed_deal_was_open_before(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=60, stage="won", value="100.00", currency="EUR", closed_on="2026-10-02")
    put("activity", days_ago=6, type="change", deal=deal, field="stage", before="verbal", after="won")
    assert run(session, "pipeline").total.values["count"] == 0
    assert rows(run(session, "pipeline", period="2026-Q3"))["Verbal"].values["count"] == 1


def test_lost_and_won_later_counts_once(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=80, stage="won", value="100.00", currency="EUR", closed_on="2026-10-05")
    put("activity", days_ago=50, type="change", deal=deal, field="stage", before="demo", after="lost")
    put("activity", days_ago=30, type="change", deal=deal, field="stage", before="lost", after="demo")
    put("activity", days_ago=3, type="change", deal=deal, field="stage", before="demo", after="won")
    total = run(session, "winloss", period="last 90 days").total.values
    assert (total["won"], total["lost"], total["rate"]) == (1, 0, 100)


def test_skipped_stages_are_passed_through_and_moving_back_is_nothing(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=60, stage="lost", value="700.00", currency="EUR", closed_on="2026-10-01")
    for ago, before, after in ((50, "lead", "proposal"), (40, "proposal", "qualified"), (7, "qualified", "lost")):
        put("activity", days_ago=ago, type="change", deal=deal, field="stage", before=before, after=after)
    found = rows(run(session, "funnel"))
    steps = {label: tuple(row.values[name] for name in ("entered", "advanced", "lost")) for label, row in found.items()}
    assert steps == {"Lead": (1, 1, 0), "Qualified": (1, 1, 0), "Demo": (1, 1, 0), "Proposal": (1, 0, 1)}
    assert found["Proposal"].values["lost_value"] == 700


def test_where_to_act_first(session: Session, put: Put) -> None:
    """Many small deals lost early weigh less than a few large ones lost late."""
    for at in range(6):
        put("deal", days_ago=30, stage="lost", value="10.00", currency="EUR", closed_on="2026-10-01")
        late = put("deal", days_ago=30, stage="lost", value="9000.00", currency="EUR", closed_on="2026-10-01")
        put("activity", days_ago=20, type="change", deal=late, field="stage", before="lead", after="verbal")
        put("activity", days_ago=7, type="change", deal=late, field="stage", before="verbal", after="lost")
        early = put("deal", days_ago=30, stage="lost", value="10.00", currency="EUR", closed_on="2026-10-01")
        put("activity", days_ago=7 + at, type="change", deal=early, field="stage", before="lead", after="lost")
    found = run(session, "funnel")
    assert found.notes[0].startswith("Act first: Verbal: 54k was lost there")
    assert "6 deals are left out" in found.notes[1]


def test_time_in_stage(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=30, stage="demo", value="1.00", currency="EUR")
    put("activity", days_ago=20, type="change", deal=deal, field="stage", before="lead", after="demo")
    found = rows(run(session, "cycle", by="stage"))
    assert (found["Lead"].values["count"], found["Lead"].values["mean"]) == (1, 10)
    assert (found["Demo"].values["count"], found["Demo"].values["mean"], found["Demo"].values["km_median"]) == (
        0,
        None,
        None,
    )


def test_a_deal_closed_before_it_was_opened_has_no_cycle(session: Session, put: Put) -> None:
    put("deal", stage="won", value="1.00", currency="EUR", closed_on="2026-10-01")
    found = run(session, "cycle")
    assert found.total.values["count"] == 0
    assert "1 deal is left out" in found.notes[0]


def test_amounts_go_by_the_rate_of_their_day(session: Session, put: Put) -> None:
    put("setting", key="rate.USD.2026-01-01", value="0.5 EUR")
    put("setting", key="rate.USD.2026-10-02", value="0.8 EUR")
    for day in ("2026-10-01", "2026-10-03"):
        put("deal", days_ago=60, stage="won", value="100.00", currency="USD", closed_on=day)
    put("deal", days_ago=60, stage="won", value="7.00", currency="EUR", closed_on="2026-10-03")
    assert run(session, "winloss").total.values["won_value"] == Decimal("137.00")


def test_quota_and_pace(session: Session, put: Put, ann: str) -> None:
    from tuicrm.crm.quotas import set_quota

    user = session.ws.all("user")[ann]
    session.commit(set_quota(session, [user], "2026-Q4", "92k"))
    put("deal", days_ago=60, stage="won", value="16000.00", currency="EUR", owner=ann, closed_on="2026-10-05")
    total = run(session, "quota").total.values
    assert (total["value"], total["quota"], total["gap"]) == (16_000, 92_000, 76_000)
    assert total["attainment"] == pytest.approx(100 * 16 / 92)
    assert total["pace"] == pytest.approx((16 / 92) / (8 / 92))  # 8 of 92 days are over
    assert run(session, "quota", where="value>1k").total.values["quota"] is None
    months = run(session, "quota", by="month").rows
    assert sum(row.values["quota"] for row in months if isinstance(row.values["quota"], Decimal)) == 92_000
    assert run(session, "quota", owner="bob").total.values["quota"] is None


def test_activity_against_its_target(session: Session, put: Put, ann: str) -> None:
    from tuicrm.crm.config import set_value

    session.commit(set_value(session, "activity_targets", "Call 7, meetings 14"))
    assert session.setting("activity_targets") == "call 7, meeting 14"
    for kind in ("call", "call", "meeting", "note"):
        put("activity", days_ago=1, type=kind, owner=ann, duration=5)
    found = rows(run(session, "activity", period="2026-10-07"))
    mine = found["Ann Lee"].values
    assert (mine["count"], mine["call"], mine["minutes"], mine["target"]) == (4, 2, 20, 3)
    assert mine["attainment"] == 100
    assert found["Bob Ray"].values["attainment"] == 0
    kinds = rows(run(session, "activity", period="2026-10-07", by="kind"))
    assert (kinds["call"].values["target"], kinds["note"].values["target"]) == (2, None)


def test_the_touches_of_a_deal(session: Session, put: Put) -> None:
    early = put("contact", days_ago=300, name="Early", source="fair")
    late = put("contact", days_ago=100, name="Late", source="web")
    fields = {"stage": "won", "currency": "EUR", "closed_on": "2026-10-01"}
    put("deal", days_ago=60, value="100.00", contacts=[late, early], source="referral", **fields)
    found = rows(run(session, "sources"))
    money = {
        label: [row.values[name] for name in ("first", "last", "linear", "u_shaped")] for label, row in found.items()
    }
    assert money == {
        "fair": [100, 0, Decimal("33.33"), 40],
        "web": [0, 0, Decimal("33.33"), 20],
        "referral": [0, 100, Decimal("33.34"), 40],
    }


def test_discounts_need_a_list_price_for_every_item(session: Session, put: Put) -> None:
    priced = put("product", name="Plan", price="50.00", currency="EUR")
    free = put("product", name="Gift")
    fields = {"stage": "won", "currency": "EUR", "closed_on": "2026-10-01", "value": "90.00"}
    put("deal", days_ago=60, items={"1": {"product": priced, "quantity": "2"}}, **fields)
    put("deal", days_ago=60, items={"1": {"product": priced}, "2": {"product": free}}, **fields)
    put("deal", days_ago=60, **fields)
    total = run(session, "discounts").total.values
    assert (total["deals"], total["list"], total["discount"], total["rate"]) == (1, 100, 10, 10)
