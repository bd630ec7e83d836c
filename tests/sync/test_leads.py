"""Leads on two clones: converted at once they become one customer, and statuses and rules merge by field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import settle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.repos import Clone, Team


def two(team: Team) -> tuple[Clone, Clone, str]:
    ann, bob = team.clones("ann", "bob")
    ann.ok("lead", "add", "Jane Roe", "--company-name", "Acme", "--email", "jane@acme.example", "--tag", "hot")
    (jane,) = ann.records("lead")
    ann.ok("log", "call", "hello", "--lead", jane, "--next", "call in 3 days")
    settle(ann, bob)
    return ann, bob, jane


def test_converted_on_both_at_once_it_is_one_contact_one_company_and_one_deal(team: Team) -> None:
    ann, bob, jane = two(team)
    ann.ok("lead", "convert", jane, "--value", "12k", "--deal", "Pilot")
    bob.ok("lead", "convert", jane, "--close", "2026-12-31", "--deal", "Acme renewal")
    settle(ann, bob)
    for one in (ann, bob):
        found = one.get("lead", jane)
        for kind in ("contact", "company", "deal"):
            assert list(one.records(kind)) == [found[kind]]
        deal = one.get("deal", found["deal"])
        assert (deal["value"], deal["expected_close"]) == ("12000.00", "2026-12-31")
        assert deal["contacts"] == [found["contact"]]
        assert {entry["deal"] for entry in one.records("activity").values()} == {deal["id"]}
        assert {entry["deal"] for entry in one.records("followup").values()} == {deal["id"]}
        # Of two names one is shown, the same everywhere; the other is not lost.
        lost = [row["lost"] for row in one.json("conflict", "list") if row["field"] == "name"]
        assert {deal["name"], *lost} == {"Pilot", "Acme renewal"}
    assert (
        ann.get("deal", ann.get("lead", jane)["deal"])["name"] == bob.get("deal", bob.get("lead", jane)["deal"])["name"]
    )


def test_a_mail_that_two_people_take_is_taken_once(team: Team, tmp_path: Path) -> None:
    ann, bob, _ = two(team)
    mail = tmp_path / "mail.eml"
    mail.write_text(
        "From: Zoe Ox <zoe@ox.example>\nTo: sales@us.example\nDate: Tue, 6 Oct 2026 15:04:00 +0200\n"
        "Message-ID: <one@ox.example>\nSubject: Prices\n\nWhat do ten cost?\n"
    )
    for one in (ann, bob):
        one.ok("intake", str(mail))
    settle(ann, bob)
    for one in (ann, bob):
        assert sorted(lead["name"] for lead in one.records("lead").values()) == ["Jane Roe", "Zoe Ox"]
        assert sorted(each["type"] for each in one.records("activity").values()) == ["call", "email", "touch"]
        assert one.json("conflict", "list") == []
        assert one.json("intake", str(mail))["again"] == 1


def test_what_is_logged_here_while_the_lead_is_converted_there_goes_along(team: Team) -> None:
    ann, bob, jane = two(team)
    ann.ok("lead", "convert", jane)
    bob.ok("log", "call", "Prices", "--lead", jane, "--next", "call in 2 days")
    settle(ann, bob)
    found = ann.get("lead", jane)
    for kind in ("contact", "deal", "company"):
        told = [row["text"] for row in bob.json("history", found[kind], "--kind", kind)]
        assert any("Prices" in text for text in told), kind
    for one in (ann, bob):
        one.ok("run")
    settle(ann, bob)
    for one in (ann, bob):
        (call,) = [each for each in one.records("activity").values() if each.get("subject") == "Prices"]
        assert (call["contacts"], call["deal"], call["company"]) == (
            [found["contact"]],
            found["deal"],
            found["company"],
        )
        assert {each["deal"] for each in one.records("followup").values()} == {found["deal"]}
        assert one.json("conflict", "list") == []
        assert one.json("run") == []


def test_a_conversion_that_was_undone_and_is_done_again_on_both_is_one_customer(team: Team) -> None:
    ann, bob, jane = two(team)
    ann.ok("lead", "convert", jane, "--value", "12k", "--deal", "Pilot")
    ann.ok("undo")
    ann.ok("lead", "convert", jane, "--deal", "Second")
    bob.ok("lead", "convert", jane, "--deal", "Third")
    settle(ann, bob)
    ann.ok("lead", "reopen", jane)
    for kind in ("deal", "contact", "company"):
        ann.ok(kind, "rm", *ann.records(kind))
    settle(ann, bob)
    ann.ok("lead", "convert", jane)
    bob.ok("lead", "convert", jane)
    settle(ann, bob)
    for one in (ann, bob):
        found = one.get("lead", jane)
        for kind in ("contact", "company", "deal"):
            assert list(one.records(kind)) == [found[kind]]
        deal = one.get("deal", found["deal"])
        assert (deal["name"], "value" in deal, "tags" in deal) == ("Acme", False, True)


def test_into_a_new_and_into_a_known_contact_the_lead_points_at_one_and_the_pair_is_listed(team: Team) -> None:
    ann, bob, jane = two(team)
    ann.ok("lead", "convert", jane)
    bob.ok("contact", "add", "Jane Roe", "--email", "jane@acme.example")
    bob.ok("lead", "convert", jane, "--no-deal")
    settle(ann, bob)
    for one in (ann, bob):
        found = one.get("lead", jane)
        assert found["contact"] in one.records("contact")
        assert len(one.records("contact")) == 2
        assert len(one.records("deal")) == 1
        assert "Jane Roe" in one.ok("duplicate", "list", "contact")
    assert ann.get("lead", jane) == bob.get("lead", jane)


def test_converted_here_and_disqualified_there_the_customer_stays(team: Team) -> None:
    ann, bob, jane = two(team)
    ann.ok("lead", "convert", jane)
    bob.ok("lead", "disqualify", jane, "--reason", "no budget")
    settle(ann, bob)
    for one in (ann, bob):
        found = one.get("lead", jane)
        assert found["converted_at"]
        assert found["deal"] in one.records("deal")
        assert one.json("lead", "triage") == []
        assert [row["field"] for row in one.json("conflict", "list") if row["kind"] == "lead"]


def test_a_status_edited_on_both_keeps_what_each_wrote(team: Team) -> None:
    ann, bob, jane = two(team)
    ann.ok("lead", "status", "edit", "working", "--criteria", "They called back")
    bob.ok("lead", "status", "rename", "working", "In touch")
    bob.ok("lead", "status", "set", "In touch", jane)
    settle(ann, bob)
    for one in (ann, bob):
        (working,) = [row for row in one.json("lead", "status", "list") if row["key"] == "working"]
        assert (working["name"], working["criteria"], working["leads"]) == ("In touch", "They called back", 1)
