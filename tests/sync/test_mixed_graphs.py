"""Histories of unusual shapes that plain git makes: however commits hang together, every clone ends alike."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.sync import repos
from tests.sync.repos import Clone
from tuicrm.crm.conflicts import conflicts
from tuicrm.store.leaves import canonical_json, versions
from tuicrm.sync.history import git_blame
from tuicrm.sync.whose import with_authors

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sync.repos import Team

NAMES = ("ann", "bob", "eve")


@pytest.fixture
def trio(team: Team) -> tuple[Clone, Clone, Clone, str]:
    """ann, bob and eve with one deal."""
    ann, bob, eve = team.clones(*NAMES)
    deal = ann.add("deal", name="Acme renewal", next_step="call", stage="lead", tags=["cold"])
    settle(ann, bob, eve)
    return ann, bob, eve, deal


def settle(*clones: Clone) -> None:
    """Sync all clones until nothing moves; then git knows who wrote every value, those that gave way included."""
    repos.settle(*clones)
    last = clones[-1]
    for key, record in last.records("deal").items():
        blame = git_blame(str(last.root), "deal", key, last.env)
        assert blame is not None
        assert {at for at in versions(record).items() if at[1] > key} <= blame.commits.keys()
    session = last.session()
    told = with_authors(session, conflicts(session), last.env)
    session.ws.close()
    assert [one for one in told if not one.by or not one.current_by] == []


def take(clone: Clone, *others: Clone) -> None:
    """Fetch the branches of others as `refs/heads/<user>`."""
    for other in others:
        clone.git("fetch", "--quiet", str(other.root), f"+main:refs/heads/{other.user}")


def typed(clone: Clone, deal: str, **fields: str) -> str:
    """Type over a record's values wherever they stand: a merge with plain git may have left two lines of it."""
    path = clone.file_of("deal", deal)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    changed = [{**line, **fields} if line["id"] == deal else line for line in lines]
    path.write_bytes(b"".join(canonical_json(line) + b"\n" for line in changed))
    return clone.commit_by_hand(f"by {clone.user}")


def wrote(clone: Clone, deal: str, **fields: str) -> str:
    clone.edit("deal", deal, **fields)
    return clone.commit_by_hand(f"by {clone.user}")


@pytest.mark.parametrize("change", [typed, wrote])
def test_criss_cross_merges_agree(trio: tuple[Clone, Clone, Clone, str], change: Callable[..., str]) -> None:
    """Both merge the other's commit, each with a commit of its own, and go on."""
    ann, bob, eve, deal = trio
    change(ann, deal, name="by ann")
    change(bob, deal, name="by bob")
    first = {one.user: one.head for one in (ann, bob)}
    take(ann, bob)
    take(bob, ann)
    ann.git("merge", "--quiet", "-m", "a", first["bob"])
    bob.git("merge", "--quiet", "-m", "b", first["ann"])
    change(ann, deal, next_step="ann again")
    change(bob, deal, next_step="bob again")
    settle(ann, bob, eve)
    record = eve.get("deal", deal)
    assert {record["name"], *eve.lost(deal, "name")} == {"by ann", "by bob"}
    assert {record["next_step"], *eve.lost(deal, "next_step")} == {"ann again", "bob again"}
    assert len(eve.ledger()) == 2


