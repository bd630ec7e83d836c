"""`sequence` as people use it: started, gone through, ended by itself; and on two clones at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sync.repos import Team, settle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell
    from tests.sync.repos import Clone

STEPS = (
    "--step",
    "0 email Intro",
    "--step",
    "3 call Any questions?",
    "--step",
    "3 wait",
    "--step",
    "8 todo case study",
)
DAY_MS = 86_400_000


@pytest.fixture
def outbound(stocked: Shell) -> Shell:
    """A workspace with a template and a sequence."""
    stocked.ok("template", "add", "Intro", "--body", "Hello {first_name}")
    stocked.ok("sequence", "add", "Outbound", *STEPS)
    return stocked


def todo(shell: Shell | Clone) -> list[tuple[str, str]]:
    return [(one["due"], one["subject"]) for one in shell.json("followup", "list", "--sort", "due")]


def member(shell: Shell | Clone) -> dict[str, Any]:
    found: dict[str, Any] = shell.json("sequence", "show", "Outbound")["people"][0]
    return found


def at(monkeypatch: pytest.MonkeyPatch, day: int, hour: int = 10) -> None:
    monkeypatch.setenv("TUICRM_NOW", f"2026-10-{day:02}T{hour:02}:00:00Z")


def test_a_step_waits_for_a_day_of_work(outbound: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    outbound.ok("sequence", "start", "Outbound", "jane@acme.example")
    (one,) = outbound.json("followup", "list")
    outbound.ok("followup", "done", one["id"])
    # Three days from a Thursday is a Sunday.
    assert todo(outbound) == [("2026-10-12", "call: Any questions? (Outbound 2/4)")]
    outbound.ok("undo")
    outbound.ok("config", "set", "week_start", "saturday")
    outbound.ok("followup", "done", one["id"])
    assert todo(outbound) == [("2026-10-11", "call: Any questions? (Outbound 2/4)")]


def test_what_is_due_is_told_once(outbound: Shell) -> None:
    outbound.ok("sequence", "start", "Outbound", "jane@acme.example")
    outbound.ok("contact", "edit", "jane@acme.example", "--do-not-contact", "yes")
    outbound.ok("run")
    assert outbound.err.count("Outbound ended for Jane Roe") == 1


def test_several_are_started_as_one_step_or_none_of_them(outbound: Shell) -> None:
    outbound.ok("lead", "add", "Kim Vos")
    assert len(outbound.ok("sequence", "start", "Outbound", "jane@acme.example", "Kim Vos", "Kim Vos").split()) == 2
    outbound.ok("undo")
    assert todo(outbound) == []
    outbound.ok("sequence", "start", "Outbound", "Kim Vos")
    assert outbound.run("sequence", "start", "Outbound", "jane@acme.example", "Kim Vos") == 5
    assert "Kim Vos is in Outbound already" in outbound.err
    assert len(todo(outbound)) == 1


def test_a_step_that_is_done_brings_the_next(outbound: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    outbound.ok("sequence", "start", "Outbound", "jane@acme.example")
    assert todo(outbound) == [("2026-10-08", "e-mail: Intro (Outbound 1/4)")]
    (one,) = outbound.json("followup", "list")
    assert (one["contacts_name"], one["company_name"], one["owner_name"]) == (["Jane Roe"], "Acme GmbH", "ann")
    at(monkeypatch, 10)
    outbound.ok("followup", "done", one["id"])
    assert todo(outbound) == [("2026-10-13", "call: Any questions? (Outbound 2/4)")]
    outbound.ok("undo")
    assert todo(outbound) == [("2026-10-08", "e-mail: Intro (Outbound 1/4)")]
    outbound.ok("followup", "done", one["id"])
    assert todo(outbound) == [("2026-10-13", "call: Any questions? (Outbound 2/4)")]
    assert (member(outbound)["step"], member(outbound)["due"]) == (2, "2026-10-13")
    at(monkeypatch, 14)
    outbound.ok("log", "call", "no questions", "--followup", "Any questions")
    assert todo(outbound) == [("2026-10-19", "case study (Outbound 4/4)")]
    outbound.ok("followup", "done", "case study")
    assert "all steps were taken" in outbound.err
    assert todo(outbound) == []
    assert member(outbound)["reason"] == "all steps were taken"
    assert outbound.ok("run") == ""
    assert outbound.err == ""


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (("log", "email", "Yes", "--with", "Jane Roe", "--outcome", "received"), "they answered"),
        (("log", "meeting", "Lunch", "--with", "Jane Roe"), "there was a meeting"),
        (("deal", "move", "Acme renewal", "demo"), "Acme renewal moved to Demo"),
        (("deal", "win", "Acme renewal"), "Acme renewal was won"),
        (("deal", "lose", "Acme renewal", "--reason", "price"), "Acme renewal was lost"),
        (("contact", "edit", "Jane Roe", "--do-not-contact", "yes"), "they asked not to be contacted"),
        (("contact", "rm", "Jane Roe"), "the person is no longer here"),
        (("sequence", "rm", "Outbound"), "the sequence was removed"),
    ],
)
def test_it_ends_by_itself(
    outbound: Shell, monkeypatch: pytest.MonkeyPatch, happens: tuple[str, ...], reason: str
) -> None:
    outbound.ok("deal", "edit", "Acme renewal", "--contact", "Jane Roe")
    outbound.ok("sequence", "start", "Outbound", "Jane Roe")
    at(monkeypatch, 9)
    outbound.ok(*happens)
    said = outbound.err
    outbound.ok("run")
    who = "somebody" if "no longer" in reason else "Jane Roe"
    assert f"Outbound ended for {who}: {reason}" in said + outbound.err
    assert todo(outbound) == []
    outbound.ok("run")
    assert outbound.err == ""


@pytest.mark.parametrize(
    "happens",
    [
        ("log", "email", "Sent it", "--with", "Jane Roe", "--outcome", "sent"),
        ("log", "call", "Reached her", "--with", "Jane Roe", "--outcome", "reached"),
        ("log", "meeting", "In June", "--with", "Jane Roe", "--at", "2026-06-01"),
        ("log", "meeting", "Nobody came", "--with", "Jane Roe", "--outcome", "no_show"),
        ("deal", "edit", "Acme renewal", "--value", "13k"),
        ("deal", "add", "Another", "--contact", "Jane Roe"),
    ],
)
def test_what_is_no_answer_leaves_it_alone(
    outbound: Shell, monkeypatch: pytest.MonkeyPatch, happens: tuple[str, ...]
) -> None:
    outbound.ok("deal", "edit", "Acme renewal", "--contact", "Jane Roe")
    outbound.ok("sequence", "start", "Outbound", "Jane Roe")
    at(monkeypatch, 9)
    outbound.ok(*happens)
    outbound.ok("run")
    assert todo(outbound) == [("2026-10-08", "e-mail: Intro (Outbound 1/4)")]


def test_an_answer_with_the_step_done_brings_no_next_step(outbound: Shell) -> None:
    outbound.ok("sequence", "start", "Outbound", "Jane Roe")
    outbound.ok("log", "meeting", "At the fair", "--with", "Jane Roe", "--followup", "Intro")
    assert todo(outbound) == []
    assert member(outbound)["reason"] == "there was a meeting"
    outbound.ok("undo")
    assert todo(outbound) == [("2026-10-08", "e-mail: Intro (Outbound 1/4)")]
    assert member(outbound)["reason"] is None


def test_nobody_is_in_it_twice_and_it_can_be_started_again(outbound: Shell) -> None:
    outbound.ok("sequence", "start", "Outbound", "Jane Roe")
    assert "in Outbound already, at step 1 of 4" in outbound.error("sequence", "start", "Outbound", "Jane")["message"]
    outbound.ok("sequence", "stop", "Outbound", "Jane Roe")
    assert todo(outbound) == []
    assert outbound.error("sequence", "stop", "Jane Roe")["exit"] == 3
    outbound.ok("sequence", "start", "Outbound", "Jane Roe")
    assert len(todo(outbound)) == 1
    outbound.ok("undo")
    outbound.ok("sequence", "start", "Outbound", "Jane Roe")
    assert len(todo(outbound)) == 1


def test_who_asked_not_to_be_contacted_is_not_put_into_it(outbound: Shell) -> None:
    outbound.ok("contact", "edit", "Jane Roe", "--do-not-contact", "yes")
    assert outbound.error("sequence", "start", "Outbound", "Jane Roe")["exit"] == 5
    assert outbound.error("sequence", "start", "Outbound", "nobody")["exit"] == 3
    assert todo(outbound) == []


def test_a_step_that_somebody_removed_is_passed_over(outbound: Shell) -> None:
    outbound.ok("sequence", "start", "Outbound", "Jane Roe")
    outbound.ok("followup", "rm", "Intro")
    outbound.ok("run")
    assert todo(outbound) == [("2026-10-12", "call: Any questions? (Outbound 2/4)")]


def test_steps_change_under_those_who_are_in_it(outbound: Shell) -> None:
    outbound.ok("sequence", "start", "Outbound", "Jane Roe")
    outbound.ok("followup", "done", "Intro")
    outbound.ok("sequence", "edit", "Outbound", "--drop", "2", "--step", "5 call Second try", "--name", "Outreach")
    assert todo(outbound) == []
    outbound.ok("run")
    assert todo(outbound) == [("2026-10-13", "call: Second try (Outreach 3/4)")]


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("call", "is no step"),
        ("3 dance", "'dance' is nothing to do"),
        ("2000 call", "day 2,000 is later than day 1,000"),
        ("1 todo", "does not say what to do"),
        ("1 wait", "needs a step in which there is something to do"),
        ("1 email template:Nope", "no template answers to 'Nope'"),
        ("-1 call", "is no step"),
    ],
)
def test_a_step_that_is_none_is_refused(outbound: Shell, step: str, says: str) -> None:
    assert says in outbound.error("sequence", "add", "Other", "--step", step)["message"]
    assert len(outbound.json("sequence", "list")) == 1
    assert outbound.error("sequence", "add", "Outbound", *STEPS)["exit"] == 5
    assert outbound.error("sequence", "add", "Other")["exit"] == 5


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Clone, Clone]:
    """Ann and Bob, with a lead, a contact and a sequence between them."""
    ann, bob = Team(tmp_path).clones("ann", "bob")
    ann.ok("user", "add", "Bob Ray", "--handle", "bob")
    ann.ok("lead", "add", "Lou Reed", "--email", "lou@velvet.example")
    ann.ok("sequence", "add", "Outbound", *STEPS)
    settle(ann, bob)
    return ann, bob


def test_two_clones_that_start_it_and_go_on_do_each_step_once(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    for one in clones:
        one.ok("sequence", "start", "Outbound", "Lou Reed")
        one.ok("followup", "done", "Intro")
    settle(ann, bob)
    for one in clones:
        assert len(todo(one)) == 1
        assert todo(one)[0][1] == "call: Any questions? (Outbound 2/4)"
        assert len(one.json("sequence", "show", "Outbound")["people"]) == 1
        one.ok("run")
        one.ok("followup", "done", "Any questions")
    settle(ann, bob)
    assert todo(ann) == todo(bob)
    assert [text for _, text in todo(bob)] == ["case study (Outbound 4/4)"]


def test_one_goes_on_while_the_other_stops(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    ann.ok("sequence", "start", "Outbound", "Lou Reed")
    settle(ann, bob)
    ann.ok("followup", "done", "Intro")
    bob.ok("sequence", "stop", "Outbound", "Lou Reed")
    settle(ann, bob)
    for one in clones:
        one.ok("run")
    settle(ann, bob)
    assert todo(ann) == todo(bob) == []
    assert member(ann)["reason"] == member(bob)["reason"] == "stopped by Bob Ray"
    assert [one.run("run").err for one in clones] == ["", ""]


def test_started_on_two_days_before_a_sync_the_first_goes_on(clones: tuple[Clone, Clone]) -> None:
    ann, bob = clones
    ann.ok("sequence", "start", "Outbound", "Lou Reed")
    bob.skew_ms = 2 * DAY_MS
    bob.ok("sequence", "start", "Outbound", "Lou Reed")
    settle(ann, bob)
    for one in clones:
        one.ok("run")
    settle(ann, bob)
    assert len(todo(ann)) == len(todo(bob)) == 1
    reasons = {one["reason"] for one in ann.json("sequence", "show", "Outbound")["people"]}
    assert reasons == {None, "it was started twice"}


def test_a_lead_that_is_converted_goes_on_as_a_contact(outbound: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    outbound.ok("lead", "add", "Lou Reed", "--email", "lou@velvet.example", "--company-name", "Velvet")
    outbound.ok("sequence", "start", "Outbound", "Lou Reed")
    at(monkeypatch, 9)
    outbound.ok("lead", "convert", "Lou Reed")
    outbound.ok("run")
    assert todo(outbound) == [("2026-10-08", "e-mail: Intro (Outbound 1/4)")]
    outbound.ok("followup", "done", "Intro")
    (one,) = outbound.json("followup", "list")
    assert (one["subject"], one["contacts_name"]) == ("call: Any questions? (Outbound 2/4)", ["Lou Reed"])
    assert member(outbound)["kind"] == "contact"
    at(monkeypatch, 10)
    outbound.ok("log", "email", "Yes", "--with", "lou@velvet.example", "--outcome", "received")
    assert todo(outbound) == []


def test_a_lead_that_is_disqualified_is_left_alone(outbound: Shell) -> None:
    outbound.ok("lead", "add", "Lou Reed")
    outbound.ok("sequence", "start", "Outbound", "Lou Reed")
    outbound.ok("lead", "disqualify", "Lou Reed", "--reason", "wrong person")
    outbound.ok("run")
    assert "Outbound ended for Lou Reed: the lead was disqualified" in outbound.err
    assert todo(outbound) == []
