"""Values that had given way on this machine before anybody looked: in the journal, and on lines that were joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import DAY, settle
from tuicrm.store.changes import Remove, Revive, Write

if TYPE_CHECKING:
    from tests.sync.repos import Team


def test_an_own_value_that_a_pull_hid_before_the_next_one_was_written(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    bob.skew_ms = -900 * DAY
    with bob.opened() as ws:
        ws.commit([Write("deal", deal, {"notes": "bob's, by a slow clock"})], by="bob", note="")
        ann.edit("deal", deal, notes="ann's")
        ann.sync()
        bob.git("pull", "--quiet", "--ff-only")
        ws.refresh()
        assert (ws.get("deal", deal) or {})["notes"] == "ann's"
        ws.commit([Write("deal", deal, {"notes": "bob's, having seen ann's"})], by="bob", note="")
    settle(ann, bob)
    assert ann.get("deal", deal)["notes"] == "bob's, having seen ann's"
    assert ann.lost(deal, "notes") == ["bob's, by a slow clock"]


def test_a_typed_value_that_was_committed_beside_another_and_never_shown(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="first")
    ann.edit("deal", deal, notes="v61")
    settle(ann, bob)
    path, line = bob.file_of("deal", deal), bob.line("deal", deal)
    path.write_text(path.read_text() + line.replace("v61", "v159") + "\n")
    bob.commit_by_hand()
    bob.edit("deal", deal, notes="v170")
    settle(ann, bob)
    assert ann.get("deal", deal)["notes"] == "v170"
    assert ann.lost(deal, "notes") == ["v159"]


def test_a_field_typed_into_a_line_that_was_joined_before_the_sync(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme")
    settle(ann, bob)
    line = bob.line("deal", deal)
    bob.edit("deal", deal, notes="written by bob")
    path = bob.file_of("deal", deal)
    path.write_text(path.read_text() + line.replace('"name"', '"notes":"typed by bob","name"') + "\n")
    bob.edit("deal", deal, owner="bob")
    settle(ann, bob)
    assert ann.get("deal", deal)["notes"] == "written by bob"
    assert ann.lost(deal, "notes") == ["typed by bob"]
    assert ann.lost(deal, "owner") == []


def test_the_last_deletion_names_who_deleted(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme")
    settle(ann, bob)
    ann.skew_ms = 900 * DAY
    ann.remove("deal", deal)
    settle(ann, bob)
    bob.ok("deal", "restore", deal)
    bob.remove("deal", deal)
    settle(ann, bob)
    assert ann.content()["deal"][deal]["_del"]["by"] == "bob"


def test_an_own_deletion_that_a_pull_undid_before_the_next_edit(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    with bob.opened() as ws:
        ws.commit([Remove("deal", deal)], by="bob", note="")
        ann.edit("deal", deal, notes="ann's")
        ann.sync()
        bob.git("pull", "--quiet", "--ff-only")
        ws.refresh()
        assert (ws.get("deal", deal) or {})["notes"] == "ann's"
        ws.commit([Write("deal", deal, {"owner": "bob"})], by="bob", note="")
    settle(ann, bob)
    assert ann.get("deal", deal)["owner"] == "bob"
    assert ann.lost(deal) == ["bob"]


@pytest.mark.parametrize("is_in_file", [False, True])
def test_an_own_deletion_that_was_seen_and_written_over_is_no_conflict(team: Team, is_in_file: bool) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    with bob.opened() as ws:
        ws.commit([Remove("deal", deal)], by="bob", note="")
        if is_in_file:
            ws.checkpoint()
        ws.commit([Write("deal", deal, {"owner": "bob"})], by="bob", note="")
    settle(ann, bob)
    assert ann.get("deal", deal)["owner"] == "bob"
    assert ann.lost(deal) == []


def test_an_own_deletion_that_a_pull_undid_and_that_was_made_once_more(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    with bob.opened() as ws:
        ws.commit([Remove("deal", deal)], by="bob", note="")
        ann.edit("deal", deal, notes="ann's")
        ann.sync()
        bob.git("pull", "--quiet", "--ff-only")
        ws.refresh()
        ws.commit([Write("deal", deal, {"owner": "bob"})], by="bob", note="")
        ws.commit([Remove("deal", deal)], by="bob", note="")
    settle(ann, bob)
    assert deal not in ann.records("deal")
    assert ann.lost(deal) == []


def test_an_own_deletion_that_was_taken_back_is_no_conflict(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme", notes="old")
    settle(ann, bob)
    with bob.opened() as ws:
        ws.commit([Remove("deal", deal)], by="bob", note="")
        ws.commit([Revive("deal", deal)], by="bob", note="")
        ws.commit([Write("deal", deal, {"owner": "bob"})], by="bob", note="")
        ann.edit("deal", deal, notes="ann's")
        ann.sync()
        bob.git("pull", "--quiet", "--ff-only")
    settle(ann, bob)
    assert ann.get("deal", deal)["owner"] == "bob"
    assert ann.lost(deal) == []
