"""Writers that are killed, many at once, steps beside a dict, and the control, all in small."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.prove import control, stateful, tracer, writers
from tests.prove.killing import Killings
from tests.prove.stock import Stock
from tests.prove.writer import Ours
from tests.sync.repos import SOURCE


@pytest.fixture
def may_trace() -> None:
    why_not = tracer.lacking()
    if why_not:
        pytest.skip(why_not)


def of_its_own(what: str) -> str:
    """What code says in a process of its own: the tracer waits for all children that its process has."""
    line = [sys.executable, "-c", f"from tests.prove import killing, stock\n{what}"]
    done = subprocess.run(line, cwd=SOURCE, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.usefixtures("may_trace")
def test_killed_writers_lose_nothing_that_they_acknowledged() -> None:
    assert of_its_own("t = killing.run(24, 11, workers=1); print(t.kills, t.failures)") == "24 []"


@pytest.mark.usefixtures("may_trace")
def test_the_same_kills_find_what_stock_tinydb_loses() -> None:
    found = of_its_own("t = killing.run(12, 1, workers=1, subject=stock.Stock(5)); print(len(t.failures) > 0)")
    assert found == "True"


def test_writers_at_once_are_killed_and_all_of_their_transactions_are_there() -> None:
    told = writers.run(writers=4, transactions=25, kills=8)
    assert told.failures == []
    assert (told.acknowledged, told.there) == (100, 100)
    assert told.kills > 0
    assert min(told.looks.values()) > 0


def test_two_people_at_work_are_what_a_plain_dict_says() -> None:
    told = stateful.run(examples=12, steps=40, seed=3, workers=1)
    assert told.failures == []
    assert told.steps >= 12 * 40
    assert len(told.rules) > 10


def test_a_full_disk_and_a_torn_write_leave_what_was_there() -> None:
    for tried in (control.full(Ours(), 12), control.torn(Ours(), 12)):
        assert (tried.sound, tried.failures) == (12, [])
    for tried in (control.full(Stock(1), 12), control.torn(Stock(1), 12)):
        assert tried.sound < 12


def test_what_the_control_says_of_kills_adds_up() -> None:
    told = Killings(kills=3, unkilled=2, stuck=3, lost=1)
    assert control._killed(told) == "1 of 5 sound (1 acknowledged, and away, 3 a writer ended with an error)"
