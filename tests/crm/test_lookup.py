"""From what people type to one record, and from a record to what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.edit import remove
from tuicrm.crm.lookup import find, find_stage, label, name_of, short_id, title
from tuicrm.errors import Ambiguous, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]


@pytest.mark.parametrize("ref", ["Jane Roe", " jane roe ", "jane@ACME.example", "+49 30 555 0142", "030 5550142", "ja"])
def test_a_contact_answers_to_name_mail_and_phone(session: Session, put: Put, ref: str) -> None:
    key = put("contact", name="Jane Roe", emails={"jane@acme.example": {}}, phones={"+49305550142": {}})
    put("contact", name="Max Lund", emails={"max@acme.example": {}}, phones={"+49305550143": {}})
    assert find(session, "contact", ref)["id"] == key


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("Αθήνα Εμπορική", "αθηνα εμπορικη"),
        ("علي كريمي", "علی کریمی"),
        ("Bakı İnşaat", "baki inşaat"),
        ("Ərəb Şirkəti", "erəb sirketi"),
        ("Müller & Söhne", "muller & sohne"),
    ],
)
def test_names_of_any_script_are_found_folded(session: Session, put: Put, name: str, ref: str) -> None:
    key = put("company", name=name)
    assert find(session, "company", ref)["id"] == key


def test_id_external_id_and_handle_name_a_record(session: Session, put: Put) -> None:
    key = put("company", name="Acme", external_id="C-17", domain="acme.example")
    for ref in (key, key.lower(), short_id(session, "company", key).lower(), "c-17", "ACME.example"):
        assert find(session, "company", ref)["id"] == key
    assert find(session, "user", "BOB")["name"] == "Bob Ray"
    assert find(session, "user", "me")["id"] == session.me


def test_a_full_name_goes_before_longer_ones(session: Session, put: Put) -> None:
    key = put("company", name="Acme")
    put("company", name="Acme Holding")
    assert find(session, "company", "acme")["id"] == key


def test_several_are_listed_with_what_tells_them_apart(session: Session, put: Put) -> None:
    acme = put("company", name="Acme GmbH")
    first = put("deal", name="Renewal", company=acme, value="100.00", currency="EUR")
    second = put("deal", name="Renewal", value="200.00", currency="USD")
    with pytest.raises(Ambiguous) as caught:
        find(session, "deal", "renewal")
    labels = dict(caught.value.candidates)
    assert set(labels) == {first, second}
    assert "Acme GmbH" in labels[first]
    assert "200.00, USD" in labels[second]


def test_only_some_candidates_of_very_many_are_listed(session: Session, put: Put) -> None:
    for place in range(25):
        put("company", name=f"Acme {place}")
    with pytest.raises(Ambiguous, match="fits 25 companies") as caught:
        find(session, "company", "acme")
    assert len(caught.value.candidates) == 20


def test_a_misspelt_name_is_told_the_nearest(session: Session, put: Put) -> None:
    put("company", name="Nordwind")
    with pytest.raises(NotFound, match="did you mean Nordwind"):
        find(session, "company", "Nordwnid")


@pytest.mark.parametrize("ref", ["", "   ", "[/", "-rf", "\x1b[31m", "%", "(", "no such thing"])
def test_odd_text_is_simply_not_found(session: Session, put: Put, ref: str) -> None:
    put("company", name="Acme")
    with pytest.raises(NotFound):
        find(session, "company", ref)


def test_one_letter_names_nobody_by_accident(session: Session, put: Put) -> None:
    put("company", name="Acme")
    with pytest.raises(NotFound):
        find(session, "company", "a")


def test_the_trash_is_another_place(session: Session, put: Put) -> None:
    key = put("company", name="Acme")
    session.commit(remove(session, "company", [find(session, "company", "acme")]))
    with pytest.raises(NotFound):
        find(session, "company", "acme")
    assert find(session, "company", "acme", trash=True)["id"] == key
    assert find(session, "company", key[-6:], trash=True)["id"] == key
    assert name_of(session, "company", key) == "Acme"


def test_a_change_is_seen_at_once(session: Session, put: Put) -> None:
    put("company", name="Acme")
    assert find(session, "company", "Acme")
    key = put("company", name="Orbis")
    assert find(session, "company", "orbis")["id"] == key


def test_short_ids_are_unique_and_find_their_record(session: Session, put: Put) -> None:
    keys = [put("company", name=f"Company {place}") for place in range(40)]
    shorts = {short_id(session, "company", key) for key in keys}
    assert len(shorts) == len(keys)
    assert all(len(short) >= 4 for short in shorts)
    assert [find(session, "company", short_id(session, "company", key))["id"] for key in keys] == keys


def test_ids_that_end_alike_are_shown_longer(session: Session) -> None:
    from tuicrm.store.changes import Write

    for key in ("01KV3B3SE0YSC5XMTFWMX0AAAA", "01KV3B3SE0YSC5XMTFWMX1AAAA"):
        session.ws.commit([Write("company", key, {"name": key})], by="ann", note="")
    assert short_id(session, "company", "01KV3B3SE0YSC5XMTFWMX0AAAA") == "0AAAA"
    assert find(session, "company", "1aaaa")["id"].endswith("1AAAA")
    with pytest.raises(Ambiguous):
        find(session, "company", "AAAA")


def test_a_name_wins_over_an_id_that_reads_the_same(session: Session, put: Put) -> None:
    from tuicrm.store.changes import Write

    key = put("company", name="Acme")
    other = "01KV3B3SE0YSC5XMTFWMX0ACME"
    session.ws.commit([Write("company", other, {"name": "Orbis"})], by="ann", note="")
    assert find(session, "company", "acme")["id"] == key
    assert find(session, "company", short_id(session, "company", other))["id"] == other


@pytest.mark.parametrize("said", ["ＡＣＭＥ", " acme ", "Ácme"])
def test_so_does_one_that_only_reads_the_same_when_it_is_folded(session: Session, put: Put, said: str) -> None:
    from tuicrm.store.changes import Write

    put("company", name=said)
    other = "01KV3B3SE0YSC5XMTFWMX0ACME"
    session.ws.commit([Write("company", other, {"name": "Orbis"})], by="ann", note="")
    assert short_id(session, "company", other) == "0ACME"


def test_a_deal_that_is_called_by_its_company_alone_counts_as_well(session: Session, put: Put) -> None:
    from tuicrm.store.changes import Write

    put("deal", company=put("company", name="Acme"))
    other = "01KV3B3SE0YSC5XMTFWMX0ACME"
    session.ws.commit([Write("deal", other, {"name": "Orbis"})], by="ann", note="")
    assert short_id(session, "deal", other) == "0ACME"


def test_a_deal_without_a_name_is_called_by_company_and_product(session: Session, put: Put) -> None:
    acme, plan = put("company", name="Acme"), put("product", name="Team plan")
    key = put("deal", company=acme, items={"x": {"product": plan, "quantity": "1"}})
    record = session.ws.get("deal", key)
    assert record is not None
    assert title(session, "deal", record) == "Acme: Team plan"
    assert find(session, "deal", "acme: team plan")["id"] == key
    assert "Acme: Team plan" in label(session, "deal", record)


def test_a_nameless_deal_falls_back_on_its_external_id_then_its_short_id(session: Session, put: Put) -> None:
    outer, bare = put("deal", external_id="OPP-1"), put("deal", stage="lead")
    titles = [title(session, "deal", session.ws.get("deal", key) or {}) for key in (outer, bare)]
    assert titles == ["OPP-1", bare[-4:]]


@pytest.mark.parametrize("text", ["negotiation", "Negotiation", "nego", "GOTIA"])
def test_a_stage_answers_to_key_name_and_parts(session: Session, text: str) -> None:
    assert find_stage(session, "", text) == "negotiation"


def test_an_unknown_stage_names_the_nearest_or_all(session: Session) -> None:
    with pytest.raises(NotFound, match="did you mean Proposal"):
        find_stage(session, "", "propsal")
    with pytest.raises(NotFound, match="Lead, Qualified"):
        find_stage(session, "", "zzzzzz")
    with pytest.raises(Ambiguous):
        find_stage(session, "", "l")
