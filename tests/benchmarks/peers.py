"""5,000 contacts: tuicrm beside khard and taskwarrior, where those are installed."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from tests.benchmarks.launch import Call, launch_all
from tests.benchmarks.measure import Figure, Note, at_least, at_most, environment, in_turn, milliseconds, tuicrm
from tests.benchmarks.programs.khard import Khard
from tests.benchmarks.programs.ours import Ours
from tests.benchmarks.programs.taskwarrior import Taskwarrior

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.benchmarks.programs import Program

COUNT = 5_000


def figures(folder: Path) -> Iterator[Figure | Note]:
    """Yield the ratios to the peers that are installed."""
    ours = _ready(Ours, folder, "ours")
    every = Call([*tuicrm(), "--workspace", str(ours.data().parent), "contact", "list", "--json"])

    def listing() -> float:
        return launch_all([every], ours.folder, ours.env).seconds

    if Khard.found():
        khard = _ready(Khard, folder, "khard")
        theirs, mine, ratio = in_turn(_timed(khard, "list"), listing, rounds=3)
        yield at_least("khard list / contact list --json, 5,000", milliseconds(mine), milliseconds(theirs), ratio, 10)
    else:
        yield Note("peers", "khard is not installed: nothing was measured beside it.")
    if Taskwarrior.found():
        task = _ready(Taskwarrior, folder, "task")
        mine, theirs, ratio = in_turn(listing, _timed(task, "export"), rounds=7)
        yield at_most("contact list --json / task export, 5,000", milliseconds(mine), milliseconds(theirs), ratio, 3)
        mine, theirs, ratio = in_turn(_timed(ours, "add"), _timed(task, "add"), rounds=7)
        yield at_most("contact add / task add, 5,000", milliseconds(mine), milliseconds(theirs), ratio, 3)
    else:
        yield Note("peers", "taskwarrior is not installed: nothing was measured beside it.")


def _ready(kind: type[Program], folder: Path, name: str) -> Program:
    program = kind(folder / name, environment(folder, TUICRM_USER="me"), COUNT)
    program.prepare()
    if kind is not Khard:
        launch_all(program.call("import", 0), program.folder, program.env)
    return program


def _timed(program: Program, action: str) -> Callable[[], float]:
    numbers = count()
    return lambda: launch_all(program.call(action, next(numbers)), program.folder, program.env).seconds
