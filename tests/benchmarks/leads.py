"""The triage list of 10,000 leads, beside 10,000 deals and 100,000 activities, against the time that reading takes."""

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

DEALS, LEADS, ENTRIES = 10_000, 10_000, 100_000
MOST = 3
RULES = (
    "country:de",
    "source:web",
    "emails:any",
    "employees>50",
    "tag:hot",
    "created>2026-01-01",
    '"Person 1"',
    "-tag:cold",
)
MAKE = """
import os, sys
from pathlib import Path
from tuicrm.crm.opening import open_session
from tuicrm.store.changes import Write
session = open_session(Path(sys.argv[1]), os.environ)
ws = session.ws
count, rules = int(sys.argv[2]), sys.argv[3:]
sources, countries = ("web", "fair", "referral"), ("Germany", "France", "Spain", "Italy")
writes = [Write("lead", ws.new_id(), {
    "name": f"Person {n}", "company_name": f"Firm {n % 997}", "source": sources[n % 3], "country": countries[n % 4],
    "employees": n % 300, "status": ("new", "working", "unqualified")[n % 3],
    "emails": {f"p{n}@firm{n % 997}.example": {"rank": 1}},
}) for n in range(count)]
writes += [Write("score_rule", ws.new_id(), {"where": where, "points": at + 1}) for at, where in enumerate(rules)]
ws.commit(writes, by="ann", note="leads")
ws.checkpoint()
ws.close()
"""
TRIAGE = """
import gc, json, os, sys, time
from pathlib import Path
from tuicrm.crm.leads import triage
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
found = triage(session)
print(json.dumps([loading, time.perf_counter() - start, len(found)]))
"""


def measured(path: Path, env: dict[str, str]) -> tuple[float, float, int]:
    """Return the seconds of loading and of the triage list, and how many leads it has."""
    command = [sys.executable, "-c", TRIAGE, str(path)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    loading, took, count = json.loads(done.stdout)
    return loading, took, count


def with_leads(folder: Path, deals: int, leads: int, entries: int) -> tuple[Path, dict[str, str]]:
    """Make a workspace with so many records, and rules that give the leads points."""
    path, env = workspace(folder, deals, entries)
    env = {**env, "PYTHONPATH": "."}
    subprocess.run([sys.executable, "-c", MAKE, str(path), str(leads), *RULES], env=env, check=True)
    return path, env


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the triage list beside loading."""
    path, env = with_leads(folder, DEALS, LEADS, ENTRIES)
    runs = [measured(path, env) for _ in range(3)]
    loading, took = (statistics.median(run[side] for run in runs) for side in (0, 1))
    ratio = statistics.median(run[1] / run[0] for run in runs)
    yield at_most(f"triage, {len(RULES)} rules / open and read", milliseconds(took), milliseconds(loading), ratio, MOST)
