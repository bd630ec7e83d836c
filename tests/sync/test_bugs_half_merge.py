"""A merge that was left half done, in which the other side also brings a file beside the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import settle

if TYPE_CHECKING:
    from tests.sync.repos import Team


def test_a_file_that_the_begun_merge_has_brought_is_no_conflict(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.edit("deal", deal, notes="bob's")
    bob.root.joinpath("plan.txt").write_text("from bob\n")
    bob.commit_by_hand()
    bob.sync()
    ann.edit("deal", deal, notes="ann's")
    ann.commit_by_hand()
    info = ann.root / ".git" / "info"
    info.mkdir(exist_ok=True)
    (info / "attributes").write_text("data/** merge=text\n")
    ann.git("fetch", "origin")
    ann.git("merge", "--no-edit", "origin/main", ok=False)
    assert (ann.root / ".git" / "MERGE_HEAD").exists()
    settle(ann, bob)
    assert (ann.root / "plan.txt").read_text() == "from bob\n"
