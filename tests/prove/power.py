"""Power cuts: of everything that a day's work does to a disk, all that a cut could leave is laid out and opened.

`python -m tests.prove.power [STATES] [SEED]` prints what came of it.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import combinations, count
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unittest.mock import patch

from tests.prove.disk import Data, Event, Mark, Recorder, State, Sync, homes
from tests.prove.look import Expected, Seen, judge, look
from tests.prove.story import Story
from tests.prove.trees import Tree, empty, lay_out
from tuicrm.store import manifest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MEMORY = Path("/dev/shm")
ACTS = 10
_ALL_SUBSETS = 5
"""Of so many things that are not safe yet, each choice is tried; of more, some of each kind and some by chance."""
_BY_CHANCE = 12
_GIT_LATER = 4
"""Each so-manieth story begins without git, whose folder comes half way through."""
_TOLD = 20


@dataclass
class Cuts:
    """What came of power cuts."""

    seeds: list[int] = field(default_factory=list)
    operations: int = 0
    """What the stories did to the disk, syncs included."""
    states: int = 0
    """Different contents of a disk."""
    torn: int = 0
    """Of these: with a write that is there in part."""
    judged: int = 0
    """States, each with what must be in it; one may come up before and after a change was acknowledged."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    def add(self, other: Cuts) -> None:
        """Count another one's findings in."""
        self.seeds += other.seeds
        self.failures += other.failures
        for name in ("operations", "states", "torn", "judged", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Told(NamedTuple):
    """A story as it went: all that it did to the disk, and what must be there, by the number of the step."""

    disk: Recorder
    steps: list[tuple[str, Expected]]


def run(states: int = 50_000, seed: int = 1, *, acts: int = ACTS, every: int = 1, workers: int = 1) -> Cuts:
    """Tell stories, seed after seed, until there were so many states; writes are torn at each `every`-th byte."""
    told = Cuts()
    seeds = count(seed)
    if workers == 1:
        while told.states < states and len(told.failures) < _TOLD:
            told.add(one(next(seeds), acts, every, states - told.states))
        return told
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        while told.states < states and len(told.failures) < _TOLD:
            jobs = [pool.submit(one, next(seeds), acts, every, states) for _ in range(workers)]
            for job in jobs:
                told.add(job.result())
    return told


def one(seed: int, acts: int = ACTS, every: int = 1, most: int = sys.maxsize) -> Cuts:
    """Go through one story's states, `most` of them."""
    started = time.perf_counter()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tuicrm-power-", dir=memory) as folder:
        story = record(Path(folder) / "story", seed, acts)
        told = Cuts([seed], len([event for event in story.disk.events if not isinstance(event, Mark)]))
        root = Path(folder) / "root"
        root.mkdir(0o700)
        seen: dict[Tree, Seen] = {}
        judged: set[tuple[int, int, bool]] = set()
        for at, step, acked, is_torn, tree in states(story.disk, random.Random(seed), every):
            if (key := (hash(tree), step, acked)) in judged:
                continue
            judged.add(key)
            found = seen.get(tree)
            if found is None:
                if len(seen) >= most:
                    break
                empty(root)
                lay_out(tree, root)
                found = seen[tree] = look(root)
                told.torn += is_torn
            name, expected = story.steps[step]
            if problem := judge(expected._replace(before=expected.after) if acked else expected, found):
                where = f"seed {seed}, after operation {at}, {'past' if acked else 'in'} step {step} ({name})"
                told.failures.append(f"{where}: {problem}")
                if len(told.failures) >= _TOLD:
                    break
    told.states, told.judged, told.seconds = len(seen), len(judged), time.perf_counter() - started
    return told


def record(root: Path, seed: int, acts: int) -> Told:
    """Tell a story from the creation of the workspace on, and note what it does to the disk."""
    root.mkdir(0o700)
    git_comes = acts // 2 if seed % _GIT_LATER == 0 else 0
    if not git_comes:
        (root / ".git").mkdir()
    disk = Recorder(root)
    story = Story(root, seed, disk.put)
    steps: list[tuple[str, Expected]] = []
    with disk.recording(), patch.object(manifest, "_start_git"):
        disk.mark(0, done=False)
        story.create()
        disk.mark(0, done=True)
        steps.append(("create", Expected(None, {}, frozenset())))
        for number, act in enumerate(story.acts(acts), 1):
            if number == git_comes:
                disk.make_folder(root / ".git")
            before, losers = story.account, frozenset(story.losers)
            disk.mark(number, done=False)
            act.do()
            disk.mark(number, done=True)
            story.took(act)
            steps.append((act.name, Expected(before, act.after, losers & story.losers, act.by_file)))
    return Told(disk, steps)


def states(disk: Recorder, chance: random.Random, every: int) -> Iterator[tuple[int, int, bool, bool, Tree]]:
    """Each state of each point: where, in which step, whether that was acknowledged, whether a write is torn."""
    solid, folded = State(), 0
    pending: list[int] = []
    step, acked = -1, False
    for at, event in enumerate(disk.events):
        if isinstance(event, Mark):
            step, acked = event.step, event.done
        elif isinstance(event, Sync):
            pending = [one for one in pending if event.node and event.node not in homes(disk.events[one])]
        else:
            pending.append(at)
        first = pending[0] if pending else at + 1
        for one in disk.events[folded:first]:
            solid.apply(one)
        folded = first
        if step >= 0 and (not isinstance(event, Mark) or acked):
            safe = {*range(first, at + 1)} - set(pending)
            for is_torn, kept in _choices(disk.events, pending, chance, every if pending[-1:] == [at] else 0):
                whole = [
                    kept.get(one) or disk.events[one] for one in range(first, at + 1) if one in safe or one in kept
                ]
                yield at, step, acked, is_torn, disk.tree(whole, solid)


def _choices(
    events: Sequence[Event], pending: Sequence[int], chance: random.Random, every: int
) -> Iterator[tuple[bool, dict[int, Event]]]:
    """Which of the pending operations reached the disk; the last one, a write, also in part, where `every` says so."""
    for kept in _subsets(pending, chance):
        yield False, {one: events[one] for one in kept}
    last = events[pending[-1]] if pending else None
    if not every or not isinstance(last, Data):
        return
    rest = pending[:-1]
    for byte in range(chance.randrange(every), len(last.data), every):
        size = len(last.data)
        cut = last._replace(data=last.data[:byte])
        zeros = last._replace(data=last.data[:byte] + bytes(size - byte))
        # The end before the beginning, as parts of a write may reach the disk in any order.
        hole = last._replace(data=bytes(byte) + last.data[byte:])
        for part in (cut, zeros, hole):
            yield True, {**{one: events[one] for one in rest}, pending[-1]: part}
        yield True, {pending[-1]: cut}


def _subsets(pending: Sequence[int], chance: random.Random) -> Iterator[Sequence[int]]:
    if len(pending) <= _ALL_SUBSETS:
        for size in range(len(pending) + 1):
            yield from combinations(pending, size)
        return
    yield from (pending[:size] for size in range(len(pending) + 1))
    yield from ([other for other in pending if other != one] for one in pending)
    yield from ([one] for one in pending)
    yield from ([one for one in pending if chance.random() < 0.5] for _ in range(_BY_CHANCE))


def main(words: Sequence[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(
        f"seeds {told.seeds}, {told.operations:,} operations, {told.states:,} states ({told.torn:,} torn), "
        f"{told.judged:,} judged, {len(told.failures)} failed, {told.seconds:,.0f} s\n"
    )
    for line in told.failures:
        sys.stdout.write(f"    {line}\n")
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
