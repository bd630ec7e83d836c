"""Undo and redo: whose steps, in which order, and when they are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm import deals, undo
from tuicrm.crm.edit import add, edit, remove, restore
from tuicrm.crm.plan import Plan
from tuicrm.crm.session import Session
from tuicrm.errors import Invalid, NotFound
from tuicrm.records.registry import groups
from tuicrm.store.changes import Outdated, Purge, Remove, Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

Acme = dict[str, str]
KINDS = ("company", "contact", "deal", "activity", "followup")


def deal_of(session: Session, acme: Acme) -> dict[str, Any]:
    record = session.ws.get("deal", acme["deal"])
    assert record is not None
    return record


def visible(session: Session) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what anybody can see of all records: everything but versions."""
    return {
        kind: {key: _plain(one) for key, one in session.ws.all(kind).items()} for kind in KINDS if session.ws.all(kind)
    }


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in record.items() if not name.startswith("_")}
    return {name: sorted(value) if name in ("tags", "contacts") else value for name, value in fields.items()}


def as_bob(session: Session) -> Session:
    return Session(session.ws, user="bob", now=session.now, zone=session.zone)


def test_what_the_workspace_started_with_is_nobodys_step(fresh: Callable[[], Session]) -> None:
    session = fresh()
    session.commit(undo.undo(session))
    assert [one["handle"] for one in session.ws.all("user").values()] == ["ann"]
    with pytest.raises(NotFound, match="nothing to undo"):
        undo.undo(session)
    session.ws.close()


def test_an_added_record_goes_and_comes_back(session: Session, acme: Acme) -> None:
    there = visible(session)
    session.commit(undo.undo(session))
    assert session.ws.get("deal", acme["deal"]) is None
    session.commit(undo.redo(session))
    assert visible(session) == there


def test_a_removed_record_comes_back_and_goes(session: Session, acme: Acme) -> None:
    there = visible(session)
    session.commit(remove(session, "deal", [deal_of(session, acme)]))
    session.commit(undo.undo(session))
    assert visible(session) == there
    session.commit(undo.redo(session))
    assert not session.ws.all("deal")


def test_a_restored_record_goes_into_the_trash_again(session: Session, acme: Acme) -> None:
    session.commit(remove(session, "deal", [deal_of(session, acme)]))
    session.commit(restore(session, "deal", list(session.ws.dead("deal").values())))
    session.commit(undo.undo(session))
    assert not session.ws.all("deal")


def test_a_bulk_edit_is_undone_as_one(session: Session, acme: Acme) -> None:
    session.commit(add(session, "deal", {"name": ["Other"]}))
    before = visible(session)
    session.commit(edit(session, "deal", list(session.ws.all("deal").values()), {"owner": ["bob"], "tags": ["x"]}))
    plan = undo.undo(session)
    session.commit(plan)
    assert plan.note == "undid: edited 2 deals: owner, tags"
    assert visible(session) == before


def test_moves_in_a_row_are_undone_as_one(session: Session, acme: Acme) -> None:
    before = visible(session)
    previous: Plan | None = None
    for _ in range(3):
        previous = deals.shift(session, deal_of(session, acme), 1, group="row", previous=previous)
        assert previous is not None
        session.commit(previous)
    after = visible(session)
    session.commit(undo.undo(session))
    assert visible(session) == before
    session.commit(undo.redo(session))
    assert visible(session) == after
    session.commit(undo.undo(session))
    assert visible(session) == before


def move_there_and_back(session: Session, acme: Acme) -> None:
    there = deals.shift(session, deal_of(session, acme), 1, group="row")
    assert there is not None
    session.commit(there)
    back = deals.shift(session, deal_of(session, acme), -1, group="row", previous=there)
    assert back is not None
    session.commit(back)


def test_moves_there_and_back_are_passed_over(session: Session, acme: Acme) -> None:
    move_there_and_back(session, acme)
    session.commit(undo.undo(session))
    assert session.ws.get("deal", acme["deal"]) is None


