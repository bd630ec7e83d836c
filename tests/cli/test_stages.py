"""Stages that ask for something, by commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Shell


def test_a_gate_is_set_met_and_shown_by_commands(stocked: Shell) -> None:
    edit = ("pipeline", "edit", "Sales", "--stage", "proposal")
    stocked.ok(*edit, "--requires", "source", "--activities", "meeting", "--check", "decision maker named")
    shown = stocked.ok("pipeline", "show", "Sales")
    assert "source, a meeting, [decision maker named]" in shown
    stocked.ok("deal", "move", "Acme renewal", "demo")
    assert "Proposal: source, a meeting, decision maker named" in stocked.ok("deal", "show", "Acme renewal")
    found = stocked.error("deal", "move", "Acme renewal", "proposal")
    assert found["exit"] == 5
    assert "source, a meeting and decision maker named" in found["message"]
    assert stocked.json("deal", "show", "Acme renewal")["stage"] == "demo"
    stocked.ok("deal", "check", "Acme renewal", "decision")
    assert "[x] decision maker named  (Proposal; ann 2026-10-08)" in stocked.ok("deal", "check", "Acme renewal")
    assert "decision maker named" in stocked.ok("deal", "list", "--columns", "name,checks")
    stocked.ok("deal", "move", "Acme renewal", "proposal", "--source", "fair", "--log", "meeting: kick-off")
    deal = stocked.json("deal", "show", "Acme renewal")
    assert (deal["stage"], deal["source"], deal["needs"]) == ("proposal", "fair", None)
    stocked.ok("undo")
    deal = stocked.json("deal", "show", "Acme renewal")
    assert (deal["stage"], deal["source"]) == ("demo", None)
    assert deal["needs"] == "Proposal: source, a meeting"
    stocked.ok("deal", "check", "Acme renewal", "decision", "--off")
    assert "[ ] decision maker named" in stocked.ok("deal", "check", "Acme renewal")


def test_going_back_and_going_on_without_are_told_by_the_history(stocked: Shell) -> None:
    stocked.ok("pipeline", "edit", "Sales", "--back-reasons", "budget gone, contact left")
    stocked.ok("pipeline", "edit", "Sales", "--stage", "demo", "--check", "need clear")
    stocked.ok("deal", "move", "Acme renewal", "demo", "--force")
    found = stocked.error("deal", "move", "Acme renewal", "lead")
    assert found["exit"] == 5
    assert "--reason" in found["hint"]
    stocked.ok("deal", "move", "Acme renewal", "lead", "--reason", "contact left")
    told = stocked.ok("history", "Acme renewal")
    assert "Lead > Demo (without need clear)" in told
    assert "Demo > Lead (contact left)" in told
    stocked.ok("config", "set", "stage_force", "no")
    assert stocked.run("deal", "move", "Acme renewal", "demo", "--force") == 5


def test_removing_says_where_deals_go(stocked: Shell) -> None:
    found = stocked.error("pipeline", "edit", "Sales", "--remove", "lead")
    assert (found["exit"], found["hint"]) == (5, "name the stage that they go to: --to STAGE")
    stocked.ok("pipeline", "add", "Old", "--stage", "Due")
    stocked.ok("deal", "add", "Renewal", "--pipeline", "Old")
    assert stocked.run("pipeline", "rm", "Old") == 5
    stocked.ok("pipeline", "rm", "Old", "--to", "Sales: demo")
    assert stocked.json("deal", "show", "Renewal")["stage"] == "demo"
    stocked.ok("undo")
    assert stocked.json("deal", "show", "Renewal")["pipeline_name"] == "Old"


def test_nonsense_is_told_in_one_sentence(stocked: Shell) -> None:
    assert stocked.run("pipeline", "edit", "Sales", "--check", "x", "--add", "Y") == 2
    assert stocked.run("pipeline", "edit", "Sales", "--stage", "demo", "--activities", "dance") == 5
    assert stocked.run("pipeline", "edit", "Sales", "--stage", "demo", "--uncheck", "x") == 3
    assert stocked.run("deal", "move", "Acme renewal", "demo", "--log", "dance") == 5
    assert stocked.run("deal", "move", "Acme renewal", "demo", "--check", "nothing such") == 3
    assert stocked.run("deal", "check", "Acme renewal", "x") == 3
    assert stocked.json("deal", "show", "Acme renewal")["stage"] == "lead"


def test_an_import_tells_what_happened_elsewhere_and_is_asked_for_nothing_but_fields(stocked: Shell) -> None:
    stocked.ok("pipeline", "edit", "Sales", "--stage", "proposal", "--check", "need clear", "--activities", "meeting")
    stocked.ok("pipeline", "edit", "Sales", "--back-reasons", "budget gone")
    stocked.ok("deal", "edit", "Acme renewal", "--external-id", "X1")
    (stocked.folder / "deals.csv").write_text("external_id,stage\nX1,Proposal\n", encoding="utf-8")
    stocked.ok("import", "deals.csv", "--as", "deal", "--update")
    assert stocked.json("deal", "show", "Acme renewal")["stage"] == "proposal"
    (stocked.folder / "deals.csv").write_text("external_id,stage\nX1,Demo\n", encoding="utf-8")
    stocked.ok("import", "deals.csv", "--as", "deal", "--update")
    assert stocked.json("deal", "show", "Acme renewal")["stage"] == "demo"


def test_the_hint_names_options_that_there_are(stocked: Shell) -> None:
    stocked.ok("field", "add", "region", "--of", "deal")
    stocked.ok("pipeline", "edit", "Sales", "--stage", "demo", "--requires", "contacts,tags,region,items,next_step")
    stocked.ok("pipeline", "edit", "Sales", "--stage", "lost", "--requires", "lost_reason")
    stocked.ok("product", "add", "Plan")
    hint = stocked.error("deal", "move", "Acme renewal", "demo")["hint"]
    for option, value in (
        ("--contact", "Jane Roe"),
        ("--tag", "hot"),
        ("--set region=VALUE", "region=emea"),
        ("--product", "Plan"),
        ("--next-step", "send it"),
    ):
        assert f" {option}" in hint
        stocked.ok("deal", "move", "Acme renewal", "demo", "--force", option.split()[0], value)
        stocked.ok("undo")
    assert stocked.error("deal", "move", "Acme renewal", "lost")["hint"].startswith(
        "give it along with tuicrm deal lose: --reason;"
    )
    stocked.ok("deal", "lose", "Acme renewal", "--reason", "price")


def test_a_move_that_was_taken_back_does_not_look_as_if_it_had_stayed(
    stocked: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (("deal", "move", "Acme renewal", "proposal"), ("deal", "move", "Acme renewal", "demo"), ("undo",))
    for second, words in enumerate(steps, start=10):
        monkeypatch.setenv("TUICRM_NOW", f"2026-10-08T09:00:{second}Z")
        stocked.ok(*words)
    told = [one["text"] for one in stocked.json("history", "Acme renewal") if one["text"].startswith("stage:")]
    assert told == ["stage: Demo > Proposal", "stage: Proposal > Demo", "stage: Lead > Proposal"]
