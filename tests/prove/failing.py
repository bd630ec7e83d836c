"""Failing calls: each call to the system that a day's work makes fails once, or from there on, in each way.

The step has to end as if nothing was wrong, or with a sentence that names the reason and with nothing changed; the
same process has to go on, and whoever opens the workspace afterwards finds what was acknowledged.
`python -m tests.prove.failing [SEED] [STORIES]` prints what came of it.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.prove.look import Expected, Seen, judge, look
from tests.prove.power import MEMORY
from tests.prove.story import Account, Story, shown
from tests.prove.trees import Tree, empty, lay_out, take_up
from tests.store.disk.oscalls import through
from tuicrm.errors import TuicrmError
from tuicrm.store import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

UNSURE = "did not confirm"
"""What is said when nobody can know whether a change is on the disk; then either is right."""
_TOLD = 20


class Fault(NamedTuple):
    """How calls fail."""

    name: str
    number: int
    calls: frozenset[str] = frozenset()
    """Those that can fail so; all where empty."""
    lasting: bool = False
    short: bool = False
    """A write that does half of its work before, or instead of, failing (`number` 0)."""


_GROWING = frozenset({"pwrite", "open", "mkdir", "link", "replace", "fsync", "syncfs"})
_NAMING = frozenset({"open", "mkdir", "link", "replace", "unlink", "scandir"})
FAULTS = (
    Fault("ENOSPC", errno.ENOSPC, _GROWING),
    Fault("ENOSPC from there on", errno.ENOSPC, _GROWING, lasting=True),
    Fault("EIO", errno.EIO),
    Fault("EIO from there on", errno.EIO, lasting=True),
    Fault("EMFILE", errno.EMFILE, frozenset({"open", "scandir"})),
    Fault("EMFILE from there on", errno.EMFILE, frozenset({"open", "scandir"}), lasting=True),
    Fault("EACCES", errno.EACCES, _NAMING),
    Fault("EACCES from there on", errno.EACCES, _NAMING, lasting=True),
    Fault("EROFS from there on", errno.EROFS, _GROWING | {"unlink", "fchmod", "ftruncate"}, lasting=True),
    Fault("EINTR", errno.EINTR, frozenset({"open", "pwrite", "pread", "read", "fsync", "flock", "ftruncate"})),
    Fault("short write", 0, frozenset({"pwrite"}), short=True),
    Fault("short write, then ENOSPC", errno.ENOSPC, frozenset({"pwrite"}), lasting=True, short=True),
    Fault("short write, then EIO", errno.EIO, frozenset({"pwrite"}), lasting=True, short=True),
    Fault("failing fsync", errno.EIO, frozenset({"fsync", "syncfs"})),
    Fault("failing fsync from there on", errno.EIO, frozenset({"fsync", "syncfs"}), lasting=True),
)


@dataclass
class Failed:
    """What came of failing calls."""

    seeds: list[int] = field(default_factory=list)
    cases: Counter[str] = field(default_factory=Counter)
    """By fault: the calls that failed so."""
    refused: int = 0
    """Steps that ended with a sentence; the others were done all the same."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class _Breaker:
    """Lets the n-th call that can fail in a way do so, and those like it after that where it lasts."""

    def __init__(self, fault: Fault, at: int) -> None:
        self.fault = fault
        self.at = at
        self.count = 0
        self.call = ""

    def __call__(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        if self.fault.calls and name not in self.fault.calls:
            return call(*args, **options)
        if name == "open" and not args[1] & os.O_CREAT and self.fault.number in (errno.ENOSPC, errno.EROFS):
            return call(*args, **options)
        self.count += 1
        if self.count < self.at or (self.count > self.at and not self.fault.lasting):
            return call(*args, **options)
        self.call = self.call or name
        if self.fault.short and self.count == self.at:
            fd, data, offset = args
            return call(fd, data[: max(1, len(data) // 2)], offset)
        if name == "close":
            call(*args, **options)
        named = args[:1] if args and isinstance(args[0], str) else ()
        raise OSError(self.fault.number, os.strerror(self.fault.number), *named)


def run(
    cases: int = 5_000, seed: int = 1, *, acts: int = 9, every: int = 1, faults: Sequence[Fault] = FAULTS
) -> Failed:
    """Tell stories, seed after seed, until so many calls have failed; each `every`-th call fails."""
    told = Failed()
    started = time.perf_counter()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    while not _enough(told, cases):
        told.seeds.append(seed)
        with tempfile.TemporaryDirectory(prefix="tuicrm-failing-", dir=memory) as folder:
            for before, story, name in _days(Path(folder), seed, acts):
                for fault in faults:
                    _break(told, Path(folder) / "root", before, story, name, fault, every, cases)
        seed += 1
    told.seconds = time.perf_counter() - started
    return told


def _enough(told: Failed, cases: int) -> bool:
    return told.cases.total() >= cases or len(told.failures) >= _TOLD


def _days(folder: Path, seed: int, acts: int) -> Iterator[tuple[Tree, Story, str]]:
    """Each step of a story, before it is done: what is on the disk, the story so far, and what comes next."""
    root = folder / "story"
    (root / ".git").mkdir(parents=True)
    (folder / "root").mkdir()
    story = Story(root, seed)
    story.create()
    for act in story.acts(acts):
        act.do()
        story.took(act)
        for name in {act.name, "checkpoint"} if act.name != "reopen" else ():
            yield take_up(root), story, name


def _break(
    told: Failed, root: Path, before: Tree, story: Story, name: str, fault: Fault, every: int, most: int
) -> None:
    """Do a step again and again, each time with another of its calls failing."""
    at = 1 + len(told.seeds) % every
    while not _enough(told, most):
        empty(root)
        lay_out(before, root)
        breaker = _Breaker(fault, at)
        problem, refused = _once(story.beside(root), name, breaker)
        if not breaker.call:
            return
        told.cases[fault.name] += 1
        told.refused += refused
        if problem:
            told.failures.append(f"seed {told.seeds[-1]}, {name}: {fault.name} at {breaker.call} ({at}): {problem}")
        at += every


def _once(story: Story, name: str, breaker: _Breaker) -> tuple[str, bool]:
    """One step with one failure: what is wrong, and whether it was refused."""
    shown(story.ws)
    act = story.plan(name)
    losers, said = frozenset(story.losers), ""
    try:
        with through(breaker):
            act.do()
    except TuicrmError as error:
        said = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, a person would see a traceback
        return f"traceback: {type(error).__name__}: {error}", True
    if said and files.reason(OSError(number := breaker.fault.number, os.strerror(number))) not in said:
        return f"unclear: {said}", True
    if not said:
        story.took(act)
    unsure = UNSURE in said
    if not said or act.by_file or unsure:
        expected = Expected(story.account, act.after, losers & story.losers, act.by_file)
    else:
        expected = Expected(story.account, story.account, losers)
    problem, made = _goes_on(story, expected, unsure=unsure)
    expected = expected._replace(before={**story.account, **made}, after={**expected.after, **made})
    return problem or judge(expected, look(story.root)), bool(said)


def _goes_on(story: Story, expected: Expected, *, unsure: bool) -> tuple[str, Account]:
    """Whether the same process can go on working (after an unsure write it may not), and what that made."""
    act = story.plan("pair")
    try:
        problem = judge(expected, Seen(shown(story.ws), expected.losers))
        act.do()
    except TuicrmError as error:
        return "" if unsure and UNSURE in str(error) else f"the next change is refused: {error}", {}
    except Exception as error:  # noqa: BLE001 - whatever it is, a person would see a traceback
        return f"the next change ends in a traceback: {type(error).__name__}: {error}", {}
    made = {key: fields for key, fields in act.after.items() if key not in story.account}
    return (problem and not unsure and f"in memory, {problem}") or "", made


def main(words: Sequence[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(f"seeds {told.seeds}, {told.refused:,} refused, {told.seconds:,.0f} s: {dict(told.cases)}\n")
    for line in told.failures:
        sys.stdout.write(f"    {line}\n")
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
