"""Names mean what a person means by them, and refusals say what would be right."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Shell


def test_the_name_of_a_repeating_followup_is_the_one_to_be_done(shell: Shell) -> None:
    first = shell.id("followup", "add", "weekly check", "--due", "tomorrow", "--repeat", "weekly")
    for _ in range(2):
        shell.ok("followup", "done", "weekly check")
    later = shell.id("followup", "snooze", "weekly check", "--until", "next monday")
    assert later != first
    assert shell.json("followup", "show", "weekly check")["id"] == later
    shell.ok("followup", "add", "weekly check")
    assert shell.error("followup", "done", "weekly check")["exit"] == 4


def test_a_number_that_is_none_is_answered_with_numbers(shell: Shell) -> None:
    error = shell.error("company", "add", "Acme", "--employees", "many")
    assert error["exit"] == 5
    assert error["message"] == "employees: 'many' is no whole number: write one such as 120, 1,200 or 12k"


def test_a_field_name_that_json_keeps_is_refused_with_the_reason(shell: Shell) -> None:
    error = shell.error("field", "add", "Bad Name", "--of", "deal")
    assert error["exit"] == 5
    assert "bad_name ends in _name" in error["message"]


def test_one_deal_is_not_deals(shell: Shell) -> None:
    shell.ok("deal", "add", "One", "--stage", "verbal")
    shell.ok("pipeline", "edit", "Sales", "--remove", "verbal", "--to", "demo")
    assert "1 deal moved" in shell.err


def test_one_wrong_clock_does_not_fill_the_screen(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        shell.ok("company", "add", f"Company {number}")
    monkeypatch.setenv("TUICRM_NOW", "2020-01-01T09:00:00Z")
    lines = shell.ok("doctor").splitlines()
    found = shell.json("doctor")
    assert len(lines) <= 25
    assert len(found) > 60
    assert f"and {len(found) - len(lines) + 1} more" in lines[-1]
    assert "doctor --json" in lines[-1]
