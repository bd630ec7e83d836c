"""Records as flat objects and as texts for tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.derive import ON_REQUEST
from tuicrm.crm.rows import cells, column_names, flat
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def held(session: Session, kind: str, key: str) -> dict[str, Any]:
    record = session.ws.get(kind, key)
    assert record is not None
    return record


def test_references_are_ids_with_their_names_beside_them(session: Session, put: Put) -> None:
    acme, jane = put("company", name="Acme"), put("contact", name="Jane Roe")
    row = flat(session, "deal", held(session, "deal", put("deal", company=acme, contacts=[jane], stage="demo")))
    assert (row["company"], row["company_name"]) == (acme, "Acme")
    assert (row["contacts"], row["contacts_name"]) == ([jane], ["Jane Roe"])
    assert (row["stage"], row["stage_name"]) == ("demo", "Demo")
    keys = list(row)
    assert keys[0] == "id"
    assert keys[keys.index("company") + 1] == "company_name"


def test_every_declared_field_is_a_key_and_what_is_absent_is_empty(session: Session, put: Put) -> None:
    row = flat(session, "deal", held(session, "deal", put("deal", name="Acme")))
    names = {one.name for one in session.kind("deal").all_fields}
    assert names - ON_REQUEST <= set(row)
    assert not ON_REQUEST & set(row)
    assert row["value"] is None
    assert row["tags"] == row["contacts"] == []
    assert row["company_name"] is None


def test_each_row_has_lists_of_its_own(session: Session, put: Put) -> None:
    record = held(session, "deal", put("deal", name="Acme", tags=["hot"]))
    flat(session, "deal", record)["tags"].append("spoilt")
    assert flat(session, "deal", record)["tags"] == ["hot"]


def test_derived_fields_of_the_log_come_when_asked_for(session: Session, put: Put) -> None:
    record = held(session, "deal", put("deal", name="Acme", stage="demo", days_ago=40))
    assert set(flat(session, "deal", record, full=True)) >= ON_REQUEST
    asked = flat(session, "deal", record, ["name", "rotting", "age"])
    assert asked == {"id": record["id"], "name": "Acme", "rotting": True, "age_days": 40}


def test_a_list_of_deals_reads_neither_the_log_nor_the_follow_ups(session: Session, put: Put) -> None:
    record = held(session, "deal", put("deal", name="Acme", stage="demo", value="5.00", currency="EUR"))
    asked: list[str] = []
    plain = session.ws.all
    session.ws.all = lambda kind: asked.append(kind) or plain(kind)  # type: ignore[method-assign]
    flat(session, "deal", record)
    assert not {"activity", "followup"} & set(asked)


def test_money_and_addresses_are_shown_as_scripts_expect(session: Session, put: Put) -> None:
    deal = held(session, "deal", put("deal", value="12000.00", currency="EUR", stage="demo", probability=25))
    row = flat(session, "deal", deal)
    assert (row["value"], row["weighted"], row["probability"]) == ("12000.00", "3000.00", 25)
    emails = {"b@x.example": {"rank": 2}, "a@x.example": {"rank": 1, "label": "work"}}
    contact = flat(session, "contact", held(session, "contact", put("contact", name="J", emails=emails)))
    assert contact["emails"] == ["a@x.example", "b@x.example"]
    assert contact["phones"] == []


def test_times_of_making_and_changing_come_from_ids_and_versions(session: Session, put: Put) -> None:
    from tuicrm.store.changes import Write

    key = put("company", name="Acme", days_ago=10)
    session.ws.commit([Write("company", key, {"name": "Acme GmbH"})], by="ann", note="")
    row = flat(session, "company", held(session, "company", key))
    assert row["created_at"] == "2026-09-28T09:00:00Z"
    assert row["updated_at"] == "2026-10-08T09:00:00Z"


def test_garbage_for_a_version_is_no_date_of_change(session: Session) -> None:
    record = {"id": "01KV3B3SE0YSC5XMTFWMX0AAAA", "name": "x", "_v": {"name": "zzzzz", "city": 5}}
    row = flat(session, "company", record)
    assert row["updated_at"] == row["created_at"]


def test_fields_of_a_later_version_are_kept_at_the_end(session: Session, put: Put) -> None:
    row = flat(session, "company", held(session, "company", put("company", name="Acme", mood={"now": "good"})))
    assert list(row)[-1] == "mood"
    assert row["mood"] == {"now": "good"}
    assert not [key for key in row if key.startswith("_")]


def test_a_custom_field_is_a_field_like_any_other(session: Session, put: Put) -> None:
    put("field", name="region", of="deal", type="choice", choices=["emea", "apac"])
    record = held(session, "deal", put("deal", name="Acme", region="emea"))
    assert flat(session, "deal", record)["region"] == "emea"
    assert cells(session, "deal", record, ["region"]) == ["emea"]


def test_a_product_is_a_view_of_a_single_line_item(session: Session, put: Put) -> None:
    plan = put("product", name="Team plan")
    one = held(session, "deal", put("deal", items={"a": {"product": plan}}))
    two = held(session, "deal", put("deal", items={"a": {"product": plan}, "b": {"product": plan}}))
    assert (flat(session, "deal", one)["product"], flat(session, "deal", one)["product_name"]) == (plan, "Team plan")
    assert flat(session, "deal", two)["product"] is None


def test_an_activity_without_a_time_happened_when_its_id_says(session: Session, put: Put) -> None:
    record = held(session, "activity", put("activity", type="call", subject="x", days_ago=1))
    assert flat(session, "activity", record)["at"] == "2026-10-07T09:00:00Z"
    assert cells(session, "activity", record, ["at"]) == ["2026-10-07 11:00"]


def test_cells_say_names_wall_times_and_words(session: Session, put: Put) -> None:
    acme = put("company", name="Acme")
    jane = put("contact", name="Jane", company=acme, do_not_contact=True)
    due = put("followup", subject="call", due="2026-10-09T10:00[Europe/Berlin]", contacts=[jane])
    far = put("followup", subject="call", due="2026-10-09T10:00[Asia/Tokyo]", contacts=["01KV3B3SE0YSC5XMTFWMX0AAAA"])
    columns = ["due", "subject", "contacts", "done_at"]
    assert cells(session, "followup", held(session, "followup", due), columns) == [
        "2026-10-09 10:00",
        "call",
        "Jane",
        "",
    ]
    assert cells(session, "followup", held(session, "followup", far), columns) == [
        "2026-10-09 10:00 Asia/Tokyo",
        "call",
        "…AAAA",
        "",
    ]
    assert cells(session, "contact", held(session, "contact", jane), ["company", "do_not_contact"]) == ["Acme", "yes"]


def test_a_stage_that_nobody_knows_shows_its_key(session: Session, put: Put) -> None:
    record = held(session, "deal", put("deal", name="x", stage="gone"))
    assert cells(session, "deal", record, ["stage", "status"]) == ["gone", "open"]


@pytest.mark.parametrize(
    "damage",
    [
        {"value": 5, "currency": 7, "tags": "hot", "contacts": "x", "company": ["a"], "stage": {"a": 1}, "items": []},
        {"value": "NaN", "items": {"a": None}, "owner": 3, "expected_close": "soon", "opened_on": 9, "pipeline": 1},
        {"value": "1e999999999", "name": ["x"], "tags": {"a": None}, "closed_on": "x", "stage": "won"},
    ],
)
def test_values_of_the_wrong_type_are_shown_and_harm_nothing(
    session: Session, put: Put, damage: dict[str, Any]
) -> None:
    record = {"id": put("deal", name="Acme"), **damage}
    row = flat(session, "deal", record, full=True)
    assert json.dumps(row)
    assert isinstance(row["tags"], list)
    assert all(isinstance(text, str) for text in cells(session, "deal", record, list(session.kind("deal").by_name)))


def test_columns_go_by_any_name_and_a_wrong_one_gets_the_nearest(session: Session, put: Put) -> None:
    assert column_names(session, "deal", ["close", "expected-close", "company_name", "id"]) == [
        "expected_close",
        "expected_close",
        "company_name",
        "id",
    ]
    record = held(session, "deal", put("deal", company=put("company", name="Acme")))
    assert flat(session, "deal", record, ["company_name"]) == {"id": record["id"], "company_name": "Acme"}
    with pytest.raises(Invalid, match="did you mean value"):
        column_names(session, "deal", ["valeu"])


def test_rows_follow_a_change_and_the_clock(session: Session, put: Put) -> None:
    from datetime import timedelta

    from tuicrm.store.changes import Write

    acme = put("company", name="Acme")
    key = put("deal", company=acme, stage="demo")
    assert flat(session, "deal", held(session, "deal", key))["company_name"] == "Acme"
    session.ws.commit([Write("company", acme, {"name": "Orbis"})], by="ann", note="")
    assert flat(session, "deal", held(session, "deal", key))["company_name"] == "Orbis"
    session.at(session.now + timedelta(days=3))
    assert flat(session, "deal", held(session, "deal", key))["age_days"] == 3
