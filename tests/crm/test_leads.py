"""Leads: statuses as the team has them, scores from rules, the triage list, and what a decision writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm import leads, scoring, statuses
from tuicrm.crm.edit import add
from tuicrm.crm.listing import select
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

    Do = Callable[[Plan], str]


def lead(session: Session, name: str, **typed: str) -> str:
    plan = add(session, "lead", {"name": [name], **{key: [text] for key, text in typed.items()}})
    session.commit(plan)
    return plan.ids[0]


def names(session: Session, where: str = "", order: str = "score") -> list[str]:
    return [one["name"] for one in leads.triage(session, where, order)]


def held(session: Session, key: str) -> dict[str, object]:
    return session.ws.all("lead")[key]


def test_without_any_setup_there_are_statuses_with_criteria(session: Session) -> None:
    found = statuses.statuses(session)
    assert [(one.name, one.meaning) for one in found] == [
        ("new", "open"),
        ("working", "open"),
        ("qualified", "qualified"),
        ("unqualified", "unqualified"),
    ]
    assert all(one.criteria for one in found)
    assert not session.ws.all("lead_status")


def test_a_word_of_earlier_data_stays_and_is_open(session: Session) -> None:
    key = lead(session, "Old", status="contacted")
    assert held(session, key)["status"] == "contacted"
    assert names(session) == ["Old"]
    assert statuses.status_of(session, held(session, key)).meaning == "open"


def test_a_renamed_status_is_the_same_status(session: Session, do: Do) -> None:
    key = lead(session, "Jane", status="working")
    do(statuses.rename(session, "working", "In touch"))
    assert held(session, key)["status"] == "working"
    kind = session.kind("lead").by_name["status"].type
    assert kind.text("working") == "In touch"
    other = lead(session, "Tom", status="in touch")
    assert held(session, other)["status"] == "working"
    assert [one["name"] for one in select(session, "lead", where="status:working")] == ["Jane", "Tom"]
    assert [one["name"] for one in select(session, "lead", where='status:"in touch"')] == ["Jane", "Tom"]
    with pytest.raises(Invalid, match="already"):
        do(statuses.rename(session, "new", "IN TOUCH"))


def test_a_status_of_the_team_stands_where_it_was_put(session: Session, do: Do) -> None:
    do(statuses.add(session, "Meeting set", criteria="A date is agreed", before="working"))
    assert [one.key for one in statuses.statuses(session)][:3] == ["new", "meeting_set", "working"]
    do(statuses.edit(session, "meeting", after="working", criteria="In both calendars"))
    assert [one.key for one in statuses.statuses(session)][:3] == ["new", "working", "meeting_set"]
    assert statuses.find(session, "meet").criteria == "In both calendars"


def test_removing_a_status_asks_where_its_leads_go(session: Session, do: Do) -> None:
    key = lead(session, "Jane", status="working")
    with pytest.raises(Invalid, match="1 lead is working"):
        statuses.remove(session, "working")
    with pytest.raises(Invalid, match="being removed"):
        statuses.remove(session, "working", "working")
    do(statuses.remove(session, "working", "new"))
    assert held(session, key)["status"] == "new"
    assert [one.key for one in statuses.statuses(session)] == ["new", "qualified", "unqualified"]
    with pytest.raises(Invalid, match="only status that means qualified"):
        statuses.remove(session, "qualified")
    with pytest.raises(NotFound, match="no lead status"):
        statuses.find(session, "working")
    do(statuses.add(session, "Nearly", meaning="qualified"))
    do(statuses.add(session, "Nearer", meaning="qualified"))
    with pytest.raises(Ambiguous):
        statuses.find(session, "near")


def test_rules_give_points_and_say_so(session: Session, do: Do) -> None:
    jane = lead(session, "Jane", country="de", source="fair")
    tom = lead(session, "Tom", email="tom@gmail.com", country="Sweden")
    do(scoring.add(session, "country:de", "10", "Our market"))
    do(scoring.add(session, "source:fair", "25"))
    do(scoring.add(session, "emails:gmail.com", "-5"))
    assert scoring.explained(session, held(session, jane)) == "35: +25 source:fair, +10 Our market"
    assert scoring.explained(session, held(session, tom)) == "-5: -5 emails:gmail.com"
    assert "score" not in held(session, jane)
    assert [one["name"] for one in select(session, "lead", where="score>30")] == ["Jane"]
    assert [one["name"] for one in select(session, "lead", sort="score")] == ["Tom", "Jane"]


def test_a_score_that_somebody_gave_stands_until_it_is_cleared(session: Session, do: Do) -> None:
    from tuicrm.crm.edit import edit

    do(scoring.add(session, "source:fair", "25"))
    key = lead(session, "Jane", source="fair", score="80")
    assert scoring.score(session, held(session, key)) == 80
    assert "given by hand" in scoring.explained(session, held(session, key))
    do(edit(session, "lead", [held(session, key)], {"score": [""]}))
    assert scoring.score(session, held(session, key)) == 25


@pytest.mark.parametrize(
    ("where", "points", "wrong"),
    [
        ("colour:red", "1", "no field 'colour'"),
        ("score>3", "1", "cannot go by the score"),
        ("", "1", "needs a query"),
        ("is:won", "1", "never 'won'"),
        ("source:web", "many", "no whole number"),
        ("source:web", "5000", "outside"),
        ("(source:web", "1", "bracket"),
    ],
)
def test_a_wrong_rule_is_refused_in_a_sentence(session: Session, where: str, points: str, wrong: str) -> None:
    with pytest.raises(Invalid, match=wrong):
        scoring.add(session, where, points)
    assert not session.ws.all("score_rule")


def test_a_rule_whose_field_is_gone_counts_for_nothing_and_says_why(session: Session, do: Do) -> None:
    from tuicrm.crm.edit import remove

    do(add(session, "field", {"name": ["size"], "of": ["lead"]}))
    do(scoring.add(session, "size:big", "10"))
    do(scoring.add(session, "source:web", "3"))
    jane = lead(session, "Jane", source="web", size="big")
    assert scoring.score(session, held(session, jane)) == 13
    do(remove(session, "field", list(session.ws.all("field").values())))
    assert scoring.score(session, held(session, jane)) == 3
    assert "size" in next(one.wrong for one in scoring.rules(session) if one.points == 10)


def test_triage_is_by_score_then_age_and_leaves_out_what_is_decided(session: Session, do: Do) -> None:
    first, second = lead(session, "First", source="web"), lead(session, "Second", source="web")
    best = lead(session, "Best", source="fair")
    do(scoring.add(session, "source:fair", "25"))
    assert names(session) == ["Best", "First", "Second"]
    do(leads.disqualify(session, [held(session, first)], "wrong"))
    assert held(session, first)["reason"] == "wrong person"
    do(leads.snooze(session, [held(session, best)], "in 3 days"))
    assert names(session) == ["Second"]
    assert names(session, "is:snoozed") == ["Best"]
    assert names(session, "is:unqualified") == ["First"]
    assert [one["name"] for one in select(session, "lead")] == ["Second", "Best"]
    do(leads.reopen(session, [held(session, first)]))
    assert "reason" not in held(session, first)
    assert names(session, order="newest") == ["Second", "First"]
    do(leads.reopen(session, [held(session, best), held(session, second)]))
    assert names(session) == ["Best", "First", "Second"]
    assert not leads.reopen(session, [held(session, best)]).changes
    assert held(session, second)["status"] == "new"


def test_not_now_plans_one_follow_up_and_puts_off_what_was_sooner(session: Session, do: Do) -> None:
    jane, tom = lead(session, "Jane"), lead(session, "Tom")
    do(add(session, "followup", {"subject": ["call"], "due": ["tomorrow"], "lead": [tom]}))
    do(leads.snooze(session, [held(session, jane), held(session, tom)], "in 1 week"))
    todo = {one["subject"]: one for one in session.ws.all("followup").values()}
    assert set(todo) == {"call", "look again: Jane"}
    assert todo["look again: Jane"]["lead"] == jane
    assert todo["call"]["snoozed_until"] == held(session, tom)["snoozed_until"]
    with pytest.raises(Invalid, match="not to come"):
        leads.snooze(session, [held(session, jane)], "yesterday")


def test_a_status_set_says_what_it_asks_for(session: Session) -> None:
    key = lead(session, "Jane")
    plan = leads.set_status(session, [held(session, key)], "work")
    assert plan.said == ("working: Somebody is in touch, or tries to be.",)
    assert not leads.set_status(session, [held(session, key)], "new").changes


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["web", "fair", "call", ""]), st.integers(-50, 50)), max_size=5), st.data())
def test_a_score_is_the_sum_of_what_explains_it(
    fresh: Callable[[], Session], given_rules: list[tuple[str, int]], data: st.DataObject
) -> None:
    session = fresh()
    for at, (source, points) in enumerate(given_rules):
        where = f"source:{source}" if source else f"-tag:none{at}"
        if not any(one["where"] == where for one in session.ws.all("score_rule").values()):
            session.commit(scoring.add(session, where, str(points)))
    key = lead(session, "Jane", source=data.draw(st.sampled_from(["web", "fair", "post"])))
    if scoring.rules(session):
        total = sum(one.points for one in scoring.explain(session, held(session, key)))
        assert scoring.score(session, held(session, key)) == total
    session.ws.close()
