"""`tuicrm report`: every report in every format, whatever there is; drill-down, definitions, one's own reports."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.report.registry import LINES, report_named

from .test_startup import loaded

if TYPE_CHECKING:
    from .conftest import Shell

FORMATS = ("table", "json", "csv", "tsv")


@pytest.fixture
def busy(stocked: Shell) -> Shell:
    """An open deal, one won and one lost, with two owners."""
    stocked.ok("user", "add", "Bob Ray", "--handle", "bob", "--team", "south")
    stocked.ok("deal", "add", "Signed", "--value", "30k", "--source", "fair", "--opened", "2026-09-01")
    stocked.ok("deal", "win", "Signed", "--closed", "2026-10-02")
    stocked.ok("deal", "add", "Gone", "--value", "5k", "--owner", "bob", "--opened", "2026-09-01")
    stocked.ok("deal", "lose", "Gone", "--reason", "price")
    stocked.ok("log", "call", "Hello", "--deal", "Acme renewal")
    return stocked


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", LINES)
def test_an_empty_workspace(shell: Shell, name: str, form: str) -> None:
    text = shell.ok("report", name, "--format", form, "--plot")
    if form == "json":
        found = json.loads(text)
        assert found["report"] == name
        assert all(row["label"] for row in found["rows"])
    if form == "table":
        assert "tuicrm " in text, "an empty report says what to do next"


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", LINES)
def test_one_deal(stocked: Shell, name: str, form: str) -> None:
    text = stocked.ok("report", name, "--format", form, "--plot")
    if form in ("csv", "tsv"):
        head, *rows = csv.reader(io.StringIO(text), delimiter="\t" if form == "tsv" else ",")
        assert head[1] == "label"
        assert rows[-1][1] == "all"
        assert {len(row) for row in rows} == {len(head)}


def test_the_list(busy: Shell) -> None:
    busy.ok("report", "add", "Won by rep", "--measure", "sum:value", "--where", "is:won")
    text = busy.ok("report")
    assert all(name in text for name in (*LINES, "Won by rep"))
    assert [one["name"] for one in busy.json("report")] == [*LINES, "Won by rep"]
    assert busy.error("report", "--json", "winloss")["exit"] == 2


def test_json_is_whole(busy: Shell) -> None:
    found = busy.json("report", "winloss", "--by", "owner")
    assert (found["about"], found["period"], found["currency"], found["by"]) == (
        "period",
        "2026-07-11..2026-10-08",
        "EUR",
        "owner",
    )
    rows = {row["label"]: row for row in found["rows"]}
    assert (rows["ann"]["won"], rows["ann"]["won_value"], rows["ann"]["rate"]) == (1, "30000.00", 100.0)
    assert rows["ann"]["previous"]["won"] == 0
    assert (found["total"]["rate"], found["total"]["previous"]["rate"]) == (50.0, None)
    assert found["sections"][0]["rows"][0]["label"] == "price"
    assert "previous" not in busy.json("report", "winloss", "--no-compare")["total"]


def test_the_table_fits_and_compares(busy: Shell) -> None:
    text = busy.ok("report", "leaderboard")
    assert "change against Q3 2026" in text
    assert "+30k" in text
    assert "CHANGE" not in busy.ok("report", "leaderboard", "--no-compare")
    dashboard = busy.ok("report", "dashboard").splitlines()
    assert len(dashboard) <= 24
    assert max(map(len, dashboard)) <= 80


def test_whose(busy: Shell) -> None:
    assert busy.json("report", "winloss", "--team", "south")["total"]["lost"] == 1
    assert busy.json("report", "winloss", "--owner", "me")["total"]["won"] == 1
    assert busy.json("report", "winloss", "--owner", "me", "--team", "south")["total"]["won"] == 0
    assert busy.json("report", "winloss", "--where", "source:fair")["total"]["won"] == 1
    assert busy.json("report", "activity", "--where", "name:renewal")["total"]["count"] == 1


def test_the_records_behind(busy: Shell) -> None:
    assert "Signed" in busy.ok("report", "leaderboard", "--records")
    only = busy.ok("report", "leaderboard", "--records", "Bob Ray")
    assert "Gone" in only
    assert "Signed" not in only
    found = busy.json("report", "leaderboard", "--records", "Bob Ray")
    assert [len(row["ids"]) for row in found["rows"]] == [1]
    calls = busy.ok("report", "activity", "--records", "--format", "csv")
    assert "Hello" in calls
    assert "ids" not in busy.json("report", "leaderboard")["total"]


@pytest.mark.parametrize("name", LINES)
def test_every_figure_is_explained(shell: Shell, name: str) -> None:
    text = " ".join(shell.ok("report", name, "--explain").split())
    parts = shell.json("report", name, "--explain")
    for column in report_named(name).columns:
        assert f"{column.name}: ({column.type})" in text
        assert column.name in [one["name"] for one in parts[0]["columns"]]


@pytest.mark.parametrize("name", LINES)
def test_the_names_in_json_are_told(busy: Shell, name: str) -> None:
    """Everything that the JSON holds is in the help, the other way round for what only some ask for."""
    from tuicrm.cli.report_run import built_in_command

    told = set(built_in_command(name).json_names())
    found = busy.json("report", name)
    extra = {
        one.name for part in ("winloss", "pipeline", "quota", "activity", "stale") for one in report_named(part).columns
    }
    assert set(found) <= told
    for row in (*found["rows"], found["total"]):
        assert set(row) <= (told | {"rate"} if name == "trends" else told | extra if name == "dashboard" else told)


def test_charts_fit_sixty_columns(busy: Shell) -> None:
    from tuicrm.cli.report_page import page
    from tuicrm.crm.opening import open_session
    from tuicrm.crm.report.declared import Ask
    from tuicrm.crm.report.tabulate import compute

    session = open_session(busy.folder, {"TUICRM_NOW": "2026-10-08T09:00:00Z", "HOME": str(busy.folder.parent)})
    for name in LINES:
        found = compute(session, Ask(), report_named(name))
        lines = page(found, cells=60, plot=True, bold=False).splitlines()
        drawn = [line for line in lines if "##" in line]
        assert all(len(line) <= 60 for line in drawn)
        if name == "leaderboard":
            assert drawn
    session.ws.close()


def test_only_a_chart_loads_the_library_for_charts(busy: Shell) -> None:
    assert "plotext" not in loaded(["report", "winloss"])
    assert "plotext" in loaded(["report", "winloss", "--plot"])
    assert "tuicrm.crm.report.retention" not in loaded(["report", "winloss"])


def test_names_do_not_reach_the_terminal_raw(busy: Shell) -> None:
    busy.ok("deal", "edit", "Signed", "--source", "fa\x1b[2Jir")
    for form in FORMATS:
        assert "\x1b" not in busy.ok("report", "winloss", "--by", "source", "--plot", "--format", form)


def test_a_custom_field_groups(busy: Shell) -> None:
    busy.ok("field", "add", "size", "--of", "deal", "--type", "choice", "--choice", "small", "--choice", "large")
    busy.ok("deal", "edit", "Signed", "--set", "size=large")
    rows = busy.json("report", "winloss", "--by", "size")["rows"]
    assert {row["label"]: row["won"] for row in rows} == {"large": 1, "(none)": 0}


def test_a_report_of_ones_own(busy: Shell) -> None:
    words = ("--measure", "sum:value", "--by", "owner", "--where", "is:any", "--period-field", "closed_on")
    key = busy.id("report", "add", "Worth by rep", *words)
    found = busy.json("report", "worth by rep", "--period", "2026-Q4")
    assert {row["label"]: row["sum_value"] for row in found["rows"]} == {
        "ann": "30000.00",
        "Bob Ray": "5000.00",
    }
    assert (found["total"]["sum_value"], found["total"]["count"]) == ("35000.00", 2)
    assert busy.json("report", "Worth by rep", "--period", "2020")["total"]["sum_value"] == "0.00"
    assert "Signed" in busy.ok("report", "Worth by rep", "--records", "ann")
    assert "Worth by rep" in busy.ok("report", "list")
    assert busy.json("report", "show", "Worth by rep")["id"] == key
    assert "sum(value)" in busy.ok("report", "Worth by rep", "--explain")
    busy.ok("report", "rm", "Worth by rep")
    assert busy.error("report", "Worth by rep")["exit"] == 3
    busy.ok("undo")
    busy.ok("report", "Worth by rep")


@pytest.mark.parametrize(
    ("of", "measure", "name", "expected"),
    [
        ("deal", "count", "count", 3),
        ("deal", "mean:value", "mean_value", "15666.666667"),
        ("deal", "median:value", "median_value", "12000.00"),
        ("deal", "min:value", "min_value", "5000.00"),
        ("deal", "max:value", "max_value", "30000.00"),
        ("company", "count", "count", 1),
        ("activity", "count", "count", 1),
        ("company", "sum:employees", "sum_employees", 0),
        ("company", "mean:employees", "mean_employees", None),
    ],
)
def test_the_measures(busy: Shell, of: str, measure: str, name: str, expected: object) -> None:
    where = ("--where", "is:any") if of == "deal" else ("--where", "type:call") if of == "activity" else ()
    busy.ok("report", "add", "mine", "--of", of, "--measure", measure, *where)
    assert busy.json("report", "mine")["total"][name] == expected


def test_a_definition_that_no_longer_fits_says_so(busy: Shell) -> None:
    busy.ok("field", "add", "size", "--of", "deal", "--type", "number")
    busy.ok("report", "add", "Sizes", "--measure", "sum:size", "--by", "source")
    busy.ok("field", "rm", "size", "--of", "deal")
    error = busy.error("report", "Sizes")
    assert (error["exit"], error["field"]) == (5, "measure")
    assert "Sizes" in busy.ok("report")


def test_a_missing_rate_names_itself(busy: Shell) -> None:
    busy.ok("deal", "add", "Abroad", "--value", "1k", "--currency", "USD")
    error = busy.error("report", "pipeline")
    assert (error["exit"], error["code"]) == (5, "missing_rate")
    assert "USD" in error["message"]
