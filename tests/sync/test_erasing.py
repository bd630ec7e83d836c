"""Erasing a person reaches every clone, and an edit made elsewhere does not bring the erased values back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.sync.repos import settle

if TYPE_CHECKING:
    from tests.sync.repos import Team


def test_every_clone_drops_what_one_erases(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    zeb = ann.id("contact", "add", "Zeb Quux", "--email", "zeb@home.example")
    ann.ok("contact", "edit", zeb, "--email", "zeb@quux.example", "--phone", "+49 30 555 0142")
    log = ann.id("log", "email", "Zeb Quux wants tea", "--with", zeb)
    settle(ann, bob)
    assert bob.get("activity", log)["subject"] == "Zeb Quux wants tea"
    ann.ok("contact", "erase", zeb, "--yes")
    settle(ann, bob)
    for one in (ann, bob):
        assert zeb not in one.records("contact")
        assert log not in one.records("activity")
        data = b"".join(one.files().values())
        assert b"Quux" not in data
        assert b"quux" not in data
        assert b"305550142" not in data
    assert ann.hash() == bob.hash()


def test_an_edit_made_meanwhile_comes_without_what_was_erased_and_can_be_erased_again(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    zeb = ann.id("contact", "add", "Zeb Quux", "--email", "zeb@quux.example")
    log = ann.id("log", "email", "Zeb Quux wants tea", "--with", zeb)
    settle(ann, bob)
    ann.ok("contact", "erase", zeb, "--yes")
    bob.ok("contact", "edit", zeb, "--city", "Bonn")
    bob.ok("activity", "edit", log, "--outcome", "reached")
    settle(ann, bob)
    for one in (ann, bob):
        back = one.get("contact", zeb)
        assert back["city"] == "Bonn"
        assert not back.keys() & {"name", "emails"}
        assert "subject" not in one.get("activity", log)
        assert "Quux" not in json.dumps(one.ledger())
    ann.ok("contact", "erase", zeb, "--yes")
    settle(ann, bob)
    assert zeb not in bob.records("contact")
    assert b"Bonn" not in b"".join(bob.files().values())
    assert ann.hash() == bob.hash()
