"""Each report, the forecast and a backtest of 10,000 deals and 100,000 activities beside reading them; and charts."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from tests.benchmarks.bigworkspace import LOAD, beside_loading, child, workspace
from tests.benchmarks.measure import Figure, at_most, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEALS, ENTRIES = 10_000, 100_000
MOST = 3
MOST_BACKTEST = 20
CHART_MS = 20
REPORT_IMPORTS = """
from tuicrm.crm.report.declared import Ask
from tuicrm.crm.report.registry import report_named
from tuicrm.crm.report.tabulate import compute
report = report_named(sys.argv[2])
"""
REPORT = "found = compute(session, Ask(), report)"
FORECAST_IMPORTS = """
from datetime import timedelta
from tuicrm.crm.backtesting import backtest
from tuicrm.crm.forecast import forecast
from tuicrm.crm.periods import present_quarter
from tuicrm.crm.scopes import everyone
"""
FORECAST = 'assert forecast(session, present_quarter(session), everyone()).method == "history"'
BACKTEST = """
last = session.today - timedelta(days=31)
found = backtest(session, everyone(), first=last - timedelta(days=245), last=last)
assert len(found.result.origins) == 8
"""
CHART = (
    LOAD
    + REPORT_IMPORTS
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
print(json.dumps([sorted(times)[2]]))
"""
)


def figures(folder: Path) -> Iterator[Figure]:
    """Yield each report beside loading, and the time that a chart of as many rows as are drawn takes."""
    from tuicrm.crm.report.registry import LINES

    path, env = workspace(folder, DEALS, ENTRIES)
    for name in LINES:
        yield beside_loading(f"report {name}", MOST, path, env, imports=REPORT_IMPORTS, action=REPORT, words=(name,))
    for name, action, most in (("forecast", FORECAST, MOST), ("backtest of 8 origins", BACKTEST, MOST_BACKTEST)):
        yield beside_loading(name, most, path, env, imports=FORECAST_IMPORTS, action=action, words=())
    took = statistics.median(child(CHART, path, env, "activity")[0] for _ in range(3))
    yield at_most("  a chart of it / 20 ms", milliseconds(took), f"{CHART_MS} ms", took * 1000 / CHART_MS, 1)
