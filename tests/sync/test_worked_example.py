"""The example that docs/merge.md works through comes out as it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import DAY, Clone, settle

if TYPE_CHECKING:
    from tests.sync.repos import Team


@pytest.fixture
def pair(team: Team) -> tuple[Clone, Clone, str]:
    """Both have the deal: 12,000 EUR, hot."""
    ann, bob = team.clones("ann", "bob")
    deal = ann.id("deal", "add", "Acme renewal", "--value", "12000", "--tag", "hot")
    settle(ann, bob)
    return ann, bob, deal


def test_two_amounts_a_next_step_and_a_tag(pair: tuple[Clone, Clone, str]) -> None:
    ann, bob, deal = pair
    ann.ok("deal", "edit", deal, "--value", "15000")
    ann.ok("deal", "edit", deal, "--next-step", "call Jane")
    bob.ok("deal", "edit", deal, "--value", "13000 USD")
    bob.ok("deal", "edit", deal, "--untag", "hot")
    settle(ann, bob)
    joined = ann.get("deal", deal)
    assert (joined["value"], joined["currency"], joined["next_step"]) == ("13000.00", "USD", "call Jane")
    assert "tags" not in joined
    (conflict,) = ann.json("conflict", "list")
    assert (conflict["record_name"], conflict["lost"], conflict["current"]) == (
        "Acme renewal",
        "EUR 15,000",
        "USD 13,000",
    )
    ann.ok("conflict", "resolve", conflict["id"], "--keep", "lost")
    settle(ann, bob)
    assert (bob.get("deal", deal)["value"], bob.get("deal", deal)["currency"]) == ("15000.00", "EUR")
    assert bob.json("conflict", "list") == []


@pytest.mark.parametrize("keep", ["current", "lost"])
def test_a_deletion_by_a_fast_clock(pair: tuple[Clone, Clone, str], keep: str) -> None:
    ann, bob, deal = pair
    bob.skew_ms = 365 * DAY
    ann.ok("deal", "edit", deal, "--value", "15000")
    bob.ok("deal", "rm", deal)
    settle(ann, bob)
    bob.skew_ms = 0
    assert bob.get("deal", deal)["value"] == "15000.00"
    (conflict,) = bob.json("conflict", "list")
    assert "deleted" in conflict["lost"] + conflict["label"]
    ann.ok("conflict", "resolve", conflict["id"], "--keep", keep)
    settle(ann, bob)
    assert (deal in bob.records("deal")) is (keep == "current")
    assert bob.json("conflict", "list") == []


def test_lines_that_git_put_beside_each_other(pair: tuple[Clone, Clone, str]) -> None:
    ann, bob, deal = pair
    ann.ok("deal", "edit", deal, "--value", "15000")
    ann.sync()
    bob.edit_by_hand("deal", deal, name="Acme renewal 2027")
    bob.commit_by_hand()
    bob.git("pull", "--quiet", "--no-rebase", "--no-edit")
    assert bob.file_of("deal", deal).read_bytes().count(deal.encode()) >= 2
    bob.git("push", "--quiet", "origin", "main")
    settle(ann, bob)
    joined = ann.get("deal", deal)
    assert (joined["name"], joined["value"]) == ("Acme renewal 2027", "15000.00")


def test_what_is_purged_stays_away_and_what_its_deleter_had_not_seen_does_not(team: Team) -> None:
    """What docs/sync.md says about erasing."""
    from tuicrm.store.changes import Purge, Remove

    ann, bob = team.clones("ann", "bob")
    contact = ann.add("contact", name="Zebediah Quux", notes="likes tea")
    settle(ann, bob)
    bob.edit("contact", contact, title="CEO")
    with ann.opened() as ws:
        ws.commit([Remove("contact", contact)], by="ann", note="erasure")
        ws.commit([Purge("contact", contact)], by="ann", note="erasure")
    settle(ann, bob)
    held = bob.content()["contact"][contact]
    assert ("name" in held, "notes" in held, held.get("title")) == (False, False, "CEO")
    assert b"Zebediah" not in b"".join(bob.files().values())
