"""The TUI beside an empty Textual app: first paint, data, bytes, memory; run as a module it prints JSON."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.bigworkspace import workspace
from tests.benchmarks.measure import Figure, at_most, in_turn, milliseconds, run, tuicrm
from tests.benchmarks.terminal import Terminal
from tests.benchmarks.tuikeys import keys, steady

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FRAME = 2500
"""Bytes by which the first picture of an 80 x 24 screen is out; what precedes it is shorter, the picture longer."""
ROUNDS = 9
SIZES = {"300": (300, 0), "10,000": (10_000, 100_000)}
"""Deals, and entries in the log."""
LARGEST = "10,000"
READY = b"weighted"

EMPTY = """
from textual.app import App
class Empty(App):
    pass
Empty().run()
"""
LOAD = """
import sys
from pathlib import Path
from tuicrm.store.workspace import Workspace
ws = Workspace.open(Path(sys.argv[1]))
for kind in ws.kinds():
    len(ws.all(kind))
"""
OPEN = "from tuicrm.store.workspace import Workspace; from tuicrm.store import segments, journal"
REMOTE_START = 60 * 1024
MEMORY_MB = 150
SEEN = 1.0
"""Seconds within which what another process wrote is shown."""


def figures(folder: Path) -> Iterator[Figure]:
    """Yield every figure of the TUI."""
    (folder / "home").mkdir(exist_ok=True)
    measured: dict[str, dict[str, float]] = {}
    for name, (deals, entries) in SIZES.items():
        path, env = workspace(folder, deals, entries)
        command = [*tuicrm(), "--workspace", str(path)]
        yield from _first_paint(name, command, path, env)
        found = keys(name, command, env)
        measured[name] = found.seconds
        yield from found.figures
        yield _remote(name, command, env)
        yield _memory(name, command, env)
        yield _live(name, command, env)
    yield from steady(measured)


def _first_paint(name: str, command: list[str], path: Path, env: Mapping[str, str]) -> Iterator[Figure]:
    painted: list[float] = []
    complete: list[float] = []

    def ours() -> float:
        with Terminal(command, env=env) as terminal:
            took = terminal.until_bytes(FRAME)
            painted.append(took)
            complete.append(terminal.until(READY))
            return took

    def empty() -> float:
        with Terminal([sys.executable, "-c", EMPTY], env=env) as terminal:
            return terminal.until_bytes(FRAME)

    mine, other, ratio = in_turn(ours, empty, rounds=ROUNDS)
    yield at_most(f"TUI, {name} deals: first paint", milliseconds(mine), milliseconds(other), ratio, 1.3)
    load = [
        run([sys.executable, "-c", LOAD, str(path)], env=env) - run([sys.executable, "-c", OPEN], env=env)
        for _ in range(ROUNDS)
    ]
    later = statistics.median(whole - first for whole, first in zip(complete, painted, strict=True))
    once = statistics.median(load)
    what = f"TUI, {name} deals: data after the paint / one load"
    if name == LARGEST:
        yield at_most(what, milliseconds(later), milliseconds(once), later / once, 1.0)
    else:
        # Loading so few records takes less time than drawing them.
        yield Figure(what, milliseconds(later), milliseconds(once), later / once, "-", True)


def _remote(name: str, command: list[str], env: Mapping[str, str]) -> Figure:
    with Terminal([*command, "--remote"], env=env, columns=120, rows=40) as terminal:
        terminal.until(READY)
        terminal.settle(1.0)
        size = len(terminal.written)
    what = f"TUI, {name} deals: start in the remote profile, 120x40"
    return Figure(what, f"{size} B", f"{REMOTE_START} B", size / REMOTE_START, "<= 60 KB", size <= REMOTE_START)


def _memory(name: str, command: list[str], env: Mapping[str, str]) -> Figure:
    with Terminal([sys.executable, "-c", EMPTY], env=env, columns=120, rows=40) as terminal:
        terminal.settle(1.5)
        empty = terminal.resident()
    with Terminal(command, env=env, columns=120, rows=40) as terminal:
        terminal.until(READY)
        for key in (b"2", b"3", b"4", b"1"):
            terminal.press(key)
            terminal.settle(2.0)
        ours = terminal.resident()
    more = (ours - empty) / 1e6
    what = f"TUI, {name} deals: memory of the four panes"
    return Figure(
        what,
        f"{ours / 1e6:.0f} MB",
        f"{empty / 1e6:.0f} MB",
        more / MEMORY_MB,
        f"<= +{MEMORY_MB} MB",
        more <= MEMORY_MB,
    )


def _live(name: str, command: list[str], env: Mapping[str, str]) -> Figure:
    """Return the longest of three times between the end of a command and its entry in the log that is open."""
    took = []
    with Terminal(command, env=env, columns=120, rows=40) as terminal:
        terminal.until(READY)
        terminal.press(b"2")
        terminal.settle(1.0)
        for number in range(3):
            word = f"Livewire{number}"
            run([*command, "log", "note", word], env=env)
            ended = time.perf_counter()
            terminal.until(word.encode())
            took.append(time.perf_counter() - ended)
    longest = max(took)
    what = f"TUI, {name} deals: a command's change is seen"
    return Figure(what, milliseconds(longest), "1 s", longest / SEEN, f"<= {SEEN:g} s", longest <= SEEN)


def main() -> int:
    """Print every figure as JSON."""
    with tempfile.TemporaryDirectory(prefix="tuicrm-bench-") as folder:
        rows = [vars(one) for one in figures(Path(folder))]
    sys.stdout.write(json.dumps(rows, indent=1, default=str) + "\n")
    return 0 if all(row["met"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
