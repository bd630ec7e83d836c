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


def test_two_lines_that_were_healed_by_an_edit_before_the_sync(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.edit_by_hand("deal", deal, notes="typed by bob")
    bob.commit_by_hand()
    ann.edit("deal", deal, notes="written by ann")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git("cherry-pick", "origin/main")
    bob.edit("deal", deal, owner="bob")
    settle(ann, bob)
    assert ann.get("deal", deal)["notes"] == "written by ann"
    assert ann.lost(deal, "notes") == ["typed by bob"]


def test_own_value_that_gives_way_in_an_own_merge_to_one_not_seen(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.edit("deal", deal, notes="bob's, earlier")
    bob.commit_by_hand()
    ann.edit("deal", deal, notes="ann's, later")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git("merge", "--no-edit", "origin/main")
    settle(ann, bob)
    assert ann.lost(deal, "notes") == ["bob's, earlier"]


def test_own_value_that_a_healed_rebase_hides(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.edit("deal", deal, notes="bob's, earlier")
    bob.commit_by_hand()
    ann.edit("deal", deal, notes="ann's, later")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git("rebase", "origin/main")
    bob.edit("deal", deal, owner="bob")
    bob.commit_by_hand()
    settle(ann, bob)
    assert ann.lost(deal, "notes") == ["bob's, earlier"]


def test_own_value_beside_one_that_was_picked(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.edit("deal", deal, notes="bob's, earlier")
    bob.commit_by_hand()
    ann.edit("deal", deal, notes="ann's, later")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git("cherry-pick", "origin/main")
    settle(ann, bob)
    assert ann.lost(deal, "notes") == ["bob's, earlier"]


def test_who_types_commits_and_then_deletes_has_deleted_what_was_typed(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    ann.edit_by_hand("deal", deal, notes="typed")
    ann.commit_by_hand()
    ann.remove("deal", deal)
    settle(ann, bob)
    assert deal not in bob.records("deal")


def test_a_typed_value_that_a_stash_left_on_a_second_line_is_known(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="first")
    ann.edit("deal", deal, notes="v77")
    settle(ann, bob)
    path, line = bob.file_of("deal", deal), bob.line("deal", deal)
    path.write_text(path.read_text() + line.replace("v77", "v149") + "\n")
    bob.edit("deal", deal, name="Acme renewal")
    settle(ann, bob)
    assert ann.lost(deal, "notes") == ["v149"]
