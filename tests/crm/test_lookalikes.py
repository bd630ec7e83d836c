"""Records that look like what is being typed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.crm.lookalikes import domain_key, lookalikes, name_key, one_slip
from tuicrm.folding import _distance
from tuicrm.store.changes import Remove, Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session


def whys(session: Session, kind: str, but: str = "", **typed: str) -> list[tuple[str, str]]:
    """Return (id, why) of what looks like one text in each field."""
    return [
        (one.id, one.why) for one in lookalikes(session, kind, {key: [text] for key, text in typed.items()}, but=but)
    ]


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ("Acme GmbH", "acme"),
        ("Acme", "ACME, Inc."),
        ("Müller & Söhne KG", "Muller Sohne"),
        ("Nordwind A.G.", "Nordwind AG"),
        ("شركت پارس", "شرکت پارس"),
        ("Ολύμπια Α.Ε.", "ολυμπια"),
        ("Sol & Co", "Sol"),
    ],
)
def test_a_company_is_the_same_whatever_its_form_is_called(
    session: Session, put: Callable[..., str], held: str, typed: str
) -> None:
    key = put("company", name=held)
    put("company", name="Something Else")
    assert whys(session, "company", name=typed) == [(key, "name")]


def test_a_name_that_is_only_a_form_is_still_a_name(session: Session, put: Callable[..., str]) -> None:
    key = put("company", name="The Group")
    other = put("company", name="Group")
    assert whys(session, "company", name="group") == [(other, "name")]
    assert key not in dict(whys(session, "company", name="Holding"))


@pytest.mark.parametrize("typed", ["Nordwnid", "Nordwin", "Nordwindd", "Nordwand", "Mordwind GmbH"])
def test_one_slip_of_a_finger_is_near(session: Session, put: Callable[..., str], typed: str) -> None:
    key = put("company", name="Nordwind")
    assert whys(session, "company", name=typed) == [(key, "similar name")]
    assert whys(session, "company", name="Nordlicht") == []


def test_short_names_are_compared_in_full_only(session: Session, put: Callable[..., str]) -> None:
    put("company", name="Aster")
    assert whys(session, "company", name="Ester") == []


def test_people_are_the_same_by_address_number_and_name(session: Session, put: Callable[..., str]) -> None:
    jane = put("contact", name="Jane Roe", emails={"jane@acme.example": {}}, phones={"+49305550142": {}})
    kim = put("contact", name="Kim Vos")
    assert whys(session, "contact", name="Roe, Jane") == [(jane, "name")]
    assert whys(session, "contact", emails="Jane@ACME.example") == [(jane, "e-mail")]
    assert whys(session, "contact", phones="030 555 0142") == [(jane, "phone")]
    assert whys(session, "contact", emails="bob@acme.example") == []
    assert whys(session, "contact", name="kim vos", emails="jane@acme.example") == [(jane, "e-mail"), (kim, "name")]
    assert whys(session, "contact", but=jane, name="Jane Roe") == []


def test_companies_are_the_same_by_domain(session: Session, put: Callable[..., str]) -> None:
    acme = put("company", name="Acme", domain="acme.example")
    assert whys(session, "company", website="https://www.ACME.example/about") == [(acme, "domain")]
    assert whys(session, "company", domain="other.example") == []
    assert domain_key("jane@acme.example") == "acme.example"
    assert domain_key("nothing") == ""


def test_who_works_for_the_same_company_comes_first(session: Session, put: Callable[..., str]) -> None:
    acme, other = put("company", name="Acme"), put("company", name="Other")
    put("contact", name="Jane Roe", company=other)
    here = put("contact", name="Jane Roe", company=acme)
    assert whys(session, "contact", name="Jane Roe", company=acme)[0] == (here, "name")


def test_deals_of_one_name_are_alike_within_a_company(session: Session, put: Callable[..., str]) -> None:
    acme, other = put("company", name="Acme"), put("company", name="Other")
    deal = put("deal", name="Renewal 2026", company=acme)
    assert whys(session, "deal", name="renewal 2026", company=acme) == [(deal, "name")]
    assert whys(session, "deal", name="renewal 2026", company=other) == []
    assert whys(session, "activity", subject="renewal 2026") == []


def test_the_index_follows_every_change(session: Session, put: Callable[..., str]) -> None:
    key = put("company", name="Acme GmbH")
    assert whys(session, "company", name="Acme")
    session.ws.commit([Write("company", key, {"name": "Zenith"})], by="ann", note="")
    assert not whys(session, "company", name="Acme")
    assert whys(session, "company", name="Zenith")
    session.ws.commit([Remove("company", key)], by="ann", note="")
    assert not whys(session, "company", name="Zenith")


def test_odd_records_are_passed_over(session: Session, put: Callable[..., str]) -> None:
    put("contact", name=7, emails="x", phones=["1234567"], company=["a"])
    put("company", name="", domain=3, website={"a": {}})
    assert whys(session, "contact", name="7") == []


def test_a_look_takes_no_longer_among_many_than_among_few(session: Session) -> None:
    def fill(count: int) -> float:
        made = [
            Write(
                "company", session.ws.new_id(), {"name": f"Company {count} {at} Works GmbH", "phone": f"+4930{at:07}"}
            )
            for at in range(count)
        ]
        session.ws.commit(made, by="ann", note="")
        typed = {"name": ["Company 7 Wroks"], "phone": ["030 0000777"]}
        lookalikes(session, "company", typed)
        took = []
        for _ in range(7):
            start = time.perf_counter()
            lookalikes(session, "company", typed)
            took.append(time.perf_counter() - start)
        return min(took)

    few = fill(500)
    assert fill(5000) < 3 * few


@settings(max_examples=300, deadline=None)
@given(st.text("abc", min_size=1, max_size=8), st.text("abc", min_size=1, max_size=8))
def test_one_slip_is_a_distance_of_one(one: str, other: str) -> None:
    if one != other:
        assert one_slip(one, other) == (_distance(one, other, 1) == 1)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_a_name_has_one_key(name: str) -> None:
    key = name_key("company", name)
    assert name_key("company", key) == key or not key.isalnum()


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("contact", {"name": ["Jane Roe"], "emails": ["JANE@acme.example"], "phones": ["030 5550142"]}),
        ("contact", {"name": ["Roe, Jame"]}),
        ("company", {"name": ["Acme Ltd."], "domain": ["www.acme.example"]}),
    ],
)
def test_who_asks_once_is_answered_alike(session: Session, kind: str, typed: dict[str, list[str]]) -> None:
    people = [("Jane Roe", "j@x.example"), ("Jane Roo", "jane@acme.example"), ("Tom Ek", "tom@acme.example")]
    writes = [
        Write("contact", session.ws.new_id(), {"name": name, "emails": {mail: {"rank": 1}}, "phones": {f"+49{at}": {}}})
        for at, (name, mail) in enumerate([*people, ("Jan Roe", "x@y.example")], 305550141)
    ]
    writes += [Write("company", session.ws.new_id(), {"name": name}) for name in ("ACME", "Acme Inc", "Acmo", "Other")]
    session.ws.commit(writes, by="ann", note="some")
    found = lookalikes(session, kind, typed, once=True)
    assert found
    assert found == lookalikes(session, kind, typed)
