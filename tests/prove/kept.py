"""What the areas of a proof found, by commit: kept, so that the page can be made of several runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.prove.histories import Story
from tests.prove.oracle import Verdict
from tests.prove.page import Part, Row

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

PLACE = Path(__file__).resolve().parents[2] / "build" / "prove"


def read(commit: str, area: str) -> Part | None:
    """Return what an area found at a commit; None where it has not run to its end there, or files differed from it."""
    told = _read(commit, area)
    return told and Part(told["title"], told["text"], [Row(*row) for row in told["rows"]], told["failures"])


def write(commit: str, area: str, part: Part) -> None:
    """Keep what an area found."""
    _write(commit, area, asdict(part))


def read_share(commit: str, first: int) -> tuple[list[Story], float] | None:
    """Return a share of the histories, from the seed `first` on, and the seconds that they took; None as above."""
    told = _read(commit, f"histories-{first}")
    if told is None:
        return None
    stories = [Story(**{**one, "verdict": Verdict(**one["verdict"])}) for one in told["stories"]]
    return stories, told["seconds"]


def write_share(commit: str, first: int, stories: list[Story], seconds: float) -> None:
    """Keep a share of the histories."""
    _write(commit, f"histories-{first}", {"stories": [asdict(one) for one in stories], "seconds": seconds})


def read_told(commit: str, name: str) -> dict[str, Any] | None:
    """Return a share of an area as the fields of what its run tells; None as above."""
    told: dict[str, Any] | None = _read(commit, name)
    return told


def write_told(commit: str, name: str, told: DataclassInstance) -> None:
    """Keep a share of an area."""
    _write(commit, name, asdict(told))


def _read(commit: str, name: str) -> Any:
    if commit.endswith("-dirty"):
        return None
    try:
        return json.loads((PLACE / commit / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _write(commit: str, name: str, told: dict[str, Any]) -> None:
    folder = PLACE / commit
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")
