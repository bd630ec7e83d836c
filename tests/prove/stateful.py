"""The whole workspace, step by step beside a plain dict: two people, two handles, every kind of change, undo and redo.

`python -m tests.prove.stateful [EXAMPLES] [STEPS] [SEED]` lets Hypothesis make up so many workspaces of so many steps.
After each step, and once more for whoever opens it afresh in the end, the workspace says what the dict says.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from tests.prove import deeds
from tests.prove.kills import MEMORY
from tests.prove.plain import Book, Facts, Refused, Step, differing, facts
from tests.prove.writer import NOW
from tuicrm.crm.session import Session
from tuicrm.crm.undo import redo, undo
from tuicrm.errors import NotFound, TuicrmError
from tuicrm.store.changes import Purge, Remove, Revive, Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.store.changes import Change

SHARE = 100
"""So many examples are made with one seed, in one process."""
PEOPLE = ("ann", "bob")
WHO, CHANCE = st.integers(0, 1), st.randoms(use_true_random=False)
TRUTHS = st.booleans()
NONSENSE: tuple[Callable[[str], Change], ...] = (
    lambda id_: Write("deal", id_, {"value": 1.5}),
    lambda id_: Write("deal", id_, {"name": "half \ud800"}),
    lambda id_: Write("deal", id_, {"count": 2**70}),
    lambda id_: Write("deal", id_, {"_v": {"name": id_}}),
    lambda id_: Write("deal", id_, {"name": object()}),
    lambda id_: Write("../deal", id_, {"name": "x"}),
    lambda id_: Write("deal", "no id", {"name": "x"}),
    lambda id_: Remove("deal", id_),
    lambda id_: Revive("deal", id_),
    lambda id_: Purge("deal", id_),
)
"""What has to be refused, of a record that is not there."""


@dataclass
class Walked:
    """What came of it."""

    examples: int = 0
    steps: int = 0
    rules: Counter[str] = field(default_factory=Counter)
    """How often each rule did something."""
    refused: Counter[str] = field(default_factory=Counter)
    """How often each was refused, as it has to be."""
    seeds: list[int] = field(default_factory=list)
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class Machine(RuleBasedStateMachine):
    """Two people at one workspace, each with an open handle, and a dict of what is in it."""

    told: Walked
    memory: Path | None

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tuicrm-stateful-", dir=self.memory))
        first = Workspace.create(self.folder / "w", name="W")
        self.handles = [first, Workspace.open(first.root)]
        held: Facts = {}
        self.books = [Book(held) for _ in PEOPLE]
        self.eager = True
        self.told.examples += 1

    @initialize(eager=TRUTHS)
    def begin(self, eager: bool) -> None:
        """Some read everything after each step; the others leave what they need not know unread."""
        self.eager = eager

    def teardown(self) -> None:
        try:
            for who in range(len(PEOPLE)):
                self.compare(who)
            assert self.unlike(Workspace.open(self.handles[0].root)) == []
            self.handles[0].checkpoint()
            for ws in (self.handles[0], Workspace.open(self.handles[0].root)):
                assert self.unlike(ws) == [], "after a checkpoint"
                assert ws.problems() == []
                assert ws.take_losers() == []
        finally:
            shutil.rmtree(self.folder)

    def unlike(self, ws: Workspace) -> list[str]:
        """What a handle shows that the dict does not say, or the other way round."""
        wanted = self.books[0].facts
        found = facts(ws)
        said = [f"{key}: {found.get(key)}, not {wanted.get(key)}" for key in differing(found, wanted)]
        said += [f"{kind}: not in order" for kind in ws.kinds() if list(ws.all(kind)) != sorted(ws.all(kind))]
        return said

    def compare(self, who: int) -> None:
        self.handles[who].refresh()
        assert self.unlike(self.handles[who]) == []

    def did(self, name: str, who: int) -> None:
        self.told.steps += 1
        self.told.rules[name] += 1
        if self.eager:
            self.compare(who)

    def does(self, name: str, who: int, changes: Sequence[Change]) -> None:
        """Commit changes, and the same in the dict: both take them, or both refuse them."""
        book, ws = self.books[who], self.handles[who]
        try:
            step = book.plan(changes)
        except Refused:
            self.refuses(name, who, lambda: ws.commit(changes, by=PEOPLE[who], note=name))
            return
        receipt = ws.commit(changes, by=PEOPLE[who], note=name)
        assert step.after.keys() <= set(receipt.changed)
        assert bool(receipt.tx) == bool(receipt.changed)
        book.does(book.take(step))
        self.did(name, who)

    def refuses(self, name: str, who: int, work: Callable[[], Any]) -> None:
        said = ""
        try:
            work()
        except TuicrmError as problem:
            said = str(problem)
        assert said, f"{name} was not refused: {self.books[who].done[-1:]} {self.unlike(self.handles[who])}"
        self.told.steps += 1
        self.told.refused[name] += 1
        self.compare(who)

    def one_of(self, chance: random.Random, *, dead: bool) -> tuple[str, str]:
        return chance.choice(sorted(key for key, one in self.books[0].facts.items() if one.dead == dead))

    def some(self, *, dead: bool) -> bool:
        return any(one.dead == dead for one in self.books[0].facts.values())

    @rule(who=WHO, chance=CHANCE, kind=st.sampled_from(deeds.KINDS), days=st.integers(0, 3))
    def add(self, who: int, chance: random.Random, kind: str, days: int) -> None:
        ws = self.handles[who]
        id_ = ws.new_id(int(NOW.timestamp() * 1000) - days * 86_400_000) if days else ws.new_id()
        self.does("add", who, [Write(kind, id_, {"name": "fresh", **deeds.fields(chance)})])

    @precondition(lambda self: self.some(dead=False))
    @rule(who=WHO, chance=CHANCE)
    def edit(self, who: int, chance: random.Random) -> None:
        self.does("edit", who, [Write(*self.one_of(chance, dead=False), deeds.fields(chance))])

    @rule(who=WHO, chance=CHANCE)
    def several(self, who: int, chance: random.Random) -> None:
        self.does("several at once", who, deeds.several(chance, self.books[0].facts, self.handles[who].new_id))

    @precondition(lambda self: self.some(dead=False))
    @rule(who=WHO, chance=CHANCE)
    def delete(self, who: int, chance: random.Random) -> None:
        self.does("delete", who, [Remove(*self.one_of(chance, dead=False))])

    @precondition(lambda self: self.some(dead=True))
    @rule(who=WHO, chance=CHANCE)
    def restore(self, who: int, chance: random.Random) -> None:
        self.does("restore", who, [Revive(*self.one_of(chance, dead=True))])

    @precondition(lambda self: self.some(dead=True))
    @rule(who=WHO, chance=CHANCE)
    def write_to_the_trash(self, who: int, chance: random.Random) -> None:
        self.does("edit in the trash", who, [Write(*self.one_of(chance, dead=True), deeds.fields(chance))])

    @precondition(lambda self: self.some(dead=True))
    @rule(who=WHO, chance=CHANCE)
    def purge(self, who: int, chance: random.Random) -> None:
        self.does("purge", who, [Purge(*self.one_of(chance, dead=True))])

    @rule(who=WHO, chance=CHANCE, which=st.sampled_from(NONSENSE))
    def nonsense(self, who: int, chance: random.Random, which: Callable[[str], Change]) -> None:
        """Of changes of which one is impossible none is made."""
        ws = self.handles[who]
        changes = [*deeds.several(chance, self.books[0].facts, ws.new_id, most=2), which(ws.new_id())]
        chance.shuffle(changes)
        self.refuses("nonsense", who, lambda: ws.commit(changes, by=PEOPLE[who], note=""))

    @precondition(lambda self: any(book.done for book in self.books))
    @rule(who=WHO)
    def undo(self, who: int) -> None:
        book = self.books[who]
        step = book.back()
        if self.goes_back("undo", who, step, undo):
            book.done.pop()
            book.undone.append(self.taken)

    @precondition(lambda self: any(book.undone for book in self.books))
    @rule(who=WHO, anyhow=TRUTHS)
    def redo(self, who: int, anyhow: bool) -> None:
        who = who if self.books[who].undone or anyhow else 1 - who
        book = self.books[who]
        step = book.undone[-1] if book.undone else None
        if self.goes_back("redo", who, step, redo):
            book.undone.pop()
            book.done.append(self.taken)

    def goes_back(self, name: str, who: int, step: Step | None, how: Callable[[Session], Any]) -> bool:
        """Undo or redo a step; what the other one touched since may be refused, or must be where it would be lost."""
        # As a program does that is open: what is undone is what is seen.
        self.handles[who].refresh()
        session = Session(self.handles[who], user=PEOPLE[who], now=NOW)
        if step is None:
            try:
                how(session)
            except NotFound:
                self.told.steps += 1
                self.told.refused[name] += 1
                return False
            raise AssertionError(f"{name} found a step that nobody made")
        try:
            back = self.books[who].reversed(step)
        except Refused:
            self.refuses(name, who, lambda: session.commit(how(session)))
            return False
        try:
            session.commit(how(session))
        except TuicrmError:
            assert self.touched_by_other(who, step), f"{name} was refused, though nobody else touched it"
            self.told.steps += 1
            self.told.refused[name] += 1
            self.compare(who)
            return False
        self.taken = self.books[who].take(back)
        self.did(name, who)
        return True

    def touched_by_other(self, who: int, step: Step) -> bool:
        other = self.books[1 - who]
        theirs = {key for one in (*other.done, *other.undone) for key in one.after}
        return not theirs.isdisjoint(step.after)

    @rule(who=WHO)
    def checkpoint(self, who: int) -> None:
        self.handles[who].checkpoint()
        assert not self.handles[who].has_unfolded
        self.did("checkpoint", who)

    @rule(who=WHO, tidily=TRUTHS)
    def reopen(self, who: int, tidily: bool) -> None:
        """Close a handle, or just leave it as a killed process does, and open another."""
        if tidily:
            self.handles[who].close()
        self.handles[who] = Workspace.open(self.handles[who].root)
        self.did("close and reopen" if tidily else "leave and reopen", who)

    @rule(who=WHO)
    def refresh(self, who: int) -> None:
        self.handles[who].refresh()
        assert self.handles[who].refresh() == ()
        self.did("refresh", who)

    @rule(who=WHO, kind=st.sampled_from(deeds.KINDS))
    def read_one_kind(self, who: int, kind: str) -> None:
        ws = self.handles[who]
        ws.refresh()
        live = {key[1] for key, one in self.books[0].facts.items() if key[0] == kind and not one.dead}
        assert set(ws.all(kind)) == live
        assert all(ws.get(kind, id_) is not None for id_ in live)
        self.did("read a kind", who)

    @rule(who=WHO)
    def look(self, who: int) -> None:
        self.compare(who)
        self.did("read all", who)


def run(examples: int = 2000, steps: int = 50, seed: int = 1, *, workers: int = 0) -> Walked:
    """Make up so many workspaces; in this very process where `workers` is 1."""
    told, start = Walked(), time.perf_counter()
    shares = [(min(SHARE, examples - at), steps, seed * 1000 + at // SHARE) for at in range(0, examples, SHARE)]
    workers = workers or os.cpu_count() or 1
    if workers == 1:
        parts = [_walk(*share) for share in shares]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            parts = [job.result() for job in [pool.submit(_walk, *share) for share in shares]]
    for part in parts:
        told.examples += part.examples
        told.steps += part.steps
        told.rules += part.rules
        told.refused += part.refused
        told.seeds += part.seeds
        told.failures += part.failures
    told.seconds = time.perf_counter() - start
    return told


def _walk(examples: int, steps: int, seed: int) -> Walked:
    told = Walked(seeds=[seed])
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    made = type("Machine", (Machine,), {"told": told, "memory": memory})
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            run_state_machine_as_test(hypothesis.seed(seed)(made), settings=chosen)  # type: ignore[no-untyped-call]
    except Exception as problem:  # noqa: BLE001 - whatever goes wrong is what is looked for
        notes = getattr(problem, "__notes__", [])
        told.failures.append("\n".join((f"seed {seed}: {type(problem).__name__}: {problem}", *notes, said.getvalue())))
    return told


def main(words: list[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(
        f"{told.examples} examples, {told.steps} steps, {told.seconds:.0f} s, {len(told.failures)} failed\n"
    )
    for one in sorted({*told.rules, *told.refused}):
        sys.stdout.write(f"{told.rules[one]:8} {told.refused[one]:8} {one}\n")
    sys.stdout.writelines(f"{one}\n" for one in told.failures)
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
