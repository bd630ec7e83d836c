"""A writer that says what it will do, does it, and says that it is done: whoever kills it knows what must be there.

It works through random transactions, checkpoints, undo, redo and reopening, in a process that others fork and kill.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from tests.prove import deeds
from tests.prove.plain import Book, Fact, Facts, Key, Refused, Step, facts
from tuicrm.crm.session import Session
from tuicrm.crm.undo import redo, undo
from tuicrm.store import kept, undolog
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

NOW = datetime(2026, 10, 8, 12, tzinfo=UTC)
SHARED = "01KB0000000000000000000000"
"""A deal of which every writer has a field of its own."""
DEEP = 12
"""So many steps back are undone; the log is kept far shorter here than in earnest."""
ALLOWED = frozenset(("lock", "journal", "journals", "tmp", "undo.jsonl", "undo.next", "index.lock.own"))
"""`undo.next` is written over by the next shortening, the others stay in use."""


class Works(Protocol):
    """One writer at work."""

    def deed(self) -> None:
        """Do one thing."""


class Subject(Protocol):
    """A store that is put to the proof: tuicrm's, or stock TinyDB's."""

    trash: bool
    """Whether what is deleted is still to be seen."""

    def make(self, root: Path) -> None:
        """Begin a store in a folder that is not there yet."""

    def begin(self, books: list[Book]) -> None:
        """What the books of writers say of a store that was just made."""

    def writer(self, root: Path, who: int, book: Book, chance: random.Random, say: Callable[[Said], None]) -> Works:
        """Somebody who writes to it."""

    def facts(self, root: Path) -> Facts:
        """All that it holds, read afresh."""

    def goes_on(self, root: Path, book: Book) -> str:
        """Whether the next writer can work, and nothing is left lying about; what is wrong otherwise."""


class Said(NamedTuple):
    """What a writer tells: the records that it is about to make so, or (empty) that this is done."""

    who: int
    word: str
    """`try`, `done`, or what went wrong."""
    facts: Facts


def send(fd: int, said: Said) -> None:
    """Tell whoever holds the other end."""
    told = [[*key, fact.fields, fact.dead, fact.erased] for key, fact in said.facts.items()]
    data = json.dumps([said.who, said.word, told]).encode() + b"\n"
    while data:
        data = data[os.write(fd, data) :]


def heard(data: bytes) -> list[Said]:
    """What writers told, but for a line that was cut short."""
    found = []
    for line in data.split(b"\n")[:-1]:
        who, word, told = json.loads(line)
        found.append(Said(who, word, {(kind, id_): Fact(fields, dead, gone) for kind, id_, fields, dead, gone in told}))
    return found


class Ours:
    """A workspace of tuicrm."""

    trash = True

    def make(self, root: Path) -> None:
        with Workspace.create(root, name="W") as ws:
            ws.commit([Write("deal", SHARED, {"name": "everybody's"})], by="", note="")

    def begin(self, books: list[Book]) -> None:
        for book in books[:-1]:
            book.facts["deal", SHARED] = Fact({})
        books[-1].facts["deal", SHARED] = Fact({"name": "everybody's"})

    def writer(self, root: Path, who: int, book: Book, chance: random.Random, say: Callable[[Said], None]) -> Works:
        # In this process, which is to be killed, the log is shortened and old journals go every few changes.
        undolog.MOST_BYTES, undolog.KEPT_BYTES = 24_000, 12_000
        kept.MOST = 5
        return Writer(root, who, book, chance, say)

    def facts(self, root: Path) -> Facts:
        ws = Workspace.open(root)
        found = facts(ws)
        odd = [problem for problem in ws.problems() if problem.raw]
        assert not odd, f"damaged lines: {odd[:3]}"
        return found

    def goes_on(self, root: Path, book: Book | None = None) -> str:
        ws = Workspace.open(root)
        key = "contact", ws.new_id()
        ws.commit([Write(*key, {"name": "after"})], by="next", note="")
        if book is not None:
            book.facts[key] = Fact({"name": "after"})
        ws.checkpoint()
        left = [one.name for one in ws.private.iterdir() if one.name not in ALLOWED]
        left += [f"tmp/{one.name}" for one in ws.private.joinpath("tmp").iterdir()]
        left += [str(one.relative_to(root)) for one in root.joinpath("data").rglob("*") if odd(one)]
        left += [one.name for one in root.joinpath(".git").glob("*.lock")]
        if left:
            return f"left lying about: {left[:5]}"
        return "" if ws.private.joinpath("journal").stat().st_size < 200 else "the journal was not carried over"


def odd(path: Path) -> bool:
    """Whether something among the data files is none."""
    return path.is_file() and (path.suffix != ".jsonl" or path.name[0] == ".")


class Writer:
    """Somebody at work in a workspace, with a book of what is theirs."""

    def __init__(self, root: Path, who: int, book: Book, chance: random.Random, say: Callable[[Said], None]) -> None:
        self._root, self._who, self._book, self._chance, self._say = root, who, book, chance, say
        # A name of its own: what an earlier writer did is not this one's to undo.
        self._name = f"w{who}-{os.getpid()}"
        self._count = 0
        self._open()

    def _open(self) -> None:
        self._ws = Workspace.open(self._root)
        self._session = Session(self._ws, user=self._name, now=NOW)
        if self._chance.random() < 0.5:
            facts(self._ws)

    def deed(self) -> None:
        """Do one thing."""
        roll = self._chance.random()
        if roll < 0.66:
            self._writes()
        elif roll < 0.76:
            self._takes_back()
        elif roll < 0.80:
            self._does_again()
        elif roll < 0.93:
            self._ws.checkpoint()
        elif roll < 0.97:
            self._ws.close()
            self._open()
        else:
            facts(self._ws)

    def _writes(self) -> None:
        shared: Key = ("deal", SHARED)
        own = {key: fact for key, fact in self._book.facts.items() if key != shared}
        changes = deeds.several(self._chance, own, self._ws.new_id)
        self._count += 1
        if self._chance.random() < 0.3:
            changes.append(Write(*shared, {f"by_{self._who}": f"{self._name} {self._count}"}))
        try:
            step = self._book.plan(changes)
        except Refused:
            return
        if step.after:
            self._tells(step.after, lambda: self._ws.commit(changes, by=self._name, note="deed"))
            self._book.does(self._book.take(step))
            del self._book.done[:-DEEP]

    def _takes_back(self) -> None:
        step = self._book.back()
        if step is not None and (taken := self._reversed(step, undo)):
            self._book.done.pop()
            self._book.undone.append(taken)

    def _does_again(self) -> None:
        if self._book.undone and (taken := self._reversed(self._book.undone[-1], redo)):
            self._book.undone.pop()
            self._book.done.append(taken)

    def _reversed(self, step: Step, how: Callable[[Session], Any]) -> Step | None:
        try:
            back = self._book.reversed(step)
        except Refused:
            return None
        self._tells(back.after, lambda: self._session.commit(how(self._session)))
        return self._book.take(back)

    def _tells(self, after: Facts, work: Callable[[], Any]) -> None:
        self._say(Said(self._who, "try", after))
        work()
        self._say(Said(self._who, "done", {}))
