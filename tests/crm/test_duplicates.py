"""Records that may be one thing: which pairs are listed and why, what is remembered, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.duplicates import crowd, took
from tuicrm.crm.dialling import international, same
from tuicrm.crm.duplicates import LEAST_SCORE, dismiss, duplicates
from tuicrm.crm.lookalikes import one_slip
from tuicrm.crm.merging import merge
from tuicrm.crm.pairing import near
from tuicrm.crm.undo import undo
from tuicrm.errors import Invalid
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Put = "Callable[..., str]"


def pairs(session: Session, kind: str = "", least: int = LEAST_SCORE) -> list[tuple[set[str], int, str]]:
    """Return (ids, score, reason) of each pair."""
    return [({one.keep, one.gone}, one.score, one.reason) for one in duplicates(session, kind, least=least)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ACME Ltd.", "Acme Limited"),
        ("Müller & Söhne KG", "Muller Sohne"),
        ("Газпром", "Gazprom"),
        ("Ολύμπια Α.Ε.", "Olympia"),
        ("شرکت پارس", "شركت پارس"),
        ("Nordwind", "Nordwnid"),
    ],
)
def test_companies_of_one_name_whatever_letters_it_is_written_in(
    session: Session, put: Callable[..., str], one: str, other: str
) -> None:
    made = {put("company", name=one), put("company", name=other)}
    put("company", name="Something Else")
    ((found, score, why),) = pairs(session, "company")
    assert found == made
    assert (score, why) in ((80, "name"), (60, "similar name"))


def test_more_in_common_is_surer(session: Session, put: Callable[..., str]) -> None:
    acme = put("company", name="Acme")
    mail = {"j@acme.example": {"rank": 1}}
    first = put("contact", name="Jane Roe", company=acme)
    second = put("contact", name="Roe, Jane", company=acme)
    put("contact", name="Max Lund", emails={"info@acme.example": {"rank": 1}})
    put("contact", name="Ola Berg", emails={"INFO@acme.example": {"rank": 1}})
    third, fourth = put("contact", name="Kim Vos", emails=mail), put("contact", name="Kim Vos", emails=mail)
    found = pairs(session, "contact")
    assert found[0] == ({third, fourth}, 100, "e-mail, name")
    assert found[1] == ({first, second}, 90, "name, company")
    assert found[2][1:] == (80, "e-mail")


def test_namesakes_at_different_companies_are_two_people(session: Session, put: Callable[..., str]) -> None:
    for company in ("Acme", "Zeta"):
        put("contact", name="Jane Roe", company=put("company", name=company))
    assert pairs(session, "contact", 0) == []


def test_several_people_at_one_switchboard_are_no_duplicates(session: Session, put: Callable[..., str]) -> None:
    for name in ("Jane Roe", "Max Lund", "Ola Berg"):
        put("contact", name=name, phones={"+49305550142": {"rank": 1}})
    assert pairs(session, "contact") == []


def test_a_number_at_home_is_the_one_with_the_country_in_front(session: Session, put: Callable[..., str]) -> None:
    made = {
        put("contact", name="Jane Roe", phones={"+49305550142": {"rank": 1}}),
        put("contact", name="J. Roe", phones={"0305550142": {"rank": 1}}),
    }
    assert [one[0] for one in pairs(session, "contact", 50)] == [made]
    session.ws.commit([Write("setting", session.ws.new_id(), {"key": "country", "value": "AT"})], by="a", note="")
    assert pairs(session, "contact", 0) == []
    assert international("030 555 0142", "DE") == "+49305550142" == international("0049 30 5550142", "US")
    assert international("06 1234 5678", "it") == "+390612345678"
    assert international("(212) 555-0142", "us") == international("1 212 555 0142", "US") == "+12125550142"
    assert international("8 495 123 45 67", "ru") == "+74951234567"
    assert international("030 555", "") == international("030 555", "xx") == ""
    assert not same("+43 30 5550142", "+49 30 5550142")


def test_domains_count_unless_everybody_has_them(session: Session, put: Callable[..., str]) -> None:
    made = {
        put("company", name="Acme", domain="acme.example"),
        put("company", name="AC", website="https://www.acme.example/de"),
    }
    put("company", name="Shop", domain="gmail.com")
    put("company", name="Bakery", domain="gmail.com")
    assert pairs(session, "company") == [(made, 85, "domain")]


def test_numbers_in_names_tell_them_apart(session: Session, put: Callable[..., str]) -> None:
    for number in range(20):
        put("company", name=f"Branch office {number}")
    assert pairs(session, "company", 0) == []


def test_deals_of_one_name_are_the_same_only_for_one_company_and_while_both_are_open(
    session: Session, acme: dict[str, str], put: Callable[..., str], do: Callable[..., str]
) -> None:
    from tuicrm.crm.deals import win
    from tuicrm.crm.edit import add

    put("deal", name="Acme renewal", company=put("company", name="Other"))
    other = do(add(session, "deal", {"name": ["acme Renewal"], "company": ["Acme"]}))
    assert pairs(session, "deal") == [({acme["deal"], other}, 90, "name, company")]
    do(win(session, [session.ws.all("deal")[other]]))
    assert [one[1] for one in pairs(session, "deal")] == [60]


def test_the_fuller_one_is_offered_to_stay(session: Session, put: Callable[..., str]) -> None:
    put("company", name="Acme")
    full = put("company", name="ACME", city="Bonn", phone="123456")
    (found,) = duplicates(session, "company")
    assert found.keep == full


def test_what_is_called_different_is_not_listed_again_until_undone(session: Session, put: Callable[..., str]) -> None:
    one, other, third = (put("company", name=name) for name in ("Acme", "ACME", "Acme Ltd"))
    records = session.ws.all("company")
    session.commit(dismiss(session, "company", records[other], records[one]))
    assert sorted(sorted(ids) for ids, _, _ in pairs(session, "company")) == sorted(
        [sorted({one, third}), sorted({other, third})]
    )
    session.commit(undo(session))
    assert len(pairs(session, "company")) == 3
    with pytest.raises(Invalid, match="both name the same"):
        dismiss(session, "company", records[one], records[one])


def test_merged_ones_are_no_pair_and_an_edit_that_was_not_seen_makes_them_one_again(
    session: Session, put: Callable[..., str]
) -> None:
    one, other = put("company", name="Acme"), put("company", name="ACME")
    records = session.ws.all("company")
    session.commit(merge(session, "company", records[one], records[other]))
    assert pairs(session) == []
    session.ws.commit([Write("company", other, {"phone": "7"})], by="bob", note="")
    (found,) = duplicates(session)
    assert (found.keep, found.gone, found.late, found.reason) == (one, other, ("phone",), "edited since: phone")


def test_products_are_not_compared(session: Session) -> None:
    with pytest.raises(Invalid, match="products are not compared"):
        duplicates(session, "product")


@given(st.lists(st.text("abc1", min_size=6, max_size=9), max_size=12, unique=True))
def test_every_slip_of_a_finger_is_found_among_a_few(names: list[str]) -> None:
    from itertools import combinations

    wanted = {
        (one, other)
        for one, other in combinations(sorted(names), 2)
        if one_slip(one, other) and [x for x in one if x.isdigit()] == [x for x in other if x.isdigit()]
    }
    found = set(near(names))
    assert found <= {(one, other) for one, other in combinations(sorted(names), 2) if one_slip(one, other)}
    if len(names) <= 5:
        assert wanted <= found


def test_ten_times_the_contacts_take_at_most_twelve_times_as_long(fresh: Callable[[], Session]) -> None:
    """As a command sees it: the workspace is opened, read, and looked through."""
    sessions = {count: fresh() for count in (1_000, 10_000)}
    for count, session in sessions.items():
        crowd(session, count)
        session.ws.checkpoint()
    least = took(sessions)
    assert least[10_000] <= 12 * least[1_000], least
    for session in sessions.values():
        session.ws.close()
