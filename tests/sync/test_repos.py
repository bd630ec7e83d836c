"""The team that other tests of sync work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import DAY

if TYPE_CHECKING:
    from tests.sync.repos import Team


def test_two_clones_that_hold_the_same_have_one_hash(team: Team) -> None:
    ann = team.start("ann")
    deal = ann.add("deal", name="Acme renewal")
    ann.commit_by_hand()
    ann.git("push", "--quiet", "origin", "main")
    bob = team.join("bob")
    assert (bob.hash(), bob.tip, bob.clean()) == (ann.hash(), ann.head, True)
    bob.edit("deal", deal, name="Acme extension")
    assert bob.hash() != ann.hash()


def test_commands_run_as_the_person_with_the_persons_clock(team: Team) -> None:
    ann = team.alone("ann")
    ann.skew_ms = 400 * DAY
    key = ann.id("company", "add", "Acme GmbH")
    ann.skew_ms = 0
    assert key > ann.id("company", "add", "Beta AG")
    assert sorted(ann.spawn("company", "list", "--format", "ids").out.split()) == sorted(ann.records("company"))
    assert ann.git("config", "user.email") == "ann@acme.example"


def test_an_edit_by_hand_leaves_versions_alone(team: Team) -> None:
    ann = team.alone("ann")
    key = ann.add("deal", name="Acme renewal")
    ann.edit_by_hand("deal", key, name="Other")
    record = ann.get("deal", key)
    assert (record["name"], record.get("_v")) == ("Other", None)
