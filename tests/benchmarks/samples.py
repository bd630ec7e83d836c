"""What was measured at several sizes, and how it grows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Sample:
    """One action of one program at one size; without seconds: why it was not measured."""

    program: str
    action: str
    records: int
    seconds: float | None
    memory: int = 0
    """KiB of the largest process, at its peak."""
    disk: int = 0
    """Bytes that the data takes after the import; only there."""
    remark: str = ""


class Fit(NamedTuple):
    """How something grows: y = c * n ** exponent, by least squares on logarithms."""

    exponent: float
    points: int
    each: float
    """What each further record costs between the two largest sizes."""


def fit(points: Sequence[tuple[float, float]]) -> Fit | None:
    """Fit sizes and what was measured at each; None where there are fewer than two sizes."""
    known = sorted((size, found) for size, found in points if size > 0 and found > 0)
    if len({size for size, _ in known}) < 2:
        return None
    (before, less), (size, more) = known[-2:]
    logs = [(math.log(size), math.log(found)) for size, found in known]
    mean_x, mean_y = (sum(one[side] for one in logs) / len(logs) for side in (0, 1))
    above = sum((x - mean_x) * (y - mean_y) for x, y in logs)
    exponent = above / sum((x - mean_x) ** 2 for x, _ in logs)
    return Fit(exponent, len(known), (more - less) / (size - before))
