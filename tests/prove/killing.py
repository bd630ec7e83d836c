"""Writers killed at each system call that writes: nothing acknowledged is lost, and no transaction is there by half.

`python -m tests.prove.killing [KILLS] [SEED]` kills so many. A workspace lives through fifteen of them, one writer
after the other; each works through random transactions (`writer`) until it is killed before its n-th call that writes,
n going through 1 to 150 in turn. In a quarter of the runs two writers in one process tree die at once, and in another
quarter a second writer goes on while the first one is killed.
"""

from __future__ import annotations

import fcntl
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from tests.prove.kills import MEMORY
from tests.prove.plain import Book, Fact, Facts, Key, differing
from tests.prove.tracer import lacking, trace_work
from tests.prove.writer import SHARED, Ours, Said, Subject, heard, send

if TYPE_CHECKING:
    from collections.abc import Callable

LIFE = 15
"""Kills that one workspace lives through."""
HOWS = ("alone", "alone", "together", "beside")
LONGEST = 150
"""The last call at which a writer is killed."""
DEEDS = 400
"""More than any writer comes to."""
FEW = 8
"""Deeds of the one that is not killed."""
WRITERS = 2
_ROOM = 1 << 20
_MADE_UP = re.compile(r"[0-9A-Z]{26}|\d+|-[0-9A-Za-z]{2}(?=\.jsonl)|\b[0-9A-Z]{2}(?=\.jsonl)")


@dataclass
class Killings:
    """What came of it."""

    kills: int = 0
    alone: int = 0
    together: int = 0
    """Kills of two writers at one moment."""
    beside: int = 0
    """Kills of one writer while another went on."""
    unkilled: int = 0
    """Writers that ended with an error before they could be killed."""
    acknowledged: int = 0
    """Transactions, all of which have to be there."""
    kept_unsaid: int = 0
    """Transactions that were not acknowledged any more, and are there as a whole."""
    dropped_unsaid: int = 0
    """Transactions that were not acknowledged, and left no trace."""
    lost: int = 0
    """Kills after which something acknowledged was away, or as nobody had made it."""
    halves: int = 0
    """Kills after which half of a transaction was there."""
    unreadable: int = 0
    """Kills after which nothing could be read any more."""
    stuck: int = 0
    """Kills after which the next writer could not work, or something was left lying about."""
    calls: Counter[str] = field(default_factory=Counter)
    """At which calls, and of what file."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Killings:
        """What was kept of a run."""
        return cls(**{**told, "calls": Counter(told["calls"])})

    def add(self, other: Killings) -> None:
        """Count another's in."""
        for name, value in vars(other).items():
            if isinstance(value, Counter | list | int | float):
                setattr(self, name, getattr(self, name) + value)


def run(
    kills: int = 5000,
    seed: int = 1,
    *,
    first: int = 0,
    workers: int = 0,
    subject: Subject | None = None,
    hows: tuple[str, ...] = HOWS,
) -> Killings:
    """Kill so many writers, from the kill `first` on; in this very process (and its forks) where `workers` is 1."""
    told, start, subject = Killings(), time.perf_counter(), subject or Ours()
    shares = [(hows, seed, first + at, min(LIFE, kills - at)) for at in range(0, kills, LIFE)]
    workers = workers or os.cpu_count() or 1
    if workers == 1:
        for share in shares:
            told.add(_lives(subject, *share))
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for job in [pool.submit(_lives, subject, *share) for share in shares]:
                told.add(job.result())
    told.seconds = time.perf_counter() - start
    return told


def _lives(subject: Subject, hows: tuple[str, ...], seed: int, first: int, count: int) -> Killings:
    """Kill one writer after the other in one workspace; in a fresh one after a failure."""
    told = Killings()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tuicrm-killing-", dir=memory) as folder:
        place = None
        for number in range(first, first + count):
            place = place or _Place(subject, Path(folder) / f"w{number}")
            chance = random.Random(seed * 1_000_003 + number)
            problem = place.kill(1 + number % LONGEST, chance.choice(hows), chance, told)
            if problem:
                told.failures.append(f"seed {seed}, kill {number}: {problem}")
                shutil.rmtree(place.root)
                place = None
    return told


