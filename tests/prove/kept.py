"""What the areas of a proof found, by commit: kept, so that the page can be made of several runs."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from tests.prove.page import Part, Row

PLACE = Path(__file__).resolve().parents[2] / "build" / "prove"


def read(commit: str, area: str) -> Part | None:
    """Return what an area found at a commit; None where it has not run to its end there, or files differed from it."""
    if commit.endswith("-dirty"):
        return None
    try:
        told = json.loads((PLACE / commit / f"{area}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Part(told["title"], told["text"], [Row(*row) for row in told["rows"]], told["failures"])


def write(commit: str, area: str, part: Part) -> None:
    """Keep what an area found."""
    folder = PLACE / commit
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{area}.json").write_text(json.dumps(asdict(part)), encoding="utf-8")
