"""Damaged files through the whole import: taken whole or not at all, soon, and taken back by one undo.

`python -m tests.prove.imports [COUNT] [SEED]` imports so many damaged files of every format.
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

from tests.prove.fuzz_import import LIMIT, SOUND, TooSlow, damaged, in_time
from tuicrm.crm.opening import create_workspace
from tuicrm.crm.undo import undo
from tuicrm.errors import TuicrmError
from tuicrm.exchange.sources import Options, open_file

if TYPE_CHECKING:
    from tuicrm.crm.session import Session
    from tuicrm.exchange.outcome import Import

PER_WORKSPACE = 100
TABLES = [
    b"name,email,company.name,phone,Shoe size\nJane Roe,jane@acme.example,Acme,+49 30 555 0142,42\n"
    b'"Roe, Bob",bob@acme.example,Acme,,\n',
    b"Deal - Title;Deal - Value;Deal - Stage;Deal - Status;Deal - Organization\n"
    b"Big;1.234,5;Demo;Open;Acme\nOld;7;Won;Won;B\n",
    "First Name\tLast Name\tE-mail Address\tJob Title\nJ\u00f6rg\tM\u00fcller\tj@acme.example\tCTO\n".encode("utf-16"),
]
CHOICES = (
    Options(),
    Options(update=True, create_missing=True),
    Options(extra="drop", leads=True),
    Options(kind="contact", preset="none", create_missing=True),
)


@dataclass
class Imported:
    """How it went."""

    files: int = 0
    refused: int = 0
    """Files of which nothing could be taken, with a sentence that says why."""
    taken: int = 0
    """Files of which something was written."""
    records: int = 0
    rejected: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)
    """What must not be: the format, the seed, what happened."""


def run(count: int, seed: int = 1) -> Imported:
    """Import so many damaged files, in turn of each format, and undo each import."""
    told, start = Imported(), time.perf_counter()
    sound = {**SOUND, "csv": TABLES}
    names = list(sound)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    for first in range(0, count, PER_WORKSPACE):
        with tempfile.TemporaryDirectory(dir=memory, prefix="tuicrm-imports-") as folder:
            session = create_workspace(Path(folder) / "w", name="W", currency="EUR", user="me", env={"HOME": folder})
            for number in range(first, min(first + PER_WORKSPACE, count)):
                name = names[number % len(names)]
                chance = random.Random(seed * 1_000_003 + number)
                data = damaged(chance.choice(sound[name]), chance)
                problem = _one(session, name, data, chance.choice(CHOICES), told)
                if problem:
                    told.problems.append(f"{name}, seed {seed}, file {number}: {problem}")
            session.ws.close()
    told.seconds = time.perf_counter() - start
    return told


def _one(session: Session, name: str, data: bytes, options: Options, told: Imported) -> str:
    """Import one file; return what must not be."""
    told.files += 1
    before = _live(session)
    try:
        with in_time():
            source = open_file(session, Path(f"damaged.{name}"), options, data)
            done = source.work_out(session, options)
            plan = done.plan(session, source.name)
            if plan.changes:
                session.commit(plan)
    except TuicrmError as problem:
        told.refused += 1
        if _live(session) != before:
            return "refused, yet something was written"
        return "" if str(problem).strip() else "refused without a word"
    except TooSlow:
        return f"takes longer than {LIMIT} s"
    except Exception as problem:  # noqa: BLE001 - this is what is looked for
        return f"{type(problem).__name__}: {problem}"
    told.rejected += len(done.rejected)
    if not done.changes:
        return "" if _live(session) == before else "nothing to write, yet something was written"
    told.taken += 1
    told.records += len(done.created) + len(done.linked)
    missing = _missing(session, done)
    session.commit(undo(session))
    if missing:
        return missing
    return "" if _live(session) == before else "undo did not take all of it back"


def _missing(session: Session, done: Import) -> str:
    for item, record in done.made:
        if session.ws.get(item.kind, record["id"]) is None:
            return f"the {item.kind} of {item.where} was not written"
    return ""


def _live(session: Session) -> dict[str, dict[str, dict[str, Any]]]:
    """Return all that is not deleted, without versions."""
    ws = session.ws
    return {
        kind: {key: {n: v for n, v in one.items() if n[0] != "_"} for key, one in held.items()}
        for kind in ws.kinds()
        if (held := ws.all(kind))
    }


if __name__ == "__main__":
    outcome = run(int((sys.argv[1:] or ["10000"])[0]), int((sys.argv[2:] or ["1"])[0]))
    sys.stdout.write(
        f"{outcome.files:,} files, {outcome.refused:,} refused, {outcome.taken:,} taken, {outcome.records:,} records, "
        f"{outcome.rejected:,} rejected, {outcome.seconds:.0f} s\n"
    )
    sys.stdout.writelines(f"{one}\n" for one in outcome.problems)
    sys.exit(1 if outcome.problems else 0)
