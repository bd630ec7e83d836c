"""The next best step: what each reason finds, what it is worth, and what stays away."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm import config, scoring
from tuicrm.crm.advice.dismissing import dismiss, restore
from tuicrm.crm.advice.registry import REASONS
from tuicrm.crm.advice.stake import Stake
from tuicrm.crm.advice.suggesting import explained, matching, suggestions
from tuicrm.crm.advice.weights import parse_weights, weights_text
from tuicrm.crm.deals import win
from tuicrm.crm.edit import add, edit
from tuicrm.crm.session import Session
from tuicrm.crm.undo import undo
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.records.registry import groups
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tuicrm.crm.advice.suggesting import Suggestion
    from tuicrm.crm.plan import Plan

    Do = Callable[[Plan], str]


def deal(session: Session, do: Do, name: str, **typed: str) -> str:
    return do(add(session, "deal", {"name": [name], **{key: [text] for key, text in typed.items()}}))


def todo(session: Session, do: Do, subject: str, due: str, **typed: str) -> str:
    fields = {"subject": [subject], "due": [due], **{key: [text] for key, text in typed.items()}}
    return do(add(session, "followup", fields))


def mine(session: Session, **asked: Any) -> list[Suggestion]:
    return suggestions(session, user=session.me, **asked)


def said(session: Session, *kinds: str) -> list[str]:
    return [one.told().say for one in mine(session, kinds=kinds)]


def reason(session: Session, kind: str) -> tuple[str, ...]:
    (one,) = mine(session, kinds=(kind,))
    return one.told().why


def test_an_empty_workspace_suggests_nothing(session: Session) -> None:
    assert suggestions(session) == []


def test_late_follow_ups_say_how_late_and_which_key_does_them(session: Session, do: Do) -> None:
    todo(session, do, "call Jane", "2026-10-05")
    todo(session, do, "chase budget", "2026-10-07", priority="high")
    todo(session, do, "send the offer", "2026-10-08")
    todo(session, do, "not yet", "2026-10-09")
    late = mine(session, kinds=("late",))
    assert {(one.told().say, one.told().why, one.told().command) for one in late} == {
        ("call Jane", ("late 3 days",), "log.call"),
        ("chase budget", ("late 1 day", "high priority"), "followup.done"),
    }
    (due,) = mine(session, kinds=("today",))
    assert (due.told().why, due.told().command) == (("due today",), "log.email")
    assert due.told().do.startswith("tuicrm log email TEXT --followup ")


def test_everything_about_one_deal_is_one_suggestion(session: Session, do: Do) -> None:
    key = deal(session, do, "Acme", value="1000", expected_close="2026-09-08")
    followup = todo(session, do, "call Jane", "2026-10-05", deal=key)
    (one,) = mine(session)
    assert (one.kind, one.id) == ("followup", followup)
    assert [found.reason for found in one.found] == ["late", "past"]
    assert one.score == pytest.approx(sum(found.score for found in one.found))
    assert one.reasons() == ["late 3 days", "should have closed 30 days ago", "Acme 1k at 10 %"]
    assert len(explained(session, one)) == 2


def test_rotting_deals_come_by_what_is_at_stake(session: Session, do: Do) -> None:
    for name, value in (("Small", "1k"), ("Big", "50k"), ("Middle", "9k")):
        deal(session, do, name, value=value, opened_on="2026-08-01", stage="demo")
    assert said(session, "rotting") == ["call about Big", "call about Middle", "call about Small"]
    (why,) = mine(session, kinds=("rotting",))[0].told().why
    assert why.startswith("rotting: nothing for 68 days")
    do(add(session, "activity", {"type": ["call"], "subject": ["hello"], "deal": ["Big"]}))
    assert said(session, "rotting") == ["call about Middle", "call about Small"]


def test_a_deal_with_a_snoozed_follow_up_has_a_next_step(session: Session, do: Do) -> None:
    key = deal(session, do, "Acme", value="1k")
    assert reason(session, "no_next") == ("no next step",)
    todo(session, do, "call", "2026-10-05", deal=key, snoozed_until="2026-11-01")
    assert said(session) == []


def test_only_ones_own_and_nobodys(session: Session, do: Do) -> None:
    deal(session, do, "Mine", value="1k")
    deal(session, do, "Bobs", value="1k", owner="bob")
    assert said(session, "no_next") == ["plan the next step of Mine"]
    assert len(suggestions(session, kinds=("no_next",))) == 2


def test_a_gate_is_near_where_little_is_missing(session: Session, do: Do) -> None:
    from tuicrm.crm.lookup import find

    pipeline = find(session, "pipeline", "Sales")
    stages = pipeline["stages"]
    key = next(key for key, one in stages.items() if one["name"] == "Demo")
    checks = {"k1": {"text": "budget known"}, "k2": {"text": "decider named"}}
    session.ws.commit(
        [Write("pipeline", pipeline["id"], {"stages": {**stages, key: {**stages[key], "checks": checks}}})],
        by="ann",
        note="boxes",
    )
    one = deal(session, do, "Acme", value="1k", stage="qualified")
    assert said(session, "gate") == []
    session.ws.commit([Write("deal", one, {"checks": {"k1": {"by": "ann"}}})], by="ann", note="tick")
    assert reason(session, "gate") == ("1 of 2 that Demo asks for is there", "missing: decider named")
    session.ws.commit([Write("deal", one, {"checks": {"k1": {"by": "a"}, "k2": {"by": "a"}}})], by="ann", note="tick")
    assert reason(session, "gate") == ("2 of 2 that Demo asks for are there",)


def test_hot_leads_are_the_best_scored_and_the_fresh_ones(session: Session, do: Do) -> None:
    do(scoring.add(session, "source:fair", "40"))
    do(scoring.add(session, "source:web", "10"))
    for name, source in (("Fair", "fair"), ("Web", "web"), ("None", "post")):
        do(add(session, "lead", {"name": [name], "source": [source]}))
    assert said(session, "hot") == ["call Fair", "call Web"]
    assert mine(session, kinds=("hot",))[0].reasons() == [
        "score 40",
        "came today",
        "nobody has talked to them",
        "a usual deal at 10 %",
    ]
    lead = next(one for one in session.ws.all("lead").values() if one["name"] == "Web")
    do(add(session, "activity", {"type": ["call"], "subject": ["hello"], "lead": [lead["id"]]}))
    assert said(session, "hot") == ["call Fair"]
    lead = next(one for one in session.ws.all("lead").values() if one["name"] == "Fair")
    do(add(session, "followup", {"subject": ["call"], "due": ["2026-10-20"], "lead": [lead["id"]]}))
    assert said(session, "hot") == []


def test_without_scores_a_fresh_lead_is_hot_until_somebody_talks_to_it(session: Session, do: Do) -> None:
    lead = do(add(session, "lead", {"name": ["Jane"]}))
    assert reason(session, "hot") == ("came today", "nobody has talked to them")
    do(add(session, "activity", {"type": ["call"], "subject": ["hello"], "lead": [lead]}))
    assert said(session, "hot") == []


def test_who_asked_not_to_be_contacted_is_not_to_be_called(session: Session, do: Do) -> None:
    jane = do(add(session, "contact", {"name": ["Jane"], "do_not_contact": ["yes"]}))
    deal(session, do, "Acme", value="1k", opened_on="2026-08-01", contacts=jane)
    assert said(session, "rotting") == ["call about Acme"]


def bought(session: Session, do: Do, company: str, *days: str) -> None:
    for day in days:
        key = deal(session, do, f"{company} {day}", company=company, value="5k", opened_on=day)
        do(win(session, [session.ws.all("deal")[key]]))
        session.ws.commit([Write("deal", key, {"closed_on": day})], by="ann", note="closed then")


def test_customers_are_due_by_the_rhythm_of_what_they_bought(session: Session, do: Do) -> None:
    for name in ("Monthly", "Yearly", "Once", "Gone"):
        do(add(session, "company", {"name": [name]}))
    bought(session, do, "Monthly", "2026-06-28", "2026-07-28", "2026-08-28")
    bought(session, do, "Yearly", "2024-06-01", "2025-06-01", "2026-06-01")
    bought(session, do, "Once", "2026-08-01")
    bought(session, do, "Gone", "2025-01-01", "2025-02-01")
    assert said(session, "again") == ["ask Monthly about another order"]
    (one,) = mine(session, kinds=("again",))
    assert one.told().why == ("bought 3 times, about every 31 days; the last time 41 days ago",)
    assert one.first.hit.stake.chance == 66
    deal(session, do, "In hand", company="Monthly")
    assert said(session, "again") == []


def test_what_is_dismissed_stays_away_until_its_facts_change(session: Session, do: Do) -> None:
    key = deal(session, do, "Acme", value="1k")
    do(dismiss(session, mine(session)))
    assert said(session) == []
    assert [one.told().say for one in mine(session, dismissed=True)] == ["plan the next step of Acme"]
    do(edit(session, "deal", [session.ws.all("deal")[key]], {"value": ["2k"]}))
    assert said(session) == ["plan the next step of Acme"]


def test_another_late_follow_up_is_another_suggestion(session: Session, do: Do) -> None:
    key = deal(session, do, "Acme", value="1k")
    todo(session, do, "call Jane", "2026-10-05", deal=key)
    do(dismiss(session, mine(session)))
    assert said(session) == []
    todo(session, do, "call Tom", "2026-10-06", deal=key)
    assert said(session) == ["call Tom"]


def test_a_snoozed_one_comes_back_by_itself(session: Session, do: Do) -> None:
    from datetime import timedelta

    deal(session, do, "Acme", value="1k")
    do(dismiss(session, mine(session), "3 days"))
    assert said(session) == []
    session.at(session.now + timedelta(days=3))
    assert said(session) == ["plan the next step of Acme"]
    with pytest.raises(Invalid, match="not to come"):
        dismiss(session, mine(session), "yesterday")


def test_a_dismissal_is_undone_and_done_again(session: Session, do: Do) -> None:
    deal(session, do, "Acme", value="1k")
    for _ in range(2):
        do(dismiss(session, mine(session)))
        assert said(session) == []
        session.commit(undo(session))
        assert len(said(session)) == 1
    do(dismiss(session, mine(session)))
    do(restore(session))
    assert len(said(session)) == 1


def test_each_has_dismissals_of_their_own(session: Session, do: Do) -> None:
    deal(session, do, "Acme", value="1k", owner="")
    do(dismiss(session, mine(session)))
    bob = Session(session.ws, user="bob", now=session.now, zone="UTC")
    assert said(bob) == ["plan the next step of Acme"]


def test_two_clones_dismiss_alike(session: Session, do: Do, tmp_path: Path) -> None:
    deal(session, do, "Acme", value="1k")
    session.ws.checkpoint()
    shutil.copytree(session.ws.root, tmp_path / "other")
    other = Session(Workspace.open(tmp_path / "other", groups=groups), user="ann", now=session.now, zone="UTC")
    for one in (session, other):
        one.commit(dismiss(one, mine(one)))
    assert list(session.ws.all("dismissal")) == list(other.ws.all("dismissal"))
    other.ws.close()


def test_weights_are_the_teams(session: Session, do: Do) -> None:
    deal(session, do, "Acme", value="1k", expected_close="2026-09-01")
    assert mine(session)[0].first.reason == "past"
    session.commit(config.set_value(session, "next_weights", "no-next 50, past 1"))
    assert session.setting("next_weights") == "no_next 50, past 1"
    assert mine(session)[0].first.reason == "no_next"
    session.commit(config.set_value(session, "next_weights", "no_next 0, past 0"))
    assert mine(session) == []
    for text in ("late", "late x", "late -1", "late 101", "late 1e5", "nonsense 3", "3", "late 1.2.3", "late ."):
        with pytest.raises(Invalid, match="next_weights"):
            config.set_value(session, "next_weights", text)


@given(st.dictionaries(st.sampled_from(list(REASONS)), st.integers(0, 1000).map(lambda n: n / 10)))
def test_weights_are_read_as_they_are_written(found: dict[str, float]) -> None:
    assert parse_weights(weights_text(found)) == found


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.integers(0, 100), st.integers(0, 100))
def test_more_at_stake_is_never_less(worth: float, more: float, chance: int, better: int) -> None:
    one = Stake(worth, min(chance, better))
    assert one._replace(worth=worth + more).size >= one.size
    assert Stake(worth, max(chance, better)).size >= one.size > 0


def test_a_suggestion_is_named_by_id_or_by_what_it_concerns(session: Session, do: Do) -> None:
    key = deal(session, do, "Acme", value="1k")
    deal(session, do, "Acme two", value="1k")
    held = mine(session)
    assert matching(session, held, key[-6:]).id == key
    assert matching(session, held, "acme").id == key
    with pytest.raises(Ambiguous):
        matching(session, held, "acm")
    for text in ("nobody", "", "ZZZZ"):
        with pytest.raises(NotFound):
            matching(session, held, text)


def test_odd_records_are_no_reason_to_fail(session: Session) -> None:
    odd: list[dict[str, Any]] = [{}, {"due": 7, "deal": 3}, {"due": "2026-10-01", "subject": 5, "priority": []}]
    writes = [Write("followup", session.ws.new_id(), one) for one in odd]
    for fields in ({"value": "x", "stage": 3}, {"value": "1e99", "expected_close": "2020-13-40", "currency": "XXX"}):
        writes.append(Write("deal", session.ws.new_id(), fields))
    writes.append(Write("lead", session.ws.new_id(), {"score": "high", "status": []}))
    writes.append(Write("dismissal", session.ws.new_id(), {"reason": 3, "record": [], "until": "never", "facts": {}}))
    session.ws.commit(writes, by="ann", note="odd")
    for one in suggestions(session):
        assert one.told().say
        assert one.reasons()


def test_steps_of_sequences_are_told_as_such(session: Session, do: Do) -> None:
    from tuicrm.crm import sequences

    jane = do(add(session, "contact", {"name": ["Jane"]}))
    key = do(sequences.add(session, "Outbound", ["0 call Say hello", "3 email Intro"]))
    ws = session.ws
    do(sequences.start(session, ws.all("sequence")[key], "contact", ws.all("contact")[jane]))
    (one,) = mine(session)
    assert (one.first.reason, one.told().command) == ("step", "log.call")
    assert one.reasons() == ["due today", "a step of a sequence"]


def test_whoever_is_nobody_of_the_team_sees_all_and_dismisses_for_himself(session: Session, do: Do) -> None:
    deal(session, do, "Acme", value="1k")
    guest = Session(session.ws, user="guest", now=session.now, zone="UTC")
    guest.commit(dismiss(guest, mine(guest)))
    assert said(guest) == []
    assert said(session) == ["plan the next step of Acme"]


def test_a_value_without_a_rate_is_taken_for_a_usual_one(session: Session, do: Do) -> None:
    deal(session, do, "Dollars", value="9k USD")
    deal(session, do, "Euros", value="1k")
    found = {one.told().say: one.first.hit.stake for one in mine(session)}
    assert found["plan the next step of Dollars"] == (1.0, 10, None)
    assert found["plan the next step of Euros"] == (1.0, 10, 1000.0)
