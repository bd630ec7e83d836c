"""Honest timing: whole processes run in turn, so that a drifting machine hits both sides alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, beside what, and the bound that was set for it."""

    what: str
    ours: str
    other: str
    ratio: float
    bound: str
    met: bool


@dataclass(frozen=True)
class Note:
    """A sentence for the page: what was not measured, or how something was."""

    about: str
    text: str


def at_most(what: str, ours: str, other: str, ratio: float, bound: float) -> Figure:
    """Return a figure whose ratio should not exceed `bound`."""
    return Figure(what, ours, other, ratio, f"<= {bound:g} x", ratio <= bound)


def at_least(what: str, ours: str, other: str, ratio: float, bound: float) -> Figure:
    """Return a figure whose ratio should reach `bound`."""
    return Figure(what, ours, other, ratio, f">= {bound:g} x", ratio >= bound)


def milliseconds(seconds: float) -> str:
    """Return a duration in seconds as text in milliseconds."""
    return f"{seconds * 1000:.1f} ms"


def compile_all() -> None:
    """Compile the program, as an installer does: elsewhere it is the compiler that is measured."""
    import compileall

    import tuicrm

    compileall.compile_dir(os.path.dirname(tuicrm.__file__), quiet=1)


def run(command: Sequence[str], *, env: Mapping[str, str], cwd: Path | None = None, check: bool = True) -> float:
    """Run a command without output and return how long it took in seconds."""
    start = time.perf_counter()
    done = subprocess.run(
        command, env=dict(env), cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    took = time.perf_counter() - start
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()[-400:]}")
    return took


def in_turn(first: Callable[[], float], second: Callable[[], float], *, rounds: int) -> tuple[float, float, float]:
    """Run two measurements in turn; return both medians and the median of the ratios first/second."""
    first(), second()
    pairs = [(first(), second()) for _ in range(rounds)]
    ratio = statistics.median(one / other for one, other in pairs)
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs), ratio


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return a small environment with a home of its own, so that nobody's settings are read or written."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    folders = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "STATE", "DATA", "CACHE")}
    return {**kept, "HOME": str(home), **folders, **more}


def tuicrm() -> list[str]:
    """Return the command that starts tuicrm the way an installed one starts."""
    from pathlib import Path

    script = Path(sys.executable).with_name("tuicrm")
    return [str(script)] if script.exists() else [sys.executable, "-m", "tuicrm"]
