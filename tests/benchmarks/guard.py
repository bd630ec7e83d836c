"""Counts what a command or a key costs, in numbers that a busy machine does not change: nothing here is timed.

`python -m tests.benchmarks.guard` prints the table of test_guard.py as it would be today.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.measure import environment
from tests.benchmarks.terminal import Terminal

NOW = "2026-10-08T09:00:00Z"
COMMANDS: dict[str, list[str]] = {
    "contact list": ["contact", "list"],
    "search": ["search", "acme"],
    "board": ["board"],
    "contact add": ["contact", "add", "Max Lund", "--email", "max@lund.example"],
    "deal move": ["deal", "move", "Acme renewal", "proposal"],
    "sync": ["sync"],
}
"""On the small sample workspace."""

COUNTS = (
    *("modules", "libraries", "calls on files", "reads and writes", "bytes written", "peak KB", "thousand blocks"),
)
COUNTED = """
import gc, io, json, os, sys, tracemalloc
gc.disable()  # as the program itself does
before = len(sys.modules)
tracemalloc.start()
from tuicrm.__main__ import main
from tuicrm.store import files
calls = 0
def counting(inner):
    def call(*words, **named):
        global calls
        calls += 1
        return inner(*words, **named)
    return call
for name, inner in list(vars(files).items()):
    if callable(inner) and getattr(inner, "__module__", "") == files.__name__ and isinstance(inner, type(counting)):
        setattr(files, name, counting(inner))
def so_far():
    with open("/proc/self/io") as file:
        return {name: int(number) for name, _, number in (line.partition(": ") for line in file)}
started, out = so_far(), sys.stdout
code = main(json.loads(sys.argv[1]))
sys.stdout.flush()
done, peak = so_far(), tracemalloc.get_traced_memory()[1]
ours = sum(name.partition(".")[0] == "tuicrm" for name in sys.modules)
sys.stderr.write("\\n" + json.dumps({
    "code": code,
    "modules": ours,
    "libraries": len(sys.modules) - ours - before,
    "calls on files": calls,
    "reads and writes": done["syscr"] + done["syscw"] - started["syscr"] - started["syscw"],
    "bytes written": done["wchar"] - started["wchar"],
    "peak KB": peak // 1024,
    "thousand blocks": sys.getallocatedblocks() // 1000,
}))
"""
"""What `main` does, counted: modules, calls through the one module that touches files, system calls, memory."""

KEYS: dict[str, bytes] = {
    "six cursor keys": b"jkjkjk",
    "a card moved": b"L",
    "undo": b"u",
    "palette": b"P",
    "palette closed": b"\x1b",
}


def lacking() -> str:
    """Return why nothing can be counted here; empty where it can."""
    return "" if Path("/proc/self/io").exists() else "this system does not tell what a process reads and writes"


def sample(folder: Path) -> Path:
    """Make the small sample workspace and return its folder."""
    from tuicrm.crm.demo import sample as plans
    from tuicrm.crm.opening import create_workspace

    root = folder / "acme-sales"
    env = environment(folder, TUICRM_NOW=NOW, TUICRM_USER="ann", TZ="UTC")
    session = create_workspace(root, name="acme-sales", currency="EUR", user="ann", env=env)
    for plan in plans(session, "small"):
        session.commit(plan)
    session.ws.close()
    return root


def of_command(words: list[str], workspace: Path, folder: Path) -> dict[str, int]:
    """Run a command on a copy of a workspace and return what was counted."""
    root = folder / "copy"
    shutil.copytree(workspace, root, symlinks=True)
    env = environment(folder, TUICRM_NOW=NOW, TUICRM_USER="ann", TZ="UTC", PYTHONHASHSEED="0")
    env["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    told = ["--workspace", str(root), *words]
    line = [sys.executable, "-c", COUNTED, json.dumps(told)]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=True, timeout=60)
    counts: dict[str, int] = json.loads(done.stderr.splitlines()[-1])
    code = counts.pop("code")
    if code:
        raise RuntimeError(f"{' '.join(words)} ended with {code}: {done.stderr[:300]}")
    return counts


def of_keys(workspace: Path, folder: Path) -> dict[str, int]:
    """Press keys in the TUI at 120 x 40 and return the bytes that each series sends to the terminal."""
    root = folder / "copy"
    shutil.copytree(workspace, root, symlinks=True)
    env = environment(folder, TUICRM_NOW=NOW, TUICRM_USER="ann", TZ="UTC")
    env["PYTHONPATH"] = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-m", "tuicrm", "--workspace", str(root)]
    sent: dict[str, int] = {}
    with Terminal(command, env=env, columns=120, rows=40) as terminal:
        terminal.until(b"weighted")
        terminal.settle(0.5)
        sent["start"] = len(terminal.written)
        for what, keys in KEYS.items():
            sent[what] = sum(terminal.press(keys[at : at + 1])[1] for at in range(len(keys))) + terminal.settle(0.3)
        terminal.settle(0.7)
        sent["idle"] = terminal.settle(0.7)
    return sent


def main() -> None:
    """Print what is counted today."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = sample(folder)
        for what, words in COMMANDS.items():
            place = folder / what.replace(" ", "-")
            place.mkdir()
            counts = of_command(words, workspace, place)
            sys.stdout.write(f"    {json.dumps(what)}: ({', '.join(str(counts[name]) for name in COUNTS)}),\n")
        place = folder / "keys"
        place.mkdir()
        sys.stdout.write(f"KEYS = {json.dumps(of_keys(workspace, place))}\n")


if __name__ == "__main__":
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    main()
