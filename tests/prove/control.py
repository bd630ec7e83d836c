"""The control: stock TinyDB with its JSONStorage put to the same proof as tuicrm's store, by the same programs.

`python -m tests.prove.control [KILLS] [STATES] [TRANSACTIONS] [SEED]`.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.prove import killing, writers
from tests.prove.kills import MEMORY
from tests.prove.plain import Facts
from tests.prove.stock import NAME, Open, Stock, _put
from tests.prove.tracer import lacking
from tests.prove.writer import Ours
from tuicrm.store.changes import Write
from tuicrm.store.ulid import Clock
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.prove.killing import Killings
    from tests.prove.writer import Subject
    from tests.prove.writers import Written

WRITERS = 8
RECORDS = 60
ROOM = 1200


class Line(NamedTuple):
    """One trial, and how both came through it."""

    what: str
    ours: str
    stock: str


@dataclass
class Control:
    """What came of it."""

    lines: list[Line] = field(default_factory=list)
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    """Of tuicrm alone."""


def run(kills: int = 600, states: int = 400, transactions: int = 100, seed: int = 1, *, workers: int = 0) -> Control:
    """Put both through all of it."""
    told, start = Control(), time.perf_counter()
    for what, stock, hows in (
        ("one process, one record at a time", Stock(1), ("alone",)),
        ("one process, up to five records at a time", Stock(5), ("alone",)),
        ("two processes at once", Stock(5), ("together", "beside")),
    ):
        if not lacking():
            ours = killing.run(kills // 3, seed, workers=workers, hows=hows)
            theirs = killing.run(kills // 3, seed, workers=workers, subject=stock, hows=hows)
            told.lines.append(Line(f"killed at a writing call; {what}", _killed(ours), _killed(theirs)))
            told.failures += ours.failures
    for what, tried in (("the disk is full", full), ("the power goes, the last write is torn", torn)):
        ours_, theirs_ = tried(Ours(), states), tried(Stock(1), states)
        told.lines.append(Line(f"{what}; one record", _states(ours_), _states(theirs_)))
        told.failures += ours_.failures
    for what, count in ((f"{WRITERS} processes at once, not killed", 0), (f"{WRITERS} processes at once, killed", 40)):
        one = writers.run(WRITERS, transactions, count, seed)
        other = writers.run(WRITERS, transactions, count, seed, make=Stock(1).make, opened=Open)
        told.lines.append(Line(what, _written(one), _written(other)))
        told.failures += one.failures
    told.seconds = time.perf_counter() - start
    return told


def _killed(told: Killings) -> str:
    bad = [(told.unreadable, "no longer readable"), (told.lost, "acknowledged, and away"), (told.halves, "by half")]
    bad.append((told.stuck, "a writer ended with an error"))
    said = [f"{count} {what}" for count, what in bad if count]
    tried = told.kills + told.unkilled
    return f"{tried - sum(count for count, _ in bad):,} of {tried:,} sound" + (f" ({', '.join(said)})" if said else "")


@dataclass
class States:
    """How a store came through many states of one kind."""

    tried: int = 0
    sound: int = 0
    unreadable: int = 0
    said: int = 0
    """How often the writer was told that it could not be done."""
    failures: list[str] = field(default_factory=list)


def _states(told: States) -> str:
    bad = told.tried - told.sound
    said = f" ({told.unreadable} no longer readable, {bad - told.unreadable} with less or other data)" if bad else ""
    return f"{told.sound:,} of {told.tried:,} sound{said}"


def _written(told: Written) -> str:
    looks = sum(told.looks.values())
    wrong = f"; {len(told.failures)} failures, the first: {told.failures[0][:120]}" if told.failures else ""
    return f"{told.there:,} of {told.wanted:,} there, {told.kills} kills, {looks:,} looks{wrong}"


def full(subject: Subject, states: int) -> States:
    """Add a record where a file may only grow so far; what was there before has to be there afterwards."""
    told = States()
    for root, before in _places(subject, states):
        largest = max(path.stat().st_size for path in root.rglob("*") if path.is_file())
        limit = largest + told.tried * ROOM // states
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            code = 1
            try:
                _add(subject, root)
                code = 0
            finally:
                os._exit(code)
        told.said += os.waitpid(pid, 0)[1] != 0
        _judge(subject, root, before, told, f"a file may have {limit} bytes")
    return told


def torn(subject: Subject, states: int) -> States:
    """Add a record, and let only so many bytes of what was written arrive."""
    told = States()
    for root, before in _places(subject, states):
        old = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        _add(subject, root)
        for path in [path for path in root.rglob("*") if path.is_file() and path.name in (NAME, "journal")]:
            had, has = old.get(path, b""), path.read_bytes()
            same = next((at for at, (one, other) in enumerate(zip(had, has, strict=False)) if one != other), len(had))
            arrived = same + (len(has) - same) * told.tried // states
            path.write_bytes(has[:arrived] + had[arrived:])
        _judge(subject, root, before, told, f"torn at {told.tried} of {states}")
    return told


def _places(subject: Subject, count: int) -> Iterator[tuple[Path, Facts]]:
    """So many copies of one store with some records in it, one after the other."""
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tuicrm-control-", dir=memory) as folder:
        first, root = Path(folder) / "first", Path(folder) / "w"
        subject.make(first)
        for _ in range(RECORDS):
            _add(subject, first)
        before = subject.facts(first)
        for _ in range(count):
            shutil.copytree(first, root)
            yield root, before
            shutil.rmtree(root)


def _add(subject: Subject, root: Path) -> None:
    key, fields = ("contact", Clock().new()), {"name": "fresh", "notes": "word " * 100}
    if isinstance(subject, Stock):
        from tinydb import TinyDB

        with TinyDB(root / NAME) as db:
            _put(db, key, fields)
    else:
        Workspace.open(root).commit([Write(*key, fields)], by="", note="")


def _judge(subject: Subject, root: Path, before: Facts, told: States, where: str) -> None:
    told.tried += 1
    try:
        found = subject.facts(root)
    except Exception as problem:  # noqa: BLE001 - whatever goes wrong is what is looked for
        told.unreadable += 1
        told.failures.append(f"{where}: {type(problem).__name__}: {problem}")
        return
    lost = [key for key, fact in before.items() if key not in found or found[key].text != fact.text]
    odd = [key for key in found if key not in before and found[key].fields.get("name") != "fresh"]
    if lost or odd or len(found) > len(before) + 1:
        told.failures.append(f"{where}: {len(lost)} lost, {len(odd)} odd")
    else:
        told.sound += 1


def main(words: list[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    for line in told.lines:
        sys.stdout.write(f"{line.what}\n    tuicrm: {line.ours}\n    TinyDB: {line.stock}\n")
    sys.stdout.writelines(f"{one}\n" for one in told.failures)
    sys.stdout.write(f"{told.seconds:.0f} s\n")
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
