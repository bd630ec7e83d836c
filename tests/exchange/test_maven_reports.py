"""The reports give the checked facts of a real data set, asked through the command."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from .conftest import MAVEN, Shell

pytestmark = pytest.mark.skipif(not MAVEN.is_dir(), reason=f"the data set is not there: {MAVEN}")


def ask(shell: Shell, name: str, *words: str) -> dict[str, Any]:
    """Return a report of the year 2017 as JSON."""
    found: dict[str, Any] = json.loads(shell.ok("report", name, "--period", "2017", *words, "--json"))
    return found


def by_label(found: dict[str, Any], name: str) -> dict[str, int]:
    return {row["label"]: int(Decimal(row[name])) for row in found["rows"] if Decimal(row[name])}


def test_the_win_rate(maven: Shell) -> None:
    total = ask(maven, "winloss")["total"]
    assert (total["won"], total["lost"], total["rate"]) == (4238, 2473, 63.1501)
    assert Decimal(total["won_value"]) == 10_005_534


def test_won_by_quarter(maven: Shell) -> None:
    rows = ask(maven, "winloss", "--by", "quarter")["rows"]
    assert [(row["key"], row["won"], int(Decimal(row["won_value"]))) for row in rows] == [
        ("2017-Q1", 531, 1_134_672),
        ("2017-Q2", 1254, 3_086_111),
        ("2017-Q3", 1257, 2_982_255),
        ("2017-Q4", 1196, 2_802_496),
    ]
    assert rows[1]["previous"]["won"] == 531  # a quarter is compared with the one before it


def test_won_by_region(maven: Shell) -> None:
    expected = {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594}
    for word in ("region", "territory", "owner.territory"):
        assert by_label(ask(maven, "winloss", "--by", word), "won_value") == expected


def test_the_sales_cycle(maven: Shell) -> None:
    found = ask(maven, "cycle")
    won, lost = found["rows"]
    assert (won["label"], won["count"], round(won["mean"], 3), won["median"]) == ("won", 4238, 51.782, 57)
    assert (lost["label"], lost["count"], round(lost["mean"], 3), lost["median"]) == ("lost", 2473, 41.479, 14)
    # Those 2,089 that are still open can only take longer.
    assert won["km_median"] > won["median"]
    assert found["total"]["km_median"] > found["total"]["median"]


def test_the_leaders(maven: Shell) -> None:
    found = ask(maven, "leaderboard")
    first = found["rows"][0]
    assert (first["label"], first["won"], first["lost"]) == ("Darcel Schlecht", 349, 204)
    assert Decimal(first["value"]) == 1_153_214
    assert len(found["rows"]) == 30  # five of the 35 agents have no deals


def test_the_deals_behind_a_row(maven: Shell) -> None:
    found = ask(maven, "leaderboard", "--records", "Darcel Schlecht")
    assert [row["label"] for row in found["rows"]] == ["Darcel Schlecht"]
    assert len(found["rows"][0]["ids"]) == 553
    listed = maven.ok("report", "leaderboard", "--period", "2017", "--records", "darcel schlecht", "--format", "csv")
    assert len(listed.splitlines()) == 554


def test_what_was_open_in_the_past(maven: Shell) -> None:
    """Engaged by the end of June and not closed by then, counted from the file's two columns of dates."""
    from csv import DictReader
    from datetime import datetime

    def day(text: str) -> str:
        return datetime.strptime(text, "%m/%d/%Y").date().isoformat() if text else ""  # noqa: DTZ007

    with (MAVEN / "sales_pipeline.csv").open(encoding="utf-8", newline="") as file:
        rows = list(DictReader(file))
    expected = sum(
        bool(row["engage_date"])
        and day(row["engage_date"]) <= "2017-06-30"
        and (not row["close_date"] or day(row["close_date"]) > "2017-06-30")
        for row in rows
    )
    found = json.loads(maven.ok("report", "pipeline", "--period", "2017-Q2", "--json"))
    assert (found["as_of"], found["total"]["count"]) == ("2017-06-30", expected)


def test_a_trend_is_made_of_the_same_figures(maven: Shell) -> None:
    found = ask(maven, "trends", "--measure", "winloss.won", "--by", "quarter")
    assert [row["won"] for row in found["rows"]] == [531, 1254, 1257, 1196]
    assert found["total"]["won"] == 4238


def test_velocity_follows_from_its_four_figures(maven: Shell) -> None:
    total = ask(maven, "velocity")["total"]
    assert (total["open"], total["rate"]) == (1589, 63.1501)  # the 500 without a day were opened when they came
    expected = 1589 * (4238 / 6711) * (10_005_534 / 4238) / 51.782
    assert abs(float(total["velocity"]) - expected) < 1


def test_stages_that_were_never_noted_are_said_to_be_missing(maven: Shell) -> None:
    found = ask(maven, "funnel")
    assert any("6,711 deals are left out" in note for note in found["notes"])
    assert found["total"]["lost"] == 0


def test_customers(maven: Shell) -> None:
    found = ask(maven, "retention")
    assert found["total"]["buyers"] == 85
    assert [row["end"] for row in found["rows"]][-1] == 85
    for before, after in zip(found["rows"], found["rows"][1:], strict=False):
        assert after["start"] == before["end"]
