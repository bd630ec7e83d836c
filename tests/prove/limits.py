"""Real limits: commands as real processes on a full disk, at limits of the system, where nothing may be written.

`python -m tests.prove.limits [CASES] [SEED]` prints what came of it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.prove.power import MEMORY
from tests.sync.repos import SOURCE
from tuicrm.errors import TuicrmError
from tuicrm.store.changes import Write
from tuicrm.store.contenthash import content, content_hash
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_PAGE = 4096
_TOLD = 20
_DROP_BOUNDING = 24
_CAPABILITIES = (1, 2, 3)
"""Those by which root writes where nobody may."""
_PEOPLE = "name,email,company.name\nJane Roe,jane@acme.example,Acme\nBob Roe,bob@acme.example,Orbis\n"
MADE = (
    ("company", "add", "Acme"),
    ("deal", "add", "Acme renewal", "--company", "Acme", "--value", "12000"),
    ("log", "call", "Acme", "first call"),
)
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("company", "add", "Orbis"),
    ("deal", "add", "Orbis deal", "--company", "Acme", "--value", "9000"),
    ("deal", "edit", "Acme renewal", "--value", "13000"),
    ("log", "meeting", "Acme", "second meeting"),
    ("import", "people.csv", "--create-missing"),
    ("undo",),
    ("deal", "delete", "Acme renewal"),
    ("deal", "list"),
    ("export", "deal", "deals.csv"),
    ("backup",),
    ("doctor",),
    ("sync",),
    ("init", "another", "--user", "bob"),
)
_READING = frozenset({"list", "export", "backup", "doctor", "init", "sync"})
"""Commands that leave the records as they are."""


@dataclass
class Limited:
    """What came of running commands at limits."""

    cases: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    """Commands that ended with a sentence; the others did what they were told."""
    lacking: str = ""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class Limit(NamedTuple):
    """A limit, and how large it is: free pages, bytes or open files."""

    name: str
    size: int = 0


_FULL, _FSIZE, _NOFILE, _MOUNT, _FOLDER = (
    "full tmpfs",
    "RLIMIT_FSIZE",
    "RLIMIT_NOFILE",
    "read-only mount",
    "read-only folder",
)
LIMITS = (
    *(Limit(_FULL, pages) for pages in (0, 1, 2, 3, 4, 6, 9, 14)),
    *(Limit(_FSIZE, size) for size in (0, 20, 300, 900, 2500, 6000)),
    *(Limit(_NOFILE, most) for most in (5, 6, 7, 8, 9, 10, 12, 15)),
    Limit(_MOUNT),
    Limit(_FOLDER),
)


def run(cases: int = 0, seed: int = 1) -> Limited:
    """Run each command at each limit, or so many of these by chance."""
    started = time.perf_counter()
    told = Limited()
    every = [(limit, command) for limit in LIMITS for command in COMMANDS]
    chosen = random.Random(seed).sample(every, min(cases, len(every))) if cases else every
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tuicrm-limits-", dir=memory) as folder:
        home = Path(folder) / "home"
        home.mkdir()
        made = Path(folder) / "made"
        _command(home, Path(folder), "init", str(made), "--user", "ann")
        for words in MADE:
            _command(home, made, *words)
        (made / "people.csv").write_text(_PEOPLE)
        for limit, command in chosen:
            try:
                with _place(Path(folder) / "place", made, limit) as (root, lift):
                    _try(told, home, root, lift, limit, command)
            except _CannotMount as error:
                told.lacking = f"{limit.name}: {error}"
            if len(told.failures) >= _TOLD:
                break
    told.seconds = time.perf_counter() - started
    return told


class _CannotMount(Exception):
    """This user may mount nothing."""


@contextlib.contextmanager
def _place(place: Path, made: Path, limit: Limit) -> Iterator[tuple[Path, Callable[[], None]]]:
    """A copy of the workspace under a limit of its disk or folder, and what lifts that."""
    place.mkdir()
    root, filler = place / "w", place / "filler"
    mounted = limit.name in (_FULL, _MOUNT)
    try:
        if mounted:
            _mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place))
        shutil.copytree(made, root, symlinks=True)
        lift: Callable[[], None] = lambda: None  # noqa: E731 - the limit is the process's own
        if limit.name == _FULL:
            _fill(filler, limit.size)
            lift = filler.unlink
        elif limit.name == _MOUNT:
            _mount("-o", "remount,ro", str(place))
            lift = partial(_mount, "-o", "remount,rw", str(place))
        elif limit.name == _FOLDER:
            _permit(root, writing=False)
            lift = partial(_permit, root, writing=True)
        yield root, lift
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=False, capture_output=True)
        shutil.rmtree(place)


def _mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], check=False, capture_output=True, text=True)
    if done.returncode:
        raise _CannotMount(done.stderr.strip())


def _fill(filler: Path, pages: int) -> None:
    """Fill a disk but for so many pages."""
    fd = os.open(filler, os.O_WRONLY | os.O_CREAT)
    try:
        size = 0
        with contextlib.suppress(OSError):
            while True:
                size += os.write(fd, bytes(_PAGE))
        os.ftruncate(fd, max(0, size - pages * _PAGE))
    finally:
        os.close(fd)


def _permit(root: Path, *, writing: bool) -> None:
    for path in (root, *root.rglob("*")):
        path.chmod((0o700 if path.is_dir() else 0o600) if writing else (0o500 if path.is_dir() else 0o400))


def _under(limit: Limit) -> None:
    """Set the limits of a process that is about to start."""
    if limit.name == _FSIZE:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit.size, limit.size))
    elif limit.name == _NOFILE:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit.size, limit.size))
    elif limit.name == _FOLDER and os.geteuid() == 0:
        for one in _CAPABILITIES:
            ctypes.CDLL(None).prctl(_DROP_BOUNDING, one, 0, 0, 0)


def _command(
    home: Path, root: Path, *words: str, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    env = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}
    line = [sys.executable, "-m", "tuicrm", *words]
    return subprocess.run(
        line, cwd=root, env=env, preexec_fn=before, capture_output=True, text=True, timeout=60, check=False
    )


def _try(
    told: Limited, home: Path, root: Path, lift: Callable[[], None], limit: Limit, command: tuple[str, ...]
) -> None:
    before = _hash(root)
    done = _command(home, root, *command, before=partial(_under, limit))
    lift()
    told.cases[limit.name] += 1
    told.refused += bool(done.returncode)
    problem = _problem(root, before, done, command)
    if problem:
        told.failures.append(f"{limit.name} {limit.size}, {' '.join(command)}: {problem}")


def _problem(root: Path, before: str, done: subprocess.CompletedProcess[str], command: tuple[str, ...]) -> str:
    if "Traceback" in done.stderr:
        return f"traceback: {done.stderr[-300:]}"
    if done.returncode not in range(9):
        return f"exit code {done.returncode}: {done.stderr[-300:]}"
    if done.returncode and not done.stderr.strip():
        return f"exit code {done.returncode} without a word"
    try:
        after = _hash(root)
        is_reading = bool(_READING & {*command[:2]})
        if after != before and (done.returncode or is_reading):
            return f"exit code {done.returncode} ({done.stderr.strip()}), but the records differ"
        if after == before and not done.returncode and not is_reading:
            return f"told that it was done, but nothing changed: {done.stdout} {done.stderr}"
        ws = Workspace.open(root)
        ws.commit([Write("note", ws.new_id(), {"n": "after"})], by="", note="")
        ws.checkpoint()
        if ws.unreadable() or ws.has_unfolded or _hash(root) == after:
            return "a further change does not go through"
    except TuicrmError as error:
        return f"afterwards, {error}"
    return ""


def _hash(root: Path) -> str:
    return content_hash(content(Workspace.open(root)))


def main(words: Sequence[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(
        f"{told.cases.total()} cases {dict(told.cases)}, {told.refused} refused, "
        f"{len(told.failures)} failed, {told.seconds:,.0f} s {told.lacking}\n"
    )
    for line in told.failures:
        sys.stdout.write(f"    {line}\n")
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
