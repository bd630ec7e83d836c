"""`tuicrm next` on 10,000 deals, 10,000 leads and 100,000 activities, against the time that reading them takes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.leads import DEALS, ENTRIES, LEADS, MOST, RULES, with_leads
from tests.benchmarks.measure import Figure, at_most, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEXT = """
import gc, json, os, sys, time
from pathlib import Path
from tuicrm.crm.advice.suggesting import suggestions
from tuicrm.crm.opening import open_session
from tuicrm.records.registry import KINDS
gc.disable()  # as commands do
def load():
    start = time.perf_counter()
    session = open_session(Path(sys.argv[1]), os.environ)
    for kind in KINDS:
        session.ws.all(kind)
    return session, time.perf_counter() - start
load()[0].ws.close()
session, loading = load()
start = time.perf_counter()
found = suggestions(session, user="" if sys.argv[2] == "team" else session.me)
for one in found[:10]:
    one.told(), one.reasons()
print(json.dumps([loading, time.perf_counter() - start, len(found)]))
"""


def measured(path: Path, env: dict[str, str], whose: str) -> tuple[float, float, int]:
    """Return the seconds of loading and of the list with ten of its lines in words, and how many it has."""
    command = [sys.executable, "-c", NEXT, str(path), whose]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    loading, took, count = json.loads(done.stdout)
    return loading, took, count


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the list of one rep and that of the team, beside loading."""
    path, env = with_leads(folder, DEALS, LEADS, ENTRIES)
    for whose in ("mine", "team"):
        runs = [measured(path, env, whose) for _ in range(3)]
        loading, took = (statistics.median(run[side] for run in runs) for side in (0, 1))
        ratio = statistics.median(run[1] / run[0] for run in runs)
        what = f"next step, {whose}, {len(RULES)} rules / open and read"
        yield at_most(what, milliseconds(took), milliseconds(loading), ratio, MOST)
