"""What a newcomer types and reads: what was understood is told beside the name of its field, and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .conftest import Shell


def test_dates_and_money_are_echoed_with_their_field(shell: Shell) -> None:
    shell.ok("deal", "add", "Fresh", "--value", "12k", "--close", "end of next month")
    assert shell.err.splitlines()[1:] == ["  value: EUR 12,000", "  expected close: Mon 30 Nov 2026 (in 53 days)"]
    shell.ok("deal", "add", "Plain", "--value", "12000")
    assert shell.err == "added deal Plain\n"


def test_automatic_entries_say_what_changed(shell: Shell) -> None:
    shell.ok("deal", "move", "Acme pilot", "proposal")
    shell.ok("deal", "edit", "Acme pilot", "--value", "9k")
    shown = shell.ok("activity", "list")
    assert "stage: Lead > Proposal" in shown
    assert "value: EUR 500 > EUR 9,000" in shown.replace(".00", "")


def test_nothing_to_change_is_said_once(shell: Shell) -> None:
    shell.ok("deal", "edit", "Acme pilot", "--notes", "")
    assert shell.err == "nothing to change in Acme pilot\n"
