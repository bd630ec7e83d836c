"""Crashes while a crash is mended: killed at each step of that, and at one of the next try; the third ends alike.

`python -m tests.prove.recovery [RUNS] [SEED]` prints what came of it.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.prove.disk import Mark, Recorder, Sync, homes
from tests.prove.look import torn
from tests.prove.power import MEMORY, record, states
from tests.prove.trees import Tree, empty, lay_out, take_up
from tests.store.disk.oscalls import WRITING, through
from tuicrm.store.contenthash import content, content_hash
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_TOLD = 20
_PER_STORY = 3
"""Crashes of each sort that are mended, by story."""


class Killed(BaseException):
    """The process is gone: nothing that it would do comes to pass any more."""


@dataclass
class Mended:
    """What came of killing those who mend."""

    seeds: list[int] = field(default_factory=list)
    scenes: int = 0
    """Crashes to be mended."""
    steps: int = 0
    """Calls that write while these are mended undisturbed."""
    runs: int = 0
    """Two kills and a third opening."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class _Killer:
    """Ends the process before the n-th call that writes; with the power, all is lost that was not synced."""

    def __init__(self, root: Path, at: int, *, power: bool) -> None:
        self.at = at
        self.count = 0
        self.disk = Recorder(root) if power else None

    def __call__(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if name in WRITING or (name == "open" and args[1] & os.O_CREAT):
            self.count += 1
        if self.at and self.count >= self.at and name != "close":
            raise Killed(name)
        return call(*args, **options) if self.disk is None else self.disk.handle(name, call, args, options)

    def left(self, root: Path) -> Tree:
        """What is on the disk now."""
        if self.disk is None:
            return take_up(root)
        safe = set(range(len(self.disk.events)))
        pending: set[int] = set()
        for at, event in enumerate(self.disk.events):
            if isinstance(event, Sync):
                pending = {one for one in pending if event.node and event.node not in homes(self.disk.events[one])}
            elif not isinstance(event, Mark):
                pending.add(at)
        return self.disk.tree(self.disk.events[at] for at in sorted(safe - pending))


def run(runs: int = 1_000, seed: int = 1, *, acts: int = 10, every: int = 1) -> Mended:
    """Mend crashes of stories, seed after seed, until so many runs were killed twice; `every`-th step of each."""
    told = Mended()
    started = time.perf_counter()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    while told.runs < runs and len(told.failures) < _TOLD:
        told.seeds.append(seed)
        chance = random.Random(seed)
        with tempfile.TemporaryDirectory(prefix="tuicrm-recovery-", dir=memory) as folder:
            root = Path(folder) / "root"
            root.mkdir(0o700)
            for scene in _scenes(Path(folder) / "story", seed, acts, chance):
                _mend(told, root, scene, chance, every, runs)
        seed += 1
    told.seconds = time.perf_counter() - started
    return told


def _scenes(folder: Path, seed: int, acts: int, chance: random.Random) -> Iterator[Tree]:
    """What crashes left: some with git's lock, some with a torn journal, some with a file that waits, some plain."""
    sorts: dict[str, list[Tree]] = {}
    story = record(folder, seed, acts)
    for _, step, _, _, tree in states(story.disk, chance, 64):
        there = {path: data for path, _, data in tree}
        if step and "tuicrm.json" in there:
            sorts.setdefault(_sort(there), []).append(tree)
    for found in sorts.values():
        yield from chance.sample(found, min(_PER_STORY, len(found)))


def _sort(there: dict[str, bytes | None]) -> str:
    if ".git/index.lock" in there:
        return "lock"
    if not (there.get(".git/tuicrm/journal") or b"\n").endswith(b"\n"):
        return "torn"
    return "waiting" if any("/tmp/" in path or "/incoming/" in path for path in there) else "plain"


def _mend(told: Mended, root: Path, scene: Tree, chance: random.Random, every: int, most: int) -> None:
    _lay(root, scene)
    undisturbed = _Killer(root, 0, power=False)
    with through(undisturbed):
        wanted = _recover(root)
    told.scenes += 1
    told.steps += undisturbed.count
    for first in range(1 + chance.randrange(every), undisturbed.count + 1, every):
        for power in (False, True):
            if told.runs >= most or len(told.failures) >= _TOLD:
                return
            once = _killed(root, scene, first, power=power)
            second = chance.randint(1, undisturbed.count)
            twice = _killed(root, once, second, power=power)
            _lay(root, twice)
            told.runs += 1
            how = f"seed {told.seeds[-1]}, {'power' if power else 'process'} lost at step {first}, then {second}"
            try:
                found = _recover(root)
            except Exception as error:  # noqa: BLE001 - whatever it is, the workspace does not open
                told.failures.append(f"{how}: {type(error).__name__}: {error}")
                continue
            if found != wanted:
                told.failures.append(f"{how}: it ends with another content")


def _lay(root: Path, tree: Tree) -> None:
    empty(root)
    lay_out(tree, root)


def _killed(root: Path, tree: Tree, at: int, *, power: bool) -> Tree:
    _lay(root, tree)
    killer = _Killer(root, at, power=power)
    try:
        with through(killer):
            _recover(root)
    except Killed:
        pass
    return killer.left(root)


def _recover(root: Path) -> str:
    """Open a workspace after a crash and carry over what its journal holds; the hash of its content."""
    ws = Workspace.open(root)
    content(ws)
    ws.checkpoint()
    again = Workspace.open(root)
    assert not torn(again.private / "journal")
    return content_hash(content(again))


def main(words: Sequence[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(
        f"seeds {told.seeds}, {told.scenes} crashes, {told.steps:,} steps, {told.runs:,} runs, "
        f"{len(told.failures)} failed, {told.seconds:,.0f} s\n"
    )
    for line in told.failures:
        sys.stdout.write(f"    {line}\n")
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
