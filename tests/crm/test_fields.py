"""Fields that the team adds: declared as data, then like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import fields
from tuicrm.crm.edit import add, edit
from tuicrm.errors import Invalid, NotFound
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Acme = dict[str, str]


def deal_of(session: Session, acme: Acme) -> dict[str, Any]:
    record = session.ws.get("deal", acme["deal"])
    assert record is not None
    return record


def test_a_choice_takes_only_its_words(session: Session, acme: Acme) -> None:
    session.commit(fields.add(session, "Region", of="deal", type="choice", choices=["emea,apac", "Latin America"]))
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"region": ["EMEA"]}))
    assert deal_of(session, acme)["region"] == "emea"
    with pytest.raises(Invalid, match="emea") as caught:
        edit(session, "deal", [deal_of(session, acme)], {"region": ["mars"]})
    assert caught.value.field == "region"


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("number", "-1,200", None),
        ("number", "1,200", 1200),
        ("money", "12k", "12000.00"),
        ("date", "tomorrow", "2026-10-09"),
        ("yes_no", "yes", True),
        ("text", " a ", "a"),
        ("words", "a b", ["a b"]),
    ],
)
def test_each_type_reads_and_checks(session: Session, acme: Acme, kind: str, text: str, value: object) -> None:
    session.commit(fields.add(session, "extra", of="deals", type=kind))
    if value is None:
        with pytest.raises(Invalid, match="extra"):
            edit(session, "deal", [deal_of(session, acme)], {"extra": [text]})
    else:
        session.commit(edit(session, "deal", [deal_of(session, acme)], {"extra": [text]}))
        assert deal_of(session, acme)["extra"] == value


def test_money_in_another_currency_is_refused(session: Session, acme: Acme) -> None:
    session.commit(fields.add(session, "budget", of="deal", type="money"))
    with pytest.raises(Invalid, match="USD"):
        edit(session, "deal", [deal_of(session, acme)], {"budget": ["$5"]})


def test_a_required_one_is_asked_for_when_adding_and_not_when_editing(session: Session, acme: Acme) -> None:
    session.commit(fields.add(session, "region", of="deal", required=True))
    with pytest.raises(Invalid, match="region"):
        add(session, "deal", {"name": ["x"]})
    assert edit(session, "deal", [deal_of(session, acme)], {"notes": ["x"]}).changes


@pytest.mark.parametrize("name", ["name", "close", "tag", "id", "me", "owner_name", "9lives", "a-b!", "", "é"])
def test_taken_and_odd_names_are_refused(session: Session, name: str) -> None:
    with pytest.raises(Invalid, match="name"):
        fields.add(session, name, of="deal")


def test_a_field_is_declared_once_per_kind(session: Session) -> None:
    session.commit(fields.add(session, "region", of="deal"))
    session.commit(fields.add(session, "region", of="contact"))
    with pytest.raises(Invalid, match="taken"):
        fields.add(session, "Region", of="deal")


def test_choices_and_their_type_belong_together(session: Session) -> None:
    with pytest.raises(Invalid, match="needs the words"):
        fields.add(session, "region", of="deal", type="choice")
    with pytest.raises(Invalid, match="only a field"):
        fields.add(session, "region", of="deal", choices=["a"])
    with pytest.raises(Invalid, match="cannot have fields"):
        fields.add(session, "region", of="pipeline")


def test_removing_a_field_keeps_what_records_hold(session: Session, acme: Acme) -> None:
    session.commit(fields.add(session, "region", of="deal"))
    session.commit(edit(session, "deal", [deal_of(session, acme)], {"region": ["north"]}))
    plan = fields.remove(session, fields.find(session, "region"))
    session.commit(plan)
    assert "1 record keeps its value" in plan.said[-1]
    assert deal_of(session, acme)["region"] == "north"
    with pytest.raises(Invalid, match="no field"):
        edit(session, "deal", [deal_of(session, acme)], {"region": ["south"]})
    with pytest.raises(NotFound):
        fields.find(session, "region")


def test_a_field_of_nothing_sensible_stops_no_other(session: Session) -> None:
    session.commit(fields.add(session, "region", of="deal"))
    for of in (["deal"], 7, {"deal": None}):
        session.ws.commit([Write("field", session.ws.new_id(), {"name": "odd", "of": of})], by="eve", note="")
    assert [one.name for one in session.kind("deal").all_fields if one.custom] == ["region"]
