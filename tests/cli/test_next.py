"""`tuicrm next`: what scripts see, and what nonsense gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


@pytest.fixture
def busy(shell: Shell) -> Shell:
    """A rep with a late call about a deal, and a deal without a next step."""
    shell.ok("deal", "add", "Acme renewal", "--value", "12k")
    shell.ok("followup", "add", "call Jane", "--due", "2026-10-05", "--deal", "Acme renewal")
    shell.ok("deal", "add", "Orbis", "--value", "3k")
    return shell


def test_each_line_says_what_why_and_how(busy: Shell) -> None:
    first = busy.ok("next").splitlines()[:3]
    assert first[0].endswith(" call Jane")
    assert first[1].strip() == "late 3 days; Acme renewal 12k at 10 %"
    assert first[2].strip().startswith("tuicrm log call TEXT --followup ")
    assert "plan the next step of Orbis" in busy.out


def test_the_command_that_it_names_does_it(busy: Shell) -> None:
    (first,) = busy.json("next", "--limit", "1")
    assert (first["reason"], first["kind"], first["value"], first["chance"]) == ("late", "followup", "12000.00", 10)
    assert first["reasons"] == ["late 3 days", "Acme renewal 12k at 10 %"]
    assert busy.json("deal", "show", first["deal"])["name"] == "Acme renewal"
    words = first["do"].split()[1:]
    busy.ok(*("Reached her" if one == "TEXT" else one for one in words))
    after = busy.json("next")
    assert [(one["reason"], one["kind"]) for one in after] == [("no_next", "deal")] * 2
    plan = [{"TEXT": "write", "WHEN": "tomorrow"}.get(one, one) for one in after[0]["do"].split()[1:]]
    busy.ok(*plan)
    assert len(busy.json("next")) == 1


def test_a_dismissed_one_stays_away_and_undo_brings_it_back(busy: Shell) -> None:
    busy.ok("next", "--dismiss", "Orbis", "--until", "next monday")
    assert "not before 2026-10-12" in busy.err
    assert "Orbis" not in busy.ok("next")
    assert "Orbis" in busy.ok("next", "--dismissed")
    busy.ok("undo")
    assert "Orbis" in busy.ok("next")
    busy.ok("next", "--dismiss", busy.json("next")[-1]["id"])
    assert "Orbis" not in busy.ok("next")
    busy.ok("deal", "edit", "Orbis", "--value", "4k")
    assert "Orbis" in busy.ok("next")
    busy.ok("next", "--dismiss", "Orbis")
    busy.ok("next", "--restore")
    assert "brought back 1" in busy.err
    assert "Orbis" in busy.ok("next")


def test_it_explains_its_scores(busy: Shell) -> None:
    busy.ok("config", "set", "next_weights", "late 7")
    told = busy.ok("next", "--explain", "--kind", "late")
    assert "late 7 x urgency 1.43 x worth 1.00 x chance 10 (12k at 10 %)" in told
    assert "late 7: late follow-ups" in told
    assert busy.json("next")[0]["weight"] == 7


def test_other_peoples_lists(busy: Shell) -> None:
    busy.ok("user", "add", "Bob Ray", "--handle", "bob")
    busy.ok("deal", "add", "Bobs", "--owner", "bob")
    assert "Bobs" not in busy.ok("next")
    assert [one["say"] for one in busy.json("next", "--user", "bob")] == ["plan the next step of Bobs"]
    assert len(busy.json("next", "--all")) == 3


def test_nonsense_gets_a_clear_sentence(busy: Shell) -> None:
    assert busy.run("next", "--kind", "lat") == 5
    assert "there is no reason 'lat'; there are late, today" in busy.err
    assert busy.run("next", "--user", "nobody") == 3
    assert busy.run("next", "--dismiss", "nobody") == 3
    assert busy.run("next", "--dismiss", "") == 3
    assert busy.run("next", "--dismiss", "Orbis", "--until", "yesterday") == 5
    assert busy.run("next", "--until", "tomorrow") == 2
    assert busy.run("next", "--user", "me", "--all") == 2
    assert busy.run("next", "--limit", "-1") == 2
    assert busy.json("next", "--limit", "0") == []
    assert len(busy.ok("next", "--format", "jsonl").splitlines()) == 2


def test_without_anything_to_do_it_says_so(shell: Shell) -> None:
    assert shell.ok("next") == ""
    assert "nothing waits" in shell.err
    assert shell.json("next") == []


def test_a_suggestion_is_named_by_what_its_line_says(busy: Shell) -> None:
    busy.ok("next", "--dismiss", "next step of orbis")
    assert "Orbis" not in busy.ok("next")


def test_a_step_that_was_written_down_without_a_day_is_named(busy: Shell) -> None:
    busy.ok("deal", "edit", "Orbis", "--next-step", "send the draft")
    assert "no day for: send the draft" in busy.ok("next")
