"""The same things done by every program that is installed, with 1,000, 10,000 and 100,000 records.

An action that would take longer than LIMIT, by what it took at the size before beyond the start of the program, times
the growth of the size, is left out, and the page says so. Rounds: as many as fit into ROUND_SECONDS, at most five; the
median counts.
"""

from __future__ import annotations

import statistics
import sys
from typing import TYPE_CHECKING

from tests.benchmarks.launch import TooLong, launch_all
from tests.benchmarks.measure import Note, environment, tuicrm
from tests.benchmarks.programs import ACTIONS, PROGRAMS
from tests.benchmarks.samples import Sample
from tests.benchmarks.terminal import Terminal
from tests.benchmarks.tui import EMPTY, FRAME, READY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from tests.benchmarks.launch import Call, Spent
    from tests.benchmarks.programs import Program

SIZES = (1_000, 10_000, 100_000)
LIMIT = 20.0
ROUND_SECONDS = 2.0
ROUNDS = 5
CHECKED = ("list", "search")
"""Actions whose output must name somebody who is there."""
ONCE = ("import",)


def figures(folder: Path, sizes: Sequence[int] = SIZES) -> Iterator[Sample | Note]:
    """Yield every action of every program at every size."""
    taken: dict[tuple[str, str], tuple[int, float]] = {}
    for kind in PROGRAMS:
        if not kind.found():
            yield Note("load", f"{kind.name} is not installed and was left out.")
            continue
        yield Note("load", versioned(kind, folder))
        for size in sizes:
            home = folder / f"{kind.name}-{size}".replace(" ", "-")
            home.mkdir()
            for sample in measured(kind(home / "own", environment(home, TUICRM_USER="me"), size), taken):
                if sample.seconds is not None:
                    taken[sample.program, sample.action] = size, sample.seconds
                yield sample
            if kind is PROGRAMS[0]:
                yield from opened(home, size)
    yield from empty(folder)


def versioned(kind: type[Program], folder: Path) -> str:
    """Return a program's name with its version, and how it does what does not go without saying."""
    home = folder / f"{kind.name}-version".replace(" ", "-")
    told = kind(home, environment(folder), 0).version()
    remarks = "; ".join(f"{action}: {remark}" for action, remark in kind.remarks.items())
    return f"{kind.name} {told}" + (f" ({remarks})" if remarks else "") + "."


def measured(program: Program, taken: Mapping[tuple[str, str], tuple[int, float]]) -> Iterator[Sample]:
    """Yield the actions of one program; `taken` has what each took at the size before."""
    longest = max((_expected(program, action, taken) for action in ("import", "list")), default=0)
    if longest > LIMIT:
        for action in ACTIONS[1:]:
            yield Sample(program.name, action, program.count, None, remark=f"more than {LIMIT:.0f} s expected")
        return
    program.prepare()
    for action in ACTIONS:
        expected = _expected(program, action, taken)
        if not program.call(action, 0):
            size = program.size() if action == "import" else 0
            why = program.remarks.get(action, "it cannot")
            yield Sample(program.name, action, program.count, None, disk=size, remark=why)
        elif expected > LIMIT:
            yield Sample(program.name, action, program.count, None, remark=f"about {expected:.0f} s expected")
        else:
            yield _action(program, action)


def _expected(program: Program, action: str, taken: Mapping[tuple[str, str], tuple[int, float]]) -> float:
    size, seconds = taken.get((program.name, action), (program.count, 0.0))
    _, start = taken.get((program.name, "start"), (0, 0.0))
    return min(start, seconds) + max(seconds - start, 0.0) * program.count / size


def _action(program: Program, action: str) -> Sample:
    seconds: list[float] = []
    memory = 0
    while not seconds or (action not in ONCE and len(seconds) < ROUNDS and sum(seconds) < ROUND_SECONDS):
        if action == "sync":
            _run(program, program.before_sync(not seconds, len(seconds)))
        try:
            spent = _run(program, program.call(action, len(seconds)))
        except TooLong as problem:
            return Sample(program.name, action, program.count, None, remark=str(problem))
        if action in CHECKED and program.last().name.encode() not in spent.out:
            raise RuntimeError(f"{program.name} {action} does not name {program.last().name}")
        seconds.append(spent.seconds)
        memory = max(memory, spent.memory)
    size = program.size() if action == "import" else 0
    return Sample(program.name, action, program.count, statistics.median(seconds), memory, size)


def _run(program: Program, calls: Sequence[Call]) -> Spent:
    return launch_all(calls, program.folder, program.env, limit=6 * LIMIT)


def opened(home: Path, size: int) -> Iterator[Sample]:
    """Yield how long the TUI takes to paint and to have its data, and the memory that it then holds."""
    command = [*tuicrm(), "--workspace", str(home / "own" / "workspace")]
    painted, complete, held = [], [], 0
    for _ in range(3):
        with Terminal(command, env=environment(home, TUICRM_USER="me")) as terminal:
            painted.append(terminal.until_bytes(FRAME))
            complete.append(terminal.until(READY))
            terminal.settle(0.5)
            held = max(held, terminal.resident() // 1024)
    yield Sample("tuicrm", "TUI: first paint", size, statistics.median(painted), held)
    yield Sample("tuicrm", "TUI: data there", size, statistics.median(complete), held)


def empty(folder: Path) -> Iterator[Sample]:
    """Yield the same for an app of the toolkit that shows nothing."""
    painted, held = [], 0
    for _ in range(3):
        with Terminal([sys.executable, "-c", EMPTY], env=environment(folder)) as terminal:
            painted.append(terminal.until_bytes(FRAME))
            terminal.settle(0.5)
            held = max(held, terminal.resident() // 1024)
    yield Sample("empty Textual app", "TUI: first paint", 0, statistics.median(painted), held)
