"""Many processes that write at once, are killed at random and begin again, while others read.

`python -m tests.prove.writers [WRITERS] [TRANSACTIONS] [KILLS] [SEED]`: each writer makes so many transactions of four
records: a deal, a call that belongs to it, its own counter, and its field of a record that all of them share. One that
was killed (`kill -9`) is started again, looks what is there, and goes on from there. Readers look on all the time, one
with a handle that stays open, one that opens the workspace afresh for each look: the four must always agree, no number
may be missing, and what a writer acknowledged before a look began has to be in it.
"""

from __future__ import annotations

import mmap
import os
import random
import select
import signal
import struct
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tests.prove.kills import MEMORY
from tests.prove.writer import SHARED, Ours
from tuicrm.errors import Busy
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

PATIENCE = 1800
_NUMBER = struct.Struct("q")
_DEAL, _CALL, _COUNTER, _SHARED = range(4)


@dataclass
class Written:
    """What came of it."""

    writers: int
    wanted: int
    """Transactions of all writers together."""
    acknowledged: int = 0
    found: int = 0
    """Of them, those that a killed writer had not acknowledged, and its successor found there."""
    there: int = 0
    """Transactions that are there in the end, whole."""
    kills: int = 0
    waits: int = 0
    """How often a writer was told that another one was busy for too long, and tried again."""
    looks: Counter[str] = field(default_factory=Counter)
    """How often each reader looked."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class Seen(NamedTuple):
    """What one look shows: per writer the numbers of its deals, those of its calls, and its two counters."""

    deals: Mapping[int, list[int]]
    calls: Mapping[int, list[int]]
    counters: Mapping[int, int]
    shared: Mapping[int, int]


class Handle(Protocol):
    """An open store."""

    def does(self, who: int, number: int) -> None:
        """Make one transaction of one writer."""

    def tidy(self) -> None:
        """What a program does now and then."""

    def look(self) -> Seen:
        """See all of it as it is at this moment."""


class Open:
    """An open workspace of tuicrm."""

    def __init__(self, root: Path) -> None:
        self.ws = Workspace.open(root)

    def does(self, who: int, number: int) -> None:
        deal, call, name = self.ws.new_id(), self.ws.new_id(), f"{who:02d}"
        told = {"writer": who, "number": number}
        changes = [
            Write("deal", deal, {"name": f"{who}/{number}", **told}),
            Write("activity", call, {"deal": deal, **told}),
            Write("contact", SHARED[:-2] + name, told),
            Write("deal", SHARED, {f"w{who}": number}),
        ]
        self.ws.commit(changes, by=name, note="")

    def tidy(self) -> None:
        self.ws.checkpoint()

    def look(self) -> Seen:
        self.ws.refresh()
        for kind in ("deal", "activity", "contact"):
            self.ws.all(kind)
        deals = dict(self.ws.all("deal"))
        shared = deals.pop(SHARED)
        return Seen(
            _numbers(deals.values()),
            _numbers(self.ws.all("activity").values()),
            {one["writer"]: one["number"] for one in self.ws.all("contact").values()},
            {int(name[1:]): value for name, value in shared.items() if name[0] == "w"},
        )


def _numbers(records: Iterable[Mapping[str, Any]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one in records:
        found.setdefault(one["writer"], []).append(one["number"])
    return found


def run(
    writers: int = 8,
    transactions: int = 1000,
    kills: int = 400,
    seed: int = 1,
    *,
    make: Callable[[Path], None] | None = None,
    opened: Callable[[Path], Handle] | None = None,
) -> Written:
    """Let so many processes write, and kill them; stock TinyDB where `make` and `opened` say so."""
    start = time.perf_counter()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tuicrm-writers-", dir=memory) as folder:
        root = Path(folder) / "w"
        (make or Ours().make)(root)
        told = _Crowd(root, writers, transactions, kills, random.Random(seed), opened or Open).run()
        if opened is None:
            wrong = Ours().goes_on(root)
            if wrong:
                told.failures.append(f"the next writer: {wrong}")
    told.seconds = time.perf_counter() - start
    return told


class _Crowd:
    def __init__(
        self, root: Path, writers: int, each: int, kills: int, chance: random.Random, opened: Callable[[Path], Handle]
    ) -> None:
        self.root, self.each, self.kills, self.chance, self.opened = root, each, kills, chance, opened
        self.told = Written(writers, writers * each)
        self.board = mmap.mmap(-1, _NUMBER.size * (writers + 1))
        """What each writer has acknowledged, for readers; the last place tells them to end."""
        self.last = dict.fromkeys(range(writers), 0)
        self.pids: dict[int, tuple[int, int]] = {}
        """Pipe to writer and process; readers are -1 and -2."""

    def run(self) -> Written:
        readers = [self._start(-1, self._follows), self._start(-2, self._opens)]
        for who in self.last:
            self._start(who, self._writer(who))
        deadline = time.monotonic() + PATIENCE
        next_kill = self._gap()
        while len(self.pids) > len(readers) and time.monotonic() < deadline:
            self._hear(select.select(list(self.pids), [], [], 1.0)[0])
            if self.told.acknowledged >= next_kill and self.told.kills < self.kills:
                next_kill = self.told.acknowledged + self._gap()
                self._kill()
        self._post(len(self.last), 1)
        while self.pids and time.monotonic() < deadline:
            self._hear(select.select(list(self.pids), [], [], 1.0)[0])
        for _, pid in self.pids.values():
            os.kill(pid, signal.SIGKILL)
            self.told.failures.append("somebody does not come to an end")
        self.told.failures += self._missing()
        return self.told

    def _gap(self) -> int:
        return self.chance.randint(1, max(1, 2 * self.told.wanted // max(1, self.kills + 1)))

    def _start(self, who: int, work: Callable[[int], None]) -> int:
        mine, theirs = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(mine)
            try:
                work(theirs)
            except Exception as problem:  # noqa: BLE001 - whatever goes wrong is what is looked for
                os.write(theirs, f"wrong {type(problem).__name__}: {problem}\n".encode())
            finally:
                os._exit(0)
        os.close(theirs)
        self.pids[mine] = (who, pid)
        return mine

    def _kill(self) -> None:
        """Kill a writer wherever it is, hear the rest of what it said, and start it again."""
        running = [fd for fd, (who, _) in self.pids.items() if who >= 0 and self.last[who] < self.each]
        if running:
            fd = self.chance.choice(running)
            who, pid = self.pids[fd]
            time.sleep(self.chance.random() * 0.003)
            os.kill(pid, signal.SIGKILL)
            self.told.kills += 1
            while fd in self.pids:
                self._hear([fd])
            self._start(who, self._writer(who))

    def _hear(self, ready: Iterable[int]) -> None:
        for fd in ready:
            who, pid = self.pids[fd]
            said = os.read(fd, 65536)
            if not said:
                os.close(fd)
                os.waitpid(pid, 0)
                del self.pids[fd]
            # A line is short, so a pipe takes it whole or not at all.
            for line in said.decode().splitlines():
                self._heard(who, *line.split(" ", 1))

    def _heard(self, who: int, word: str, rest: str) -> None:
        if word == "wrong":
            self.told.failures.append(f"{who}: {rest}")
        elif word == "busy":
            self.told.waits += 1
        elif word == "looked":
            self.told.looks[("follows", "opens")[-1 - who]] += int(rest)
        else:
            number = int(rest)
            more = number - self.last[who]
            if (word == "did" and more != 1) or more not in (0, 1):
                self.told.failures.append(f"writer {who} {word} {number}, after {self.last[who]} were acknowledged")
            self.told.found += word == "found" and more > 0
            self.told.acknowledged += more
            self.last[who] = number

    def _post(self, who: int, number: int) -> None:
        _NUMBER.pack_into(self.board, who * _NUMBER.size, number)

    def _posted(self, who: int) -> int:
        return int(_NUMBER.unpack_from(self.board, who * _NUMBER.size)[0])

    def _writer(self, who: int) -> Callable[[int], None]:
        chance = random.Random(self.chance.randrange(2**32))

        def work(pipe: int) -> None:
            handle = self.opened(self.root)
            number = handle.look().shared.get(who, 0)
            os.write(pipe, f"found {number}\n".encode())
            while number < self.each:
                try:
                    handle.does(who, number + 1)
                    number += 1
                    self._post(who, number)
                    os.write(pipe, f"did {number}\n".encode())
                    if chance.random() < 0.05:
                        handle.tidy()
                except Busy:
                    os.write(pipe, b"busy 1\n")

        return work

    def _follows(self, pipe: int) -> None:
        handle = self.opened(self.root)
        self._looks(pipe, lambda: handle)

    def _opens(self, pipe: int) -> None:
        self._looks(pipe, lambda: self.opened(self.root))

    def _looks(self, pipe: int, handle: Callable[[], Handle]) -> None:
        looks = wrong = 0
        while not self._posted(len(self.last)) and wrong < 5:
            posted = {who: self._posted(who) for who in self.last}
            for problem in _problems(handle().look(), posted):
                os.write(pipe, f"wrong a reader sees: {problem[:300]}\n".encode())
                wrong += 1
            looks += 1
        os.write(pipe, f"looked {looks}\n".encode())

    def _missing(self) -> list[str]:
        try:
            seen = self.opened(self.root).look()
        except Exception as problem:  # noqa: BLE001 - whatever goes wrong is what is looked for
            return [f"in the end it cannot be read: {type(problem).__name__}: {problem}"]
        for who in self.last:
            both = set(seen.deals.get(who, [])) & set(seen.calls.get(who, []))
            self.told.there += len(both & set(range(1, self.each + 1)))
        return [f"in the end: {one}" for one in _problems(seen, dict.fromkeys(self.last, self.each))]


def _problems(seen: Seen, posted: Mapping[int, int]) -> Iterable[str]:
    """What must not be seen by whoever began to look when so much had been acknowledged."""
    for who, least in posted.items():
        last = seen.shared.get(who, 0)
        if last < least:
            yield f"{last} of writer {who}, who has acknowledged {least}"
        wanted = list(range(1, last + 1))
        if sorted(seen.deals.get(who, [])) != wanted or sorted(seen.calls.get(who, [])) != wanted:
            deals, calls = len(seen.deals.get(who, [])), len(seen.calls.get(who, []))
            yield f"{deals} deals and {calls} calls of writer {who}, who has come to {last}"
        if seen.counters.get(who, 0) != last:
            yield f"{last} and {seen.counters.get(who, 0)} in the two counters of writer {who}"


def main(words: list[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(f"{told}\n")
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
