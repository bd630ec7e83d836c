"""Removing stages and pipelines: no deal is left without a place, not even one that is heard of later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import deals, dissolving, pipelines, undo
from tuicrm.crm.board import build_board
from tuicrm.crm.edit import add, edit
from tuicrm.crm.history import history
from tuicrm.crm.listing import select
from tuicrm.crm.stages import stage_of, stages
from tuicrm.errors import Invalid, NotFound
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Acme = dict[str, str]


def sales(session: Session) -> dict[str, Any]:
    return pipelines.default(session)


def deal(session: Session, acme: Acme) -> dict[str, Any]:
    found = session.ws.get("deal", acme["deal"])
    assert found is not None
    return found


def stray(session: Session, acme: Acme, stage: str) -> None:
    """Put a deal into a stage as a teammate's sync may do, whatever the pipeline says by now."""
    session.ws.commit([Write("deal", acme["deal"], {"stage": stage})], by="bob", note="")


def test_a_deal_that_turns_up_in_a_removed_stage_is_where_its_deals_went(session: Session, acme: Acme) -> None:
    session.commit(deals.move(session, [deal(session, acme)], "demo"))
    session.commit(dissolving.remove_stage(session, sales(session), "demo", to="proposal"))
    session.commit(dissolving.remove_stage(session, sales(session), "proposal", to="verbal"))
    stray(session, acme, "demo")
    found = stage_of(session, deal(session, acme))
    assert found is not None
    assert found.key == "verbal"
    board = build_board(session)
    assert [(one.name, one.count) for one in board.columns if one.count] == [("Verbal", 1)]
    assert [one["id"] for one in select(session, "deal", where="stage:verbal")] == [acme["deal"]]
    assert any("Demo > Proposal" in one.text for one in history(session, "deal", acme["deal"]))
    plan = deals.shift(session, deal(session, acme), -1)
    assert plan is not None
    session.commit(plan)
    assert deal(session, acme)["stage"] == "negotiation"
    session.commit(edit(session, "deal", [deal(session, acme)], {"value": ["5k"]}))


def test_two_who_remove_each_others_way_out_lose_no_deal(session: Session, acme: Acme) -> None:
    record = sales(session)
    gone = {"demo": {"to": "lead", "name": "Demo"}, "lead": {"to": "demo", "name": "Lead"}}
    session.ws.commit([Write("pipeline", record["id"], {"gone": gone})], by="bob", note="")
    stray(session, acme, "demo")
    found = stage_of(session, deal(session, acme))
    assert found is not None
    assert found.key == "qualified"


def test_what_a_teammate_changed_in_a_removed_stage_does_not_bring_it_back(session: Session) -> None:
    session.commit(dissolving.remove_stage(session, sales(session), "demo"))
    record = sales(session)
    late = {**record["stages"], "demo": {"probability": 99}}
    session.ws.commit([Write("pipeline", record["id"], {"stages": late})], by="bob", note="")
    assert "demo" not in [one.key for one in stages(sales(session))]
    session.commit(pipelines.add_stage(session, sales(session), "Demo 30%"))
    assert [one.key for one in stages(sales(session)) if one.name == "Demo"] == ["demo_2"]


def test_gates_do_not_stand_in_the_way_of_the_team(session: Session, acme: Acme) -> None:
    session.commit(pipelines.edit_stage(session, sales(session), "demo", requires=["source"], checks=["x"]))
    session.commit(dissolving.remove_stage(session, sales(session), "lead", to="demo"))
    assert deal(session, acme)["stage"] == "demo"
    assert not deal(session, acme).get("source")
    session.commit(undo.undo(session))
    assert deal(session, acme)["stage"] == "lead"
    assert not sales(session).get("gone")


def test_a_pipeline_goes_when_its_deals_have_a_place(session: Session, acme: Acme) -> None:
    session.commit(pipelines.add(session, "Old", ["Demo 20%", "Trial 50%", "Signed 100% won"]))
    old = next(one for one in session.ws.all("pipeline").values() if one["name"] == "Old")
    made = {}
    for name, stage in (("a", "demo"), ("b", "trial"), ("c", "signed")):
        plan = add(session, "deal", {"name": [name], "pipeline": ["Old"], "stage": [stage]})
        session.commit(plan)
        made[name] = plan.ids[0]

    def places() -> dict[str, tuple[Any, ...]]:
        held = session.ws.all("deal")
        return {
            name: (held[key]["pipeline"], held[key]["stage"], held[key].get("closed_on")) for name, key in made.items()
        }

    before = places()
    with pytest.raises(Invalid, match="3 deals are in the pipeline Old") as caught:
        dissolving.remove(session, old)
    assert "--to" in caught.value.hint
    with pytest.raises(Invalid, match="being removed"):
        dissolving.remove(session, old, to="old")
    with pytest.raises(NotFound):
        dissolving.remove(session, old, to="Sales: nowhere")
    own = sales(session)["id"]
    session.commit(dissolving.remove(session, old, to="Sales"))
    assert places() == {"a": (own, "demo", None), "b": (own, "lead", None), "c": (own, "won", before["c"][2])}
    session.commit(undo.undo(session))
    assert places() == before
    session.commit(dissolving.remove(session, old, to="Sales: verbal"))
    assert [one[1] for one in places().values()] == ["verbal", "verbal", "won"]
