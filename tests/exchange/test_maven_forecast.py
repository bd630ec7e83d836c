"""The forecast tried on a real data set through the command: month ends of 2017, with only what was known on each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from .conftest import MAVEN

if TYPE_CHECKING:
    from .conftest import Shell


pytestmark = pytest.mark.skipif(not MAVEN.is_dir(), reason=f"the data set is not there: {MAVEN}")


def tried(shell: Shell, *words: str) -> dict[str, Any]:
    """Return what a backtest says, with its scores by method."""
    shell.ok("forecast", "--backtest", *words, "--json")
    found: dict[str, Any] = json.loads(shell.out)
    found["scores"] = {one["method"]: one for one in found["methods"]}
    return found


def within(found: dict[str, Any]) -> int:
    return sum(float(one["low"]) <= float(one["actual"]) <= float(one["high"]) for one in found["origins"])


def narrow(found: dict[str, Any]) -> bool:
    """Whether the ranges are no wider than half the mean outcome."""
    widths = [float(one["high"]) - float(one["low"]) for one in found["origins"]]
    return sum(widths) <= 0.5 * sum(float(one["actual"]) for one in found["origins"])


def test_thirty_days_from_the_month_ends(maven: Shell) -> None:
    found = tried(maven, "--horizon", "30", "--from", "2017-04-30", "--to", "2017-11-30")
    assert [one["date"][5:] for one in found["origins"]] == [
        *("04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30"),
    ]
    assert found["origins"][0]["actual"] == "1002913.00"
    best = found["scores"]["history"]
    assert best["default"]
    assert best["wape"] <= 0.15
    assert best["brier"] <= 0.120
    assert within(found) >= 5
    assert narrow(found)
    # The baselines, as they were worked out elsewhere.
    assert found["scores"]["run_rate"]["wape"] == pytest.approx(0.345, abs=0.001)
    assert found["scores"]["weighted"]["wape"] > 2


def test_ninety_days_from_the_month_ends(maven: Shell) -> None:
    found = tried(maven, "--horizon", "90", "--from", "2017-06-30", "--to", "2017-09-30")
    best = found["scores"]["history"]
    assert len(found["origins"]) == 4
    assert best["wape"] <= 0.12
    assert best["brier"] <= 0.190
    assert within(found) >= 3
    assert narrow(found)
    assert found["scores"]["run_rate"]["wape"] == pytest.approx(0.051, abs=0.001)


@pytest.mark.parametrize(
    ("horizon", "first", "last", "bound"), [(30, "04-30", "11-30", 0.11), (90, "06-30", "09-30", 0.09)]
)
def test_from_the_ends_of_weeks(maven: Shell, horizon: int, first: str, last: str, bound: float) -> None:
    days = ["--from", f"2017-{first}", "--to", f"2017-{last}"]
    found = tried(maven, "--horizon", str(horizon), "--origins", "week", *days)
    assert found["scores"]["history"]["wape"] <= bound


def test_the_future_changed_leaves_past_origins_as_they_are(maven: Shell) -> None:
    words = ("--horizon", "30", "--from", "2017-06-30", "--to", "2017-08-31")
    before = tried(maven, *words)
    deals = maven.rows("deal", "list", "--where", "is:any closed>2017-10-15", "--limit", "40")
    for one in deals[:15]:
        maven.ok("deal", "edit", one["id"], "--value", "1000000")
    maven.ok("deal", "reopen", *(one["id"] for one in deals[15:25]))
    maven.ok("product", "edit", "GTX Pro", "--price", "99999")
    assert tried(maven, *words) == before
    maven.ok("undo")
