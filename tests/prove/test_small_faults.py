"""The proof of faults in small: the same code that `make prove` runs in full."""

from __future__ import annotations

from tests.prove import damage, failing, limits, power, recovery


def test_a_power_cut_loses_nothing_acknowledged() -> None:
    told = power.run(250, 3, acts=6, every=24)
    assert told.failures == []
    assert told.states >= 250
    assert told.torn > 30


def test_a_failing_call_is_a_sentence_and_damages_nothing() -> None:
    told = failing.run(200, 5, acts=5, every=11)
    assert told.failures == []
    assert len(told.cases) == len(failing.FAULTS)
    assert told.refused > 50


def test_a_crash_while_mending_a_crash_changes_nothing() -> None:
    told = recovery.run(60, 2, acts=6, every=7)
    assert told.failures == []
    assert (told.runs, told.scenes > 3) == (60, True)


def test_damage_stays_where_it_is_and_is_kept() -> None:
    told = damage.run(199, 7)
    assert told.failures == []
    assert told.flipped > 100
    assert len(told.ends) > 4


def test_commands_at_real_limits_tell_the_truth() -> None:
    told = limits.run(5, 4)
    assert told.failures == []
    assert told.cases.total() == 5 or told.lacking
