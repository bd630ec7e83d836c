"""Workspaces in unusual places: they sync as any other, or one clear sentence says why not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.sync.repos import Clone, git, settle

if TYPE_CHECKING:
    from tests.sync.repos import Team


def test_a_second_work_tree_of_one_repository_is_a_clone_of_its_own(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal", next_step="call")
    settle(ann, bob)
    ann.git("worktree", "add", "--quiet", "-b", "desk", str(team.folder / "desk"))
    ann.git("config", "branch.desk.remote", "origin")
    ann.git("config", "branch.desk.merge", "refs/heads/main")
    desk = Clone(team, team.folder / "desk", "ann")
    desk.edit("deal", deal, name="at the desk")
    ann.edit("deal", deal, next_step="on the road")
    bob.edit("deal", deal, stage="proposal")
    settle(ann, desk, bob)
    for one in (ann, bob, desk):
        record = one.get("deal", deal)
        assert (record["name"], record["next_step"], record["stage"]) == ("at the desk", "on the road", "proposal")
        assert (one.ledger(), one.clean()) == ([], True)
    assert "at the desk" in desk.ok("history", deal)


def test_a_repository_of_sha256(team: Team) -> None:
    """It works with a remote of its own kind, and says what is wrong with one of the other."""
    shutil.rmtree(team.remote)
    env = team.environ("host")
    git(team.folder, env, "init", "--quiet", "--bare", "--object-format=sha256", "-b", "main", str(team.remote))
    root = team.folder / "ann"
    root.mkdir()
    git(root, team.environ("ann"), "init", "--quiet", "--object-format=sha256", "-b", "main")
    ann = Clone(team, root, "ann")
    ann.ok("init", str(root), "--name", "Acme", "--user", "ann", "--currency", "EUR")
    ann.git("remote", "add", "origin", str(team.remote))
    deal = ann.add("deal", name="Acme renewal")
    ann.ok("sync")
    bob = team.join("bob")
    bob.edit_by_hand("deal", deal, name="by bob")
    bob.commit_by_hand()
    ann.edit("deal", deal, name="by ann")
    settle(bob, ann)
    assert ann.get("deal", deal)["name"] == "by ann"
    assert ann.lost(deal, "name") == ["by bob"]
    assert "by bob" in bob.ok("conflict", "list")
    ann.ok("history", deal)
    other = team.bare("sha1.git")
    ann.git("remote", "set-url", "origin", str(other))
    ann.edit("deal", deal, name="ann again")
    ran = ann.run("sync")
    assert (ran.code, "cannot be reached" in ran.err, "Traceback" in ran.err) == (7, True, False), ran
    assert ann.get("deal", deal)["name"] == "ann again"


def test_a_workspace_in_a_folder_of_a_bigger_repository(team: Team) -> None:
    """It has a repository of its own, and the one around it never learns of its records."""
    big = team.folder / "big"
    big.mkdir()
    env = team.environ("ann")
    git(big, env, "init", "--quiet", "-b", "main")
    big.joinpath("code.py").write_text("pass\n")
    git(big, env, "add", "--all")
    git(big, env, "commit", "--quiet", "-m", "code")
    ann = Clone(team, big / "sales", "ann")
    ann.root.mkdir()
    ann.ok("init", str(ann.root), "--name", "Acme", "--user", "ann", "--currency", "EUR")
    ann.git("remote", "add", "origin", str(team.remote))
    ann.ok("deal", "add", "Acme renewal")
    ann.ok("sync")
    bob = team.join("bob")
    assert [one["name"] for one in bob.records("deal").values()] == ["Acme renewal"]
    assert git(big, env, "log", "--format=%s").out.split() == ["code"]
    # A workspace that is only a folder of the bigger one is not taken for a repository.
    shutil.rmtree(ann.root / ".git")
    ann.fails(6, "sync", says="is no git repository")
    assert git(big, env, "log", "--format=%s").out.split() == ["code"]


def test_a_workspace_whose_repository_lies_elsewhere(team: Team) -> None:
    """`git init --separate-git-dir`, as some set up for a shared home."""
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal")
    settle(ann, bob)
    ann.git("init", "--quiet", f"--separate-git-dir={team.folder / 'elsewhere.git'}")
    ann.edit("deal", deal, name="by ann")
    bob.edit("deal", deal, next_step="by bob")
    settle(ann, bob)
    assert bob.get("deal", deal)["name"] == "by ann"


def test_two_copies_of_a_folder_with_the_same_unsynced_changes(team: Team) -> None:
    """Both go on: what they have in common is one change, what they do apart is told apart."""
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal", next_step="call")
    settle(ann, bob)
    ann.ok("sync")
    ann.edit("deal", deal, name="before the copy")
    fresh = ann.add("deal", name="Fresh")
    shutil.copytree(ann.root, team.folder / "copy", symlinks=True)
    copy = Clone(team, team.folder / "copy", "ann")
    copy.ok("undo")
    ann.edit("deal", fresh, name="Fresh, by ann")
    settle(ann, copy, bob)
    assert bob.get("deal", deal)["name"] == "before the copy"
    # The copy took the new deal back while it was being worked on: the edit wins and the ledger tells of the deletion.
    assert bob.get("deal", fresh)["name"] == "Fresh, by ann"
    assert [one["field"] for one in bob.ledger()] == ["_del"]
    assert "copy" in copy.run("doctor").out
