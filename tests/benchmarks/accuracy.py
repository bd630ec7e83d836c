"""How right the history forecast is: backtests on a public data set, where that lies beside the project."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.benchmarks.launch import Call, launch
from tests.benchmarks.measure import Figure, Note, environment, tuicrm
from tests.exchange.conftest import COMPANIES, DEALS, MAVEN, maps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRIED = (
    ("30 days, month ends", ("--horizon", "30", "--from", "2017-04-30", "--to", "2017-11-30"), 0.15, 0.120, 5),
    ("90 days, month ends", ("--horizon", "90", "--from", "2017-06-30", "--to", "2017-09-30"), 0.12, 0.190, 3),
    (
        "30 days, weekly",
        ("--horizon", "30", "--origins", "week", "--from", "2017-04-30", "--to", "2017-11-30"),
        0.11,
        0.0,
        0,
    ),
    (
        "90 days, weekly",
        ("--horizon", "90", "--origins", "week", "--from", "2017-06-30", "--to", "2017-09-30"),
        0.09,
        0.0,
        0,
    ),
)
"""What is tried, and the most that the error and the Brier score may be, and how many outcomes must be in range."""
WIDEST = 0.5


def figures(folder: Path) -> Iterator[Figure | Note]:
    """Yield the errors of each, and how its ranges hold."""
    if not MAVEN.is_dir():
        yield Note("accuracy", "The forecast was not tried on the public data set: it is not on this machine.")
        return
    env = environment(folder, TUICRM_NOW="2018-01-01T09:00:00Z", TZ="UTC")
    root = folder / "maven"

    def command(*words: str) -> bytes:
        return launch(Call([*tuicrm(), "--workspace", str(root), *words]), folder, env).out

    launch(Call([*tuicrm(), "init", str(root), "--name", "Maven", "--currency", "USD", "--user", "me"]), folder, env)
    for name, kind, mapping in (
        ("accounts", "companies", COMPANIES + " office_location=country subsidiary_of=parent"),
        ("products", "products", "product=name series=family sales_price=price"),
        ("sales_teams", "users", "sales_agent=name manager=manager regional_office=territory"),
    ):
        command("import", str(MAVEN / f"{name}.csv"), "--as", kind, *maps(mapping))
    deals = ["import", str(MAVEN / "sales_pipeline.csv"), "--as", "deals", "--dates", "mdy", "--create-missing"]
    command(*deals, *maps(DEALS))
    for what, words, error, brier, least in TRIED:
        yield from scores(what, json.loads(command("forecast", "--backtest", *words, "--json")), error, brier, least)


def scores(what: str, found: dict[str, Any], error: float, brier: float, least: int) -> Iterator[Figure]:
    """Yield what one backtest found beside its bounds; without a bound for the Brier score, the error only."""
    by_name = {one["method"]: one for one in found["methods"]}
    ours, rate = by_name["history"], by_name["run_rate"]
    yield _most(f"forecast error (WAPE), {what}", ours["wape"], f"run rate {rate['wape']:.3f}", error)
    if not brier:
        return
    yield _most(f"  Brier score, {what}", ours["brier"], f"weighted {by_name['weighted']['brier']:.3f}", brier)
    origins = found["origins"]
    held = sum(float(one["low"]) <= float(one["actual"]) <= float(one["high"]) for one in origins)
    title = f"  outcomes in their 80 % range, {what}"
    yield Figure(title, f"{held}", f"of {len(origins)}", held / len(origins), f">= {least}", held >= least)
    width = sum(float(one["high"]) - float(one["low"]) for one in origins)
    wide = width / sum(float(one["actual"]) for one in origins)
    yield _most(f"  range by the mean outcome, {what}", wide, "-", WIDEST)


def _most(what: str, found: float, other: str, bound: float) -> Figure:
    return Figure(what, f"{found:.3f}", other, found / bound, f"<= {bound:g}", found <= bound)
