"""Where a repository stands: what a sync goes on with, and what it asks to be ended first."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.sync.repos import Team
from tests.sync.test_index import ONE, TWO, Repo
from tuicrm.errors import Decision
from tuicrm.sync import place


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(Team(tmp_path), tmp_path / "work")


@pytest.fixture
def forked(repo: Repo) -> Repo:
    """On main, with a branch `side` that changed the same lines."""
    repo.commit(**{ONE: "base\n", "notes.txt": "base\n"})
    repo("branch", "side")
    repo.commit(**{ONE: "main\n", "notes.txt": "main\n"})
    repo("checkout", "-q", "side")
    repo.commit(**{ONE: "side\n"})
    repo.commit(**{"notes.txt": "side\n"})
    repo("checkout", "-q", "main")
    return repo


def refused(repo: Repo) -> Decision:
    with pytest.raises(Decision) as told:
        place.look(repo.git)
    assert told.value.hint
    return told.value


def test_before_the_first_commit(repo: Repo) -> None:
    assert place.look(repo.git) == place.Place("refs/heads/main", "", ())


def test_on_a_branch(repo: Repo) -> None:
    made = repo.commit(**{ONE: "one\n"})
    for name in ("feature/x", "umlaut-ü"):
        repo("checkout", "-qb", name)
        assert place.look(repo.git) == place.Place(f"refs/heads/{name}", made, ())


def test_a_merge_that_was_begun_is_gone_on_with(forked: Repo) -> None:
    forked("merge", "side~1", ok=False)
    assert len(forked("ls-files", "-u").splitlines()) == 3
    side = forked("rev-parse", "side~1").strip()
    assert place.look(forked.git).merge_head == (side,)
    place.end_merge(forked.git)
    assert place.look(forked.git).merge_head == ()
    assert not [one for one in (forked.root / ".git").iterdir() if one.name.startswith(("MERGE", "AUTO_MERGE"))]


def test_unmerged_files_beside_ours_are_the_users_to_settle(forked: Repo) -> None:
    forked("merge", "side", ok=False)
    assert "notes.txt" in str(refused(forked))
    assert ONE not in str(refused(forked))
    forked.write("notes.txt", "both\n")
    forked("add", "notes.txt")
    assert len(place.look(forked.git).merge_head) == 1


def test_what_an_autostash_set_aside_is_not_lost(forked: Repo) -> None:
    forked.write("plan.txt", "plan\n")
    forked("add", "plan.txt")
    forked("merge", "--autostash", "side~1", ok=False)
    assert not (forked.root / "plan.txt").exists()
    assert "git stash pop" in place.end_merge(forked.git)
    forked("add", "-A")
    forked("commit", "-qm", "settled")
    forked("stash", "pop")
    assert (forked.root / "plan.txt").read_text() == "plan\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("rebase", "side"), "rebase"),
        (("rebase", "--apply", "side"), "rebase"),
        (("cherry-pick", "side"), "cherry-pick"),
        (("cherry-pick", "side~1", "side"), "cherry-pick"),
        (("revert", "--no-edit", "HEAD~1"), "revert"),
        (("bisect", "start"), "bisection"),
    ],
)
def test_what_is_in_progress_is_to_be_ended_first(forked: Repo, words: tuple[str, ...], told: str) -> None:
    if words[0] == "revert":
        forked.commit(**{"notes.txt": "again\n", ONE: "again\n"})
    forked(*words, ok=False)
    assert told in str(refused(forked))


def test_an_applied_mail_is_to_be_ended_first(forked: Repo) -> None:
    patch = forked("format-patch", "-1", "--stdout", "side")
    subprocess.run(["git", "am"], cwd=forked.root, env=forked.env, input=patch, text=True, capture_output=True)
    assert "git am" in str(refused(forked))


def test_a_detached_head(forked: Repo) -> None:
    forked("checkout", "-q", "--detach")
    assert "detached" in str(refused(forked))
    forked("update-ref", "refs/odd/place", "HEAD")
    forked("symbolic-ref", "HEAD", "refs/odd/place")
    assert "detached" in str(refused(forked))


@pytest.mark.parametrize("option", ["--skip-worktree", "--assume-unchanged"])
def test_entries_that_git_does_not_look_at(forked: Repo, option: str) -> None:
    forked("update-index", option, "notes.txt")
    place.look(forked.git)
    forked("update-index", option, ONE)
    assert ONE in str(refused(forked))


def test_a_sparse_checkout(forked: Repo) -> None:
    forked.commit(**{TWO: "two\n"})
    forked("sparse-checkout", "set", "--no-cone", "/notes.txt")
    assert f"{ONE}, {TWO}" in str(refused(forked))
    forked("sparse-checkout", "disable")
    assert place.look(forked.git).head


def test_a_shallow_clone(forked: Repo, tmp_path: Path) -> None:
    url = f"file://{forked.root}"
    subprocess.run(["git", "clone", "-q", "--depth=1", url, tmp_path / "c"], env=forked.env, check=True)
    shallow = Repo.__new__(Repo)
    shallow.git = type(forked.git)(str(tmp_path / "c"), str(tmp_path / "c" / ".git"), forked.env)
    assert "history" in str(refused(shallow))


def test_a_linked_work_tree_stands_where_it_stands(forked: Repo, tmp_path: Path) -> None:
    forked("worktree", "add", "-q", str(tmp_path / "linked"), "side")
    linked = type(forked.git)(str(tmp_path / "linked"), str(forked.root / ".git" / "worktrees" / "linked"), forked.env)
    assert place.look(linked).branch == "refs/heads/side"
    (forked.root / ".git" / "shallow").write_text("")
    with pytest.raises(Decision, match="history"):
        place.look(linked)
