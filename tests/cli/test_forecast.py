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


def test_the_method_is_named_with_the_reason(months: Shell) -> None:
    found = months.json("forecast")
    assert (found["method"], found["little_history"], found["low"], found["quota_chance"]) == (
        *("weighted", False),
        *(None, None),
    )
    assert found["why"] == "only 1 deal was closed; history counts from 6 on, one of them won"
    text = months.ok("forecast")
    assert "Only 1 deal was closed; history counts from 6 on" in text


def test_little_history_is_said_with_the_range_first(months: Shell) -> None:
    for number in range(6):
        months.ok(
            "deal", "add", f"Old {number}", "--value", "5k", "--opened", f"2026-0{number + 3}-01", "--owner", "ann"
        )
        months.ok("deal", "win", f"Old {number}", "--closed", f"2026-0{number + 3}-20")
    found = months.json("forecast")
    assert (found["method"], found["little_history"]) == ("history", True)
    assert float(found["low"]) < float(found["expected"]) < float(found["high"])
    assert 0 <= found["quota_chance"] <= 100
    assert found["previous"] == {"period": "2026-Q3", "won": "10000.00"}
    lines = months.ok("forecast").splitlines()
    assert lines[1].startswith("Little history: 7 deals were closed, 7 of them won")
    assert lines[2].index("8 times in 10") < lines[2].index("Expected")
    assert lines[3].startswith("Chance of quota ")
    assert lines[4].startswith("Q3 2026: 10k were won; ")


@pytest.mark.parametrize("method", ["history", "simulation", "weighted", "categories"])
def test_each_method_can_be_asked_for(months: Shell, method: str) -> None:
    found = months.json("forecast", "--method", method)
    assert (found["method"], found["why"], found["won"]) == (method, "", "30000.00")
    if method == "categories":
        assert found["expected"] == "40000.00"


def test_in_parts(months: Shell) -> None:
    found = months.json("forecast", "--by", "owner")
    assert [(one["group"], one["won"], one["weighted"]) for one in found["parts"]] == [
        ("ann", "30000.00", "10200.00"),
    ]
    assert len(found["parts"][0]["deals"]) == 3
    head, row = months.ok("forecast", "--by", "month", "--format", "csv").splitlines()[:2]
    assert head == "group,deals,won,commit,weighted,more,expected,quota,gap"
    assert row == "2026-10,2,30000.00,40000.00,9000.00,0.00,39000.00,20000.00,-19000.00"
    assert (found["parts"][0]["quota"], found["parts"][0]["gap"]) == ("60000.00", "19800.00")
    text = months.ok("forecast", "--by", "owner")
    assert "OWNER" in text
    assert "short 20k" in text
    assert "QUOTA" not in months.ok("forecast", "--by", "product")
    assert months.run("forecast", "--by", "colour") == 5


def test_the_deals_behind_it(months: Shell) -> None:
    assert len(months.ok("forecast", "--records", "--format", "csv").splitlines()) == 4
    assert "Signed" in months.ok("forecast", "--records")


def test_every_figure_is_explained(months: Shell) -> None:
    text = months.ok("forecast", "--explain")
    for word in ("won", "commit", "more", "chance of quota", "history", "simulation", "WAPE", "Brier", "Source"):
        assert word in text


def test_what_goes_with_a_backtest_only(months: Shell) -> None:
    assert months.run("forecast", "--horizon", "30") == 2
    assert months.run("forecast", "--backtest", "--by", "owner") == 2
    assert months.run("forecast", "--backtest", "--horizon", "0") == 5
    assert months.run("forecast", "--backtest", "--from", "sometime") == 5
    assert months.run("forecast", "--owner", "ann", "--team", "south") == 2
    assert months.run("forecast", "--team", "nowhere") == 3


def test_a_backtest_of_next_to_nothing_says_what_is_missing(months: Shell) -> None:
    error = months.error("forecast", "--backtest")
    assert error["exit"] == 5
    found = months.json("forecast", "--backtest", "--from", "2026-08-01", "--horizon", "7")
    assert [one["date"] for one in found["origins"]] == ["2026-08-31", "2026-09-30"]
    assert [one["actual"] for one in found["origins"]] == ["0.00", "30000.00"]
    assert {one["method"] for one in found["methods"] if one["default"]} == {"history"}
    head, *rows = months.ok(
        "forecast", "--backtest", "--from", "2026-08-01", "--horizon", "7", "--format", "csv"
    ).split()
    assert head == "date,actual,history,simulation,seasonal,weighted,categories,run_rate,low,high,open_deals,wins"
    assert len(rows) == 2
    text = months.ok("forecast", "--backtest", "--from", "2026-08-01", "--horizon", "7")
    assert "7 days ahead, EUR, with what was known on each day" in text
