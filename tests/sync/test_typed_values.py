"""Edits in files that add to a record what it never had, and values that git brings together in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import settle

if TYPE_CHECKING:
    from tests.sync.repos import Clone, Team

CHERRY_PICK = ("cherry-pick", "origin/main")
REBASE = ("rebase", "origin/main")
MERGE = ("merge", "--no-edit", "origin/main")


def shared(team: Team, **fields: str) -> tuple[Clone, Clone, str]:
    """Two clones and the deal that both have."""
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", **fields)
    settle(ann, bob)
    return ann, bob, deal


def crossed(team: Team, how: tuple[str, ...], *, typed: bool = False) -> tuple[Clone, Clone, str]:
    """The same where each has changed the notes, and Bob's git has brought Ann's later ones into his file."""
    ann, bob, deal = shared(team, notes="old")
    (bob.edit_by_hand if typed else bob.edit)("deal", deal, notes="bob's, earlier")
    bob.commit_by_hand()
    ann.edit("deal", deal, notes="ann's, later")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git(*how)
    return ann, bob, deal


def gave_way(ann: Clone, bob: Clone, deal: str) -> bool:
    """Whether, after all have synced, the later notes stand everywhere and the earlier ones are in the ledger."""
    settle(ann, bob)
    stand = [one.get("deal", deal)["notes"] for one in (ann, bob)]
    return stand == ["ann's, later"] * 2 and ann.lost(deal, "notes") == ["bob's, earlier"]


def test_a_field_added_by_hand_is_an_edit_of_now_and_not_of_the_birth(team: Team) -> None:
    ann, bob, deal = shared(team)
    bob.edit_by_hand("deal", deal, notes="bob's, earlier")
    bob.sync()
    ann.edit("deal", deal, notes="ann's, later")
    assert gave_way(ann, bob, deal)


@pytest.mark.parametrize("how", [REBASE, CHERRY_PICK, MERGE], ids=lambda how: how[0])
def test_an_own_value_beside_a_later_one_that_git_brought(team: Team, how: tuple[str, ...]) -> None:
    assert gave_way(*crossed(team, how))


def test_an_own_value_that_a_healed_rebase_hides(team: Team) -> None:
    ann, bob, deal = crossed(team, REBASE)
    bob.edit("deal", deal, owner="bob")
    bob.commit_by_hand()
    assert gave_way(ann, bob, deal)


def test_a_typed_value_that_was_left_beside_a_later_one(team: Team) -> None:
    assert gave_way(*crossed(team, CHERRY_PICK, typed=True))


def test_a_typed_value_whose_two_lines_an_edit_healed_before_the_sync(team: Team) -> None:
    ann, bob, deal = crossed(team, CHERRY_PICK, typed=True)
    bob.edit("deal", deal, owner="bob")
    assert gave_way(ann, bob, deal)


@pytest.mark.parametrize("committed", [False, True])
def test_who_types_into_a_record_and_then_deletes_it_has_deleted_what_was_typed(team: Team, committed: bool) -> None:
    ann, bob, deal = shared(team, notes="old")
    ann.edit_by_hand("deal", deal, notes="typed")
    if committed:
        ann.commit_by_hand()
    ann.remove("deal", deal)
    settle(ann, bob)
    assert deal not in bob.records("deal")
    assert bob.lost(deal) == []


def test_a_typed_value_that_a_stash_left_on_a_second_line_is_known(team: Team) -> None:
    ann, bob, deal = shared(team, notes="first")
    ann.edit("deal", deal, notes="v77")
    settle(ann, bob)
    path, line = bob.file_of("deal", deal), bob.line("deal", deal)
    path.write_text(path.read_text() + line.replace("v77", "v149") + "\n")
    bob.edit("deal", deal, name="Acme renewal")
    settle(ann, bob)
    assert ann.lost(deal, "notes") == ["v149"]


def test_a_typed_value_beside_the_one_it_was_typed_over_and_a_later_one(team: Team) -> None:
    ann, bob, deal = shared(team, notes="first")
    ann.edit("deal", deal, notes="known to both")
    settle(ann, bob)
    bob.edit_by_hand("deal", deal, notes="typed by bob")
    bob.commit_by_hand()
    ann.edit("deal", deal, next_step="call")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git(*MERGE)
    ann.edit("deal", deal, notes="ann's, later")
    ann.sync()
    bob.git("fetch", "origin")
    bob.git(*CHERRY_PICK)
    assert len([line for line in bob.file_of("deal", deal).read_text().splitlines() if deal in line]) == 3
    settle(ann, bob)
    assert ann.get("deal", deal)["notes"] == "ann's, later"
    assert ann.lost(deal, "notes") == ["typed by bob"]


@pytest.mark.parametrize("committed", [False, True])
def test_two_values_typed_over_one_on_two_lines(team: Team, committed: bool) -> None:
    ann, bob, deal = shared(team, notes="first")
    ann.edit("deal", deal, notes="known to both")
    settle(ann, bob)
    path, line = bob.file_of("deal", deal), bob.line("deal", deal)
    path.write_text("".join(line.replace("known to both", notes) + "\n" for notes in ("one", "another")))
    if committed:
        bob.commit_by_hand()
    settle(ann, bob)
    assert {ann.get("deal", deal)["notes"], *ann.lost(deal, "notes")} == {"one", "another"}


def test_an_empty_map_and_true_and_1_are_values_that_can_give_way(team: Team) -> None:
    ann, bob, deal = shared(team)
    line = bob.line("deal", deal)
    bob.edit("deal", deal, level="words")
    path = bob.file_of("deal", deal)
    typed = "".join(line.replace('"name"', f'"level":{value},"name"') + "\n" for value in ("{}", "1", "true"))
    path.write_text(path.read_text() + typed)
    settle(ann, bob)
    assert ann.get("deal", deal)["level"] == "words"
    told = {one["value"] for one in ann.ledger() if (one["field"], one.get("form")) == ("level", "json")}
    assert told == {"{}", "1", "true"}