class _Place:
    """A workspace, and the books of what has to be in it: one for each writer, the last for what comes after a kill."""

    def __init__(self, subject: Subject, root: Path) -> None:
        self.root, self.subject = root, subject
        self.books = [Book() for _ in range(WRITERS + 1)]
        subject.make(root)
        subject.begin(self.books)

    def kill(self, at: int, how: str, chance: random.Random, told: Killings) -> str:
        """Let a writer work until it is killed, and look; what is wrong then."""
        mine, theirs = os.pipe()
        fcntl.fcntl(theirs, fcntl.F_SETPIPE_SZ, _ROOM)
        seeds = [chance.randrange(2**32) for _ in range(WRITERS)]
        try:
            if how == "beside":
                _fork(lambda: self._works(1, seeds[1], theirs, FEW))
            # The second of two is forked by the first, so that the tracer has them both.
            trace = trace_work(lambda: self._work(how, seeds, theirs), kill_at=at)
        finally:
            os.close(theirs)
        with os.fdopen(mine, "rb") as pipe:
            said = heard(pipe.read())
        wrong = [f"writer {one.who}: {one.word}" for one in said if one.word not in ("try", "done")]
        if wrong or not trace.killed:
            told.unkilled += not trace.killed
            told.kills += trace.killed
            told.stuck += 1
            # Whether the store is at fault, or only what a writer was told.
            there = self._look(said, chance, Killings()) or "all is there as acknowledged"
            return f"was to be killed at {at}, {how}: {wrong[0] if wrong else f'ended with {trace.code}'}; then {there}"
        told.kills += 1
        setattr(told, how, getattr(told, how) + 1)
        call = trace.calls[-1].partition(" ")[2]
        told.calls[_plainly(call, str(self.root))] += 1
        problem = self._look(said, chance, told)
        return problem and f"killed at {at} ({call}), {how}: {problem}"

    def _work(self, how: str, seeds: list[int], pipe: int) -> None:
        if how == "together":
            _fork(lambda: self._works(1, seeds[1], pipe, DEEDS))
        self._works(0, seeds[0], pipe, DEEDS)

    def _works(self, who: int, seed: int, pipe: int, count: int) -> None:
        def say(said: Said) -> None:
            send(pipe, said)

        try:
            writer = self.subject.writer(self.root, who, self.books[who], random.Random(seed), say)
            for _ in range(count):
                writer.deed()
        except Exception as problem:  # noqa: BLE001 - whatever goes wrong is what is looked for
            steps = extract_tb(problem.__traceback__)[-4:]
            where = ", ".join(f"{Path(one.filename).name} {one.lineno}" for one in steps)
            say(Said(who, f"{type(problem).__name__}: {problem} ({where})", {}))

    def _look(self, said: list[Said], chance: random.Random, told: Killings) -> str:
        try:
            found = self.subject.facts(self.root)
        except Exception as problem:  # noqa: BLE001 - whatever goes wrong is what is looked for
            told.unreadable += 1
            return f"cannot be read: {type(problem).__name__}: {problem}"
        for who, book in enumerate(self.books[:WRITERS]):
            amiss = self._settle(who, book, [one for one in said if one.who == who], found, told)
            if amiss:
                return amiss
        wrong = self._differing(found)
        if wrong:
            told.lost += 1
            return f"not as acknowledged: {wrong[:3]}"
        return self._goes_on(told) if chance.random() < 0.4 else ""

    def _differing(self, found: Facts) -> list[str]:
        wanted: Facts = {}
        for book in self.books:
            own = {key: fact for key, fact in book.facts.items() if key[1] != SHARED}
            wanted.update({key: fact for key, fact in own.items() if self.subject.trash or not fact.dead})
        return [
            f"{' '.join(key)}: {_text(found, key)}, not {_text(wanted, key)}"
            for key in differing(_unshared(found), wanted)
        ]

    def _goes_on(self, told: Killings) -> str:
        try:
            problem = self.subject.goes_on(self.root, self.books[-1])
            problem = problem or "; ".join(self._differing(self.subject.facts(self.root)))
        except Exception as wrong:  # noqa: BLE001 - whatever goes wrong is what is looked for
            problem = f"{type(wrong).__name__}: {wrong}"
        told.stuck += bool(problem)
        return problem and f"the next writer: {problem}"

    def _settle(self, who: int, book: Book, said: list[Said], found: Facts, told: Killings) -> str:
        """Put what a writer acknowledged into its book, and what it only tried where it is there as a whole."""
        tried: Facts = {}
        for one in said:
            if one.word == "try":
                tried = one.facts
            elif tried:
                book.facts.update(tried)
                told.acknowledged += 1
                tried = {}
        there = [self._is_so(who, key, fact, found) for key, fact in tried.items() if _differs(book, key, fact)]
        if there and all(there):
            told.kept_unsaid += 1
            book.facts.update(tried)
        elif any(there):
            told.halves += 1
            return f"{sum(there)} of {len(there)} records of one transaction are there"
        told.dropped_unsaid += bool(there) and not all(there)
        shared = "deal", SHARED
        if not self._is_so(who, shared, book.facts[shared], found):
            told.lost += 1
            return f"the shared record says {_text(found, shared)}, not {_text(book.facts, shared)}"
        return ""

    def _is_so(self, who: int, key: Key, fact: Fact, found: Facts) -> bool:
        if fact.dead and not self.subject.trash:
            return key not in found
        if key[1] != SHARED:
            return key in found and found[key].text == fact.text
        return key in found and found[key].fields.get(f"by_{who}") == fact.fields.get(f"by_{who}")


def _differs(book: Book, key: Key, fact: Fact) -> bool:
    """Whether it can be seen that a record became so: what ends as it began tells nothing."""
    before = book.facts.get(key)
    return before is None or before.text != fact.text


def _text(held: Facts, key: Key) -> str:
    return held[key].text[:400] if key in held else "nothing"


def _unshared(found: Facts) -> Facts:
    return {key: fact for key, fact in found.items() if key[1] != SHARED}


def _fork(work: Callable[[], None]) -> None:
    if os.fork() == 0:
        try:
            work()
        finally:
            os._exit(0)


def _plainly(call: str, root: str) -> str:
    """A call without what differs from run to run."""
    return _MADE_UP.sub("N", call.replace(root, "").replace("/.git/tuicrm", ""))


def main(words: list[str]) -> int:
    """Run, and say what came of it."""
    why = lacking()
    if why:
        sys.stdout.write(f"skipped: {why}\n")
        return 0
    told = run(*map(int, words))
    calls = told.calls
    told.calls = Counter()
    sys.stdout.write(f"{told}\n")
    sys.stdout.writelines(f"{count:6} {call}\n" for call, count in calls.most_common(60))
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
