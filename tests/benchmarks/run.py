"""`make bench`: every measurement, as one table with the machine and the commit."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.measure import compile_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Figure

AREAS = ("startup", "peers", "store", "importing", "exporting", "reports", "rules", "leads", "nextstep", "tui")
HEAD = f"{'what':<52} {'tuicrm':>12} {'other':>12} {'ratio':>9}  {'bound':<10} met"


def main(areas: Sequence[str]) -> int:
    """Run the named areas (all where none is named); return 0 where every bound is met."""
    _say(f"commit {_commit()}, {platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    compile_all()
    absent = [name for name in ("khard", "task") if not shutil.which(name)]
    _say(f"not installed, left out: {', '.join(absent)}" if absent else "peers: khard, taskwarrior")
    _say(HEAD)
    short = 0
    for area in areas or AREAS:
        with tempfile.TemporaryDirectory(prefix="tuicrm-bench-") as folder:
            for figure in import_module(f"tests.benchmarks.{area}").figures(Path(folder)):
                short += not figure.met
                _say(_line(figure))
    return 1 if short else 0


def _line(one: Figure) -> str:
    met = "yes" if one.met else "NO"
    return f"{one.what:<52} {one.ours:>12} {one.other:>12} {one.ratio:>8.2f}x  {one.bound:<10} {met}"


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
