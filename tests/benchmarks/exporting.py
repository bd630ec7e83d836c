"""Exporting 100,000 contacts beside csv.DictWriter alone on the same rows."""

from __future__ import annotations

import csv
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure, at_most, environment, in_turn, run, tuicrm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = 100_000
BOUND = 4
ROUNDS = 3

STOCK = """
import csv, os, sys, time
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
start = time.perf_counter()
with open(sys.argv[2], "w", newline="", encoding="utf-8") as file:
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file.flush()
    os.fsync(file.fileno())
print(time.perf_counter() - start)
"""
"""The writer alone; reading the rows does not count."""

MAKE = """
import os, sys
from pathlib import Path
from tuicrm.crm.opening import create_workspace
from tuicrm.store.changes import Write
session = create_workspace(Path(sys.argv[1]), name="bench", currency="EUR", user="me", env=os.environ)
ws = session.ws
companies = [ws.new_id() for _ in range(2000)]
changes = [Write("company", key, {"name": f"Company {n}"}) for n, key in enumerate(companies)]
for n in range(int(sys.argv[2])):
    fields = {
        "name": f"Jane Roe {n}", "company": companies[n % 2000], "emails": {f"jane{n}@acme.example": {"rank": 1}},
        "phones": {f"+49305550{n:06}": {"rank": 1}}, "title": "Head of purchasing", "address": f"Main street {n % 99}",
        "city": "Berlin", "country": "Germany", "status": "active", "source": "fair", "owner": session.me,
        "tags": ["hot", "vip"] if n % 3 else ["cold"], "notes": f"Met at the fair of {n % 7}, likes tea",
        "external_id": f"C{n:06}",
    }
    changes.append(Write("contact", ws.new_id(), fields))
ws.commit(changes, by="me", note="made")
ws.close()
"""


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the ratio of a whole export, start and reading of the workspace included, to the writer alone."""
    import subprocess

    env = environment(folder / "home", TUICRM_USER="me")
    root, ours, other = folder / "workspace", folder / "ours.csv", folder / "other.csv"
    subprocess.run([sys.executable, "-c", MAKE, str(root), str(COUNT)], env=env, check=True)

    def export() -> float:
        return run([*tuicrm(), "--workspace", str(root), "export", "contacts", str(ours)], env=env)

    def stock() -> float:
        done = subprocess.run(
            [sys.executable, "-c", STOCK, str(ours), str(other)], env=env, capture_output=True, text=True, check=True
        )
        return float(done.stdout)

    export()
    with ours.open(newline="", encoding="utf-8") as file:
        if sum(1 for _ in csv.reader(file)) != COUNT + 1:
            raise RuntimeError("the export does not hold every contact")
    took, alone, ratio = in_turn(export, stock, rounds=ROUNDS)
    what = f"export / csv.DictWriter alone, {COUNT:,} contacts"
    yield at_most(what, f"{took:.2f} s", f"{alone:.2f} s", ratio, BOUND)
