"""What is checked where it is typed, how complete records are, and what is to be fixed first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.activities import log
from tuicrm.crm.agenda import agenda
from tuicrm.crm.config import set_value
from tuicrm.crm.edit import add, edit
from tuicrm.crm.freshness import bounced, stale, verify
from tuicrm.crm.listing import select
from tuicrm.crm.quality import CHECKS, quality
from tuicrm.crm.rows import cells, flat
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

    Do = Callable[[Plan], str]
    Put = Callable[..., str]


def found(session: Session, check: str) -> list[tuple[str, str]]:
    """Return (name, fix) of what a check finds."""
    return [(one.name, one.fix) for one in quality(session).findings if one.check == check]


def test_what_can_never_be_right_is_refused_and_the_rest_is_kept_and_said(session: Session) -> None:
    with pytest.raises(Invalid) as problem:
        add(session, "company", {"name": ["Acme"], "website": ["acme example"]})
    assert problem.value.field == "website"
    plan = add(session, "company", {"name": ["Acme"], "country": ["Atlantis"], "website": ["acme"]})
    assert [one.partition(":")[0] for one in plan.said] == ["country", "website"]


def test_values_from_before_the_checks_are_read_listed_and_kept(session: Session, put: Put) -> None:
    key = put("company", name="Old", website="no such place", country="Atlantis", domain="a b", phone="none")
    record = session.ws.get("company", key) or {}
    assert flat(session, "company", record)["website"] == "no such place"
    assert cells(session, "company", record, ["country", "phone"]) == ["Atlantis", "none"]
    session.commit(edit(session, "company", [record], {"city": ["Berlin"]}))
    assert (session.ws.get("company", key) or {})["website"] == "no such place"
    from tuicrm.crm.checkup import findings

    assert not [one for one in findings(session) if one.id == key]
    assert len(found(session, "questionable")) == 4


def test_completeness_is_listed_filtered_and_sorted(session: Session, do: Do) -> None:
    do(add(session, "company", {"name": ["Bare"]}))
    do(add(session, "company", {"name": ["Half"], "domain": ["half.example"], "city": ["Bonn"], "country": ["de"]}))
    assert [one["name"] for one in select(session, "company", where="completeness<50")] == ["Bare"]
    half = select(session, "company", where="completeness>50")[0]
    assert cells(session, "company", half, ["completeness"]) == ["60"]
    assert flat(session, "company", half, full=True)["completeness"] == 60
    assert [one["name"] for one in select(session, "company", sort="-completeness")] == ["Half", "Bare"]


def test_a_team_s_own_required_field_counts(session: Session, do: Do, put: Put) -> None:
    from tuicrm.crm.fields import add as add_field

    key = put("company", name="Full", domain="f.example", phone="123456", industry="x", city="y", country="Spain")

    def read() -> object:
        return flat(session, "company", session.ws.get("company", key) or {}, full=True)["completeness"]

    assert read() == 100
    do(add_field(session, "region", of="company", required=True))
    assert read() == 83


def test_the_most_urgent_comes_first_with_the_command_that_mends_it(
    session: Session, acme: dict[str, str], do: Do, put: Put
) -> None:
    do(bounced(session, [session.ws.get("contact", acme["contact"]) or {}]))
    put("contact", name="No Address")
    put("deal", name="Loose", stage="lead", value="1")
    put("company", name="Odd", domain="odd")
    checks = [one.check for one in quality(session).findings]
    assert checks == sorted(checks, key=list(CHECKS).index)
    first = quality(session).findings[0]
    assert (first.check, first.name, first.why) == (
        "unreachable",
        "Jane Roe",
        "bounced: e-mails come back, 1 open deal",
    )
    assert first.fix == f"tuicrm contact edit {first.id[-4:]} --email ADDRESS --status active"
    assert [name for name, _ in found(session, "no_address")] == ["No Address"]
    assert ["--company" in fix for name, fix in found(session, "deal_gap") if name == "Loose"] == [True, False]


def test_the_score_is_the_share_with_nothing_to_fix_by_owner_too(session: Session, do: Do, put: Put) -> None:
    bob = next(key for key, one in session.ws.all("user").items() if one["handle"] == "bob")
    good = {"emails": {"a@b.example": {"rank": 1}}, "phones": {"+4930123456": {"rank": 1}}, "title": "x"}
    put("contact", name="Fine", owner=session.me, company="x", **good)
    put("contact", name="Empty", owner=bob)
    whole = quality(session)
    assert (whole.whole.records, whole.whole.to_fix, whole.whole.score) == (2, 1, 50)
    assert {one.owner: one.score for one in whole.owners} == {session.me: 100, bob: 0}
    only = quality(session, "contact", frozenset({bob}))
    assert (only.whole.records, {one.name for one in only.findings}) == (1, {"Empty"})
    with pytest.raises(Invalid):
        quality(session, "product")


def test_who_was_not_looked_at_for_long_is_asked_about_until_verified(
    session: Session, do: Do, put: Put, acme: dict[str, str]
) -> None:
    old = put("contact", days_ago=400, name="Old", owner=session.me)
    put("contact", days_ago=400, name="Nobody's")
    put("contact", days_ago=400, name="Gone", owner=session.me, status="left")
    put("contact", days_ago=400, name="Refusing", owner=session.me, do_not_contact=True)
    talked = put("contact", days_ago=400, name="Talked", owner=session.me)
    do(log(session, "call", "hello", contacts=["Talked"]))
    assert [one.id for one in stale(session)] == [old]
    assert talked not in [one.id for one in agenda(session).still_right]
    assert [one.title for one in agenda(session).still_right] == ["Old"]
    do(set_value(session, "stale_days", "401"))
    assert stale(session) == []
    do(set_value(session, "stale_days", ""))
    do(verify(session, [session.ws.get("contact", old) or {}]))
    assert stale(session) == []
    assert agenda(session).still_right == []


def test_people_with_open_deals_are_asked_about_first_and_only_a_few(session: Session, put: Put) -> None:
    for number in range(8):
        put("contact", days_ago=500 + number, name=f"Old {number}", owner=session.me)
    buyer = put("contact", days_ago=300, name="Buyer")
    put("deal", name="Big", stage="lead", contacts=[buyer], owner=session.me)
    today = agenda(session)
    assert (len(today.still_right), today.stale) == (5, 9)
    assert [one.title for one in today.still_right[:2]] == ["Buyer", "Old 7"]


def test_logging_warns_gently_of_who_cannot_be_reached(session: Session, acme: dict[str, str], do: Do) -> None:
    jane = session.ws.get("contact", acme["contact"]) or {}
    do(bounced(session, [jane]))
    assert any("bounced" in one for one in log(session, "email", "hi", contacts=["Jane"]).said)
    assert not any("bounced" in one for one in log(session, "call", "hi", contacts=["Jane"]).said)
    plan = verify(session, [session.ws.get("contact", acme["contact"]) or {}])
    assert any("still marked as bounced" in one for one in plan.said)


def test_the_company_follows_from_the_address_but_never_from_a_free_provider(session: Session, do: Do) -> None:
    acme = do(add(session, "company", {"name": ["Acme"], "domain": ["https://www.acme.example/"]}))
    do(add(session, "company", {"name": ["Mailers"], "domain": ["gmail.com"]}))

    def company(**typed: str) -> str | None:
        plan = add(session, "contact", {"name": ["Max"], **{name: [text] for name, text in typed.items()}})
        return plan.changes[0].fields.get("company")  # type: ignore[union-attr]

    assert company(email="max@acme.example") == acme
    assert company(email="max@gmail.com") is None
    assert company(email="max@acme.example", company="Mailers") != acme
    do(add(session, "company", {"name": ["Acme Two"], "domain": ["acme.example"]}))
    assert company(email="max@acme.example") is None
