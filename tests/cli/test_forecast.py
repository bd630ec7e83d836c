"""`tuicrm forecast` and `tuicrm user quota`: figures for people, for scripts, on a terminal and in a pipe."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from .test_startup import loaded

if TYPE_CHECKING:
    from .conftest import Shell


@pytest.fixture
def months(stocked: Shell) -> Shell:
    """Three deals in the present quarter, one of them won, and a quota."""
    stocked.ok("deal", "add", "Signed", "--value", "30k", "--owner", "ann")
    stocked.ok("deal", "win", "Signed", "--closed", "2026-10-02")
    stocked.ok("deal", "add", "Sure", "--value", "10k", "--stage", "verbal", "--close", "2026-10-30", "--owner", "ann")
    stocked.ok("deal", "edit", "Acme renewal", "--owner", "ann")
    stocked.ok("user", "quota", "ann", "60k", "--period", "2026-Q4")
    return stocked


def test_the_figures(months: Shell) -> None:
    found = months.json("forecast")
    assert (found["period"], found["from"], found["to"]) == ("2026-Q4", "2026-10-01", "2026-12-31")
    assert {name: found[name] for name in ("won", "commit", "weighted", "expected", "quota", "gap")} == {
        "won": "30000.00",
        "commit": "40000.00",
        "weighted": "10200.00",
        "expected": "40200.00",
        "quota": "60000.00",
        "gap": "19800.00",
    }
    assert [one["month"] for one in found["months"]] == ["2026-10", "2026-11", "2026-12", "2027-01"]
    assert [one["expected"] for one in found["months"]] == ["39000.00", "1200.00", "0.00", "0.00"]
    assert [one["quota"] for one in found["months"]] == ["20000.00", "20000.00", "20000.00", None]
    assert found["stages"]["Verbal"] == {"count": 1, "value": "10000.00", "weighted": "9000.00"}


def test_the_table_says_the_same(months: Shell) -> None:
    text = months.ok("forecast")
    rows = {line.split("  ")[0].strip(): line.split() for line in text.splitlines()}
    assert rows["Q4 2026"][2:] == ["30k", "40k", "10k", "40k", "60k", "67%", "short", "20k"]
    assert "not even all 2 open deals would close it" in text
    assert "#" not in text  # a chart is for terminals


def test_a_chart_on_demand(months: Shell) -> None:
    lines = months.ok("forecast", "--plot").splitlines()
    october = next(line for line in lines if line.startswith("Oct 2026 "))
    assert [mark in october for mark in "#=.|"] == [True, True, False, True]
    assert max(len(line) for line in lines) <= 100


def test_whose_and_when(months: Shell) -> None:
    months.ok("user", "add", "Bob Ray", "--handle", "bob", "--team", "south")
    assert months.json("forecast", "--owner", "bob")["won"] == "0.00"
    assert months.json("forecast", "--owner", "south")["owner"] == "team south"
    assert months.json("forecast", "--owner", "me")["won"] == "30000.00"
    assert months.json("forecast", "--period", "last quarter")["won"] == "0.00"
    assert months.json("forecast", "--where", "value>20k")["quota"] is None
    assert months.run("forecast", "--owner", "nobody") == 3
    assert months.run("forecast", "--period", "sometime") == 5
    assert months.run("forecast", "--where", "nonsense:1") in (2, 5)


def test_a_quota_needs_a_period_that_has_one(months: Shell) -> None:
    error = months.error("user", "quota", "ann", "10k", "--period", "last 30 days")
    assert (error["exit"], error["field"]) == (5, "period")
    months.ok("user", "quota", "ann", "none", "--period", "2026-Q4")
    assert months.json("forecast")["quota"] is None


def test_as_a_sheet(months: Shell) -> None:
    head, *lines = months.ok("forecast", "--format", "csv").splitlines()
    assert head == "month,won,commit,weighted,more,expected,quota,gap"
    assert lines[0] == "2026-10,30000.00,40000.00,9000.00,0.00,39000.00,20000.00,-19000.00"


def test_an_empty_workspace_has_a_forecast_of_nothing(shell: Shell) -> None:
    assert shell.json("forecast")["expected"] == "0.00"
    shell.ok("forecast", "--plot")


def test_names_do_not_reach_the_terminal_raw(months: Shell) -> None:
    months.ok("pipeline", "edit", "Sales", "--stage", "verbal", "--name", "Ver\x1b[2Jbal")
    assert "\x1b" not in months.ok("forecast", "--plot")
    json.loads(months.ok("forecast", "--json"))


def test_only_a_chart_loads_the_library_for_charts(months: Shell) -> None:
    assert "plotext" not in loaded(["forecast", "--json"])
    assert "plotext" not in loaded(["board"])
    assert "plotext" in loaded(["forecast", "--plot"])


def test_the_fiscal_year(months: Shell) -> None:
    months.ok("config", "set", "fiscal_year_start", "april")
    found = months.json("forecast")
    assert (found["period"], found["from"], found["to"]) == ("FY2027-Q3", "2026-10-01", "2026-12-31")
    assert found["quota"] == "60000.00"
    assert months.json("forecast", "--period", "2027-Q3")["period"] == "FY2027-Q3"
    assert months.json("forecast", "--period", found["period"]) == found
    assert "Q3 FY2027, EUR" in months.ok("forecast")
    assert "FY2027-Q3" in months.error("user", "quota", "ann", "10k", "--period", "last 30 days")["message"]
    assert months.run("config", "set", "fiscal_year_start", "spring") == 5


def test_other_currencies_are_converted(months: Shell) -> None:
    assert "Converted" not in months.ok("forecast")
    months.ok("deal", "add", "Abroad", "--value", "USD 1000", "--stage", "verbal", "--close", "2026-10-30")
    told = months.error("forecast")
    assert (told["exit"], told["code"], told["field"]) == (5, "missing_rate", "currency")
    assert "there is no rate from USD to EUR for 2026-10-08" in told["message"]
    assert "tuicrm config rate USD RATE --from 2026-10-08" in told["hint"]
    assert months.run("forecast", "--format", "csv") == 5
    months.ok("config", "rate", "USD", "0.5", "--from", "2026-10-08")
    found = months.json("forecast")
    assert (found["currency"], found["commit"], found["expected"]) == ("EUR", "40500.00", "40650.00")
    assert found["other_currencies"] == {"USD": "1000.00"}
    assert found["months"][1]["other_currencies"] == {}
    assert "Converted at the rates of tuicrm config rate: USD 1,000" in months.ok("forecast")


def test_a_quota_in_another_currency_is_converted(months: Shell) -> None:
    months.ok("user", "quota", "ann", "USD 90k", "--period", "2026-Q4")
    assert "from USD to EUR for 2026-10-01" in months.error("forecast")["message"]
    months.ok("config", "rate", "USD", "0.5", "--from", "2026-10-01")
    assert months.json("forecast")["quota"] == "45000.00"


def test_a_currency_edited_by_hand_is_told_and_never_runs(months: Shell) -> None:
    for file in months.folder.glob("data/deal/*.jsonl"):
        file.write_bytes(file.read_bytes().replace(b'"currency":"EUR"', b'"currency":"`reboot`\\u001b[2J"'))
    told = months.error("forecast")
    assert (told["exit"], told["code"]) == (5, "missing_rate")
    assert "reboot" not in told["hint"]
    assert months.run("forecast") == 5
    assert "\x1b" not in months.err
