"""Runs commands, each in a process of its own, and tells time and peak memory as the system accounts for them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LAUNCHER = """
import json, os, sys, time
command, env, cwd, given, out, err = json.loads(sys.argv[1])
os.chdir(cwd)
write = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
streams = [(os.POSIX_SPAWN_OPEN, 0, given, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, out, write, 0o600),
           (os.POSIX_SPAWN_OPEN, 2, err, write, 0o600)]
start = time.perf_counter()
pid = os.posix_spawnp(command[0], command, env, file_actions=streams)
_, status, usage = os.wait4(pid, 0)
print(json.dumps([time.perf_counter() - start, usage.ru_maxrss, os.waitstatus_to_exitcode(status)]))
"""
"""A small process between, since the peak that is told of a child is never below that of the process it began in."""


class TooLong(Exception):
    """A command did not end within its time."""


@dataclass(frozen=True)
class Call:
    """A command line, what it reads, and the exit codes that are no failure."""

    command: Sequence[str]
    given: bytes = b""
    good: tuple[int, ...] = (0,)
    also: Mapping[str, str] | None = None
    """What its environment has besides."""


class Spent(NamedTuple):
    """What it took: seconds, the peak memory of the largest process in KiB, and what was printed."""

    seconds: float
    memory: int
    out: bytes


def launch(call: Call, folder: Path, env: Mapping[str, str], *, limit: float = 300.0) -> Spent:
    """Run a command in a folder."""
    given, out, err = (folder / f".bench-{name}" for name in ("in", "out", "err"))
    given.write_bytes(call.given)
    told = json.dumps([list(call.command), {**env, **(call.also or {})}, str(folder), str(given), str(out), str(err)])
    line = [sys.executable, "-I", "-S", "-c", LAUNCHER, told]
    with subprocess.Popen(line, stdout=subprocess.PIPE, start_new_session=True) as between:
        try:
            answer, _ = between.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(between.pid, signal.SIGKILL)
            raise TooLong(f"{' '.join(call.command)[:80]} took more than {limit:.0f} s") from None
    if between.returncode:
        raise RuntimeError(f"{call.command[0]} could not be started")
    seconds, memory, code = json.loads(answer)
    if code not in call.good:
        raise RuntimeError(f"{' '.join(call.command)[:200]} ended with {code}: {err.read_text()[-400:]}")
    return Spent(seconds, memory, out.read_bytes())


def launch_all(calls: Sequence[Call], folder: Path, env: Mapping[str, str], *, limit: float = 300.0) -> Spent:
    """Run commands one after the other; return their time in all, the largest peak, and what the last one printed."""
    every = [launch(one, folder, env, limit=limit) for one in calls]
    return Spent(sum(one.seconds for one in every), max(one.memory for one in every), every[-1].out)


def bytes_below(folder: Path) -> int:
    """Return the bytes of all files below a folder, or of a file."""
    if folder.is_file():
        return folder.stat().st_size
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