def test_an_octopus_merge_keeps_every_side(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    wrote(ann, deal, name="by ann")
    wrote(bob, deal, next_step="by bob")
    other = eve.add("deal", name="Fresh")
    eve.commit_by_hand()
    take(eve, ann, bob)
    eve.git("merge", "--quiet", "-m", "all", "ann", "bob", ok=False)
    eve.commit_by_hand("all", ok=False)
    settle(eve, ann, bob)
    record = bob.get("deal", deal)
    assert (record["name"], record["next_step"]) == ("by ann", "by bob")
    assert other in bob.records("deal")
    assert bob.ledger() == []


def test_an_octopus_of_one_side_still_says_what_all_said(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    wrote(ann, deal, name="by ann")
    wrote(bob, deal, name="by bob")
    wrote(eve, deal, next_step="by eve")
    take(eve, ann, bob)
    eve.git("merge", "--quiet", "-s", "ours", "-m", "mine", "ann", "bob")
    settle(eve, ann, bob)
    record = ann.get("deal", deal)
    assert (record["name"], record["next_step"]) == ("by bob", "by eve")
    assert ann.lost(deal, "name") == ["by ann"]


@pytest.mark.parametrize("side", ["-sours", "-Xtheirs"])
def test_a_typed_value_that_a_one_sided_merge_drops_is_kept_or_in_the_ledger(
    trio: tuple[Clone, Clone, Clone, str], side: str
) -> None:
    ann, bob, eve, deal = trio
    for one in (ann, bob):
        one.put(".git/info/attributes", "data/**/*.jsonl !merge text\n")
    typed(ann, deal, name="by ann")
    typed(bob, deal, name="by bob")
    take(bob, ann)
    bob.git("merge", "--quiet", side, "-m", "one side", "ann")
    settle(bob, eve, ann)
    assert {eve.get("deal", deal)["name"], *eve.lost(deal, "name")} == {"by ann", "by bob"}


def test_picked_both_ways(trio: tuple[Clone, Clone, Clone, str]) -> None:
    """Each picks the other's commit; the same edits are in both histories, under other commits."""
    ann, bob, eve, deal = trio
    one = wrote(ann, deal, name="by ann")
    two = wrote(bob, deal, next_step="by bob")
    take(ann, bob)
    take(bob, ann)
    ann.git("cherry-pick", two, ok=False)
    bob.git("cherry-pick", one, ok=False)
    settle(ann, bob, eve)
    record = eve.get("deal", deal)
    assert (record["name"], record["next_step"]) == ("by ann", "by bob")
    assert eve.ledger() == []


def test_typed_and_picked_both_ways_is_one_edit(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    one = typed(ann, deal, name="by ann")
    take(bob, ann)
    bob.add("deal", name="Fresh")
    bob.commit_by_hand()
    bob.git("cherry-pick", one)
    wrote(bob, deal, next_step="by bob")
    settle(bob, ann, eve)
    assert eve.get("deal", deal)["name"] == "by ann"
    assert eve.ledger() == []


def test_a_branch_that_is_merged_twice(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    ann.git("switch", "--quiet", "-c", "topic")
    wrote(ann, deal, name="first")
    ann.git("switch", "--quiet", "main")
    ann.git("merge", "--quiet", "--no-ff", "-m", "once", "topic")
    wrote(ann, deal, next_step="on main")
    ann.git("switch", "--quiet", "topic")
    wrote(ann, deal, name="second")
    ann.git("switch", "--quiet", "main")
    ann.git("merge", "--quiet", "--no-ff", "-m", "twice", "topic")
    ann.sync()
    settle(ann, bob, eve)
    record = eve.get("deal", deal)
    assert (record["name"], record["next_step"]) == ("second", "on main")
    assert eve.ledger() == []


def test_a_branch_rebased_with_its_merges(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    bob.edit("deal", deal, stage="proposal")
    bob.sync()
    ann.git("switch", "--quiet", "-c", "topic")
    wrote(ann, deal, name="on topic")
    ann.git("switch", "--quiet", "main")
    wrote(ann, deal, next_step="on main")
    ann.git("merge", "--quiet", "--no-ff", "-m", "in", "topic")
    ann.git("fetch", "--quiet")
    ann.git("rebase", "--quiet", "-r", "origin/main")
    settle(ann, bob, eve)
    record = eve.get("deal", deal)
    assert (record["name"], record["next_step"], record["stage"]) == ("on topic", "on main", "proposal")
    assert eve.ledger() == []


def test_an_amended_commit_that_others_have_already(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    typed(ann, deal, name="first thought")
    take(bob, ann)
    bob.git("merge", "--quiet", "--ff-only", "ann")
    wrote(bob, deal, next_step="by bob")
    ann.edit_by_hand("deal", deal, name="second thought")
    ann.git("add", "--all")
    ann.git("commit", "--quiet", "--amend", "-m", "amended")
    settle(ann, bob, eve)
    record = eve.get("deal", deal)
    assert record["next_step"] == "by bob"
    assert {record["name"], *eve.lost(deal, "name")} == {"first thought", "second thought"}


def test_a_branch_squashed_by_a_host_and_gone_on_with(trio: tuple[Clone, Clone, Clone, str]) -> None:
    """A squash merge on the host, then another round on the same branch."""
    ann, bob, eve, deal = trio
    ann.git("switch", "--quiet", "-c", "topic")
    for step in ("one", "two"):
        wrote(ann, deal, name=step)
    take(bob)
    bob.git("fetch", "--quiet", str(ann.root), "+topic:refs/heads/topic")
    bob.git("merge", "--quiet", "--squash", "topic")
    bob.git("commit", "--quiet", "-m", "squashed")
    bob.sync()
    wrote(ann, deal, name="three")
    ann.git("switch", "--quiet", "main")
    ann.git("merge", "--quiet", "-m", "again", "topic")
    settle(ann, bob, eve)
    assert eve.get("deal", deal)["name"] == "three"
    # The squashed commit is no ancestor, so that nobody can tell that "two" had been seen.
    assert eve.lost(deal) in ([], ["two"])


def test_a_merge_that_was_reverted_is_an_edit_back(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    ann.git("switch", "--quiet", "-c", "topic")
    wrote(ann, deal, name="on topic", next_step="topic")
    ann.git("switch", "--quiet", "main")
    ann.git("merge", "--quiet", "--no-ff", "-m", "in", "topic")
    ann.git("revert", "--no-edit", "-m", "1", "HEAD")
    bob.edit("deal", deal, stage="proposal")
    bob.sync()
    settle(ann, bob, eve)
    record = eve.get("deal", deal)
    assert (record["name"], record["next_step"], record["stage"]) == ("Acme renewal", "call", "proposal")
    assert eve.ledger() == []


def test_a_revert_against_an_edit_leaves_the_loser_in_the_ledger(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    ann.edit("deal", deal, name="a mistake")
    settle(ann, bob, eve)
    ann.git("revert", "--no-edit", "HEAD")
    bob.edit("deal", deal, name="by bob")
    settle(ann, bob, eve)
    assert eve.get("deal", deal)["name"] == "by bob"
    assert eve.lost(deal, "name") == ["Acme renewal"]


def test_a_revert_of_a_revert(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    ann.edit("deal", deal, name="good after all")
    settle(ann, bob, eve)
    ann.git("revert", "--no-edit", "HEAD")
    ann.git("revert", "--no-edit", "HEAD")
    settle(ann, bob, eve)
    assert eve.get("deal", deal)["name"] == "good after all"
    assert eve.ledger() == []


def test_an_older_line_that_a_revert_puts_beside_a_later_one_changes_nothing(
    trio: tuple[Clone, Clone, Clone, str],
) -> None:
    """git's union leaves both, and which of them was meant nobody can tell: the later version stands."""
    ann, bob, eve, deal = trio
    ann.edit("deal", deal, name="good after all")
    settle(ann, bob, eve)
    ann.git("revert", "--no-edit", "HEAD")
    reverted = ann.head
    settle(ann, bob, eve)
    assert bob.get("deal", deal)["name"] == "Acme renewal"
    ann.git("revert", "--no-edit", reverted)
    assert len(ann.file_of("deal", deal).read_text().splitlines()) == 2
    settle(ann, bob, eve)
    assert eve.get("deal", deal)["name"] == "Acme renewal"


def test_an_autostash_across_a_pull(trio: tuple[Clone, Clone, Clone, str]) -> None:
    ann, bob, eve, deal = trio
    wrote(ann, deal, next_step="committed")
    ann.edit("deal", deal, name="not committed")
    bob.edit("deal", deal, name="by bob")
    bob.sync()
    ann.git("pull", "--quiet", "--rebase", "--autostash", ok=False)
    settle(ann, bob, eve)
    record = eve.get("deal", deal)
    assert record["next_step"] == "committed"
    assert {record["name"], *eve.lost(deal, "name")} == {"not committed", "by bob"}
