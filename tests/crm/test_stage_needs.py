"""What stages ask for beside fields: talks logged, boxes ticked, a reason for going back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm import activities, deals, needs, pipelines, ticks, undo
from tuicrm.crm.along import Along
from tuicrm.crm.board import build_board
from tuicrm.crm.checklist import with_checks
from tuicrm.crm.config import set_value
from tuicrm.crm.edit import add, edit
from tuicrm.crm.gates import MissingFields
from tuicrm.crm.logged import Logged
from tuicrm.crm.stages import stages
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tuicrm.crm.session import Session

Acme = dict[str, str]


def sales(session: Session) -> dict[str, Any]:
    return pipelines.default(session)


def ask(session: Session, stage: str, **what: Any) -> None:
    """Let a stage ask for something."""
    session.commit(pipelines.edit_stage(session, sales(session), stage, **what))


def deal(session: Session, acme: Acme) -> dict[str, Any]:
    found = session.ws.get("deal", acme["deal"])
    assert found is not None
    return found


def entries(session: Session) -> list[dict[str, Any]]:
    return [one for one in session.ws.all("activity").values() if one.get("field") == "stage"]


def missing(session: Session, acme: Acme, stage: str, **more: Any) -> list[str]:
    """Return what a move is refused for, in words; nothing where it would be carried out."""
    try:
        deals.move(session, [deal(session, acme)], stage, **more)
    except MissingFields as gate:
        return needs.said(session, gate.needs)
    return []


def test_all_that_is_missing_is_named_at_once_with_the_way_to_give_it(session: Session, acme: Acme) -> None:
    ask(session, "demo", requires=["source"], activities=["2 calls reached"], checks=["decision maker named"])
    with pytest.raises(MissingFields) as caught:
        deals.move(session, [deal(session, acme)], "demo")
    assert str(caught.value) == (
        "Demo needs source, 2 calls reached and decision maker named, which Acme renewal does not have yet"
    )
    for part in ("--source", '--log "call TEXT" --log "call TEXT"', '--check "decision maker named"', "--force"):
        assert part in caught.value.hint
    assert caught.value.EXIT_CODE == 5


def test_what_is_given_along_is_one_step_with_the_move(session: Session, acme: Acme) -> None:
    ask(session, "demo", activities=["meeting", "call reached"], checks=["decision maker named"])
    before = deal(session, acme)
    along = Along(ticks=("decision",), logs=(("meeting", "kick-off"), ("call", "budget is there")))
    session.commit(deals.move(session, [before], "demo", along=along))
    after = deal(session, acme)
    assert after["stage"] == "demo"
    assert after["checks"] == {"decision_maker_named": {session.me: "2026-10-08"}}
    logged = {one["type"]: one for one in session.ws.all("activity").values() if one["type"] != "change"}
    assert logged["meeting"]["subject"] == "kick-off"
    assert logged["call"]["outcome"] == "reached"
    session.commit(undo.undo(session))
    assert deal(session, acme)["stage"] == "lead"
    assert not deal(session, acme).get("checks")
    assert not session.ws.all("activity")


def test_only_talks_of_the_type_and_outcome_that_have_happened_count(session: Session, acme: Acme) -> None:
    ask(session, "demo", activities=["2 calls reached"])
    for outcome, at in (("busy", ""), ("reached", ""), ("reached", "tomorrow 10am")):
        session.commit(activities.log(session, "call", "x", deal=acme["deal"], outcome=outcome, at=at))
    assert missing(session, acme, "demo") == ["a call reached"]
    session.commit(activities.log(session, "call", "y", deal=acme["deal"], outcome="reached"))
    assert missing(session, acme, "demo") == []


def test_here_means_since_the_deal_entered_its_stage(session: Session, acme: Acme) -> None:
    ask(session, "proposal", activities=["meeting here"])
    session.commit(activities.log(session, "meeting", "too early", deal=acme["deal"], at="2026-10-01 10:00"))
    session.commit(deals.move(session, [deal(session, acme)], "demo"))
    assert missing(session, acme, "proposal") == ["a meeting in this stage"]
    session.commit(activities.log(session, "meeting", "demo", deal=acme["deal"]))
    assert missing(session, acme, "proposal") == []


def test_a_tick_survives_other_words_and_goes_with_the_same_words_elsewhere(session: Session, acme: Acme) -> None:
    ask(session, "demo", checks=["decision maker named", "budget known"])
    ask(session, "verbal", checks=["Decision maker  named"])
    session.commit(ticks.tick(session, [deal(session, acme)], ["decision"]))
    ask(session, "demo", rechecks=[("decision", "buyer named")])
    by_stage = {one.key: [check.text for check in one.checks] for one in stages(sales(session)) if one.checks}
    assert by_stage == {"demo": ["buyer named", "budget known"], "verbal": ["buyer named"]}
    assert missing(session, acme, "demo") == ["budget known"]
    assert missing(session, acme, "verbal") == []
    session.commit(ticks.tick(session, [deal(session, acme)], ["buyer"], off=True))
    assert missing(session, acme, "verbal") == ["buyer named"]
    ask(session, "demo", unchecks=["budget"])
    assert missing(session, acme, "demo") == ["buyer named"]


def test_fresh_words_never_take_over_the_ticks_of_others(session: Session, acme: Acme) -> None:
    ask(session, "demo", checks=["budget known"])
    session.commit(ticks.tick(session, [deal(session, acme)], ["budget known"]))
    ask(session, "demo", rechecks=[("budget known", "budget signed")])
    ask(session, "demo", checks=["budget known"])
    assert missing(session, acme, "demo") == ["budget known"]


def test_which_box_is_meant(session: Session, acme: Acme) -> None:
    ask(session, "demo", checks=["budget known", "budget signed"])
    with pytest.raises(Ambiguous, match="fits several checks"):
        ticks.tick(session, [deal(session, acme)], ["budget"])
    with pytest.raises(NotFound, match="did you mean budget known"):
        ticks.tick(session, [deal(session, acme)], ["bugdet known"])
    session.commit(pipelines.add(session, "Other", ["Due"]))
    moved = edit(session, "deal", [deal(session, acme)], {"pipeline": ["Other"], "stage": ["Due"]})
    session.commit(moved)
    with pytest.raises(NotFound, match="has no checks"):
        ticks.tick(session, [deal(session, acme)], ["budget"])


def test_one_may_go_on_without_and_the_history_says_so_unless_the_team_forbids_it(session: Session, acme: Acme) -> None:
    ask(session, "demo", requires=["source"], checks=["decision maker named"])
    session.commit(deals.move(session, [deal(session, acme)], "demo", along=Along(force=True)))
    assert entries(session)[0]["reason"] == "without source, decision maker named"
    session.commit(undo.undo(session))
    session.commit(set_value(session, "stage_force", "no"))
    with pytest.raises(MissingFields, match="do not let --force"):
        deals.move(session, [deal(session, acme)], "demo", along=Along(force=True))


def test_going_back_asks_why_only_where_the_pipeline_wants_to_know(session: Session, acme: Acme) -> None:
    session.commit(deals.move(session, [deal(session, acme)], "proposal"))
    assert deals.move(session, [deal(session, acme)], "demo").changes
    session.commit(pipelines.ask_back(session, sales(session), ["budget gone", "contact left"]))
    with pytest.raises(MissingFields, match="going back to Demo needs a reason") as caught:
        deals.move(session, [deal(session, acme)], "demo")
    assert "--reason" in caught.value.hint
    assert caught.value.reasons == ("budget gone", "contact left")
    session.commit(deals.move(session, [deal(session, acme)], "demo", along=Along(reason="contact left")))
    assert [one.get("reason") for one in entries(session)] == [None, "contact left"]
    assert deals.move(session, [deal(session, acme)], "verbal").changes
    assert deals.lose(session, [deal(session, acme)], "price").changes
    session.commit(pipelines.ask_back(session, sales(session), [""]))
    assert deals.move(session, [deal(session, acme)], "lead").changes


def test_a_press_too_many_is_taken_back_without_a_reason(session: Session, acme: Acme) -> None:
    session.commit(pipelines.ask_back(session, sales(session), ["budget gone"]))
    first = deals.shift(session, deal(session, acme), 1, group="g")
    assert first is not None
    session.commit(first)
    back = deals.shift(session, deal(session, acme), -1, group="g", previous=first)
    assert back is not None
    session.commit(back)
    assert deal(session, acme)["stage"] == "lead"
    assert not entries(session)


def test_what_is_added_or_imported_is_asked_for_fields_only(session: Session) -> None:
    ask(session, "demo", activities=["meeting"], checks=["decision maker named"])
    plan = add(session, "deal", {"name": ["x"], "stage": ["demo"]})
    session.commit(plan)
    held = session.ws.get("deal", plan.ids[0])
    assert held is not None
    here, lacks = needs.behind(session, held)
    assert here is not None
    assert needs.said(session, lacks) == ["a meeting", "decision maker named"]


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ({"activities": ["dance"]}, "is no activity"),
        ({"activities": ["0 calls"]}, "is no activity"),
        ({"activities": ["100 calls"]}, "0 to 99"),
        ({"activities": ["call reachd"]}, "did you mean reached"),
        ({"activities": [f"call {'z' * 30}"]}, "nobody has logged"),
        ({"checks": ["  "]}, "needs words"),
        ({"checks": ["x" * 200]}, "longer than 80"),
        ({"checks": ["a", "A"]}, "already"),
        ({"checks": ["nul\0"]}, "NUL"),
    ],
)
def test_nonsense_is_refused(session: Session, what: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        pipelines.edit_stage(session, sales(session), "demo", **what)


def test_damaged_stages_ask_for_nothing(session: Session, acme: Acme, put: Callable[..., str]) -> None:
    odd = {"a": 1, "b": {"type": 3}, "c": {"text": 7, "order": []}, "d": {"type": "call", "count": "x", "here": "y"}}
    put("pipeline", name="Odd", stages={"s": {"name": "S", "checks": 5, "activities": odd}, "t": {"checks": odd}})
    record = next(one for one in session.ws.all("pipeline").values() if one["name"] == "Odd")
    found = {one.key: one for one in stages(record)}
    assert [(one.type, one.count, one.here) for one in found["s"].activities] == [("call", 1, False)]
    assert [one.key for one in found["t"].checks] == ["b", "c", "d"]


def test_deals_without_gates_cost_nothing(session: Session, acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    """No activity is read for what stages ask for, and a board looks at no need at all."""
    looks: list[str] = []
    monkeypatch.setattr(Logged, "follow", lambda self, log: looks.append("log"))
    monkeypatch.setattr(needs, "_talks", lambda *_: looks.append("talks") or [])
    ask(session, "demo", requires=["source"], checks=["decision maker named"])
    assert needs.needs_text(session, deal(session, acme)) == ""
    assert missing(session, acme, "demo") == ["source", "decision maker named"]
    monkeypatch.setattr(needs, "lacks", lambda *_: looks.append("lacks"))
    board = build_board(session)
    assert board.open_count == 1
    assert not looks


WORDS = st.text("abc ", min_size=1, max_size=6)


@given(st.lists(st.tuples(st.sampled_from(["add", "drop", "name"]), WORDS, WORDS), max_size=12))
def test_boxes_keep_their_keys_and_no_two_are_the_same(edits: list[tuple[str, str, str]]) -> None:
    """Whatever is added, dropped and renamed: a key stands for one text, which only renaming changes."""
    pipeline: dict[str, Any] = {"stages": {"s": {"name": "S"}, "t": {"name": "T"}}}
    for what, one, other in edits:
        before = {box.key: box.text for stage in stages(pipeline) for box in stage.checks}
        changes: dict[str, dict[str, Any]] = {
            "add": {"added": [one]},
            "drop": {"removed": [one]},
            "name": {"renamed": [(one, other)]},
        }
        try:
            entries = with_checks(pipeline, "s", **changes[what])
        except (Invalid, NotFound, Ambiguous):
            continue
        pipeline["stages"] |= entries
        after = {box.key: box.text for stage in stages(pipeline) for box in stage.checks}
        texts = list(after.values())
        assert len({text.casefold() for text in texts}) == len(texts)
        if what != "name":
            assert all(before[key] == after[key] for key in before.keys() & after.keys())


def test_where_no_pipeline_is_left_a_deal_needs_nothing(session: Session, tmp_path: Path) -> None:
    from tuicrm.crm.session import Session

    bare = Session(Workspace.create(tmp_path / "bare", name="Bare"), user="ann", now=session.now)
    assert needs.needs_text(bare, {"id": "01KB0000000000000000000000", "name": "Adrift"}) == ""
