"""The whole way on a real data set: four imports, then its checked facts asked through commands."""

from __future__ import annotations

import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from .conftest import DEALS, MAVEN, Shell, maps

pytestmark = pytest.mark.skipif(not MAVEN.is_dir(), reason=f"the data set is not there: {MAVEN}")


@pytest.fixture(scope="module")
def won(maven: Shell) -> list[dict[str, Any]]:
    return maven.rows("deal", "list", "--where", "is:won")


def test_everything_arrived(maven: Shell) -> None:
    assert len(maven.rows("company", "list")) == 85
    assert len(maven.rows("product", "list")) == 8  # seven, and the misspelt one that the deals name
    assert len(maven.rows("user", "list")) == 36  # thirty-five agents, and who set it up
    assert len(maven.rows("deal", "list", "--where", "is:any")) == 8800
    assert len(maven.rows("deal", "list")) == 2089


def test_stages(maven: Shell) -> None:
    deals = maven.rows("deal", "list", "--where", "is:any")
    counts = Counter(deal["stage_name"] for deal in deals)
    assert counts == {"Won": 4238, "Lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert len({deal["external_id"] for deal in deals}) == 8800
    open_ones = [deal for deal in deals if deal["status"] == "open"]
    assert sum(deal["company"] is None for deal in open_ones) == 1425
    assert sum(deal["opened_on"] is None for deal in deals) == 500


def test_won_value(won: list[dict[str, Any]]) -> None:
    values = [Decimal(deal["value"]) for deal in won]
    assert (len(values), int(sum(values)), int(median(values))) == (4238, 10_005_534, 1117)
    assert round(mean(values), 2) == Decimal("2360.91")
    assert {deal["currency"] for deal in won} == {"USD"}


def test_won_by_quarter_asked_through_queries(maven: Shell) -> None:
    expected = {1: (531, 1_134_672), 2: (1254, 3_086_111), 3: (1257, 2_982_255), 4: (1196, 2_802_496)}
    for quarter, facts in expected.items():
        deals = maven.rows("deal", "list", "--where", f"is:won closed:2017-Q{quarter}")
        assert (len(deals), int(sum(Decimal(deal["value"]) for deal in deals))) == facts


def test_sales_cycle(maven: Shell, won: list[dict[str, Any]]) -> None:
    from datetime import date

    def days(deals: list[dict[str, Any]]) -> list[int]:
        return [(date.fromisoformat(one["closed_on"]) - date.fromisoformat(one["opened_on"])).days for one in deals]

    lost = maven.rows("deal", "list", "--where", "is:lost")
    assert (round(mean(days(won)), 3), median(days(won))) == (51.782, 57)
    assert (round(mean(days(lost)), 3), median(days(lost))) == (41.479, 14)
    assert max(days(won) + days(lost)) == 138
    assert round(100 * len(won) / (len(won) + len(lost)), 5) == 63.15005
    old = maven.rows("deal", "list", "--where", "stage:engaging opened<2017-08-15")
    assert len(old) == 1291


def test_regions_and_the_top_agent(maven: Shell, won: list[dict[str, Any]]) -> None:
    territory = {user["id"]: user["territory"] for user in maven.rows("user", "list")}
    region: Counter[str] = Counter()
    agent: Counter[str] = Counter()
    for deal in won:
        region[territory[deal["owner"]]] += int(Decimal(deal["value"]))
        agent[deal["owner_name"]] += int(Decimal(deal["value"]))
    assert region == {"West": 3_568_647, "Central": 3_346_293, "East": 3_090_594}
    assert agent.most_common(1) == [("Darcel Schlecht", 1_153_214)]
    assert len(maven.rows("deal", "list", "--where", 'is:won owner:"Darcel Schlecht"')) == 349
    assert len(maven.rows("deal", "list", "--where", 'is:lost owner:"Darcel Schlecht"')) == 204
    busy = {deal["owner"] for deal in maven.rows("deal", "list", "--where", "is:any")}
    assert len(territory) - 1 - len(busy) == 5


def test_history_falls_where_it_belongs(maven: Shell, won: list[dict[str, Any]]) -> None:
    deal = next(one for one in won if one["external_id"] == "1C1I7A6R")
    assert (deal["opened_on"], deal["closed_on"], deal["created_at"][:10]) == ("2016-10-20", "2017-03-01", "2016-10-20")
    entries = maven.rows("activity", "list", "--where", f"deal:{deal['id']} type:change", "--all")
    assert {(one["field"], one["after"], one["at"][:10]) for one in entries} == {
        ("stage", "won", "2017-03-01"),
        ("value", "1054.00 USD", "2017-03-01"),
    }


def test_parents_are_found_in_the_same_file(maven: Shell) -> None:
    with (MAVEN / "accounts.csv").open(encoding="utf-8", newline="") as file:
        owned = {row["account"]: row["subsidiary_of"] for row in csv.DictReader(file) if row["subsidiary_of"]}
    companies = maven.rows("company", "list")
    assert {one["name"]: one["parent_name"] for one in companies if one["parent"]} == owned


def test_importing_again_changes_nothing(maven: Shell) -> None:
    before = sorted(path.read_bytes() for path in Path("data").rglob("*.jsonl"))
    pipeline = [str(MAVEN / "sales_pipeline.csv"), "--as", "deals", "--dates", "mdy"]
    maven.ok("import", *pipeline, "--create-missing", *maps(DEALS))
    assert "imported 0 deals" in maven.err
    assert "skipped 8,800" in maven.err
    assert sorted(path.read_bytes() for path in Path("data").rglob("*.jsonl")) == before


def test_the_import_is_one_step_that_undo_takes_back(maven: Shell) -> None:
    maven.ok("undo")
    assert maven.rows("deal", "list", "--where", "is:any") == []
    assert maven.rows("activity", "list", "--all") == []
    maven.ok("redo")
    assert len(maven.rows("deal", "list", "--where", "is:any")) == 8800


def test_the_forecast_of_its_quarters(maven: Shell) -> None:
    won = {1: 1_134_672, 2: 3_086_111, 3: 2_982_255, 4: 2_802_496}
    for quarter, total in won.items():
        found = json.loads(maven.ok("forecast", "--period", f"2017-Q{quarter}", "--json"))
        assert Decimal(found["won"]) == total
        assert sum(Decimal(month["won"]) for month in found["months"] if not month["ahead"]) == total
        assert found["left_out"]["undated"]["count"] == 2089  # no open deal has an expected close
    found = json.loads(maven.ok("forecast", "--period", "2017", "--owner", "Darcel Schlecht", "--json"))
    assert Decimal(found["won"]) == 1_153_214
    assert len(found["won_deals"]) == 349
