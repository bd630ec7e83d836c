"""A stage under another name, and one that is removed: what speaks of it goes on meaning it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .conftest import Shell


def name(shell: Shell, stage: str, to: str) -> None:
    shell.ok("pipeline", "edit", "Sales", "--stage", stage, "--name", to)


def found(shell: Shell, where: str) -> list[str]:
    return [one["name"] for one in shell.json("deal", "list", "--where", where)]


def rules(shell: Shell) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in shell.json("rule", "list")}


@pytest.fixture
def trial(stocked: Shell) -> Shell:
    """Acme renewal stands in Demo, which is called Trial."""
    stocked.ok("deal", "move", "Acme renewal", "demo")
    name(stocked, "Demo", "Trial")
    return stocked


def test_what_speaks_of_a_stage_says_its_other_name_and_means_it(trial: Shell) -> None:
    trial.ok("view", "add", "On trial", "--of", "deal", "--where", "value>1 (stage:Trial or -stage>=tri)")
    trial.ok("rule", "add", "Raise", "--when", "value changed", "--if", "stage:Trial", "--do", "tag raised")
    trial.ok("rule", "add", "Back", "--when", "owner changed", "--do", "set stage=Trial")
    trial.ok("rule", "add", "In", "--when", "stage Trial", "--do", "tag in")
    name(trial, "Trial", "Proof of concept")
    assert "2 rules and 1 view say Proof of concept now" in trial.err
    held = rules(trial)
    assert held["Raise"]["if"] == 'stage:"Proof of concept"'
    assert held["Back"]["do"] == ["set stage=Proof of concept"]
    assert held["In"]["when"] == "stage Proof of concept"
    (view,) = (one for one in trial.json("view", "list") if one["name"] == "On trial")
    assert view["where"] == 'value>1 (stage:"Proof of concept" or -stage>="Proof of concept")'
    trial.ok("deal", "edit", "Acme renewal", "--value", "13k")
    assert trial.json("deal", "show", "Acme renewal")["tags"] == ["raised"]
    trial.ok("undo")
    trial.ok("undo")
    assert rules(trial)["Raise"]["if"] == "stage:Trial"
    assert found(trial, "stage:Trial") == ["Acme renewal"]


def test_a_name_that_a_stage_once_had_still_finds_it(trial: Shell) -> None:
    name(trial, "Trial", "Proof of concept")
    assert found(trial, "stage:Trial") == found(trial, "stage:demo") == ["Acme renewal"]
    trial.ok("deal", "move", "Acme renewal", "lead")
    trial.ok("deal", "move", "Acme renewal", "trial")
    assert trial.json("deal", "show", "Acme renewal")["stage"] == "demo"
    # Until another stage is called so.
    trial.ok("pipeline", "edit", "Sales", "--add", "Trial 40%")
    assert found(trial, "stage:Trial") == []
    trial.ok("deal", "move", "Acme renewal", "Trial")
    assert found(trial, "stage:Trial") == ["Acme renewal"]
    trial.ok("pipeline", "edit", "Sales", "--add", "Demo 41%")
    trial.ok("deal", "move", "Acme renewal", "Demo")
    assert (found(trial, "stage:Demo"), found(trial, 'stage:"Proof of concept"')) == (["Acme renewal"], [])


def test_filters_follow_the_deals_of_a_removed_stage_and_rules_that_wait_for_it_are_named(trial: Shell) -> None:
    trial.ok("view", "add", "On trial", "--of", "deal", "--where", "stage:Trial")
    trial.ok("rule", "add", "Raise", "--when", "value changed", "--if", "stage:Trial", "--do", "tag raised")
    trial.ok("rule", "add", "In", "--when", "stage Trial", "--do", "tag in")
    trial.ok("pipeline", "edit", "Sales", "--remove", "Trial", "--to", "proposal")
    assert 'In waits for a stage that is there no longer: tuicrm rule edit "In" --when' in trial.err
    assert trial.json("deal", "list", "--view", "On trial")[0]["name"] == "Acme renewal"
    assert rules(trial)["Raise"]["problem"] == ""
    assert rules(trial)["In"]["problem"] == "stage: Trial was removed, and its deals went to Proposal"


def test_a_rule_that_went_wrong_can_be_turned_off(trial: Shell) -> None:
    trial.ok("field", "add", "region", "--of", "deal")
    trial.ok("rule", "add", "Far", "--when", "deal created", "--if", "region:emea", "--do", "tag far")
    trial.ok("field", "rm", "region")
    assert rules(trial)["Far"]["problem"]
    assert trial.run("rule", "edit", "Far", "--on") == 5
    trial.ok("rule", "edit", "Far", "--off")
    assert not rules(trial)["Far"]["active"]


def test_two_stages_of_one_name_are_told_apart_by_their_pipeline(stocked: Shell) -> None:
    stocked.ok("pipeline", "add", "Renewals", "--stage", "Offer 50%")
    stocked.ok("pipeline", "edit", "Renewals", "--stage", "offer", "--name", "Proposal")
    asked = stocked.error("rule", "add", "P", "--when", "stage Proposal", "--do", "tag p")
    assert (asked["exit"], "Sales: Proposal or Renewals: Proposal" in asked["message"]) == (5, True)
    stocked.ok("rule", "add", "P", "--when", "stage Renewals: Proposal", "--do", "tag p")
    assert rules(stocked)["P"]["when"] == "stage Renewals: Proposal"
    stocked.ok("deal", "add", "Again", "--pipeline", "Renewals", "--stage", "Proposal")
    assert stocked.json("deal", "show", "Again")["tags"] == ["p"]


def test_a_pipeline_is_renamed_in_what_speaks_of_it(stocked: Shell) -> None:
    stocked.ok("pipeline", "add", "Renewals", "--stage", "Due 20%")
    stocked.ok("rule", "add", "R", "--when", "value changed", "--if", "pipeline:renewals", "--do", "tag again")
    stocked.ok("view", "add", "Mine", "--of", "deal", "--where", "-pipeline:Renewals owner:me")
    stocked.ok("deal", "add", "Next year", "--pipeline", "Renewals", "--value", "1k")
    stocked.ok("pipeline", "rename", "Renewals", "Going on")
    assert "1 rule and 1 view say Going on now" in stocked.err
    stocked.ok("deal", "edit", "Next year", "--value", "2k")
    assert stocked.json("deal", "show", "Next year")["tags"] == ["again"]
    (view,) = (one for one in stocked.json("view", "list") if one["name"] == "Mine")
    assert view["where"] == '-pipeline:"Going on" owner:me'
