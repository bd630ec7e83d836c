"""Edits in files that add to a record what it never had, and values that a rebase brings together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import settle

if TYPE_CHECKING:
    from tests.sync.repos import Team


def test_a_field_added_by_hand_is_an_edit_of_now_and_not_of_the_birth(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme")
    settle(ann, bob)
    bob.edit_by_hand("deal", deal, notes="typed by bob")
    bob.sync()
    ann.edit("deal", deal, notes="written by ann")
    settle(ann, bob)
    assert ann.get("deal", deal)["notes"] == "written by ann"
    assert ann.lost(deal, "notes") == ["typed by bob"]


def test_two_values_that_a_rebase_left_on_two_lines(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.edit("deal", deal, notes="bob's, earlier")
    bob.commit_by_hand()
    ann.edit("deal", deal, notes="ann's, later")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git("rebase", "origin/main")
    settle(ann, bob)
    assert ann.get("deal", deal)["notes"] == "ann's, later"
    assert ann.lost(deal, "notes") == ["bob's, earlier"]


def test_who_types_into_a_record_and_then_deletes_it_has_deleted_what_was_typed(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    ann.edit_by_hand("deal", deal, notes="typed")
    ann.remove("deal", deal)
    settle(ann, bob)
    assert deal not in bob.records("deal")
    assert bob.lost(deal) == []


def test_a_typed_value_that_a_rebase_left_beside_a_later_one(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.edit_by_hand("deal", deal, notes="typed by bob")
    bob.commit_by_hand()
    ann.edit("deal", deal, notes="written by ann")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git("cherry-pick", "origin/main")
    settle(ann, bob)
    assert ann.get("deal", deal)["notes"] == "written by ann"
    assert ann.lost(deal, "notes") == ["typed by bob"]
