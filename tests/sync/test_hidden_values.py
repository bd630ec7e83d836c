"""Values that had given way on this machine before anybody looked: in the journal, and on lines that were joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import DAY, settle
from tuicrm.store.changes import Write

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
