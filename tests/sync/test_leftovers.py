"""Locks that a killed sync's git left behind are removed by the next sync; those of anybody else stay."""

from __future__ import annotations

import fcntl
import os
import time
from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Team
from tuicrm.sync.leftovers import RUNNING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.repos import Clone

NAMES = ("refs/heads/main.lock", "refs/tuicrm/made.lock", "refs/remotes/origin/main.lock")


@pytest.fixture
def ann(tmp_path: Path) -> Clone:
    """A clone with something to send."""
    (clone,) = Team(tmp_path).clones("ann")
    clone.add("deal", name="Kept")
    return clone


def leave(clone: Clone, name: str, age: float) -> None:
    path = clone.root / ".git" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    os.utime(path, (time.time() - age,) * 2)


def died(clone: Clone, age: float) -> None:
    """Leave the mark of a sync that was killed."""
    path = clone.private / RUNNING
    path.write_text("a sync is running")
    os.utime(path, (time.time() - age,) * 2)


@pytest.mark.parametrize("name", [*NAMES, "packed-refs.lock"])
def test_a_killed_sync_is_no_trouble_for_the_next_one(ann: Clone, name: str) -> None:
    died(ann, 60)
    leave(ann, name, 30)
    ann.ok("sync")
    assert ann.head == ann.tip
    assert not (ann.root / ".git" / name).exists()
    assert (ann.private / RUNNING).read_bytes() == b""


def test_locks_of_others_stay(ann: Clone) -> None:
    leave(ann, NAMES[0], 30)
    assert ann.run("sync").code, "no sync has died here"
    died(ann, 10)
    assert ann.run("sync").code, "the lock is older than the sync that died"
    assert (ann.root / ".git" / NAMES[0]).exists()


def test_nothing_is_removed_beside_a_sync_that_runs(ann: Clone) -> None:
    died(ann, 60)
    leave(ann, NAMES[0], 30)
    with (ann.private / RUNNING).open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert ann.run("sync").code
        assert (ann.root / ".git" / NAMES[0]).exists()
    ann.ok("sync")
