"""The funnel and what people did, on small logs whose counts are plain to see."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.efforts import efforts
from tuicrm.crm.funnel import funnel
from tuicrm.crm.scopes import everyone, mine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def counts(session: Session) -> dict[str, int]:
    return {step.name: step.count for step in funnel(session, everyone()).steps}


def moved(put: Put, deal: str, *ways: tuple[float, str, str]) -> None:
    for days_ago, before, after in ways:
        put("activity", days_ago=days_ago, type="change", field="stage", deal=deal, before=before, after=after)


def test_a_deal_counts_once_for_each_stage_that_it_entered(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=40, stage="demo")
    moved(put, deal, (30, "lead", "qualified"), (20, "qualified", "lead"), (10, "lead", "qualified"))
    moved(put, deal, (5, "qualified", "demo"))
    assert counts(session) == {
        **{"Lead": 1, "Qualified": 1, "Demo": 1},
        **{"Proposal": 0, "Negotiation": 0, "Verbal": 0, "Won": 0},
    }


def test_stages_that_were_skipped_count_as_entered(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=40, stage="proposal")
    moved(put, deal, (5, "lead", "proposal"))
    assert [step.count for step in funnel(session, everyone()).steps] == [1, 1, 1, 1, 0, 0, 0]


def test_only_the_last_90_days_count(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=300, stage="demo")
    moved(put, deal, (200, "lead", "qualified"), (89, "qualified", "demo"))
    late = put("deal", days_ago=300, stage="demo")
    moved(put, late, (91, "qualified", "demo"))
    assert [step.ids for step in funnel(session, everyone()).steps] == [(), (), (deal,), (), (), (), ()]


def test_a_won_deal_counts_on_the_day_of_its_closing(session: Session, put: Put) -> None:
    put("deal", days_ago=40, stage="won", closed_on="2026-10-01")
    put("deal", days_ago=400, stage="won", closed_on="2026-10-01")
    put("deal", days_ago=400, stage="won", closed_on="2026-01-01")
    put("deal", days_ago=40, stage="lost", closed_on="2026-10-01")
    made = funnel(session, everyone())
    assert [step.count for step in made.steps] == [2, 2, 2, 2, 2, 2, 2]
    assert made.share(1) == 100


def test_a_deal_taken_up_again_did_not_move_forward(session: Session, put: Put) -> None:
    deal = put("deal", days_ago=400, stage="proposal")
    moved(put, deal, (20, "proposal", "won"), (10, "won", "proposal"))
    assert sum(counts(session).values()) == 0


def test_the_share_of_the_stage_before_and_the_weakest_step(session: Session, put: Put) -> None:
    for at in range(8):
        deal = put("deal", days_ago=40, stage="lead")
        if at < 6:
            moved(put, deal, (9, "lead", "qualified"))
        if at < 1:
            moved(put, deal, (8, "qualified", "demo"))
    made = funnel(session, everyone())
    assert [made.share(at) for at in range(4)] == [None, 75, 17, 0]
    assert made.steps[made.weakest].name == "Demo"  # one deal in Demo is too few to say anything about Proposal


def test_scope_and_filter(session: Session, put: Put) -> None:
    put("deal", days_ago=4, stage="lead", owner=session.me, value="10.00", currency="EUR")
    put("deal", days_ago=4, stage="lead", value="99.00", currency="EUR")
    assert funnel(session, mine(session)).steps[0].count == 1
    assert funnel(session, everyone(), where="value>50").steps[0].count == 1


@pytest.mark.parametrize("stage", ["", 5, None, "unheard of"])
def test_odd_stages_do_no_harm(session: Session, put: Put, stage: object) -> None:
    deal = put("deal", days_ago=4, stage=stage)
    moved(put, deal, (3, "unheard of", "nowhere"))
    assert counts(session)["Lead"] == 1


def test_weeks_and_people_add_up(session: Session, put: Put) -> None:
    other = next(key for key in session.ws.all("user") if key != session.me)
    for at in range(60):
        kind = ("call", "email", "meeting", "note", "change")[at % 5]
        owner = (session.me, other, None)[at % 3]
        put("activity", days_ago=at * 1.6, type=kind, owner=owner)
    made = efforts(session, everyone())
    assert made.weeks[-1][0].isoformat() == "2026-10-05"
    assert made.weeks[0][0].isoformat() == "2026-07-13"
    by_week: Counter[str] = Counter()
    for _, one in made.weeks:
        by_week.update(one)
    by_person: Counter[str] = Counter()
    for _, one in made.people:
        by_person.update(one)
    assert by_week == by_person == made.total
    assert {name for name, _ in made.people} == {"Ann Lee", "Bob Ray", ""}
    # From Monday 13 July on: 87 days and a bit, so the first 55 of the 60, of which every fifth is no doing of anybody.
    assert sum(made.total.values()) == 44
    assert sum(efforts(session, mine(session)).total.values()) == next(
        sum(one.values()) for name, one in made.people if name == "Ann Lee"
    )


def test_only_what_concerns_some_deals(session: Session, put: Put) -> None:
    deal = put("deal", stage="lead")
    put("activity", type="call", deal=deal)
    put("activity", type="call", at="2026-10-07T10:00:00Z")
    assert efforts(session, everyone()).total["call"] == 2
    assert efforts(session, everyone(), {deal}).total["call"] == 1
