"""A sync that ends half way through putting things in place: the next command finishes it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.sync import refs
from tuicrm.sync.resuming import UNDERWAY

if TYPE_CHECKING:
    from tests.sync.repos import Team


class Ended(BaseException):
    """The power went."""


def test_what_is_ended_between_the_files_and_the_branch_is_finished_by_the_next_command(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Renewal")
    ann.sync()
    before = bob.head

    def move(*_: Any) -> bool:
        assert bob.file_of("deal", deal).exists()
        raise Ended

    with monkeypatch.context() as patch:
        patch.setattr(refs, "move", move)
        with pytest.raises(Ended):
            bob.sync()
    assert bob.head == before
    note = bob.private / UNDERWAY
    assert note.exists()
    os.utime(note, (1, 1))
    assert "was finished" in bob.run("deal", "list").err
    assert bob.head == ann.head
    assert bob.clean()
    assert not note.exists()
