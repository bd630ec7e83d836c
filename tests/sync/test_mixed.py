"""Teams in which some work with plain git: whatever they commit and merge, every clone ends with the same records."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Clone, settle

if TYPE_CHECKING:
    from tests.sync.repos import Team


@dataclass
class Three:
    """ann and bob sync, eve has plain git; all hold the same two deals."""

    ann: Clone
    bob: Clone
    eve: Clone
    deal: str
    other: str


@pytest.fixture
def three(team: Team) -> Three:
    ann, bob, eve = team.clones("ann", "bob", "eve")
    deal = ann.add("deal", name="Acme renewal", next_step="call", stage="lead")
    other = ann.add("deal", name="Other")
    ann.sync()
    bob.sync()
    eve.git("pull", "--quiet", "--ff-only")
    return Three(ann, bob, eve, deal, other)


def push(clone: Clone) -> None:
    clone.git("push", "--quiet", "origin", "HEAD:main")


def blind(clone: Clone) -> None:
    """Let git merge as a hosting site does that obeys no attributes."""
    clone.put(".git/info/attributes", "data/**/*.jsonl !merge text\n")


def test_a_line_edited_by_hand_is_an_edit(three: Three) -> None:
    three.eve.edit_by_hand("deal", three.deal, name="Acme extension")
    three.eve.commit_by_hand()
    push(three.eve)
    three.ann.edit("deal", three.deal, next_step="send the quote")
    settle(three.ann, three.bob)
    record = three.bob.get("deal", three.deal)
    assert (record["name"], record["next_step"]) == ("Acme extension", "send the quote")
    assert three.bob.ledger() == []


def test_an_edit_by_hand_and_one_by_command_of_one_field_leave_the_loser_in_the_ledger(three: Three) -> None:
    three.eve.edit_by_hand("deal", three.deal, name="Acme extension")
    three.eve.commit_by_hand()
    push(three.eve)
    three.ann.edit("deal", three.deal, name="Acme 2027")
    settle(three.ann, three.bob)
    assert three.bob.get("deal", three.deal)["name"] == "Acme 2027"
    assert three.bob.lost(three.deal, "name") == ["Acme extension"]


def test_a_line_taken_away_by_hand_comes_back(three: Three) -> None:
    path = three.eve.file_of("deal", three.deal)
    path.write_text(path.read_text().replace(three.eve.line("deal", three.deal) + "\n", ""))
    three.eve.commit_by_hand()
    push(three.eve)
    three.ann.add("company", name="Acme")
    settle(three.ann, three.bob)
    assert three.deal in three.bob.records("deal")


@pytest.mark.parametrize("sees_attributes", [True, False])
def test_a_merge_by_hand_of_one_field_ends_without_markers_and_with_the_loser_known(
    three: Three, sees_attributes: bool
) -> None:
    """Union leaves two lines; a merge that ignores attributes leaves markers, committed as they are."""
    if not sees_attributes:
        blind(three.eve)
    three.ann.edit("deal", three.deal, name="by ann")
    three.ann.sync()
    three.eve.edit("deal", three.deal, name="by eve")
    three.eve.commit_by_hand()
    three.eve.git("fetch", "--quiet")
    three.eve.git("merge", "--quiet", "-m", "merged by hand", "origin/main", ok=False)
    assert bool(three.eve.markers()) is not sees_attributes
    three.eve.commit_by_hand("with whatever is in there", ok=False)
    push(three.eve)
    three.bob.edit("deal", three.other, name="Elsewhere")
    settle(three.bob, three.ann)
    assert three.ann.get("deal", three.deal)["name"] == "by eve"
    assert three.ann.lost(three.deal, "name") == ["by ann"]
    assert three.ann.get("deal", three.other)["name"] == "Elsewhere"
    assert three.ann.run("doctor").code == 0


@pytest.mark.parametrize("option", ["-Xours", "-Xtheirs", "-sours"])
def test_a_merge_that_takes_one_side_loses_nothing_that_its_parents_hold(three: Three, option: str) -> None:
    blind(three.eve)
    three.ann.edit("deal", three.deal, name="by ann")
    fresh = three.ann.add("deal", name="Fresh")
    three.ann.sync()
    three.eve.edit("deal", three.deal, next_step="by eve")
    three.eve.commit_by_hand()
    three.eve.git("fetch", "--quiet")
    three.eve.git("merge", "--quiet", "-m", "one side", option, "origin/main")
    push(three.eve)
    settle(three.bob, three.ann)
    record = three.ann.get("deal", three.deal)
    assert fresh in three.ann.records("deal")
    assert (record["name"], record["next_step"]) == ("by ann", "by eve")


def test_rebasing_by_hand_repeats_nothing(three: Three) -> None:
    three.ann.edit("deal", three.deal, name="by ann")
    three.ann.sync()
    for step in ("one", "two", "three"):
        three.eve.edit("deal", three.deal, next_step=step)
        three.eve.add("deal", name=f"Fresh {step}")
        three.eve.commit_by_hand(step)
    three.eve.git("pull", "--quiet", "--rebase")
    push(three.eve)
    settle(three.ann, three.bob)
    record = three.bob.get("deal", three.deal)
    assert (record["name"], record["next_step"]) == ("by ann", "three")
    assert sorted(one["name"] for one in three.bob.records("deal").values() if one["name"].startswith("Fresh")) == [
        "Fresh one",
        "Fresh three",
        "Fresh two",
    ]
    assert three.bob.ledger() == []


def test_rebasing_commits_that_sync_made_changes_nothing(three: Three) -> None:
    """Rebased merges and own commits keep their message; their mark must not be believed any longer."""
    three.bob.edit("deal", three.deal, name="by bob")
    three.bob.git("remote", "rename", "origin", "away")
    three.bob.sync()
    three.ann.edit("deal", three.deal, name="by ann, later")
    three.ann.sync()
    three.bob.git("remote", "rename", "away", "origin")
    three.bob.git("fetch", "--quiet", "origin")
    three.bob.git("rebase", "--quiet", "origin/main", ok=False)
    if (three.bob.root / ".git" / "rebase-merge").is_dir():
        three.bob.git("add", "--all")
        three.bob.git("-c", "core.editor=true", "rebase", "--continue")
    settle(three.bob, three.ann)
    assert three.ann.get("deal", three.deal)["name"] == "by ann, later"


def test_a_cherry_picked_commit_counts_once(three: Three) -> None:
    three.ann.edit("deal", three.deal, name="by ann")
    three.ann.sync()
    three.eve.git("fetch", "--quiet")
    three.eve.git("cherry-pick", "origin/main", ok=False)
    three.eve.edit("deal", three.deal, next_step="by eve")
    three.eve.commit_by_hand()
    three.eve.git("pull", "--quiet", "--no-rebase", "--no-edit", ok=False)
    three.eve.commit_by_hand(ok=False)
    push(three.eve)
    settle(three.bob, three.ann)
    record = three.bob.get("deal", three.deal)
    assert (record["name"], record["next_step"], three.bob.ledger()) == ("by ann", "by eve", [])


def test_a_squashed_branch_counts_once(three: Three) -> None:
    three.eve.git("checkout", "--quiet", "-b", "work")
    for step in ("one", "two"):
        three.eve.edit("deal", three.deal, next_step=step)
        three.eve.commit_by_hand(step)
    three.eve.git("checkout", "--quiet", "main")
    three.eve.git("merge", "--quiet", "--squash", "work")
    three.eve.git("commit", "--quiet", "-m", "squashed")
    push(three.eve)
    three.ann.edit("deal", three.deal, name="by ann")
    settle(three.ann, three.bob)
    record = three.bob.get("deal", three.deal)
    assert (record["name"], record["next_step"], three.bob.ledger()) == ("by ann", "two", [])


def test_a_reverted_commit_is_an_edit_back(three: Three) -> None:
    three.ann.edit("deal", three.deal, name="by ann")
    three.ann.sync()
    three.eve.git("pull", "--quiet", "--ff-only")
    three.eve.git("revert", "--no-edit", "HEAD")
    push(three.eve)
    settle(three.ann, three.bob)
    assert three.bob.get("deal", three.deal)["name"] == "Acme renewal"


def test_an_amended_commit_of_sync_is_read_as_made_by_hand(three: Three) -> None:
    """The amended commit carries the message, mark included, of a commit with other content."""
    three.bob.edit("deal", three.deal, name="by bob")
    three.bob.git("remote", "rename", "origin", "away")
    three.bob.sync()
    three.bob.git("remote", "rename", "away", "origin")
    three.bob.edit_by_hand("deal", three.deal, next_step="amended")
    three.bob.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    three.ann.edit("deal", three.other, name="Elsewhere")
    settle(three.ann, three.bob)
    record = three.ann.get("deal", three.deal)
    assert (record["name"], record["next_step"]) == ("by bob", "amended")


def test_a_branch_merged_into_main_by_hand_arrives(three: Three) -> None:
    three.eve.git("checkout", "--quiet", "-b", "campaign")
    three.eve.edit("deal", three.deal, name="on the branch")
    three.eve.commit_by_hand()
    three.eve.git("checkout", "--quiet", "main")
    three.ann.edit("deal", three.deal, next_step="by ann")
    three.ann.sync()
    three.eve.git("pull", "--quiet", "--ff-only")
    three.eve.git("merge", "--quiet", "--no-edit", "campaign")
    push(three.eve)
    settle(three.ann, three.bob)
    record = three.bob.get("deal", three.deal)
    assert (record["name"], record["next_step"]) == ("on the branch", "by ann")


def test_everybody_at_once(three: Three) -> None:
    """Two who sync and one who pulls with plain git change the same field of the same deal, round after round."""
    clones = (three.ann, three.bob, three.eve)
    for number in range(3):
        for clone in clones:
            clone.edit("deal", three.deal, name=f"{clone.user} {number}", next_step=f"{clone.user} {number}")
        three.ann.sync()
        three.eve.commit_by_hand()
        three.eve.git("pull", "--quiet", "--no-rebase", "--no-edit", ok=False)
        three.eve.commit_by_hand(ok=False)
        three.bob.sync()
        three.eve.git("pull", "--quiet", "--no-rebase", "--no-edit", ok=False)
        three.eve.commit_by_hand(ok=False)
        push(three.eve)
    settle(*clones)
    shown = three.ann.get("deal", three.deal)["name"]
    values = {f"{clone.user} 2" for clone in clones}
    assert shown in values
    assert values - {shown} <= set(three.ann.lost(three.deal, "name"))


def test_a_newer_version_of_the_program_keeps_what_it_alone_knows(three: Three) -> None:
    """A newer tuicrm writes fields and kinds that this one does not know: kept, joined, and sent on."""
    key = "01KA0000000000000000000AB0"
    versions = {"shape/x": key, "shape/y/a": key}
    three.eve.edit_by_hand("deal", three.deal, shape={"x": 1, "y": ["a", "b"]}, _v=versions)
    unknown = three.eve.root / "data" / "spaceship" / "B0.jsonl"
    unknown.parent.mkdir()
    unknown.write_text(json.dumps({"id": key, "crew": ["ann", "bob"], "engine": None}) + "\n")
    three.eve.commit_by_hand()
    push(three.eve)
    three.ann.edit("deal", three.deal, name="by an older version")
    settle(three.ann, three.bob)
    found = three.bob.content()
    assert found["deal"][three.deal]["shape"] == {"x": 1, "y": ["a", "b"]}
    assert found["deal"][three.deal]["name"] == "by an older version"
    assert found["spaceship"][key]["crew"] == ["ann", "bob"]


def test_values_that_lose_in_an_unknown_field_are_in_the_ledger_too(three: Three) -> None:
    three.ann.edit("deal", three.deal, shape="round")
    three.bob.edit("deal", three.deal, shape="square")
    settle(three.ann, three.bob)
    assert three.ann.get("deal", three.deal)["shape"] == "square"
    assert three.ann.lost(three.deal, "shape") == ["round"]
