"""The proof in small: the same code that `make prove` runs in full."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.prove import crowd, histories, laws, tracer
from tests.prove.cost import Cost, Field
from tests.sync.repos import SOURCE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("seed", [1001, 1002, 1003, 1005, 1010])
def test_a_short_history_ends_alike_everywhere_and_nothing_is_lost(seed: int) -> None:
    story = histories.run(seed, steps=60, people=3 + seed % 3)
    assert story.problems == []
    assert story.hashes == 1
    assert story.markers == 0
    assert story.syncs > story.clones
    assert story.verdict.typed > 10
    if story.exact:
        told = story.verdict
        assert (told.missing, told.dead_unseen, told.unexplained) == ([], [], [])


def test_the_laws_hold() -> None:
    assert laws.prove(60, start=7) == []


def test_a_killed_sync_loses_nothing() -> None:
    why_not = tracer.lacking()
    if why_not:
        pytest.skip(why_not)
    # A process of its own: the tracer waits for all children that its process has.
    line = [sys.executable, "-m", "tests.prove.kills", "4"]
    done = subprocess.run(line, cwd=SOURCE, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 killed, 0 failed" in done.stdout


def test_everybody_gets_through_when_all_sync_at_once() -> None:
    told = crowd.run(clones=4, edits=4)
    assert told.problems == []
    assert (told.arrived, told.gave_up, told.syncs) == (16, 0, 16)


def test_ten_edits_send_little_and_take_little_room(tmp_path: Path) -> None:
    place, told = Field(tmp_path, 5000), Cost(5000, 10, 1)
    place.round(10, 1, told)
    assert max(told.packed) <= 10_000
    assert max(told.loose) <= 500_000
