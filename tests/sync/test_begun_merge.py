"""A merge with plain git that a person began, with files beside the data in it: sync finishes it as it was settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Clone, Team, settle

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def begun(tmp_path: Path) -> tuple[Clone, Clone]:
    """Bob has begun to merge what Ann sent: notes.txt, which both changed, and theirs.txt, which is Ann's."""
    ann, bob = Team(tmp_path).clones("ann", "bob")
    ann.put("notes.txt", "one\n")
    ann.commit_by_hand()
    settle(ann, bob)
    for clone in (ann, bob):
        clone.put("notes.txt", f"by {clone.user}\n")
    ann.put("theirs.txt", "from ann\n")
    for clone in (ann, bob):
        clone.commit_by_hand()
    ann.sync()
    bob.fails(6, "sync", says="notes.txt")
    bob.git("pull", "--quiet", "--no-rebase", "--no-edit", ok=False)
    return ann, bob


def test_it_waits_until_the_files_are_settled(begun: tuple[Clone, Clone]) -> None:
    _, bob = begun
    bob.add("deal", name="Acme")
    head = bob.head
    bob.fails(6, "sync", says="notes.txt still has conflicts")
    assert bob.head == head
    assert (bob.root / ".git" / "MERGE_HEAD").exists()


@pytest.mark.parametrize("settled", ["by both\n", "by bob\n", "by ann\n", ""])
def test_what_was_settled_and_staged_is_what_the_merge_holds(begun: tuple[Clone, Clone], settled: str) -> None:
    ann, bob = begun
    merged = bob.git("rev-parse", "MERGE_HEAD")
    deal = bob.add("deal", name="Acme")
    if settled:
        bob.put("notes.txt", settled)
        bob.git("add", "notes.txt")
    else:
        bob.git("rm", "--quiet", "--force", "notes.txt")
    bob.ok("sync")
    assert bob.clean()
    assert merged in bob.git("log", "-1", "--format=%P").split()
    settle(ann, bob)
    assert ann.get("deal", deal)["name"] == "Acme"
    for clone in (ann, bob):
        assert clone.clean()
        assert [path.read_text() for path in clone.root.glob("notes.txt")] == ([settled] if settled else [])
        assert clone.root.joinpath("theirs.txt").read_text() == "from ann\n"


def test_the_way_out_of_two_changes_works_with_unsaved_data(tmp_path: Path) -> None:
    """Both changed notes.txt and one deal, and Bob has committed nothing of the deal: what sync advises, in order."""
    ann, bob = Team(tmp_path).clones("ann", "bob")
    deal = ann.add("deal", name="Acme")
    settle(ann, bob)
    for clone in (ann, bob):
        clone.put("notes.txt", f"by {clone.user}\n")
        clone.commit_by_hand()
        clone.edit("deal", deal, name=f"by {clone.user}")
    ann.sync()
    bob.fails(6, "sync", says="git pull --no-rebase")
    bob.commit_by_hand()
    bob.git("pull", "--quiet", "--no-rebase", "--no-edit", ok=False)
    bob.put("notes.txt", "by both\n")
    bob.git("add", "notes.txt")
    bob.ok("sync")
    assert bob.clean()
    settle(ann, bob)
    assert ann.root.joinpath("notes.txt").read_text() == "by both\n"
    assert ann.get("deal", deal)["name"] == "by bob"
    assert ann.lost(deal, "name") == ["by ann"]


def test_edits_after_the_settling_stay_in_the_work_tree(begun: tuple[Clone, Clone]) -> None:
    ann, bob = begun
    bob.put("notes.txt", "by both\n")
    bob.git("add", "notes.txt")
    bob.put("notes.txt", "by both, and more\n")
    bob.ok("sync")
    assert bob.git("show", "HEAD:notes.txt") == "by both"
    assert bob.git("status", "--porcelain") == " M notes.txt"
    assert bob.root.joinpath("notes.txt").read_text() == "by both, and more\n"
    settle(ann, bob)


def test_a_remote_that_went_on_meanwhile_is_merged_after_it(begun: tuple[Clone, Clone]) -> None:
    ann, bob = begun
    bob.put("notes.txt", "by both\n")
    bob.git("add", "notes.txt")
    ann.put("theirs.txt", "from ann, later\n")
    ann.commit_by_hand()
    ann.sync()
    head = bob.head
    bob.fails(6, "sync", says="theirs.txt again since")
    assert bob.head == head
    bob.git("commit", "--quiet", "--no-edit")
    bob.ok("sync")
    assert bob.root.joinpath("theirs.txt").read_text() == "from ann, later\n"
    assert bob.clean()
    settle(ann, bob)
    assert ann.root.joinpath("notes.txt").read_text() == "by both\n"


def test_a_file_that_the_begun_merge_has_brought_is_no_conflict(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.edit("deal", deal, notes="bob's")
    bob.put("plan.txt", "from bob\n")
    bob.commit_by_hand()
    bob.sync()
    ann.edit("deal", deal, notes="ann's")
    ann.commit_by_hand()
    ann.put(".git/info/attributes", "data/** merge=text\n")
    ann.git("fetch", "origin")
    ann.git("merge", "--no-edit", "origin/main", ok=False)
    assert (ann.root / ".git" / "MERGE_HEAD").exists()
    settle(ann, bob)
    assert (ann.root / "plan.txt").read_text() == "from bob\n"
