"""What a long run found, kept by commit: it goes on where it was ended, and a page can be made of several runs."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

PAGES = ("performance", "reliability")
BUILD = Path(__file__).resolve().parents[1] / "build"


class Results:
    """A folder with a JSON file for each part of a run, below the commit that it is of."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def read(self, commit: str, name: str) -> Any:
        """Return what a part found at a commit; None where it has not run to its end there, or files differed."""
        if commit.endswith("-dirty"):
            return None
        try:
            return json.loads((self.place / commit / f"{name}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def write(self, commit: str, name: str, told: Any) -> None:
        """Keep what a part found."""
        folder = self.place / commit
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(told), encoding="utf-8")

    def latest(self, name: str) -> str:
        """Return the commit at which a part ran to its end last; empty where it never has."""
        runs = [one for one in self.place.glob(f"*/{name}.json") if not one.parent.name.endswith("-dirty")]
        newest = max(runs, key=lambda one: one.stat().st_mtime, default=None)
        return newest.parent.name if newest else ""


def commit() -> str:
    """The commit that a run is of; with a mark where the files differ from it, but for the pages that runs write."""
    changed = ["git", "diff", "--quiet", "HEAD", "--", ":/", *(f":(exclude,top)docs/{page}.md" for page in PAGES)]
    mark = "-dirty" if subprocess.run(changed, capture_output=True, check=False).returncode else ""
    return first_line("git", "describe", "--always", "--exclude=*") + mark


def machine() -> str:
    """What a run was made on: system, processor, memory, Python, git."""
    git = first_line("git", "--version").removeprefix("git version ")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{platform.system()} {platform.release()} on {_processor()}, {os.cpu_count()} cores, "
        f"{memory:.0f} GB; Python {platform.python_version()}, git {git}."
    )


def first_line(*words: str) -> str:
    """Return what a command prints."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def file_system(folder: Path) -> str:
    """Return what sort of file system a folder is on."""
    done = first_line("stat", "--file-system", "--format=%T", str(folder))
    return "a disk" if done == "unknown" else done


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    names = [line.partition(":")[2].strip() for line in told.splitlines() if line.startswith("model name")]
    return names[0] if names else platform.machine()
