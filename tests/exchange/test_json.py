"""JSON of our own, of TinyDB, and of other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.exchange.readers import only, read, texts, told_along
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tests.exchange.conftest import Shell

AT = "2026-02-01T00:00:00.000Z"
CONTACT = "01J8ZVXB3K00000000000000AA"


def test_our_own_lists_are_read_back_by_names_and_know_their_id(shell: Shell) -> None:
    shell.ok("company", "add", "Acme", "--domain", "acme.example")
    shell.ok("contact", "add", "Jane Roe", "--email", "jane@acme.example", "--company", "Acme", "--tag", "vip")
    shell.ok("deal", "add", "Renewal", "--value", "1200.50", "--contact", "Jane Roe", "--company", "Acme")
    shell.ok("followup", "add", "Call her", "--due", "2018-02-01", "--contact", "Jane Roe")
    for noun, kind in (("company", "company"), ("contact", "contact"), ("deal", "deal"), ("followup", "followup")):
        for form in ("json", "jsonl"):
            parsed = read(shell.ok(noun, "list", "--all", "--format", form))
            one = only(parsed, kind)
            assert parsed.broken == []
            assert texts(one, "external_id") == shell.rows(noun, "list")[0]["id"]
            assert not parsed.ignored
    deal = only(read(shell.ok("deal", "list", "--json")), "deal")
    assert (texts(deal, "company"), texts(deal, "contacts"), texts(deal, "value")) == ("Acme", "Jane Roe", "1200.50")
    assert (texts(deal, "stage"), texts(deal, "pipeline")) == ("Lead", "Sales")


def test_an_id_that_is_here_is_meant_before_the_name_beside_it() -> None:
    row = {"subject": "x", "due": "2026-10-10", "contacts": ["A1", "B2"], "contacts_name": ["Ann", "Bob"]}
    one = only(read(json.dumps([row]), here=lambda kind, key: (kind, key) == ("contact", "A1")), "followup")
    assert texts(one, "contacts") == "A1 | Bob"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{"name": "A", "employees": NaN}', "employees: NaN is no number"),
        ('{"name": "A", "employees": ' + "9" * 5000 + "}", "employees: a number of 5,000 figures is too long"),
        ('{"name": "A", "employees": 1e400}', "employees: the number 1e400 is too large or too small"),
        ('{"name": "A", "name": "B"}', "the key 'name' stands twice in it"),
        ("17", "it is no object with fields"),
        ('{"foo": 1}', "it has no field that companies have"),
    ],
)
def test_what_cannot_be_taken_is_told_in_a_sentence_and_stops_no_other(row: str, said: str) -> None:
    for data in (f'[{row}, {{"name": "Acme"}}]', f'{row}\n{{"name": "Acme"}}\n'):
        parsed = read(data, "json" if data[0] == "[" else "jsonl", kind="company")
        assert [texts(one, "name") for one in parsed.items] == ["Acme"]
        assert [why for _, why in parsed.broken] == [said]


def test_values_are_texts_as_people_would_type_them_and_nested_ones_are_counted() -> None:
    row = {
        "name": "Ann",
        "emails": ["a@b.example", "c@b.example"],
        "do_not_contact": True,
        "title": None,
        "city": 1.5e3,
        "notes": "a\u0000b",
        "more": {"x": 1},
        "tags": [["deep"]],
        "score": 7,
    }
    parsed = read(json.dumps([row]), kind="contact")
    one = only(parsed, "contact")
    assert dict(one.typed) == {
        "name": ["Ann"],
        "emails": ["a@b.example", "c@b.example"],
        "do_not_contact": ["yes"],
        "city": ["1500.0"],
        "notes": ["ab"],
    }
    assert parsed.ignored == {"more": 1, "tags": 1, "score": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("[", "line 1, column 2: this is no JSON"),
        ('{"a": 1,\n}', "line 2, column 1"),
        ("[" * 200_000, "nested too deeply"),
        ('"text"', "single value"),
        ('[{"x": 1}]', "--as contacts"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(data: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        read(data, "json")


def test_tables_of_tinydb_named_like_kinds_are_those_kinds() -> None:
    held = {
        "companies": {"1": {"name": "Acme", "domain": "acme.example"}},
        "_default": {"1": {"name": "Ann", "email": "ann@acme.example"}, "2": {"name": "Bob", "email": "bob@b.example"}},
    }
    parsed = read(json.dumps(held))
    assert [(one.kind, texts(one, "name")) for one in parsed.items] == [
        ("company", "Acme"),
        ("contact", "Ann"),
        ("contact", "Bob"),
    ]
    leads = read(json.dumps({"_default": held["_default"]}), "tinydb", kind="lead")
    assert {one.kind for one in leads.items} == {"lead"}
    with pytest.raises(Invalid, match="none of TinyDB"):
        read("[]", "tinydb")


def test_an_export_of_crm_cli() -> None:
    held = {
        "contacts": [
            {
                "id": "ct_" + CONTACT,
                "name": "Jane Doe",
                "emails": ["jane@acme.com"],
                "phones": ["+12125551234"],
                "companies": ["Acme", "Side"],
                "linkedin": "janedoe",
                "x": None,
                "tags": ["hot-lead"],
                "custom_fields": {"title": "CTO", "hire_date": "2025-01-15"},
                "created_at": "2026-01-02T03:04:05.678Z",
            }
        ],
        "companies": [{"id": "co_" + CONTACT, "name": "Acme", "websites": ["acme.com", "acme.io"], "phones": []}],
        "deals": [
            {
                "id": "dl_" + CONTACT,
                "title": "Deal A",
                "value": 50000,
                "stage": "lead",
                "contacts": ["ct_" + CONTACT],
                "company": "co_" + CONTACT,
                "probability": 40,
            }
        ],
        "activities": [
            {
                "id": "ac_" + CONTACT,
                "type": "call",
                "body": "Rang\nagain",
                "contact": "ct_" + CONTACT,
                "created_at": AT,
            },
            {"id": "ac_01J8ZVXB3K00000000000000AB", "type": "stage-change", "body": "from lead to won"},
            {"name": "stray"},
        ],
    }
    parsed = read(json.dumps(held))
    company, contact, deal, call = parsed.items
    assert (texts(company, "website"), texts(company, "domain")) == ("acme.com", "acme.com")
    assert texts(company, "notes") == "web: acme.io"
    assert (told_along(contact, "company"), texts(contact, "title")) == ("Acme", "CTO")
    assert texts(contact, "notes") == "company: Side\nlinkedin: janedoe\nhire_date: 2025-01-15"
    assert texts(contact, "external_id") == "ct_" + CONTACT
    assert (texts(deal, "name"), texts(deal, "value"), texts(deal, "stage")) == ("Deal A", "50000", "lead")
    assert (texts(deal, "contacts"), texts(deal, "company")) == ("ct_" + CONTACT, "co_" + CONTACT)
    assert (texts(call, "type"), texts(call, "subject"), texts(call, "body")) == ("call", "Rang", "again")
    assert texts(call, "at") == AT
    assert parsed.ignored == {"activities of the type stage-change": 1}
    assert parsed.broken == [("activities, row 3", "it is no record with an id of crm.cli")]
    assert texts(only(read(json.dumps(held["contacts"])), "contact"), "name") == "Jane Doe"


def of(sort: str, *values: Any) -> dict[str, Any]:
    """Return a collection as Monica writes it."""
    return {"count": len(values), "type": sort, "values": list(values)}


def test_an_export_of_monica() -> None:
    mail = {"properties": {"data": "jane@acme.example", "type": "t-mail"}}
    other = {"properties": {"data": "@jane", "type": "t-x"}}
    place = {"street": "Main St 1", "city": "Berlin", "postal_code": "10115", "country": "DE"}
    note = {"created_at": "2020-02-01T10:00:00.000000Z", "properties": {"body": "Likes tea\nand cake"}}
    call = {"properties": {"called_at": "2020-03-01 10:00:00", "content": "Rang"}}
    done = {"title": "Send book", "completed": True}
    every = {"title": "Write", "initial_date": "2020-06-01", "frequency_type": "month", "frequency_number": 3}
    person = {
        "uuid": "u-1",
        "created_at": "2020-01-02T03:04:05.000000Z",
        "properties": {
            **{"first_name": "Jane", "last_name": "Roe", "job": "CTO", "company": "Acme", "is_partial": False},
            **{"tags": ["vip"], "description": "Met at a fair"},
        },
        "data": [
            of("contact_field", mail, other),
            of("address", {"properties": place}),
            of("note", note),
            of("call", call),
            of("task", {"uuid": "k-1", "updated_at": "2020-05-01T10:00:00Z", "properties": done}),
            of("reminder", {"uuid": "r-1", "properties": every}),
            of("gift", {"properties": {"name": "Book"}}),
            of("activity", "a-1"),
        ],
    }
    relative = {"uuid": "u-2", "properties": {"first_name": "Kid", "is_partial": True}}
    instance = {
        "contact_field_types": [
            {"uuid": "t-mail", "properties": {"name": "Email", "protocol": "mailto:", "type": "email"}},
            {"uuid": "t-x", "properties": {"name": "Twitter"}},
        ]
    }
    lunch = {"uuid": "a-1", "properties": {"summary": "Lunch", "description": "at Joe's", "happened_at": "2020-04-01"}}
    held = {"account": {"data": [of("contact", person, relative), of("activity", lunch)], "instance": instance}}
    parsed = read(json.dumps(held))
    contact = only(parsed, "contact")
    assert (texts(contact, "name"), texts(contact, "title"), told_along(contact, "company")) == (
        "Jane Roe",
        "CTO",
        "Acme",
    )
    assert texts(contact, "emails") == "jane@acme.example"
    assert (texts(contact, "address"), texts(contact, "city")) == ("Main St 1, 10115", "Berlin")
    assert texts(contact, "notes") == "Met at a fair\nTwitter: @jane"
    logged = [
        (texts(one, "type"), texts(one, "subject"), texts(one, "at")) for one in parsed.items if one.kind == "activity"
    ]
    assert logged == [
        ("note", "Likes tea", "2020-02-01T10:00:00Z"),
        ("call", "Rang", "2020-03-01T10:00:00Z"),
        ("meeting", "Lunch", "2020-04-01"),
    ]
    assert {texts(one, "contacts") for one in parsed.items if one.kind in ("activity", "followup")} == {"u-1"}
    task, reminder = (one for one in parsed.items if one.kind == "followup")
    assert (texts(task, "subject"), texts(task, "done_at")) == ("Send book", "2020-05-01T10:00:00Z")
    assert (texts(reminder, "due"), texts(reminder, "repeat")) == ("2020-06-01", "every 3 months")
    assert parsed.ignored == {"gift": 1, "people who are only somebody's relatives": 1}
    assert len({texts(one, "external_id") for one in parsed.items}) == 6
