"""What the three slowest actions spend their time on: samples of their stacks, taken every two milliseconds.

A sample is of the clock's time, not of the processor's: waiting for the disk or for git counts. A long call into C is
seen when it returns, on the line that made it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benchmarks.launch import Call, launch, launch_all
from tests.benchmarks.measure import environment
from tests.benchmarks.programs.ours import Ours
from tests.benchmarks.results import RESULTS
from tests.results import commit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = 100_000
SLOWEST = 3
USUAL = ("import", "export", "list")
"""Where nothing was measured at this commit: what is slowest as a rule."""
SHOWN = 10

SAMPLER = """
import json, os, signal, sys, time
words, target = json.loads(sys.argv[1]), sys.argv[2]
seen = []
def look(number, frame):
    stack = []
    while frame is not None:
        stack.append(frame.f_code)
        frame = frame.f_back
    seen.append(stack)
signal.signal(signal.SIGALRM, look)
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
from tuicrm.__main__ import main
import gc
gc.disable()  # as the program itself does
code = main(words)
signal.setitimer(signal.ITIMER_REAL, 0)
def named(code):
    file = code.co_filename
    part = file.rpartition("/tuicrm/")[2] if "/tuicrm/" in file else file.rpartition("/")[2]
    return ("" if "/tuicrm/" in file else "library ") + part + " " + code.co_qualname
own, whole = {}, {}
for stack in seen:
    leaf = next((one for one in stack if "/tuicrm/" in one.co_filename), stack[-1])
    own[named(leaf)] = own.get(named(leaf), 0) + 1
    for name in {named(one) for one in stack if "/tuicrm/" in one.co_filename}:
        whole[name] = whole.get(name, 0) + 1
cpu = os.times()
with open(target, "w") as file:
    json.dump([len(seen), own, whole, cpu.user + cpu.system, cpu.children_user + cpu.children_system], file)
sys.stdout.flush()
os._exit(code)
"""


@dataclass(frozen=True)
class Profile:
    """Where an action spends its time: shares of the samples, by function of the program."""

    action: str
    records: int
    seconds: float
    busy: float
    """Seconds of the processor, in this process and in those that it started."""
    samples: int
    own: list[tuple[str, float]]
    """In the function itself and in what it calls outside of the program."""
    whole: list[tuple[str, float]]
    """In the function and in all that it calls."""


def figures(folder: Path, count: int = COUNT) -> Iterator[Profile]:
    """Yield the profiles of the slowest actions with so many contacts."""
    for action in slowest():
        ours = Ours(folder / action, environment(folder, TUICRM_USER="me"), count)
        ours.prepare()
        if action != "import":
            launch_all(ours.call("import", 0), ours.folder, ours.env)
        if action == "sync":
            launch_all(ours.before_sync(True, 0), ours.folder, ours.env)
        yield profiled(ours, action)


def slowest() -> list[str]:
    """Return the actions that took longest with the most records, by what was measured at this commit."""
    held = RESULTS.read(commit(), "load")
    if held is None:
        return list(USUAL)
    ours = [
        one for one in held["samples"] if one["program"] == Ours.name and one["seconds"] and ":" not in one["action"]
    ]
    most = max(one["records"] for one in ours)
    ordered = sorted((one for one in ours if one["records"] == most), key=lambda one: -one["seconds"])
    return [one["action"] for one in ordered[:SLOWEST]]


def profiled(ours: Ours, action: str) -> Profile:
    """Run an action under the sampler."""
    (call,) = ours.call(action, 5000)
    words = list(call.command)[1:] if call.command[0] != sys.executable else list(call.command)[3:]
    target = ours.folder / "profile.json"
    line = [sys.executable, "-c", SAMPLER, json.dumps(words), str(target)]
    spent = launch(Call(line), ours.folder, ours.env)
    samples, own, whole, busy, others = json.loads(target.read_text())
    return Profile(action, ours.count, spent.seconds, busy + others, samples, _top(own, samples), _top(whole, samples))


def _top(counts: dict[str, int], samples: int) -> list[tuple[str, float]]:
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return [(name, number / max(1, samples)) for name, number in ordered[:SHOWN]]
