"""Workspaces of a given size to open: deals, entries in the log, leads; and what work on them costs beside reading."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure, at_most, environment, milliseconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NOW = "2026-10-08T09:00:00Z"

MAKE = """
import itertools, os, sys
from pathlib import Path
from tuicrm.crm.demo import sample
from tuicrm.crm.opening import create_workspace
from tuicrm.store.changes import Write
session = create_workspace(Path(sys.argv[1]), name="bench", currency="EUR", user="ann", env=os.environ)
deals, entries = int(sys.argv[2]), int(sys.argv[3])
for plan in sample(session, "large" if deals > 1000 else "small"):
    session.commit(plan)
ws = session.ws

def more(kind, wanted):
    held = list(ws.all(kind).values())
    missing = max(0, wanted - len(held))
    copies = itertools.islice(itertools.cycle(held), missing)
    writes = [Write(kind, ws.new_id(), {k: v for k, v in one.items() if k != "id" and k[0] != "_"}) for one in copies]
    if writes:
        ws.commit(writes, by="ann", note="more")

more("deal", deals)
more("activity", entries)
ws.close()
"""


def workspace(folder: Path, deals: int, entries: int = 0) -> tuple[Path, dict[str, str]]:
    """Make a workspace with at least so many deals and entries in the log; return it and the environment for it."""
    env = environment(folder / "home", TUICRM_NOW=NOW, TUICRM_USER="ann", PYTHONPATH=".")
    path = folder / f"deals-{deals}"
    subprocess.run([sys.executable, "-c", MAKE, str(path), str(deals), str(entries)], env=env, check=True)
    return path, env


MAKE_LEADS = """
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
"""The conditions under which leads are given points."""


def with_leads(folder: Path, deals: int, leads: int, entries: int) -> tuple[Path, dict[str, str]]:
    """Make a workspace with so many records, and rules that give the leads points."""
    path, env = workspace(folder, deals, entries)
    subprocess.run([sys.executable, "-c", MAKE_LEADS, str(path), str(leads), *RULES], env=env, check=True)
    return path, env


LOAD = """
import gc, json, os, sys, time
from pathlib import Path
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
"""
"""Opening and reading everything; done twice, since at first modules are loaded as well."""


def child(script: str, path: Path, env: Mapping[str, str], *words: str) -> list[float]:
    """Run a script on a workspace and return the numbers that it prints."""
    line = [sys.executable, "-c", script, str(path), *words]
    done = subprocess.run(line, env=dict(env), capture_output=True, text=True, check=True)
    numbers: list[float] = json.loads(done.stdout)
    return numbers


def beside_loading(
    what: str, bound: float, path: Path, env: Mapping[str, str], *, imports: str, action: str, words: tuple[str, ...]
) -> Figure:
    """Return the figure of an action on the session of a workspace beside opening and reading it: medians of three."""
    timed = (
        f"{imports}\nstart = time.perf_counter()\n{action}\nprint(json.dumps([loading, time.perf_counter() - start]))"
    )
    pairs = [child(LOAD + timed, path, env, *words) for _ in range(3)]
    loading, took = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(pair[1] / pair[0] for pair in pairs)
    return at_most(f"{what} / open and read", milliseconds(took), milliseconds(loading), ratio, bound)
