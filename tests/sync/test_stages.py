"""A pipeline edited on one clone while deals move on the other: both come to the same, and no deal is out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sync.repos import settle

if TYPE_CHECKING:
    from tests.sync.repos import Clone, Team


def columns(clone: Clone) -> dict[str, int]:
    """How many open deals each stage of the board has."""
    return {one["name"]: one["count"] for one in clone.json("board")["columns"] if one["count"]}


def stages(clone: Clone) -> dict[str, Any]:
    (pipeline,) = clone.records("pipeline").values()
    return dict(pipeline["stages"])


def test_a_stage_removed_on_one_clone_while_a_deal_moves_into_it_on_the_other(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    for name in ("Big", "Small"):
        ann.ok("deal", "add", name, "--stage", "qualified")
    settle(ann, bob)
    ann.ok("pipeline", "edit", "Sales", "--remove", "demo", "--to", "proposal")
    ann.ok("deal", "move", "Small", "proposal")
    bob.ok("deal", "move", "Big", "demo")
    bob.ok("pipeline", "edit", "Sales", "--stage", "demo", "--probability", "35")
    settle(ann, bob)
    for one in (ann, bob):
        assert columns(one) == {"Proposal": 2}
        assert [deal["name"] for deal in one.json("deal", "list", "--where", "stage:proposal", "--sort", "name")] == [
            "Big",
            "Small",
        ]
    bob.ok("deal", "move", "Big", "verbal")
    settle(ann, bob)
    for one in (ann, bob):
        assert columns(one) == {"Proposal": 1, "Verbal": 1}


def test_what_two_people_ask_for_and_tick_at_once_is_all_kept_without_a_conflict(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    bob.ok("user", "add", "Bob Ray", "--handle", "bob")
    ann.ok("pipeline", "edit", "Sales", "--stage", "proposal", "--check", "decision maker named")
    deal = ann.ok("deal", "add", "Big").strip()
    settle(ann, bob)
    ann.ok("pipeline", "edit", "Sales", "--stage", "proposal", "--check", "budget known", "--requires", "value")
    bob.ok("pipeline", "edit", "Sales", "--stage", "proposal", "--check", "legal ok", "--activities", "meeting")
    bob.ok("pipeline", "edit", "Sales", "--stage", "proposal", "--recheck", "decision", "buyer named")
    for one in (ann, bob):
        one.ok("deal", "check", "Big", "decision" if one is ann else "buyer")
    settle(ann, bob)
    for one in (ann, bob):
        asked = stages(one)["proposal"]
        assert sorted(box["text"] for box in asked["checks"].values()) == ["budget known", "buyer named", "legal ok"]
        assert (asked["requires"], list(asked["activities"])) == (["value"], ["meeting"])
        assert len(one.get("deal", deal)["checks"]["decision_maker_named"]) == 2
        assert one.json("conflict", "list") == []
        ran = one.run("deal", "move", "Big", "proposal")
        assert ran.code == 5
        assert "value, a meeting, budget known and legal ok" in ran.err


def test_a_stage_renamed_on_both_clones_is_found_by_either_name(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    ann.ok("deal", "add", "Big", "--stage", "demo")
    settle(ann, bob)
    for one, name in ((ann, "Trial"), (bob, "Test")):
        one.ok("pipeline", "edit", "Sales", "--stage", "demo", "--name", name)
        one.ok("view", "add", name, "--of", "deal", "--where", f"stage:{name}")
        one.ok("rule", "add", name, "--when", "value changed", "--if", f"stage:{name}", "--do", f"tag {name}")
    settle(ann, bob)
    bob.ok("deal", "edit", "Big", "--value", "12k")
    settle(ann, bob)
    for one in (ann, bob):
        for name in ("Trial", "Test", "demo"):
            assert [deal["name"] for deal in one.json("deal", "list", "--where", f"stage:{name}")] == ["Big"]
        assert one.json("deal", "show", "Big")["tags"] == ["Test", "Trial"]
        assert [rule["problem"] for rule in one.json("rule", "list")] == ["", ""]
