"""100,000 records of 400 bytes: opening and reading, memory, and one durable update."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure, at_least, at_most, environment, milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = 100_000
BYTES = 400

PEAK = """
import json, re, sys, time
from pathlib import Path
def peak():  # in KiB; getrusage would count what this process inherited before it was replaced
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""

BARE = """
import orjson
files = sorted(Path(sys.argv[1], "data", "note").glob("*.jsonl"))
start = time.perf_counter()
records = [orjson.loads(line) for file in files for line in file.read_bytes().splitlines()]
took = time.perf_counter() - start
print(json.dumps([len(records), took, peak()]))
"""

OURS = """
from tuicrm.store.workspace import Workspace
start = time.perf_counter()
workspace = Workspace.open(Path(sys.argv[1]))
records = workspace.all("note")
count = sum(1 for _ in records.values())
took = time.perf_counter() - start
print(json.dumps([count, took, peak()]))
"""


def fill(root: Path, count: int) -> list[str]:
    """Write `count` canonical records of about 400 bytes straight into segments and return their ids."""
    from tuicrm.store.codec import encode
    from tuicrm.store.ulid import encode as ulid
    from tuicrm.store.workspace import Workspace

    Workspace.create(root, name="Bench").close()
    segments: dict[str, list[bytes]] = {}
    ids = []
    for number in range(count):
        record_id = ulid(1_700_000_000_000 + number, (number * 0x9E3779B97F4A7C15_0123) & (2**80 - 1))
        record = {"id": record_id, "name": f"Person {number}", "city": "Berlin", "notes": "", "value": f"{number}.00"}
        record["notes"] = "x" * (BYTES - len(encode(record)) - 1)
        ids.append(record_id)
        segments.setdefault(record_id[-2:], []).append(encode(record))
    folder = root / "data" / "note"
    folder.mkdir(parents=True)
    for name, lines in segments.items():
        (folder / f"{name}.jsonl").write_bytes(b"\n".join(sorted(lines)) + b"\n")
    return ids


def _child(script: str, root: Path, env: dict[str, str]) -> tuple[int, float, int]:
    done = subprocess.run(
        [sys.executable, "-c", PEAK + script, str(root)], env=env, capture_output=True, text=True, check=True
    )
    count, took, peak = json.loads(done.stdout)
    return count, took, peak


def update_ours(root: Path, record_id: str, *, rounds: int) -> float:
    """Return the median seconds of one durable update of one record in an open workspace."""
    from tuicrm.store.changes import Write
    from tuicrm.store.workspace import Workspace

    with Workspace.open(root) as workspace:
        workspace.all("note")
        times = []
        for number in range(rounds):
            start = time.perf_counter()
            workspace.commit([Write("note", record_id, {"city": f"City {number}"})], by="bench", note="edit")
            times.append(time.perf_counter() - start)
    return statistics.median(times)


def update_stock(folder: Path, ids: list[str]) -> float:
    """Return the median seconds of one update in stock TinyDB with the same records."""
    from tinydb import TinyDB

    file = folder / "stock.json"
    plain = {str(n): {"name": f"Person {n}", "city": "Berlin", "notes": "x" * 300} for n in range(1, len(ids) + 1)}
    file.write_text(json.dumps({"_default": plain}), encoding="utf-8")
    times = []
    with TinyDB(file) as db:
        for number in range(2):
            start = time.perf_counter()
            db.update({"city": f"City {number}"}, doc_ids=[number + 1])
            times.append(time.perf_counter() - start)
    return min(times)


def figures(folder: Path) -> Iterator[Figure]:
    """Yield time and memory beside a bare orjson loop, and updates beside stock TinyDB."""
    env = {**environment(folder), "PYTHONPATH": "."}
    large, small = folder / "large", folder / "small"
    ids, few = fill(large, COUNT), fill(small, 1_000)
    pairs = [(_child(OURS, large, env), _child(BARE, large, env)) for _ in range(6)][1:]
    ours, bare = (statistics.median(pair[side][1] for pair in pairs) for side in (0, 1))
    ratio = statistics.median(one[1] / other[1] for one, other in pairs)
    yield at_most("open and read 100,000 / bare orjson loop", milliseconds(ours), milliseconds(bare), ratio, 2)
    ours, bare = (statistics.median(pair[side][2] for pair in pairs) for side in (0, 1))
    yield at_most("  peak memory", f"{ours / 1024:.0f} MB", f"{bare / 1024:.0f} MB", ours / bare, 1.5)
    at_100k, at_1k = update_ours(large, ids[7], rounds=50), update_ours(small, few[7], rounds=50)
    stock = update_stock(folder, ids)
    yield at_least(
        "stock TinyDB update / one durable update", milliseconds(at_100k), milliseconds(stock), stock / at_100k, 500
    )
    yield at_most("  update at 100,000 / at 1,000", milliseconds(at_100k), milliseconds(at_1k), at_100k / at_1k, 1.5)
