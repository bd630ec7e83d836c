"""Search in everything that a team keeps about its customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.search import search
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def found(session: Session, text: str, limit: int = 50) -> list[str]:
    return [hit.title for hit in search(session, text, limit)]


@pytest.fixture
def people(session: Session, put: Put) -> Session:
    """Return a session with a few customers whose names are in several scripts."""
    acme, athens = put("company", name="Acme GmbH", domain="acme.example"), put("company", name="Αθήνα Εμπορική")
    jane = put(
        *("contact",),
        **{"name": "Jane Roe", "company": acme, "emails": {"jane@acme.example": {}}, "title": "CTO"},
        phones={"+49305550142": {}},
    )
    put("contact", name="علي كريمي", company=athens, phones={"02155512345": {}})
    put("contact", name="Ərəb Nəsirov", notes="met in Bakı")
    deal = put("deal", name="Acme renewal", company=acme, contacts=[jane], stage="demo", value="1.00", currency="EUR")
    put("deal", name="Acme pilot", company=acme, stage="lost")
    put("followup", subject="send the SOC2 report", deal=deal)
    put("activity", type="call", subject="Wants a discount", deal=deal, contacts=[jane])
    put("activity", type="change", field="stage", before="lead", after="demo", deal=deal)
    return session


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("αθηνα", ["Αθήνα Εμπορική", "علي كريمي"]),
        ("علی", ["علي كريمي"]),
        ("ereb", ["Ərəb Nəsirov"]),
        ("bakı", ["Ərəb Nəsirov"]),
        ("soc2", ["send the SOC2 report"]),
        ("discount", ["Wants a discount"]),
        ("JANE roe", ["Jane Roe", "Acme renewal", "Wants a discount"]),
        ("jane acme", ["Jane Roe", "Acme renewal", "Wants a discount"]),
        ("0305550142", ["Jane Roe"]),
        ("030 555 0142", ["Jane Roe"]),
        ("+49 (30) 555-0142", ["Jane Roe"]),
        ("+98 21 5551 2345", ["علي كريمي"]),
        ("۰۲۱۵۵۵۱۲۳۴۵", ["علي كريمي"]),
        ("nothing like this", []),
        ("", []),
        ("   ", []),
    ],
)
def test_words_numbers_and_any_script(people: Session, text: str, titles: list[str]) -> None:
    assert found(people, text) == titles


def test_names_go_before_mentions_and_live_deals_before_closed_ones(people: Session) -> None:
    titles = found(people, "acme")
    assert titles[0] == "Acme GmbH"
    assert titles.index("Acme renewal") < titles.index("Acme pilot") < titles.index("Jane Roe")


def test_a_whole_name_then_its_beginning_then_a_word_then_a_part(session: Session, put: Put) -> None:
    for name in ("Grandma Roe Ltd", "Roebuck", "Monroe", "Roe", "Le Roe"):
        put("company", name=name)
    put("company", name="Other", notes="roe")
    assert found(session, "roe") == ["Roe", "Roebuck", "Le Roe", "Grandma Roe Ltd", "Monroe", "Other"]


def test_a_handle_in_full_goes_before_the_beginning_of_a_name(session: Session, put: Put) -> None:
    put("company", name="acme.example fans")
    put("company", name="Acme", domain="acme.example")
    put("company", name="Orbis", external_id="C-17")
    assert found(session, "acme.EXAMPLE") == ["Acme", "acme.example fans"]
    assert found(session, "c-17") == ["Orbis"]


def test_automatic_entries_are_not_found(people: Session) -> None:
    assert all(hit.title != "change" for hit in search(people, "demo"))


def test_the_end_of_an_id_finds_its_record(people: Session) -> None:
    key = next(iter(people.ws.all("deal")))
    assert [hit.id for hit in search(people, key[-6:].lower())] == [key]
    assert [hit.id for hit in search(people, key)] == [key]


def test_a_hit_says_what_tells_it_from_its_namesakes(people: Session) -> None:
    (hit,) = search(people, "acme renewal", limit=1)
    assert (hit.kind, hit.detail) == ("deal", "Acme GmbH, Demo, EUR 1")


def test_a_limit_keeps_the_best_and_kinds_can_be_chosen(people: Session) -> None:
    assert found(people, "acme", 2) == found(people, "acme")[:2]
    assert found(people, "acme", 0) == []
    assert {hit.kind for hit in search(people, "acme", kinds=("deal",))} == {"deal"}


def test_a_change_of_a_name_is_found_from_what_refers_to_it(people: Session) -> None:
    key = next(key for key, one in people.ws.all("company").items() if one["name"] == "Acme GmbH")
    assert "Acme renewal" in found(people, "gmbh")
    people.ws.commit([Write("company", key, {"name": "Orbis"})], by="ann", note="")
    assert found(people, "gmbh") == []
    assert "Acme renewal" in found(people, "orbis")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=30))
def test_any_text_can_be_searched_for(people: Session, text: str) -> None:
    for hit in search(people, text, limit=5):
        assert hit.title
        assert people.ws.get(hit.kind, hit.id) is not None
