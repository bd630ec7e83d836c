"""A lock on the remote's branch: waited for, taken away where it was left behind, and told where it stays."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Team
from tuicrm.errors import Decision

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def test_a_lock_that_stays_is_told(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuicrm.sync.syncing.LONGEST_PAUSE", 0.001)
    (ann,) = team.clones("ann")
    deal = ann.add("deal", name="Acme")
    lock = team.remote / "refs/heads/main.lock"
    lock.touch()
    ahead = time.time() + 3600
    os.utime(lock, (ahead, ahead))
    with pytest.raises(Decision, match="takes nothing"):
        ann.sync()
    lock.unlink()
    assert ann.sync().pushed
    assert ann.get("deal", deal)["name"] == "Acme"


@pytest.mark.parametrize("name", ["refs/heads/main.lock", "HEAD.lock"])
def test_a_lock_that_a_killed_push_left_is_taken_away(team: Team, name: str) -> None:
    (ann,) = team.clones("ann")
    ann.add("deal", name="Acme")
    lock = team.remote / name
    lock.touch()
    before = time.time() - 60
    os.utime(lock, (before, before))
    assert ann.sync().pushed
    assert not lock.exists()
    assert ann.tip == ann.head
