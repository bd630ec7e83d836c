"""`target` as people use it: what is asked of people and teams, and how far they are in reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


@pytest.fixture
def team(shell: Shell) -> Shell:
    """Ann and Bob in the north, Cid in the south; Ann won a deal, and called somebody twice."""
    shell.ok("user", "edit", "ann", "--team", "North")
    shell.ok("user", "add", "Bob", "--handle", "bob", "--team", "North")
    shell.ok("user", "add", "Cid", "--handle", "cid", "--team", "South")
    shell.ok("deal", "add", "Big", "--value", "90k", "--stage", "won")
    for text in ("one", "two"):
        shell.ok("log", "call", text)
    return shell


def rows(shell: Shell, report: str, *words: str) -> dict[str, tuple[Any, Any]]:
    found = shell.json("report", report, *words)
    goal = "quota" if report == "quota" else "target"
    held = [*found["rows"], {**found["total"], "label": "total"}]
    return {one["label"]: (one[goal], one["attainment"]) for one in held}


def test_the_quota_of_a_team_stands_in_place_of_its_members(team: Shell) -> None:
    team.ok("user", "quota", "ann", "100k", "--period", "2026-Q4")
    team.ok("target", "set", "cid", "--quota", "50k", "--period", "2026-Q4")
    assert rows(team, "quota", "--by", "team")["North"] == ("100000.00", 90)
    team.ok("target", "set", "--team", "north", "--quota", "180k", "--period", "2026-Q4")
    assert rows(team, "quota", "--by", "team") == {
        "North": ("180000.00", 50),
        "South": ("50000.00", 0),
        "total": ("230000.00", pytest.approx(39.13, abs=0.01)),
    }
    assert rows(team, "quota", "--by", "month", "--team", "North")["Oct 2026"][0] == "60000.00"
    assert rows(team, "quota", "--by", "owner")["ann"] == ("100000.00", 90)
    assert team.json("forecast", "--owner", "North")["quota"] == "180000.00"
    team.ok("target", "set", "--team", "north", "--quota", "none", "--period", "2026-Q4")
    assert rows(team, "quota", "--by", "team")["North"] == ("100000.00", 90)


def test_activities_are_asked_of_people_and_teams_by_period(team: Shell) -> None:
    # Eight of the ninety-two days of the quarter are over.
    team.ok("target", "set", "ann", "--activity", "calls 46", "--period", "2026-Q4")
    assert rows(team, "activity", "--by", "owner") == {"ann": (4, 50), "total": (4, 50)}
    team.ok("config", "set", "activity_targets", "call 7")
    assert rows(team, "activity", "--by", "owner")["Bob"] == (8, 0)
    assert rows(team, "activity", "--by", "team")["North"] == (12, pytest.approx(100 / 6, abs=0.01))
    team.ok("target", "set", "--team", "North", "--activity", "call 230", "--period", "2026-Q4")
    assert rows(team, "activity", "--by", "team") == {
        "North": (20, 10),
        "South": (8, 0),
        "total": (28, pytest.approx(100 / 14, abs=0.01)),
    }
    assert rows(team, "activity", "--by", "month", "--team", "North")["Oct 2026"] == (20, 10)
    assert rows(team, "activity", "--by", "owner")["ann"] == (4, 50)


def test_what_asks_for_nothing_any_more_is_gone(team: Shell) -> None:
    team.ok("target", "set", "ann", "--activity", "call 20", "--quota", "90k", "--period", "2026-Q4")
    assert [one["call"] for one in team.json("target", "list")] == [20]
    assert "2026-Q4 90000.00 EUR" in team.ok("user", "list", "--columns", "handle,quotas")
    team.ok("target", "set", "ann", "--activity", "none", "--period", "2026-Q4")
    assert team.json("target", "list") == []
    team.ok("undo")
    assert [one["call"] for one in team.json("target", "list")] == [20]


def test_the_shortest_period_goes_first(team: Shell) -> None:
    team.ok("target", "set", "ann", "--activity", "call 46", "--period", "2026-Q4")
    team.ok("target", "set", "ann", "--activity", "call 31", "--period", "2026-10")
    assert rows(team, "activity", "--by", "owner")["ann"] == (8, 25)


def test_setting_it_again_changes_it_and_undo_takes_it_back(team: Shell) -> None:
    team.ok("target", "set", "ann", "bob", "--activity", "call 46, meeting 9", "--period", "2026-Q4")
    team.ok("target", "set", "ann", "--activity", "call 92", "--period", "2026-Q4")
    found = team.json("target", "list", "--where", "user:ann")
    assert [(one["call"], one["meeting"], one["period"]) for one in found] == [(92, 9, "2026-Q4")]
    team.ok("undo")
    assert [one["call"] for one in team.json("target", "list")] == [46, 46]
    team.ok("target", "set", "ann", "--activity", "none", "--period", "2026-Q4")
    assert (
        "ann" not in rows(team, "activity", "--by", "owner")
        or rows(team, "activity", "--by", "owner")["ann"][0] is None
    )


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "whom"),
        (("ann",), 2, "what is asked"),
        (("ann", "--team", "North", "--quota", "5k"), 2, "one of the two"),
        (("--team", "East", "--quota", "5k"), 3, "no team called 'East'"),
        (("ann", "--activity", "dance 5"), 5, "no kind of activity"),
        (("ann", "--activity", "call 0"), 5, "no target"),
        (("--team", "North", "--quota", "lots"), 5, "quota:"),
        (("ann", "--activity", "call 5", "--period", "today"), 5, "a month, a quarter or a year"),
    ],
)
def test_nonsense_is_refused(team: Shell, words: tuple[str, ...], code: int, said: str) -> None:
    assert team.run("target", "set", *words) == code
    assert said in team.err
    assert team.json("target", "list") == []
