"""Rules that run on two clones: one record each, the same on both, and what somebody took back stays so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import DAY, settle

if TYPE_CHECKING:
    from tests.sync.repos import Clone, Team

QUIET = ("rule", "add", "Quiet", "--when", "no activity for 14 days")
DOES = (
    "followup call in 2 days",
    "tag cold",
    "assign round robin ann, bob",
    "set category=omitted",
    "notify ann: look",
)


def two(team: Team, *does: str) -> tuple[Clone, Clone]:
    """Two clones three weeks after a deal was made, with a rule about silence."""
    ann = team.start("ann")
    ann.ok("user", "add", "Bob Ray", "--handle", "bob")
    ann.ok("deal", "add", "Acme renewal", "--value", "12k")
    ann.ok("deal", "add", "Other", "--value", "1k")
    ann.ok(*QUIET, *(word for text in does for word in ("--do", text)))
    ann.sync()
    bob = team.join("bob")
    ann.skew_ms = bob.skew_ms = 21 * DAY
    return ann, bob


def test_the_same_rule_on_two_clones_does_the_work_once(team: Team) -> None:
    ann, bob = two(team, *DOES)
    ann.ok("run")
    bob.skew_ms += 2 * DAY
    bob.ok("run")
    settle(ann, bob)
    assert ann.hash() == bob.hash()
    for clone in (ann, bob):
        assert sorted(one["subject"] for one in clone.records("followup").values()) == ["call", "call", "look", "look"]
        entries = [one for one in clone.records("activity").values() if one["type"] == "rule"]
        assert len(entries) == 2
        moves = [one for one in clone.records("activity").values() if one.get("field") == "owner"]
        assert len(moves) == 1
        assert clone.ledger() == []
        owners = [one["owner"] for one in clone.records("deal").values()]
        assert len(set(owners)) == 2
        clone.ok("run")
    assert len(ann.records("followup")) == len(bob.records("followup")) == 4


def test_what_a_rule_set_off_by_time_sets_off_is_the_same_on_both(team: Team) -> None:
    ann, bob = two(team, "set category=omitted")
    ann.ok("rule", "add", "Then", "--when", "category changed", "--do", "followup ask why in 1 day")
    settle(ann, bob)
    ann.ok("run")
    bob.ok("run")
    settle(ann, bob)
    assert ann.hash() == bob.hash()
    assert [one["subject"] for one in ann.records("followup").values()] == ["ask why", "ask why"]
    assert ann.ledger() == []


def test_taken_back_here_and_run_there_it_stays_taken_back(team: Team) -> None:
    ann, bob = two(team, "followup call in 2 days")
    ann.ok("run")
    bob.ok("run")
    ann.ok("undo")
    settle(ann, bob)
    for clone in (ann, bob):
        clone.ok("run")
        assert clone.records("followup") == {}


def test_what_a_rule_did_to_a_record_stays_taken_back_as_well(team: Team) -> None:
    ann, bob = two(team, "tag cold")
    ann.ok("run")
    assert [one["tags"] for one in ann.records("deal").values()] == [["cold"], ["cold"]]
    ann.ok("undo")
    settle(ann, bob)
    for clone in (ann, bob):
        clone.ok("run")
        assert not any("tags" in one for one in clone.records("deal").values())


def test_what_arrives_by_sync_sets_off_nothing_a_second_time(team: Team) -> None:
    ann = team.start("ann")
    ann.ok("rule", "add", "New", "--when", "deal created", "--do", "followup call in 2 days")
    ann.sync()
    bob = team.join("bob")
    ann.ok("deal", "add", "Acme renewal", "--value", "12k")
    settle(ann, bob)
    bob.ok("run")
    bob.ok("deal", "edit", "Acme renewal", "--value", "13k")
    bob.ok("rule", "run", "New")
    settle(ann, bob)
    assert len(bob.records("followup")) == len(ann.records("followup")) == 1


def test_parts_of_a_rule_edited_on_both_sides_are_both_kept(team: Team) -> None:
    ann, bob = two(team, "tag cold")
    ann.ok("rule", "edit", "Quiet", "--also", "notify ann: look")
    bob.ok("rule", "edit", "Quiet", "--also", "log seen", "--if", "value>2k")
    settle(ann, bob)
    (rule,) = ann.json("rule", "list")
    assert sorted(rule["do"]) == ["log seen", "notify ann: look", "tag cold"]
    assert rule["if"] == "value>2k"
