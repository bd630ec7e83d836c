"""Importing deals beside inserts into stock TinyDB, and contacts beside reading and dumping the same rows."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.launch import Call, launch
from tests.benchmarks.measure import Figure, at_least, at_most, environment, run, tuicrm

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = 8_800
SAMPLE = 40


def deals() -> Iterator[dict[str, str]]:
    """Yield deals like those of a hardware seller's export."""
    for number in range(COUNT):
        yield {
            "external_id": f"D{number:05d}",
            "name": f"Deal {number}",
            "stage": ("Won", "Lost", "Demo", "Proposal")[number % 4],
            "opened_on": f"2016-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
            "closed_on": f"2017-{number % 12 + 1:02d}-{number % 28 + 1:02d}" if number % 4 < 2 else "",
            "value": str(500 + number % 9000),
        }


def stock_inserts(folder: Path) -> float:
    """Return the seconds that the inserts take; sampled at even sizes, since each rewrites the whole file."""
    from tinydb import TinyDB

    rows = list(deals())
    spent = []
    for part in range(SAMPLE):
        size = COUNT * part // SAMPLE
        file = folder / f"stock-{part}.json"
        with TinyDB(file) as db:
            db.insert_multiple(rows[:size])
            start = time.perf_counter()
            db.insert(rows[size])
            spent.append(time.perf_counter() - start)
        file.unlink()
    return sum(spent) / SAMPLE * COUNT


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the ratio of the inserts to one import, process start included."""
    env = environment(folder)
    source = folder / "deals.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        rows = list(deals())
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    root = folder / "workspace"
    run([*tuicrm(), "init", str(root), "--name", "Bench", "--user", "me"], env=env)
    ours = run([*tuicrm(), "--workspace", str(root), "import", str(source), "--as", "deals"], env=env)
    stock = stock_inserts(folder)
    yield at_least("stock TinyDB inserts / import, 8,800 deals", f"{ours:.2f} s", f"{stock:.1f} s", stock / ours, 20)
    yield from contacts(folder, env)


CONTACTS = 100_000
STOCK = """
import csv, os, sys, time
import orjson
start = time.perf_counter()
with open(sys.argv[1], newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
with open(sys.argv[2], "wb") as file:
    file.write(orjson.dumps(rows))
    os.fsync(file.fileno())
print(time.perf_counter() - start)
"""


LOADED = """
import sys
from pathlib import Path
from tuicrm.store.workspace import Workspace
len(Workspace.open(Path(sys.argv[1])).all("contact"))
"""


def contacts(folder: Path, env: dict[str, str]) -> Iterator[Figure]:
    """Yield a whole import of contacts beside reading the rows and writing them as one JSON file; and its memory."""
    source, root = folder / "contacts.csv", folder / "people"
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "email", "phone", "title", "address", "city", "country", "source", "notes"])
        for n in range(CONTACTS):
            mail, phone = f"jane.roe{n}@acme{n % 5000}.example", f"+49 30 555{n:06}"
            note = f"Met at the fair of {n % 7}, likes tea"
            writer.writerow([f"Jane Roe {n}", mail, phone, "Buyer", f"Main St {n % 99}", "Berlin", "DE", "fair", note])
    run([*tuicrm(), "init", str(root), "--name", "Bench", "--user", "me"], env=env)
    line = [sys.executable, "-c", STOCK, str(source), str(folder / "rows.json")]
    stock = min(float(subprocess.run(line, capture_output=True, text=True, check=True).stdout) for _ in range(3))
    ours = launch(Call([*tuicrm(), "--workspace", str(root), "import", str(source), "--as", "contacts"]), folder, env)
    what, ratio = "importing 100,000 contacts / csv and orjson", ours.seconds / stock
    yield at_most(what, f"{ours.seconds:.2f} s", f"{stock:.2f} s", ratio, 6)
    read = launch(Call([sys.executable, "-c", LOADED, str(root)]), folder, {**env, "PYTHONPATH": str(Path.cwd())})
    mine, theirs = f"{ours.memory / 1024:.0f} MB", f"{read.memory / 1024:.0f} MB"
    yield at_most("  its peak memory / the records loaded", mine, theirs, ours.memory / read.memory, 2)
