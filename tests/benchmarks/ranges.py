"""How often outcomes lie in their 80 % range, over a thousand origins of made-up teams of eight kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure
from tests.crm.foresight.test_laws import covered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEAST, MOST = 0.75, 0.90
ORIGINS = 1_000


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the share of outcomes in their range."""
    share, total, _ = covered(range(30, 46), 45)
    bound, met = f"{LEAST:.0%} to {MOST:.0%}", LEAST <= share <= MOST and total >= ORIGINS
    yield Figure(f"outcomes in their 80 % range, {total:,} origins", f"{share:.1%}", "80 %", share / 0.8, bound, met)
