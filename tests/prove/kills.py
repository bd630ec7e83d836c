"""A sync killed at each system call that writes, with git and all: nothing is lost, and the next sync ends as if
nothing had happened.

`python -m tests.prove.kills [CALLS]` kills at that many calls, evenly spread over all; at each one where not told.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.prove.tracer import Trace, lacking, trace
from tests.sync.repos import Clone, Team
from tuicrm.store.changes import Remove, Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

MEMORY = Path("/dev/shm")
OUTSIDE = "plan.txt"
"""A file beside the data that ann has staged, and that must stay so."""


@dataclass
class Killed:
    """What came of killing a sync again and again."""

    calls: int = 0
    """The system calls that write in a sync that nobody disturbs."""
    processes: int = 0
    runs: int = 0
    """Syncs killed."""
    failures: list[str] = field(default_factory=list)


class _Wanted(NamedTuple):
    """How all ends where nobody is killed."""

    content: str
    conflicts: int


def run(sample: int = 0, *, workers: int = 0) -> Killed:
    """Kill a sync at `sample` of its writing calls (at each where 0) and look at what the next one makes of it."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tuicrm-kills-", dir=memory) as folder:
        pristine = Path(folder) / "pristine"
        pristine.mkdir()
        make(pristine)
        whole = _traced(_copy(pristine, Path(folder) / "whole"), 0)
        wanted = _end(Path(folder) / "whole")
        told = Killed(len(whole.calls), whole.processes)
        if whole.code:
            told.failures.append(f"the sync that nobody disturbed ended with {whole.code}")
            return told
        points = _points(len(whole.calls), sample)
        with ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
            jobs = [pool.submit(_kill_and_look, pristine, Path(folder), point, wanted) for point in points]
            for job in jobs:
                killed, problem = job.result()
                told.runs += killed
                if problem:
                    told.failures.append(problem)
    return told


def _points(calls: int, sample: int) -> Sequence[int]:
    if not sample or sample >= calls:
        return range(1, calls + 1)
    return sorted({1 + round(number * (calls - 1) / max(1, sample - 1)) for number in range(sample)})


def make(folder: Path) -> None:
    """Two clones with all that a sync can meet: changes in the journal, in files, in a commit made by hand; conflicts;
    a deletion of what the other one edits; a staged file beside the data."""
    team = Team(folder)
    ann, bob = team.clones("ann", "bob")
    shared = [ann.add("deal", name=f"Deal {number}", value="100.00", currency="EUR") for number in range(6)]
    calls = [ann.add("activity", subject=f"Call {number}", deal=shared[0]) for number in range(3)]
    ann.sync()
    bob.sync()
    bob.edit("deal", shared[0], name="Bob's name", notes="from bob")
    bob.edit("deal", shared[1], value="200.00", currency="USD")
    bob.edit("deal", shared[2], next_step="call back")
    bob.add("contact", name="Jane Roe")
    bob.root.joinpath("read.me").write_text("from bob\n")
    bob.commit_by_hand("by hand")
    bob.sync()
    ann.edit("deal", shared[3], name="Committed by hand")
    ann.commit_by_hand("by hand")
    ann.edit_by_hand("deal", shared[4], name="Typed in a file")
    ann.root.joinpath(OUTSIDE).write_text("to do\n")
    ann.git("add", OUTSIDE)
    ws = Workspace.open(ann.root)
    ws.commit([Write("deal", shared[0], {"name": "Ann's name", "tags": ["hot"]})], by="ann", note="")
    ws.commit([Write("deal", shared[1], {"value": "300.00", "currency": "EUR"})], by="ann", note="")
    ws.commit([Remove("deal", shared[2]), Remove("activity", calls[0])], by="ann", note="")
    ws.commit([Write("contact", ws.new_id(), {"name": f"Contact {n}"}) for n in range(5)], by="ann", note="")
    # Not closed: these changes are in the journal alone, as after a crash of their own.


def _copy(pristine: Path, folder: Path) -> Path:
    """A copy of the team whose clones talk to the copy of the remote."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(pristine, folder, symlinks=True)
    for user in ("ann", "bob"):
        config = folder / user / ".git" / "config"
        config.write_text(config.read_text().replace(str(pristine), str(folder)))
    return folder


def _clones(folder: Path) -> tuple[Clone, Clone]:
    team = Team.__new__(Team)
    team.folder, team.remote = folder, folder / "remote.git"
    return Clone(team, folder / "ann", "ann"), Clone(team, folder / "bob", "bob")


def _traced(folder: Path, kill_at: int) -> Trace:
    ann, _ = _clones(folder)
    command = [sys.executable, "-m", "tuicrm", "--workspace", str(ann.root), "sync"]
    return trace(command, env={**ann.env, "PYTHONDONTWRITEBYTECODE": "1"}, cwd=ann.root, kill_at=kill_at)


def _end(folder: Path) -> _Wanted:
    """What the two have once both have synced; AssertionError where anything is out of order."""
    ann, bob = _clones(folder)
    ann.sync()
    bob.sync()
    ann.sync()
    assert ann.head == bob.head == ann.tip, "heads differ"
    assert ann.hash() == bob.hash(), "contents differ"
    assert ann.markers() == bob.markers() == [], "markers"
    assert bob.clean(), bob.git("status", "--porcelain")
    assert ann.git("status", "--porcelain") == f"A  {OUTSIDE}", ann.git("status", "--porcelain")
    ann.git("fsck", "--strict", "--no-dangling")
    wanted = _Wanted(ann.hash(), len(ann.ledger()))
    # A lock in the remote shows only where there is something to send.
    bob.add("contact", name="Added afterwards")
    bob.sync()
    ann.sync()
    assert ann.head == bob.head == ann.tip, "heads differ afterwards"
    left = [str(path) for one in (ann.root / ".git", ann.team.remote) for path in one.rglob("*.lock")]
    assert not left, left
    return wanted


def _kill_and_look(pristine: Path, folder: Path, point: int, wanted: _Wanted) -> tuple[bool, str]:
    """Kill one sync at a point; whether it was, and what is wrong afterwards."""
    place = _copy(pristine, folder / f"worker-{os.getpid()}")
    killed = _traced(place, point)
    where = f"killed at {point} ({killed.calls[-1] if killed.calls else 'nothing'})"
    try:
        found = _end(place)
    except Exception as problem:  # noqa: BLE001 - whatever goes wrong belongs to the point that shows it
        return killed.killed, f"{where}: {type(problem).__name__}: {problem}"
    if found != wanted:
        return killed.killed, f"{where}: ended with {found}, not {wanted}"
    return killed.killed, ""


def main(words: list[str]) -> int:
    """Run, and say what came of it."""
    why = lacking()
    if why:
        sys.stdout.write(f"skipped: {why}\n")
        return 0
    told = run(int(words[0]) if words else 0)
    sys.stdout.write(
        f"{told.calls} calls in {told.processes} processes, {told.runs} killed, {len(told.failures)} failed\n"
    )
    for line in told.failures:
        sys.stdout.write(f"    {line}\n")
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
