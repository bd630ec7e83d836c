"""The first sync of a clone: what the clone was made from counts as known, whoever made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Clone, Team, git, settle

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def cloned(team: Team, *, by: str) -> Clone:
    """A clone by Cy that has not been synced yet."""
    root = team.folder / "cy"
    env = team.environ("cy")
    if by == "tuicrm":
        from tests.sync.repos import tuicrm

        assert tuicrm(env, "clone", str(team.remote), str(root)).code == 0
    else:
        git(team.folder, env, "clone", "--quiet", str(team.remote), str(root))
    return Clone(team, root, "cy")


def erase(clone: Clone, kind: str, key: str) -> None:
    """Write the history anew without a record, and force it upon the remote."""
    path = clone.file_of(kind, key)
    path.write_text("".join(f"{line}\n" for line in path.read_text().splitlines() if f'"id":"{key}"' not in line))
    clone.git("checkout", "--quiet", "--orphan", "fresh")
    clone.commit_by_hand("start again")
    clone.git("branch", "--force", "main")
    clone.git("checkout", "--quiet", "main")
    clone.git("push", "--quiet", "--force", "origin", "main")


@pytest.mark.parametrize("fetched", [False, True])
@pytest.mark.parametrize("by", ["tuicrm", "git"])
def test_what_was_erased_since_a_clone_was_made_stays_erased(team: Team, by: str, fetched: bool) -> None:
    (ann,) = team.clones("ann")
    secret = ann.add("contact", name="Jane Roe")
    ann.sync()
    cy = cloned(team, by=by)
    deal = cy.add("deal", name="Acme")
    erase(ann, "contact", secret)
    if fetched:
        cy.git("fetch", "--quiet")
    cy.ok("sync")
    assert cy.git("log", "-1", "--format=%P") == ann.head
    assert b"Jane Roe" not in b"".join(cy.files().values())
    assert cy.get("deal", deal)["name"] == "Acme"
    settle(ann, cy)
    assert ann.records("contact") == {}


def test_what_was_committed_and_pushed_by_hand_since_is_no_rewriting(team: Team) -> None:
    (ann,) = team.clones("ann")
    cy = cloned(team, by="git")
    deal = cy.add("deal", name="Acme")
    cy.run("doctor")
    cy.commit_by_hand()
    cy.git("push", "--quiet")
    ann.add("deal", name="Globex")
    ann.sync()
    cy.add("deal", name="Initech")
    settle(ann, cy)
    assert ann.get("deal", deal)["name"] == "Acme"
    assert len(ann.records("deal")) == 3


def test_another_remote_than_the_one_of_the_clone_takes_all_of_it(team: Team) -> None:
    (ann,) = team.clones("ann")
    deal = ann.add("deal", name="Acme")
    ann.sync()
    cy = cloned(team, by="git")
    other = team.bare("other.git")
    plain = team.folder / "plain"
    git(team.folder, team.environ("cy"), "clone", "--quiet", str(other), str(plain))
    (plain / "README.md").write_text("hello\n")
    git(plain, team.environ("cy"), "add", ".")
    git(plain, team.environ("cy"), "commit", "--quiet", "--message", "a readme")
    git(plain, team.environ("cy"), "push", "--quiet", "origin", "HEAD:main")
    cy.ok("sync", "--remote", str(other))
    assert cy.get("deal", deal)["name"] == "Acme"
    assert cy.tip == cy.head
    assert (cy.root / "README.md").exists()
