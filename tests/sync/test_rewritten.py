"""A remote whose history was rewritten: what was erased there stays erased, what is new here comes on top."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Clone, Team, settle
from tuicrm.errors import Decision

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def erase(clone: Clone, kind: str, key: str) -> None:
    """Write the whole history anew without a record, with plain git, and force it upon the remote."""
    path = clone.file_of(kind, key)
    kept = [line for line in path.read_text().splitlines() if f'"id":"{key}"' not in line]
    path.write_text("".join(f"{line}\n" for line in kept))
    clone.git("checkout", "--quiet", "--orphan", "fresh")
    clone.commit_by_hand("start again")
    clone.git("branch", "--force", "main")
    clone.git("checkout", "--quiet", "main")
    clone.git("push", "--quiet", "--force", "origin", "main")


def test_what_was_erased_stays_erased_and_what_changed_here_since_comes_on_top(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    secret, deal = ann.add("contact", name="Jane Roe"), ann.add("deal", name="Acme renewal")
    settle(ann, bob)
    bob.edit("deal", deal, name="Acme big renewal")
    fresh = bob.add("deal", name="Globex")
    erase(ann, "contact", secret)
    report = bob.sync()
    assert (report.pushed, report.earlier) == (True, 0)
    assert bob.git("log", "-1", "--format=%P") == ann.head
    assert b"Jane Roe" not in b"".join(bob.files().values())
    assert bob.records("contact") == {}
    assert {key: one["name"] for key, one in bob.records("deal").items()} == {
        deal: "Acme big renewal",
        fresh: "Globex",
    }
    settle(ann, bob)
    assert ann.records("contact") == {}


def test_what_both_changed_since_is_in_the_ledger(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    secret, deal = ann.add("contact", name="Jane Roe"), ann.add("deal", name="Acme")
    settle(ann, bob)
    ann.edit("deal", deal, name="by ann")
    bob.edit("deal", deal, name="by bob")
    erase(ann, "contact", secret)
    settle(bob, ann)
    assert ann.get("deal", deal)["name"] == "by bob"
    assert ann.lost(deal, "name") == ["by ann"]


def test_a_remote_that_lost_its_latest_commits_is_a_decision(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    ann.sync()
    backup = team.folder / "backup.git"
    shutil.copytree(team.remote, backup)
    deal = bob.add("deal", name="Acme")
    settle(ann, bob)
    shutil.rmtree(team.remote)
    backup.rename(team.remote)
    with pytest.raises(Decision, match="lost its latest commits"):
        ann.sync()
    assert ann.get("deal", deal)["name"] == "Acme"
    report = ann.sync(went_back="restore")
    assert report.pushed
    assert ann.tip == ann.head
    settle(ann, bob)


def test_a_remote_may_be_followed_back(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    settle(ann, bob)
    before = ann.tip
    gone = bob.add("deal", name="Gone")
    settle(ann, bob)
    fresh = ann.add("deal", name="Fresh")
    bob.git("push", "--quiet", "--force", "origin", f"{before}:refs/heads/main")
    ann.sync(went_back="follow")
    assert set(ann.records("deal")) == {fresh}
    assert gone not in ann.records("deal")


def test_a_branch_that_is_no_workspace_any_more_is_refused(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme")
    settle(ann, bob)
    bob.git("checkout", "--quiet", "--orphan", "other")
    bob.git("rm", "-r", "--quiet", "--cached", ".")
    bob.put("README", "something else")
    bob.git("add", "README")
    bob.git("commit", "--quiet", "--message", "other")
    bob.git("push", "--quiet", "--force", "origin", "other:main")
    with pytest.raises(Decision, match="no workspace"):
        ann.sync()
    assert ann.get("deal", deal)["name"] == "Acme"
