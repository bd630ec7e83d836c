"""A long log: the same commands with 10,000 and 100,000 activities; see million.py for ten times as many."""

from __future__ import annotations

import datetime
import statistics
from typing import TYPE_CHECKING

from tests.benchmarks.launch import Call, bytes_below, launch
from tests.benchmarks.measure import environment, tuicrm
from tests.benchmarks.samples import Sample
from tests.benchmarks.terminal import Terminal
from tests.benchmarks.tui import READY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SIZES = (10_000, 100_000)
DAYS = 730
"""The log goes back so many days."""
NOW = "2026-10-08T09:00:00Z"
ROUND_SECONDS = 2.0
ROUNDS = 5
TYPES = ("call", "email", "meeting", "note")
SYNCED_UP_TO = 100_000
"""Sync is measured up to that size: the first commit of more takes longer than all the rest of the run."""


def figures(folder: Path, sizes: tuple[int, ...] = SIZES) -> Iterator[Sample]:
    """Yield each command at each size."""
    for size in sizes:
        home = folder / f"log-{size}"
        home.mkdir()
        env = environment(home, TUICRM_NOW=NOW, TUICRM_USER="ann")
        root = home / "workspace"
        last = fill(root, size, env)
        bare = str(home / "remote.git")
        yield Sample("tuicrm", "activities: on disk", size, None, disk=bytes_below(root / "data"))
        for action, words in commands(last, size, home).items():
            yield _measured(action, [*tuicrm(), "--workspace", str(root), *words], size, home, env)
        yield _opened(root, size, env)
        if size <= SYNCED_UP_TO:
            launch(Call(["git", "init", "-q", "--bare", bare]), home, env)
            launch(Call(["git", "-C", str(root), "remote", "add", "origin", bare]), home, env)
            sync = [*tuicrm(), "--workspace", str(root), "sync"]
            launch(Call(sync), home, env)
            launch(Call([*tuicrm(), "--workspace", str(root), "log", "note", "One more"]), home, env)
            yield _measured("activities: sync of one", sync, size, home, env, rounds=1)


def fill(root: Path, count: int, env: Mapping[str, str]) -> str:
    """Make a workspace with so many entries in its log, written straight into its files; return the last one's id."""
    from tuicrm.crm.opening import create_workspace
    from tuicrm.store.codec import encode
    from tuicrm.store.segments import home
    from tuicrm.store.ulid import encode as ulid

    session = create_workspace(root, name="Log", currency="EUR", user="ann", env=env)
    deal, me = session.ws.new_id(), session.me
    session.ws.close()
    files: dict[str, list[bytes]] = {}
    end = int(datetime.datetime.fromisoformat(NOW).timestamp() * 1000)
    step = DAYS * 86_400_000 // count
    for number in range(count):
        at = end - (count - number) * step
        moment = datetime.datetime.fromtimestamp(at / 1000, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        id_ = ulid(at, number)
        record = {
            **{"id": id_, "type": TYPES[number % 4], "at": moment, "subject": f"Entry {number:07d}", "owner": me},
            **{"body": f"Asked about the offer of item {number % 977}, wants an answer by the end of the week"},
            **{"outcome": ("reached", "no answer")[number % 2], "deal": deal},
        }
        files.setdefault(home("activity", id_), []).append(encode(record))
    for name, lines in files.items():
        file = root / "data" / "activity" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"\n".join(lines) + b"\n")
    return id_


def commands(last: str, size: int, home: Path) -> dict[str, list[str]]:
    """Return what is done, with the id of some entry."""
    return {
        "activities: list the newest 50": ["activity", "list", "--limit", "50"],
        "activities: search": ["search", _some(size)],
        "activities: edit": ["activity", "edit", last, "--subject", "Other words"],
        "activities: log": ["log", "note", "Called back"],
        "activities: export": ["export", "activities", str(home / "out-{number}.jsonl")],
    }


def _measured(
    action: str, command: list[str], size: int, home: Path, env: Mapping[str, str], *, rounds: int = ROUNDS
) -> Sample:
    seconds: list[float] = []
    memory = 0
    while not seconds or (len(seconds) < rounds and sum(seconds) < ROUND_SECONDS):
        line = [word.replace("{number}", str(len(seconds))) for word in command]
        spent = launch(Call(line), home, env)
        if action == "activities: search" and _some(size).encode() not in spent.out:
            raise RuntimeError("the search does not find the entry")
        seconds.append(spent.seconds)
        memory = max(memory, spent.memory)
    return Sample("tuicrm", action, size, statistics.median(seconds), memory)


def _some(size: int) -> str:
    return f"Entry {size // 2:07d}"


def _opened(root: Path, size: int, env: Mapping[str, str]) -> Sample:
    with Terminal([*tuicrm(), "--workspace", str(root)], env=env) as terminal:
        took = terminal.until(READY)
        terminal.press(b"2")
        terminal.settle(1.0)
        return Sample("tuicrm", "activities: TUI, data there", size, took, terminal.resident() // 1024)
