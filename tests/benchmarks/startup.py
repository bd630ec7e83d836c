"""What it costs to start: `--version` and `--help` beside an empty Python."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure, at_most, environment, in_turn, milliseconds, run, tuicrm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the ratios of a start to `python -c pass`."""
    env = environment(folder)
    for option in ("--version", "--help"):
        ours, bare, ratio = in_turn(
            lambda option=option: run([*tuicrm(), option], env=env),  # type: ignore[misc]
            lambda: run([sys.executable, "-c", "pass"], env=env),
            rounds=15,
        )
        yield at_most(f"tuicrm {option} / python -c pass", milliseconds(ours), milliseconds(bare), ratio, 5)