def test_what_lies_before_moves_there_and_back_is_undone_step_by_step(session: Session, acme: Acme) -> None:
    for source in ("fair", "web"):
        session.commit(edit(session, "deal", [deal_of(session, acme)], {"source": [source]}))
    move_there_and_back(session, acme)
    session.commit(undo.undo(session))
    assert deal_of(session, acme)["source"] == "fair"
    session.commit(undo.undo(session))
    assert "source" not in deal_of(session, acme)
    session.commit(undo.undo(session))
    assert session.ws.get("deal", acme["deal"]) is None
    for _ in range(3):
        session.commit(undo.redo(session))
    assert deal_of(session, acme)["source"] == "web"


def test_a_record_that_is_added_and_written_in_one_step_goes_and_comes_back(session: Session) -> None:
    key = "company", session.ws.new_id()
    session.commit(Plan((Write(*key, {"name": "Soda"}), Write(*key, {"city": "Bonn"})), "at once"))
    session.commit(undo.undo(session))
    assert session.ws.get(*key) is None
    session.commit(undo.redo(session))
    assert (session.ws.get(*key) or {}).get("city") == "Bonn"


def test_a_fresh_step_leaves_nothing_to_redo(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"tags": ["a"]}))
    session.commit(undo.undo(session))
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"tags": ["b"]}))
    with pytest.raises(NotFound, match="nothing to redo"):
        undo.redo(session)


def test_everybody_undoes_their_own_steps(session: Session, acme: Acme) -> None:
    bob = as_bob(session)
    bob.commit(edit(bob, "deal", [deal_of(session, acme)], {"notes": ["from bob"]}))
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"tags": ["from ann"]}))
    bob.commit(undo.undo(bob))
    assert "notes" not in deal_of(session, acme)
    assert deal_of(session, acme)["tags"] == ["from ann"]
    with pytest.raises(NotFound):
        undo.undo(bob)


def test_undo_is_refused_where_somebody_changed_the_field_since(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"value": ["15k"]}))
    bob = as_bob(session)
    bob.commit(edit(bob, "deal", [deal_of(session, acme)], {"value": ["16k"]}))
    with pytest.raises(
        Invalid, match=r"value of Acme renewal was changed since by bob on Thu 8 Oct 2026 11:00"
    ) as caught:
        undo.undo(session)
    assert caught.value.field == "value"
    bob.commit(undo.undo(bob))
    session.commit(undo.undo(session))
    assert deal_of(session, acme)["value"] == "12000.00"


def test_undo_of_an_added_record_is_refused_where_somebody_wrote_to_it_since(session: Session, acme: Acme) -> None:
    bob = as_bob(session)
    bob.commit(edit(bob, "deal", [deal_of(session, acme)], {"notes": ["mine"]}))
    with pytest.raises(Invalid, match="notes of Acme renewal was changed since by bob"):
        undo.undo(session)


def test_redo_of_an_added_record_is_refused_where_it_was_written_to_since(session: Session, acme: Acme) -> None:
    session.commit(undo.undo(session))
    session.commit(undo.redo(session))
    bob = as_bob(session)
    bob.commit(edit(bob, "deal", [deal_of(session, acme)], {"tags": ["mine"]}))
    with pytest.raises(Invalid, match="tags of Acme renewal was changed since by bob"):
        undo.undo(session)


def test_undo_is_refused_where_the_record_was_removed_since(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"value": ["15k"]}))
    bob = as_bob(session)
    bob.commit(remove(bob, "deal", [deal_of(session, acme)]))
    with pytest.raises(Invalid, match="was removed since by bob"):
        undo.undo(session)


def test_what_a_step_erased_on_its_way_does_not_keep_the_rest_from_being_undone(session: Session, acme: Acme) -> None:
    key = "deal", acme["deal"]
    for change in (Remove(*key), Purge(*key), Write(*key, {"name": "written afresh"})):
        session.commit(Plan((change,), "one by one"))
    at_once = Write(*key, {"next_step": "call"}), Remove(*key), Write(*key, {"source": "fair"})
    session.commit(Plan(at_once, "at once"))
    assert (deal_of(session, acme)["source"], "next_step" in deal_of(session, acme)) == ("fair", False)
    session.commit(undo.undo(session))
    assert "source" not in deal_of(session, acme)


