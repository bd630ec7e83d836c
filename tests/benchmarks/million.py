"""The commands of activities.py with 1,000,000 activities; only where it is asked for by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks import activities

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.benchmarks.samples import Sample


def figures(folder: Path) -> Iterator[Sample]:
    """Yield each command."""
    yield from activities.figures(folder, (1_000_000,))
