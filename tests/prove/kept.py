"""What the areas of a proof found, by commit: kept, so that the page can be made of several runs."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.prove.histories import Story
from tests.prove.oracle import Verdict
from tests.prove.page import Part, Row
from tests.results import BUILD, Results

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

RESULTS = Results(BUILD / "prove")


def read(commit: str, area: str) -> Part | None:
    """Return what an area found at a commit; None where it has not run to its end there, or files differed from it."""
    told = RESULTS.read(commit, area)
    return told and Part(**{**told, "rows": [Row(*row) for row in told["rows"]]})


def latest(area: str) -> Part | None:
    """Return what the latest run of an area found, at whatever commit; None where it has never run to its end."""
    commit = RESULTS.latest(area)
    return read(commit, area) if commit else None


def write(commit: str, area: str, part: Part) -> Part:
    """Keep what an area found; return it with the commit and the day that it is of."""
    dated = replace(part, commit=commit, when=datetime.now(UTC).strftime("%Y-%m-%d"))
    RESULTS.write(commit, area, asdict(dated))
    return dated


def read_share(commit: str, first: int) -> tuple[list[Story], float] | None:
    """Return a share of the histories, from the seed `first` on, and the seconds that they took; None as above."""
    told = RESULTS.read(commit, f"histories-{first}")
    if told is None:
        return None
    stories = [Story(**{**one, "verdict": Verdict(**one["verdict"])}) for one in told["stories"]]
    return stories, told["seconds"]


def write_share(commit: str, first: int, stories: list[Story], seconds: float) -> None:
    """Keep a share of the histories."""
    RESULTS.write(commit, f"histories-{first}", {"stories": [asdict(one) for one in stories], "seconds": seconds})


def read_told(commit: str, name: str) -> dict[str, Any] | None:
    """Return a share of an area as the fields of what its run tells; None as above."""
    told: dict[str, Any] | None = RESULTS.read(commit, name)
    return told


def write_told(commit: str, name: str, told: DataclassInstance) -> None:
    """Keep a share of an area, whose fields hold no records of their own."""
    # Not asdict: it makes a Counter of a Counter's items.
    RESULTS.write(commit, name, dict(vars(told)))
