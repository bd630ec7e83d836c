"""`tuicrm lead ...`: what scripts see, and what nonsense gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


def test_statuses_are_listed_with_their_criteria(shell: Shell) -> None:
    shell.ok("lead", "add", "Jane")
    assert "Nobody has talked to them yet." in shell.ok("lead", "status", "list")
    shell.ok("lead", "status", "add", "Meeting set", "--criteria", "A date is agreed", "--after", "working")
    found = shell.json("lead", "status", "list")
    assert [one["key"] for one in found] == ["new", "working", "meeting_set", "qualified", "unqualified"]
    assert found[0]["leads"] == 1
    shell.ok("lead", "edit", "Jane", "--status", "meet")
    assert shell.json("lead", "show", "Jane")["status"] == "meeting_set"
    assert "Meeting set" in shell.ok("lead", "list")
    assert shell.run("lead", "status", "rm", "Meeting set") == 5
    assert "--to" in shell.err
    shell.ok("lead", "status", "rm", "Meeting set", "--to", "new")
    shell.ok("undo")
    assert shell.json("lead", "show", "Jane")["status"] == "meeting_set"


def test_what_a_lead_says_of_its_company_is_in_json(shell: Shell) -> None:
    shell.ok("lead", "add", "Jane", "--company-name", "Acme")
    assert shell.json("lead", "show", "Jane")["company_name"] == "Acme"
    assert [one["company_name"] for one in shell.json("lead", "list")] == ["Acme"]


def test_scores_are_explained(shell: Shell) -> None:
    shell.ok("lead", "score", "add", "country:de", "+10", "--label", "Our market")
    shell.ok("lead", "score", "add", "emails:gmail.com", "-5")
    shell.ok("lead", "add", "Jane", "--country", "Germany", "--email", "j@gmail.com")
    assert "score from" in shell.ok("lead", "show", "Jane")
    assert "5: +10 Our market, -5 emails:gmail.com" in shell.out
    (first,) = shell.json("lead", "triage")
    assert (first["score"], first["why"]) == (5, "5: +10 Our market, -5 emails:gmail.com")
    assert shell.json("lead", "score", "show", "Jane")[0] == {"points": 10, "why": "Our market"}
    shell.ok("lead", "score", "edit", "1", "--points", "30")
    shell.ok("lead", "score", "rm", "emails:gmail.com")
    assert [one["points"] for one in shell.json("lead", "score", "list")] == [30]
    assert shell.run("lead", "score", "rm", "7") == 3


def test_convert_finds_who_is_here_and_undo_takes_it_back(stocked: Shell) -> None:
    stocked.ok("lead", "add", "J. Roe", "--email", "jane@acme.example", "--source", "fair")
    stocked.ok("log", "call", "Hello", "--with", "J. Roe")
    assert "logged call with J. Roe" in stocked.err
    found = stocked.json("lead", "convert", "J. Roe", "--value", "9k")
    assert stocked.json("contact", "show", found["contact"])["name"] == "Jane Roe"
    assert stocked.json("deal", "show", found["deal"])["value"] == "9000.00"
    assert "J. Roe" not in stocked.ok("lead", "list")
    assert "qualified" in stocked.ok("lead", "list", "--all")
    assert "call" in stocked.ok("history", found["deal"])
    assert "converted: deal" in stocked.ok("history", "J. Roe", "--kind", "lead")
    stocked.ok("undo")
    assert "J. Roe" in stocked.ok("lead", "list")
    assert stocked.run("deal", "show", found["deal"]) == 3


def test_who_was_a_lead_is_the_contact_now(shell: Shell) -> None:
    shell.ok("lead", "add", "Jane Roe", "--company-name", "Acme")
    shell.ok("log", "call", "Asked for prices", "--lead", "Jane Roe")
    shell.ok("lead", "convert", "Jane Roe")
    assert "Asked for prices" in shell.ok("history", "Jane Roe")
    assert "converted" in shell.ok("history", "Jane Roe", "--kind", "lead")
    shell.ok("touch", "Jane Roe", "event", "Fair")
    assert "Fair" in shell.ok("history", "Jane Roe")


def test_a_lead_that_is_a_customer_already_is_told(stocked: Shell) -> None:
    stocked.ok("lead", "add", "J. R.", "--email", "Jane@acme.example")
    assert "the contact Jane Roe" in stocked.err
    assert "same e-mail" in stocked.err
    stocked.ok("lead", "add", "Jane Roe", "--company-name", "Another")
    assert "is here already" not in stocked.err


def test_a_conversion_is_one_line_of_the_history(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.ok("lead", "add", "Jane Roe", "--company-name", "Acme")
    shell.ok("lead", "convert", "Jane Roe", "--value", "5k")
    told = [one["text"] for one in shell.json("history", "Jane Roe", "--kind", "lead")]
    assert sorted(told) == ["added", "converted: deal Acme, contact Jane Roe, company Acme"]
    monkeypatch.setenv("TUICRM_NOW", "2026-10-08T10:00:00Z")
    shell.ok("undo")
    told = [one["text"] for one in shell.json("history", "Jane Roe")]
    assert sorted(told) == [
        "added",
        "converted: deal Acme, contact Jane Roe, company Acme",
        "no longer converted",
        "status: qualified > new",
    ]


def test_who_may_be_meant_is_listed(shell: Shell) -> None:
    for name in ("Acme GmbH", "Acme AG"):
        shell.ok("company", "add", name)
    shell.ok("lead", "add", "Jane Roe", "--company-name", "Acme")
    problem = shell.error("lead", "convert", "Jane")
    assert (problem["exit"], problem["code"], len(problem["candidates"])) == (4, "ambiguous", 2)
    shell.ok("lead", "qualify", "Jane", "--new-company")
    assert len(shell.json("company", "list")) == 3


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["convert", "Nobody"], 3),
        (["convert", "Jane", "--no-deal", "--value", "3"], 2),
        (["convert", "Jane", "--no-company", "--company", "X"], 2),
        (["convert", "Jane", "Tom", "--deal", "X"], 2),
        (["convert", "Jane", "--value", "much"], 5),
        (["convert", "Jane", "--stage", "Nowhere"], 3),
        (["snooze", "Jane", "--until", "whenever"], 5),
        (["snooze", "Jane", "--until", "yesterday"], 5),
        (["status", "set", "nonsense", "Jane"], 3),
        (["status", "add", " "], 5),
        (["status", "edit", "new"], 2),
        (["score", "add", "colour:red", "5"], 5),
        (["score", "add", "source:web", "lots"], 5),
        (["score", "edit", "1"], 2),
        (["list", "--where", "is:won"], 5),
    ],
)
def test_nonsense_gets_a_sentence_and_changes_nothing(shell: Shell, words: list[str], code: int) -> None:
    shell.ok("lead", "add", "Jane")
    shell.ok("lead", "add", "Tom")
    before = shell.json("lead", "list", "--all")
    assert shell.run("lead", *words) == code
    assert shell.err.strip()
    assert "Traceback" not in shell.err
    assert shell.json("lead", "list", "--all") == before
    assert shell.json("contact", "list") == shell.json("deal", "list") == []