def test_other_fields_of_others_do_not_stand_in_the_way(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"value": ["15k"]}))
    bob = as_bob(session)
    bob.commit(edit(bob, "deal", [deal_of(session, acme)], {"notes": ["mine"], "stage": ["demo"]}))
    session.commit(undo.undo(session))
    assert (deal_of(session, acme)["value"], deal_of(session, acme)["stage"]) == ("12000.00", "demo")


def test_a_plan_that_was_overtaken_is_refused_at_the_door(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"value": ["15k"]}))
    plan = undo.undo(session)
    bob = as_bob(session)
    bob.commit(edit(bob, "deal", [deal_of(session, acme)], {"value": ["16k"]}))
    with pytest.raises(Outdated):
        session.commit(plan)
    assert deal_of(session, acme)["value"] == "16000.00"


def test_undo_works_on_what_an_earlier_process_did(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"value": ["15k"]}))
    session.ws.close()
    ws = Workspace.open(session.ws.root, clock=session.ws.clock, groups=groups)
    later = Session(ws, user="ann", now=session.now, zone=session.zone)
    later.commit(undo.undo(later))
    assert deal_of(later, acme)["value"] == "12000.00"
    assert [step.undone for step in undo.list_steps(later)][-2:] == [False, True]
    ws.close()


STEPS = st.lists(
    st.sampled_from(["add", "value", "tag", "untag", "email", "stage", "win", "remove", "followup", "bulk"]),
    min_size=1,
    max_size=8,
)


def take(session: Session, name: str, turn: int) -> Plan:
    found = list(session.ws.all("deal").values())
    if name == "add" or not found:
        return add(session, "deal", {"name": [f"deal {turn}"], "value": [str(turn + 1)]})
    deal = found[turn % len(found)]
    if name == "remove":
        return remove(session, "deal", [deal])
    if name == "win":
        return deals.win(session, [deal])
    if name == "followup":
        return add(session, "followup", {"subject": [f"call {turn}"], "deal": [deal["id"]]})
    if name == "bulk":
        return edit(session, "deal", found, {"tags": [f"bulk {turn}"], "value": ["$5"]})
    if name == "untag":
        return edit(session, "deal", [deal], {}, {"tags": ["red"]})
    typed = {"value": ["€7"], "tag": ["red"], "email": ["x"], "stage": [("demo", "lead")[turn % 2]]}
    return edit(session, "deal", [deal], {"notes": [f"n {turn}"]} if name == "email" else {name: typed[name]})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_undoing_all_and_redoing_all_walk_through_the_same_states(
    fresh: Callable[[], Session], names: list[str]
) -> None:
    session = fresh()
    states = [visible(session)]
    for turn, name in enumerate(names):
        plan = take(session, name, turn)
        session.commit(plan)
        if plan.changes:
            states.append(visible(session))
    for _ in range(2):
        for state in reversed(states[:-1]):
            session.commit(undo.undo(session))
            assert visible(session) == state
        for state in states[1:]:
            session.commit(undo.redo(session))
            assert visible(session) == state
        with pytest.raises(NotFound):
            undo.redo(session)
    session.ws.close()


def test_a_giant_step_is_undone_and_redone_and_those_before_it_are_not_forgotten(session: Session, acme: Acme) -> None:
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"next_step": ["call"]}))
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"notes": ["x" * 3_000_000]}))
    session.commit(undo.undo(session))
    assert "notes" not in deal_of(session, acme)
    session.commit(undo.redo(session))
    assert len(deal_of(session, acme)["notes"]) == 3_000_000
    session.commit(undo.undo(session))
    assert "notes" not in deal_of(session, acme)
    session.commit(undo.undo(session))
    assert "next_step" not in deal_of(session, acme)
