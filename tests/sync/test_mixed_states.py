"""States of a repository that people leave behind: begun merges, rebases, resets, copies, and clocks that are off."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import DAY, Clone, settle

if TYPE_CHECKING:
    from tests.sync.repos import Team


def pair(team: Team) -> tuple[Clone, Clone, str]:
    """Two clones with one deal."""
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal", next_step="call")
    ann.sync()
    bob.sync()
    return ann, bob, deal


@pytest.mark.parametrize("sees_attributes", [True, False])
def test_a_merge_left_half_done_is_finished(team: Team, sees_attributes: bool) -> None:
    ann, bob, deal = pair(team)
    if not sees_attributes:
        bob.put(".git/info/attributes", "data/**/*.jsonl !merge text\n")
    ann.edit("deal", deal, name="by ann")
    ann.sync()
    bob.edit("deal", deal, name="by bob")
    bob.commit_by_hand()
    bob.git("fetch", "--quiet")
    bob.git("merge", "--quiet", "--no-commit", "--no-ff", "origin/main", ok=False)
    merged = bob.git("rev-parse", "MERGE_HEAD")
    assert bool(bob.markers()) is not sees_attributes
    bob.ok("sync")
    assert (bob.markers(), bob.clean()) == ([], True)
    assert not (bob.root / ".git" / "MERGE_HEAD").exists()
    assert merged in bob.git("rev-list", "HEAD").split()
    settle(ann, bob)
    assert ann.get("deal", deal)["name"] == "by bob"
    assert ann.lost(deal, "name") == ["by ann"]


def test_a_rebase_in_progress_is_left_alone_until_it_is_over(team: Team) -> None:
    ann, bob, deal = pair(team)
    bob.put(".git/info/attributes", "data/**/*.jsonl !merge text\n")
    ann.edit("deal", deal, name="by ann")
    ann.sync()
    bob.edit("deal", deal, name="by bob")
    bob.commit_by_hand()
    bob.git("fetch", "--quiet")
    bob.git("rebase", "origin/main", ok=False)
    head, files = bob.head, bob.files()
    said = bob.fails(6, "sync", says="rebase")
    assert "--continue" in said or "--abort" in said
    assert (bob.head, bob.files()) == (head, files)
    bob.git("rebase", "--abort")
    settle(bob, ann)
    assert ann.get("deal", deal)["name"] == "by bob"


@pytest.mark.parametrize(
    ("words", "way_out"),
    [
        (("checkout", "--quiet", "--detach"), ("checkout", "--quiet", "main")),
        (("bisect", "start"), ("bisect", "reset")),
        (("revert", "--no-commit", "HEAD"), ("revert", "--abort")),
        (("cherry-pick", "--no-commit", "HEAD~1"), ("reset", "--quiet", "--hard")),
    ],
    ids=lambda words: words[0],
)
def test_what_only_a_person_can_end_stops_sync_with_the_way_out(
    team: Team, words: tuple[str, ...], way_out: tuple[str, ...]
) -> None:
    ann, _, deal = pair(team)
    ann.git(*words, ok=False)
    if words[0] != "cherry-pick":
        said = ann.fails(6, "sync")
        assert "git " in said
    ann.git(*way_out)
    ann.ok("sync")
    assert ann.get("deal", deal)["name"] == "Acme renewal"


def test_what_is_staged_and_dirty_beside_the_data_stays_so(team: Team) -> None:
    ann, bob, deal = pair(team)
    for name in ("staged.txt", "dirty.txt", "theirs.txt"):
        bob.root.joinpath(name).write_text("one\n")
    bob.commit_by_hand()
    settle(ann, bob)
    ann.put("theirs.txt", "two\n")
    ann.commit_by_hand()
    ann.edit("deal", deal, name="by ann")
    ann.sync()
    bob.put("staged.txt", "staged\n")
    bob.git("add", "staged.txt")
    bob.put("staged.txt", "and more\n")
    bob.put("dirty.txt", "dirty\n")
    bob.put("fresh.txt", "fresh\n")
    bob.edit("deal", deal, next_step="by bob")
    bob.ok("sync")
    assert bob.git("status", "--porcelain").splitlines() == [" M dirty.txt", "MM staged.txt", "?? fresh.txt"]
    assert bob.git("show", ":staged.txt") == "staged"
    assert bob.root.joinpath("theirs.txt").read_text() == "two\n"
    assert bob.git("show", "HEAD:dirty.txt") == "one"
    settle(ann, bob)


def test_files_beside_the_data_that_both_changed_stop_sync_before_anything_moves(team: Team) -> None:
    ann, bob, deal = pair(team)
    for clone in (ann, bob):
        clone.put("notes.txt", f"by {clone.user}\n")
        clone.commit_by_hand()
    ann.sync()
    bob.edit("deal", deal, name="by bob")
    head, files = bob.head, bob.files()
    bob.fails(6, "sync", says="notes.txt")
    assert (bob.head, bob.files()) == (head, files)
    bob.git("pull", "--quiet", "--no-rebase", "--no-edit", ok=False)
    bob.put("notes.txt", "by both\n")
    bob.ok("sync") if bob.run("sync").code == 0 else bob.commit_by_hand()
    settle(ann, bob)
    assert ann.root.joinpath("notes.txt").read_text() == "by both\n"
    assert ann.get("deal", deal)["name"] == "by bob"


@pytest.mark.parametrize("years", [-12, 8, 60])
def test_a_clock_that_is_years_off_loses_nothing_and_stops_nobody(team: Team, years: int) -> None:
    ann, bob, deal = pair(team)
    bob.skew_ms = years * 365 * DAY
    bob.edit("deal", deal, name="by bob")
    ann.edit("deal", deal, name="by ann")
    settle(ann, bob)
    names = {"by ann", "by bob"}
    assert {ann.get("deal", deal)["name"], *ann.lost(deal, "name")} == names
    # Whoever writes after having seen it wins, whatever the clocks say.
    ann.edit("deal", deal, name="ann again")
    settle(ann, bob)
    bob.edit("deal", deal, name="bob again")
    settle(bob, ann)
    assert ann.get("deal", deal)["name"] == "bob again"
    told = ann.run("doctor").out
    assert ("future" in told) is (years > 0)


def test_a_deletion_by_a_clock_from_the_future_kills_no_edit_that_it_had_not_seen(team: Team) -> None:
    ann, bob, deal = pair(team)
    bob.skew_ms = 8 * 365 * DAY
    bob.remove("deal", deal)
    ann.edit("deal", deal, next_step="they said yes")
    settle(ann, bob)
    assert bob.get("deal", deal)["next_step"] == "they said yes"
    (lost,) = [one for one in ann.ledger() if one["field"] == "_del"]
    assert lost["value"] == "bob"


def test_a_copied_folder_goes_on_as_a_clone_of_its_own(team: Team) -> None:
    ann, bob, deal = pair(team)
    ann.edit("deal", deal, name="not synced yet")
    shutil.copytree(ann.root, team.folder / "copy", symlinks=True)
    copy = Clone(team, team.folder / "copy", "ann")
    ann.edit("deal", deal, next_step="in the first")
    copy.edit("deal", deal, next_step="in the copy")
    fresh = copy.add("deal", name="Made in the copy")
    settle(ann, copy, bob)
    assert bob.get("deal", deal)["name"] == "not synced yet"
    assert bob.get("deal", deal)["next_step"] == "in the copy"
    assert bob.lost(deal, "next_step") == ["in the first"]
    assert bob.get("deal", fresh)["name"] == "Made in the copy"


def test_a_reset_brings_back_nothing_that_was_pushed_and_loses_nothing_that_was_not(team: Team) -> None:
    ann, bob, deal = pair(team)
    ann.edit("deal", deal, name="by ann")
    ann.sync()
    ann.edit("deal", deal, next_step="not synced")
    ann.git("reset", "--quiet", "--hard", "HEAD~1")
    assert "reset" in ann.run("doctor").out
    ann.ok("doctor", "--recover")
    settle(ann, bob)
    record = bob.get("deal", deal)
    assert (record["name"], record["next_step"]) == ("by ann", "not synced")


def test_a_stash_hides_changes_until_it_is_popped(team: Team) -> None:
    ann, bob, deal = pair(team)
    ann.edit("deal", deal, name="stashed")
    ann.git("stash", "--quiet")
    bob.edit("deal", deal, next_step="by bob")
    bob.sync()
    ann.sync()
    ann.git("stash", "pop", ok=False)
    settle(ann, bob)
    record = bob.get("deal", deal)
    assert (record["name"], record["next_step"]) == ("stashed", "by bob")


def test_erased_data_stay_erased_when_history_was_rewritten(team: Team) -> None:
    """Somebody takes a person out of the whole history and pushes that by force."""
    ann, bob, deal = pair(team)
    contact = ann.add("contact", name="Zebediah Quux")
    settle(ann, bob)
    ann.remove("contact", contact)
    path = ann.file_of("contact", contact)
    ann.sync()
    bob.sync()
    script = f"if [ -f {path.relative_to(ann.root)} ]; then : > {path.relative_to(ann.root)}; fi"
    ann.git(
        "filter-branch", "--force", "--tree-filter", script, "--", "main", also={"FILTER_BRANCH_SQUELCH_WARNING": "1"}
    )
    ann.git("push", "--quiet", "--force", "origin", "main")
    bob.edit("deal", deal, name="by bob, meanwhile")
    bob.ok("sync")
    assert "Zebediah" not in ann.git("log", "-p", "origin/main")
    settle(ann, bob)
    for clone in (ann, bob):
        assert "Zebediah" not in clone.git("log", "-p", "HEAD")
        assert clone.get("deal", deal)["name"] == "by bob, meanwhile"
