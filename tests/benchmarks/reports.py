"""Each report, the forecast and a backtest of 10,000 deals and 100,000 activities beside reading them; and charts."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.bigworkspace import workspace
from tests.benchmarks.measure import Figure, at_most, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEALS, ENTRIES = 10_000, 100_000
MOST = 3
MOST_BACKTEST = 20
CHART_MS = 20
LOAD = """
import gc, json, os, sys, time
from pathlib import Path
from tuicrm.crm.opening import open_session
from tuicrm.crm.report.declared import Ask
from tuicrm.crm.report.registry import LINES, report_named
from tuicrm.crm.report.tabulate import compute
from tuicrm.records.registry import KINDS
gc.disable()  # as commands do
def load():
    start = time.perf_counter()
    session = open_session(Path(sys.argv[1]), os.environ)
    for kind in KINDS:
        session.ws.all(kind)
    return session, time.perf_counter() - start
name = sys.argv[2]
load()[0].ws.close()
session, loading = load()
report = report_named(name)
start = time.perf_counter()
found = compute(session, Ask(), report)
took = time.perf_counter() - start
"""
REPORT = LOAD + "print(json.dumps([loading, took]))\n"
FORECAST = (
    LOAD.partition("report = ")[0]
    + """
from datetime import timedelta
from tuicrm.crm.backtesting import backtest
from tuicrm.crm.forecast import forecast
from tuicrm.crm.periods import present_quarter
from tuicrm.crm.scopes import everyone
start = time.perf_counter()
if name == "forecast":
    assert forecast(session, present_quarter(session), everyone()).method == "history"
else:
    last = session.today - timedelta(days=31)
    found = backtest(session, everyone(), first=last - timedelta(days=245), last=last)
    assert len(found.result.origins) == 8
print(json.dumps([loading, time.perf_counter() - start]))
"""
)
CHART = (
    LOAD
    + """
from tuicrm import charts
from tuicrm.cli.report_page import chart
charts.bars([[1.0]], ("#",), 10)  # the library is loaded once
found = compute(session, Ask(by="day", period="last 30 days"), report)
times = []
for cells in range(56, 61):  # a chart that was drawn is kept, so each has a width of its own
    start = time.perf_counter()
    chart(found, cells)
    times.append(time.perf_counter() - start)
print(json.dumps([0, sorted(times)[2]]))
"""
)


def _child(script: str, path: Path, name: str, env: dict[str, str]) -> tuple[float, float]:
    command = [sys.executable, "-c", script, str(path), name]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    loading, took = json.loads(done.stdout)
    return loading, took


def figures(folder: Path) -> Iterator[Figure]:
    """Yield each report beside loading, and the time that a chart of as many rows as are drawn takes."""
    from tuicrm.crm.report.registry import LINES

    path, env = workspace(folder, DEALS, ENTRIES)
    env = {**env, "PYTHONPATH": "."}
    for name in LINES:
        pairs = [_child(REPORT, path, name, env) for _ in range(3)]
        loading, took = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
        yield at_most(f"report {name} / open and read", milliseconds(took), milliseconds(loading), ratio, MOST)
    for name, most in (("forecast", MOST), ("backtest of 8 origins", MOST_BACKTEST)):
        pairs = [_child(FORECAST, path, name, env) for _ in range(3)]
        loading, took = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
        ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
        yield at_most(f"{name} / open and read", milliseconds(took), milliseconds(loading), ratio, most)
    took = statistics.median(_child(CHART, path, "activity", env)[1] for _ in range(3))
    yield at_most("  a chart of it / 20 ms", milliseconds(took), f"{CHART_MS} ms", took * 1000 / CHART_MS, 1)
