"""Pipelines and stages: adding, changing, ordering, removing without losing a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm import deals, dissolving, pipelines, undo
from tuicrm.crm.config import set_value
from tuicrm.crm.edit import add, remove
from tuicrm.crm.ordering import DIGITS, between, spread
from tuicrm.crm.stages import stage_of
from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Acme = dict[str, str]


def sales(session: Session) -> dict[str, Any]:
    return pipelines.default(session)


def names(session: Session) -> list[str]:
    return [one.name for one in pipelines.stages(sales(session))]


def stage(session: Session, key: str) -> pipelines.StageInfo:
    return next(one for one in pipelines.stages(sales(session)) if one.key == key)


def test_a_fresh_workspace_has_the_usual_stages(session: Session) -> None:
    shown = [(one.name, one.kind, one.probability) for one in pipelines.stages(sales(session))]
    assert shown == [
        ("Lead", "open", 10),
        ("Qualified", "open", 20),
        ("Demo", "open", 30),
        ("Proposal", "open", 50),
        ("Negotiation", "open", 70),
        ("Verbal", "open", 90),
        ("Won", "won", 100),
        ("Lost", "lost", 0),
    ]


def test_a_pipeline_gets_won_and_lost_by_itself(session: Session) -> None:
    session.commit(pipelines.add(session, "Renewals", ["Due 20%", "Offer made 60% 14d", "Signed 100% won"]))
    record = next(one for one in session.ws.all("pipeline").values() if one["name"] == "Renewals")
    shown = [(one.name, one.kind, one.probability, one.rotting_days) for one in pipelines.stages(record)]
    assert shown == [
        ("Due", "open", 20, 0),
        ("Offer made", "open", 60, 14),
        ("Signed", "won", 100, 0),
        ("Lost", "lost", 0, 0),
    ]


@pytest.mark.parametrize(
    ("specs", "says"),
    [(["Won"], "at least one open"), (["A 10%", "a 20%"], "twice"), (["A 200%"], "0 to 100"), ([" "], "needs a name")],
)
def test_bad_stages_are_refused(session: Session, specs: list[str], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        pipelines.add(session, "X", specs)


def test_the_setting_says_which_pipeline_is_meant(session: Session) -> None:
    session.commit(pipelines.add(session, "Renewals", ["Due 20%"]))
    session.commit(set_value(session, "pipeline", "renew"))
    plan = add(session, "deal", {"name": ["x"]})
    session.commit(plan)
    deal = session.ws.get("deal", plan.ids[0])
    assert deal is not None
    found = stage_of(session, deal)
    assert found is not None
    assert found.name == "Due"


def test_stages_are_added_where_asked(session: Session) -> None:
    session.commit(pipelines.add_stage(session, sales(session), "Trial 40%", after="Demo"))
    session.commit(pipelines.add_stage(session, sales(session), "Intro 5%", before="lead"))
    session.commit(pipelines.add_stage(session, sales(session), "Signature 95%"))
    assert names(session) == [
        "Intro", "Lead", "Qualified", "Demo", "Trial", "Proposal", "Negotiation", "Verbal", "Signature", "Won", "Lost",
    ]  # fmt: skip


def test_a_stage_keeps_its_key_whatever_changes(session: Session, acme: Acme) -> None:
    session.commit(
        pipelines.edit_stage(
            session, sales(session), "demo", name="Show", probability="35%", rotting_days="9", requires=["value,close"]
        )
    )
    found = stage(session, "demo")
    assert (found.name, found.probability, found.rotting_days) == ("Show", 35, 9)
    assert set(found.requires) == {"value", "expected_close"}
    session.commit(pipelines.edit_stage(session, sales(session), "Show", requires=[]))
    assert stage(session, "demo").requires == ()


def test_stages_are_reordered(session: Session) -> None:
    session.commit(pipelines.edit_stage(session, sales(session), "verbal", before="demo"))
    session.commit(pipelines.edit_stage(session, sales(session), "lead", after="demo"))
    assert names(session)[:4] == ["Qualified", "Verbal", "Demo", "Lead"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"name": "demo"}, "already"),
        ({"name": " "}, "needs one"),
        ({"probability": "x"}, "probability"),
        ({"requires": ["valeu"]}, "did you mean value"),
        ({"requires": ["age"]}, "cannot be required"),
    ],
)
def test_bad_changes_of_a_stage_are_refused(session: Session, options: dict[str, Any], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        pipelines.edit_stage(session, sales(session), "lead", **options)


def test_a_stage_with_deals_goes_only_when_they_have_a_place(session: Session, acme: Acme) -> None:
    with pytest.raises(Invalid, match="1 deal is in Lead") as caught:
        dissolving.remove_stage(session, sales(session), "lead")
    assert "--to" in caught.value.hint
    with pytest.raises(Invalid, match="being removed"):
        dissolving.remove_stage(session, sales(session), "lead", to="lead")
    session.commit(dissolving.remove_stage(session, sales(session), "lead", to="demo"))
    assert "Lead" not in names(session)
    assert [one["stage"] for one in session.ws.all("deal").values()] == ["demo"]
    assert [one["after"] for one in session.ws.all("activity").values()] == ["demo"]
    session.commit(undo.undo(session))
    assert names(session)[0] == "Lead"
    assert [one["stage"] for one in session.ws.all("deal").values()] == ["lead"]


def test_the_last_stage_of_a_kind_stays(session: Session) -> None:
    with pytest.raises(Invalid, match="last stage of the kind won"):
        dissolving.remove_stage(session, sales(session), "won")


def test_a_pipeline_with_deals_and_the_only_one_stay(session: Session, acme: Acme) -> None:
    with pytest.raises(Invalid, match="1 deal is in the pipeline Sales"):
        dissolving.remove(session, sales(session))
    session.commit(remove(session, "deal", [*session.ws.all("deal").values()]))
    with pytest.raises(Invalid, match="only pipeline"):
        dissolving.remove(session, sales(session))
    session.commit(pipelines.add(session, "Other"))
    session.commit(dissolving.remove(session, sales(session)))
    assert [one["name"] for one in session.ws.all("pipeline").values()] == ["Other"]


def test_without_a_pipeline_a_deal_says_how_to_get_one(session: Session) -> None:
    session.commit(pipelines.add(session, "Other"))
    for record in list(session.ws.all("pipeline").values())[:1]:
        session.commit(dissolving.remove(session, record))
    (left,) = session.ws.all("pipeline").values()
    broken = pipelines.stages({**left, "stages": {"x": "no map", "y": {"kind": 5, "probability": "high"}}})
    assert [(one.key, one.name, one.kind, one.probability) for one in broken] == [("y", "y", "open", 0)]
    with pytest.raises(NotFound):
        deals.move(session, [{"id": left["id"], "pipeline": "gone", "stage": "gone"}], "nowhere")


KEYS = st.text(DIGITS, min_size=1, max_size=6).filter(lambda text: not text.endswith("0"))


@given(KEYS | st.just(""), KEYS | st.just(""))
def test_there_is_always_room_between_two_keys(one: str, other: str) -> None:
    low, high = sorted((one, other))
    found = between(low, high)
    assert low < found
    assert not found.endswith("0")
    if high > low:
        assert found < high


@given(st.integers(1, 300))
def test_spread_keys_rise_and_leave_room(count: int) -> None:
    keys = spread(count)
    assert sorted(set(keys)) == keys
    assert all(low < between(low, high) < high for low, high in zip(["", *keys], keys, strict=False))
