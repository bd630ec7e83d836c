"""The TUI beside an empty Textual app: first paint, keys, bytes sent; `python -m tests.benchmarks.tui` prints JSON."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure, at_most, environment, in_turn, milliseconds, tuicrm
from tests.benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = "2026-10-08T09:00:00Z"
FRAME = 2500
"""Bytes by which the first picture of an 80 x 24 screen is out; what precedes it is shorter, the picture longer."""
ROUNDS = 9
KEYS = 40
SIZES = {"300": 300, "10,000": 10_000}

EMPTY = """
from textual.app import App
class Empty(App):
    pass
Empty().run()
"""
ANSWERING = """
from textual.app import App
from textual.widgets import Static
class Answering(App):
    BINDINGS = [("j", "answer", ""), ("k", "answer", "")]
    count = 0
    def compose(self):
        self.line = Static("0")
        yield self.line
    def action_answer(self):
        self.count += 1
        self.line.update(str(self.count))
Answering().run()
"""
"""The least that answers a key: one line of text that changes."""

MAKE = """
import sys, os
from pathlib import Path
from tuicrm.crm.demo import sample
from tuicrm.crm.opening import create_workspace
from tuicrm.store.changes import Write
session = create_workspace(Path(sys.argv[1]), name="bench", currency="EUR", user="ann", env=os.environ)
count = int(sys.argv[2])
for plan in sample(session, "large" if count > 1000 else "small"):
    session.commit(plan)
held = list(session.ws.all("deal").values())
missing = max(0, count - len(held))
copies = [
    Write("deal", session.ws.new_id(), {k: v for k, v in held[at % len(held)].items() if k != "id" and k[0] != "_"})
    for at in range(missing)
]
if copies:
    session.ws.commit(copies, by="ann", note="more")
session.ws.close()
"""


def workspace(folder: Path, count: int) -> tuple[Path, dict[str, str]]:
    """Make a workspace with about so many deals; return it with the environment to open it in."""
    env = environment(folder / "home", TUICRM_NOW=NOW, TUICRM_USER="ann")
    path = folder / f"deals-{count}"
    subprocess.run([sys.executable, "-c", MAKE, str(path), str(count)], env=env, check=True)
    return path, env


def figures(folder: Path) -> Iterator[Figure]:
    """Yield every figure of the TUI."""
    (folder / "home").mkdir(exist_ok=True)
    for name, count in SIZES.items():
        path, env = workspace(folder, count)
        command = [*tuicrm(), "--workspace", str(path)]
        yield from _first_paint(name, command, env)
        yield from _keys(name, command, env)


def _first_paint(name: str, command: list[str], env: dict[str, str]) -> Iterator[Figure]:
    complete: list[float] = []

    def ours() -> float:
        with Terminal(command, env=env) as terminal:
            took = terminal.until_bytes(FRAME)
            complete.append(terminal.until(b"weighted"))
            return took

    def empty() -> float:
        with Terminal([sys.executable, "-c", EMPTY], env=env) as terminal:
            return terminal.until_bytes(FRAME)

    mine, other, ratio = in_turn(ours, empty, rounds=ROUNDS)
    yield at_most(f"TUI, {name} deals: first paint", milliseconds(mine), milliseconds(other), ratio, 1.3)
    whole = statistics.median(complete)
    yield Figure(
        f"TUI, {name} deals: data on the screen", milliseconds(whole), milliseconds(other), whole / other, "-", True
    )


def _keys(name: str, command: list[str], env: dict[str, str]) -> Iterator[Figure]:
    ours: list[tuple[float, int]] = []
    other: list[tuple[float, int]] = []
    with (
        Terminal(command, env=env, columns=120, rows=40) as board,
        Terminal([sys.executable, "-c", ANSWERING], env=env, columns=120, rows=40) as least,
    ):
        board.until(b"weighted")
        board.settle(1.5)
        least.settle(1.5)
        for at in range(KEYS):
            # Down and up again, so that the stage does not scroll.
            key = b"j" if at % 10 < 5 else b"k"
            ours.append(board.press(key))
            other.append(least.press(key))
        idle = board.settle(3.0)
        moves = [board.press(key) for key in (b"L", b"H") * 5]
        board.settle(1.0)
    mine = statistics.median(took for took, _ in ours)
    theirs = statistics.median(took for took, _ in other)
    yield at_most(f"TUI, {name} deals: cursor key", milliseconds(mine), milliseconds(theirs), mine / theirs, 1.5)
    moved = statistics.median(took for took, _ in moves)
    ratio = moved / theirs
    yield Figure(f"TUI, {name} deals: moving a card", milliseconds(moved), milliseconds(theirs), ratio, "-", True)
    yield _bytes(f"TUI, {name} deals: bytes per cursor key, 120x40", [size for _, size in ours], 1024)
    yield _bytes(f"TUI, {name} deals: bytes per moved card, 120x40", [size for _, size in moves], 6 * 1024)
    yield Figure(f"TUI, {name} deals: bytes in 3 s of idling", f"{idle} B", "0 B", float(idle), "<= 0 B", idle == 0)


def _bytes(what: str, sizes: list[int], bound: int) -> Figure:
    size = round(statistics.median(sizes))
    return Figure(what, f"{size} B", f"{bound} B", size / bound, f"<= {bound} B", size <= bound)


def main() -> int:
    """Print every figure as JSON."""
    with tempfile.TemporaryDirectory(prefix="tuicrm-bench-") as folder:
        rows = [vars(one) for one in figures(Path(folder))]
    sys.stdout.write(json.dumps(rows, indent=1, default=str) + "\n")
    return 0 if all(row["met"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
