"""What the areas of a benchmark found, by commit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tests.benchmarks.measure import Figure, Note
from tests.benchmarks.samples import Sample
from tests.results import BUILD, Results

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.benchmarks.slowest import Profile

RESULTS = Results(BUILD / "bench")


@dataclass
class Found:
    """What one area gave: figures with bounds, samples by size, profiles, and notes; and how busy the machine was."""

    figures: list[Figure] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    seconds: float = 0.0
    busy: float = 0.0
    """How many processes wanted to run when the area began, on average of a minute."""
    failure: str = ""
    """Why the area did not come to its end."""
    commit: str = ""
    when: str = ""

    def add(self, one: Figure | Sample | Note | Profile) -> None:
        """Put something in its place."""
        if isinstance(one, Figure):
            self.figures.append(one)
        elif isinstance(one, Sample):
            self.samples.append(one)
        elif isinstance(one, Note):
            self.notes.append(one)
        else:
            self.profiles.append(one)


def read(commit: str, area: str) -> Found | None:
    """Return what an area found at a commit; None where it has not run to its end there, or files differed from it."""
    told = RESULTS.read(commit, area)
    return None if told is None else from_plain(told)


def latest(area: str) -> Found | None:
    """Return what the latest run of an area found, at whatever commit; None where it has never run to its end."""
    commit = RESULTS.latest(area)
    return read(commit, area) if commit else None


def write(area: str, found: Found) -> None:
    """Keep what an area found."""
    RESULTS.write(found.commit, area, asdict(found))


def from_plain(told: dict[str, Any]) -> Found:
    """Return what was kept as JSON."""
    from tests.benchmarks.slowest import Profile

    lists: dict[str, tuple[type[Any], Iterable[dict[str, Any]]]] = {
        "figures": (Figure, told["figures"]),
        "samples": (Sample, told["samples"]),
        "profiles": (Profile, told["profiles"]),
        "notes": (Note, told["notes"]),
    }
    made = {name: [kind(**one) for one in rows] for name, (kind, rows) in lists.items()}
    return Found(**{**told, **made})
