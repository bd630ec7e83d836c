"""What a half-typed field may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.suggesting import answers, records, suggestions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session


@pytest.fixture
def janes(put: Callable[..., str]) -> dict[str, str]:
    """Return three contacts, two of one name, at two companies."""
    acme, halden = put("company", name="Acme GmbH", city="Berlin"), put("company", name="Halden Bygg")
    return {
        "acme": acme,
        "halden": halden,
        "jane": put("contact", name="Jane Roe", company=acme, emails={"jr@acme.example": {}}),
        "other": put("contact", name="Jane Roe", company=halden, phones={"+49305550142": {}}),
        "jana": put("contact", name="Müller-Jane Ek"),
    }


def ids(session: Session, kind: str, text: str, company: str = "") -> list[str]:
    """Return the ids of what a text may mean."""
    return [one.key for one in records(session, kind, text, company=company)]


def test_names_come_by_how_well_they_fit(session: Session, janes: dict[str, str]) -> None:
    assert set(ids(session, "contact", "jane")[:2]) == {janes["jane"], janes["other"]}
    assert ids(session, "contact", "jane")[2] == janes["jana"]
    assert ids(session, "contact", "muller ek") == [janes["jana"]]
    assert ids(session, "contact", "nobody") == []


def test_people_of_the_same_company_come_first(session: Session, janes: dict[str, str]) -> None:
    assert ids(session, "contact", "jane", company=janes["acme"])[0] == janes["jane"]
    assert ids(session, "contact", "jane", company=janes["halden"])[0] == janes["other"]


def test_an_address_a_number_and_an_id_find_their_record(session: Session, janes: dict[str, str]) -> None:
    assert ids(session, "contact", "jr@ac") == [janes["jane"]]
    assert ids(session, "contact", "030 555 0142") == [janes["other"]]
    assert janes["jana"] in ids(session, "contact", janes["jana"][-6:])


def test_what_is_over_comes_after_what_is_not(session: Session, put: Callable[..., str]) -> None:
    won = put("deal", name="Acme renewal", closed_on="2026-01-01", stage="won")
    live = put("deal", name="The Acme renewal", stage="lead")
    assert ids(session, "deal", "acme ren") == [live, won]


def test_detail_tells_namesakes_apart(session: Session, janes: dict[str, str]) -> None:
    found = {one.key: one.detail for one in records(session, "contact", "jane roe")}
    assert found[janes["jane"]] == "Acme GmbH, jr@acme.example"
    assert found[janes["other"]] == "Halden Bygg"


def test_a_changed_record_answers_to_its_present_name(session: Session, janes: dict[str, str]) -> None:
    from tuicrm.store.changes import Write

    assert ids(session, "company", "acme") == [janes["acme"]]
    session.ws.commit([Write("company", janes["acme"], {"name": "Zenith"})], by="ann", note="")
    assert ids(session, "company", "acme") == []
    assert ids(session, "company", "zen") == [janes["acme"]]


def test_words_in_use_come_by_how_often(session: Session, put: Callable[..., str]) -> None:
    for tags in (["hot"], ["hot", "renewal"], ["hot", "hotel"], "odd"):
        put("deal", name="x", tags=tags)
    field = session.kind("deal").by_name["tags"]
    assert [one.key for one in answers(session, "deal", field, "ho")] == ["hot", "hotel"]
    assert answers(session, "deal", field)[0].key == "hot"


def test_choices_are_all_there_is_and_the_programs_own_is_not_offered(session: Session) -> None:
    kind = session.kind("activity").by_name["type"]
    assert [one.key for one in answers(session, "activity", kind)] == ["call", "email", "meeting", "note"]
    outcome = session.kind("activity").by_name["outcome"]
    assert [one.key for one in answers(session, "activity", outcome, "no an")] == ["no_answer"]


def test_reasons_are_the_teams(session: Session) -> None:
    field = session.kind("deal").by_name["lost_reason"]
    assert "price" in [one.text for one in suggestions(session, "deal", field, "")]


def test_stages_are_those_of_the_pipeline(session: Session) -> None:
    pipeline = next(iter(session.ws.all("pipeline")))
    field = session.kind("deal").by_name["stage"]
    found = suggestions(session, "deal", field, "prop", pipeline=pipeline)
    assert [one.text for one in found] == ["Proposal"]
    assert len(suggestions(session, "deal", field, "", pipeline=pipeline)) > 3
