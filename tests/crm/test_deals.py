"""Deals on their way: moving, gates, winning, losing, reopening, and moves in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import deals, pipelines
from tuicrm.crm.edit import add, edit
from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Acme = dict[str, str]


def deal_of(session: Session, acme: Acme) -> dict[str, Any]:
    record = session.ws.get("deal", acme["deal"])
    assert record is not None
    return record


def moves(session: Session) -> list[tuple[str, str]]:
    log = sorted(session.ws.all("activity").values(), key=lambda one: str(one["id"]))
    return [(one["before"], one["after"]) for one in log if one.get("field") == "stage"]


def require(session: Session, stage: str, *fields: str) -> None:
    session.commit(pipelines.edit_stage(session, pipelines.default(session), stage, requires=fields))


def test_a_move_changes_the_stage_and_enters_it_in_the_log(session: Session, acme: Acme) -> None:
    plan = deals.move(session, [deal_of(session, acme)], "prop")
    session.commit(plan)
    assert plan.note == "moved Acme renewal to Proposal"
    assert deal_of(session, acme)["stage"] == "proposal"
    (entry,) = session.ws.all("activity").values()
    assert (entry["type"], entry["before"], entry["after"]) == ("change", "lead", "proposal")
    assert (entry["owner"], entry["company"]) == (session.me, acme["company"])


def test_an_unknown_stage_is_not_found(session: Session, acme: Acme) -> None:
    with pytest.raises(NotFound, match="Proposal"):
        deals.move(session, [deal_of(session, acme)], "Propsal")


def test_a_move_to_where_it_is_changes_nothing_and_says_so(session: Session, acme: Acme) -> None:
    plan = deals.move(session, [deal_of(session, acme)], "lead")
    assert plan.changes == ()
    assert "already" in plan.said[-1]


@pytest.mark.parametrize("way", ["move", "edit", "shift"])
def test_a_gate_holds_whichever_way_one_comes(session: Session, acme: Acme, way: str) -> None:
    require(session, "Qualified", "next-step", "product", "close")
    deal = deal_of(session, acme)
    ways: dict[str, Callable[[], Plan | None]] = {
        "move": lambda: deals.move(session, [deal], "qualified"),
        "edit": lambda: edit(session, "deal", [deal], {"stage": ["qualified"]}),
        "shift": lambda: deals.shift(session, deal, 1),
    }
    with pytest.raises(deals.MissingFields, match="expected close, next step and product") as caught:
        ways[way]()
    assert set(caught.value.fields) == {"next_step", "product", "expected_close"}


def test_a_gate_opens_for_fields_that_come_along(session: Session, acme: Acme) -> None:
    require(session, "Qualified", "next_step")
    session.commit(deals.move(session, [deal_of(session, acme)], "qualified", typed={"next_step": ["call"]}))
    assert deal_of(session, acme)["stage"] == "qualified"


def test_a_gate_also_holds_for_a_deal_that_is_added_behind_it(session: Session) -> None:
    require(session, "Demo", "value")
    with pytest.raises(deals.MissingFields):
        add(session, "deal", {"name": ["x"], "stage": ["demo"]})
    assert add(session, "deal", {"name": ["x"], "stage": ["demo"], "value": ["1"]}).changes


def test_only_the_gate_reached_counts(session: Session, acme: Acme) -> None:
    require(session, "Qualified", "next_step")
    plan = deals.shift(session, deal_of(session, acme), 2)
    assert plan is not None
    session.commit(plan)
    assert deal_of(session, acme)["stage"] == "demo"


def test_shifting_stops_at_both_ends_and_never_wins(session: Session, acme: Acme) -> None:
    assert deals.shift(session, deal_of(session, acme), -1) is None
    session.commit(deals.move(session, [deal_of(session, acme)], "verbal"))
    assert deals.shift(session, deal_of(session, acme), 1) is None
    session.commit(deals.win(session, [deal_of(session, acme)]))
    assert deals.shift(session, deal_of(session, acme), -1) is None


def test_moves_in_a_row_make_one_entry(session: Session, acme: Acme) -> None:
    previous: Plan | None = None
    for _ in range(3):
        plan = deals.shift(session, deal_of(session, acme), 1, group="row", previous=previous)
        assert plan is not None
        session.commit(plan)
        previous = plan
    assert moves(session) == [("lead", "proposal")]


def test_moves_there_and_back_in_a_row_leave_no_entry(session: Session, acme: Acme) -> None:
    there = deals.shift(session, deal_of(session, acme), 1, group="row")
    assert there is not None
    session.commit(there)
    back = deals.shift(session, deal_of(session, acme), -1, group="row", previous=there)
    assert back is not None
    session.commit(back)
    assert moves(session) == []
    on = deals.shift(session, deal_of(session, acme), 1, group="row", previous=back)
    assert on is not None
    session.commit(on)
    assert moves(session) == [("lead", "qualified")]


def test_winning_closes_today_or_on_the_day_typed(session: Session, acme: Acme) -> None:
    session.commit(deals.win(session, [deal_of(session, acme)]))
    assert (deal_of(session, acme)["stage"], deal_of(session, acme)["closed_on"]) == ("won", "2026-10-08")
    session.commit(deals.reopen(session, [deal_of(session, acme)]))
    session.commit(deals.win(session, [deal_of(session, acme)], typed={"closed": ["yesterday"]}))
    assert deal_of(session, acme)["closed_on"] == "2026-10-07"


def test_losing_keeps_the_reason_in_the_teams_spelling(session: Session, acme: Acme) -> None:
    session.commit(deals.lose(session, [deal_of(session, acme)], "PRICE"))
    assert deal_of(session, acme)["lost_reason"] == "price"
    session.commit(deals.reopen(session, [deal_of(session, acme)]))
    assert {"lost_reason", "closed_on"} & deal_of(session, acme).keys() == set()
    session.commit(deals.lose(session, [deal_of(session, acme)], "Their dog ate it"))
    assert deal_of(session, acme)["lost_reason"] == "Their dog ate it"


def test_a_lost_deal_that_is_won_after_all_has_no_lost_reason(session: Session, acme: Acme) -> None:
    session.commit(deals.lose(session, [deal_of(session, acme)], "price"))
    session.commit(deals.win(session, [deal_of(session, acme)]))
    assert "lost_reason" not in deal_of(session, acme)
    assert deal_of(session, acme)["closed_on"] == "2026-10-08"


def test_editing_the_stage_closes_as_moving_does(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"stage": ["Won"]}))
    assert deal_of(session, acme)["closed_on"] == "2026-10-08"
    assert moves(session) == [("lead", "won")]


def test_reopening_goes_back_to_the_last_open_stage(session: Session, acme: Acme) -> None:
    session.commit(deals.move(session, [deal_of(session, acme)], "demo"))
    session.commit(deals.lose(session, [deal_of(session, acme)], "price"))
    session.commit(deals.win(session, [deal_of(session, acme)]))
    session.commit(deals.reopen(session, [deal_of(session, acme)]))
    assert deal_of(session, acme)["stage"] == "demo"


def test_reopening_an_open_deal_or_into_a_closed_stage_is_refused(session: Session, acme: Acme) -> None:
    with pytest.raises(Invalid, match="is open"):
        deals.reopen(session, [deal_of(session, acme)])
    session.commit(deals.win(session, [deal_of(session, acme)]))
    with pytest.raises(Invalid, match="no open stage"):
        deals.reopen(session, [deal_of(session, acme)], "lost")


def test_several_deals_move_as_one_step(session: Session, acme: Acme) -> None:
    session.commit(add(session, "deal", {"name": ["Other"], "stage": ["demo"]}))
    plan = deals.move(session, list(session.ws.all("deal").values()), "demo")
    session.commit(plan)
    assert plan.note == "moved Acme renewal to Demo"
    assert {one["stage"] for one in session.ws.all("deal").values()} == {"demo"}


def test_another_pipeline_needs_a_stage_of_its_own(session: Session, acme: Acme) -> None:
    session.commit(pipelines.add(session, "Renewals", ["Due 20%", "Offer 60%"]))
    with pytest.raises(Invalid, match="name one of Due, Offer"):
        edit(session, "deal", [deal_of(session, acme)], {"pipeline": ["Renewals"]})
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"pipeline": ["renew"], "stage": ["offer"]}))
    deal = deal_of(session, acme)
    pipeline = session.ws.get("pipeline", deal["pipeline"])
    assert pipeline is not None
    assert (pipeline["name"], deal["stage"]) == ("Renewals", "offer")
    session.commit(deals.win(session, [deal]))
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"pipeline": ["Sales"]}))
    assert deal_of(session, acme)["stage"] == "won"


def test_a_stage_goes_into_a_group_with_its_pipeline(session: Session, acme: Acme) -> None:
    plan = edit(session, "deal", [deal_of(session, acme)], {"stage": ["demo"]})
    fields = plan.changes[0].fields  # type: ignore[union-attr]
    assert fields == {"stage": "demo", "pipeline": deal_of(session, acme)["pipeline"]}
