"""`make bench`: every area, and docs/performance.md from what they found.

`python -m tests.benchmarks.run AREA...` runs single areas. What each found is kept by commit under `build/bench/`: a
run that is ended goes on with the area that it was at, and the page has all that was kept at its commit. The areas are
in the order of what is wanted first. `million` and `ranges` take minutes and run only where they are named.
`--page` measures nothing: it writes the page of the latest run of each area, whatever its commit.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks import page, results
from tests.benchmarks.measure import Figure, Note, compile_all
from tests.benchmarks.results import Found
from tests.benchmarks.samples import Sample
from tests.results import BUILD, commit, machine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.benchmarks.slowest import Profile

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
DRAFT = BUILD / "performance.md"
"""Written instead where files differ from the commit: what was measured then is of no commit, and is not kept."""
AREAS = (
    *("startup", "store", "load", "tui", "importing", "slowest", "peers", "exporting", "duplicates", "advice"),
    *("rules", "reports", "accuracy", "activities"),
)
BY_NAME = ("million", "ranges")
HEAD = f"{'what':<60} {'tuicrm':>12} {'other':>12} {'ratio':>9}  {'bound':<14} met"


def main(words: Sequence[str]) -> int:
    """Run the named areas, or those that this commit has not been through yet, and write the page of all.

    Returns 0 where every bound is met and every area came to its end.
    """
    if words == ["--page"]:
        return _page({name: results.latest(name) for name in (*AREAS, *BY_NAME)}, PAGE)
    unknown = [name for name in words if name not in (*AREAS, *BY_NAME)]
    if unknown:
        _say(f"there is no area {unknown[0]}; there are {', '.join((*AREAS, *BY_NAME))}")
        return 2
    compile_all()
    _say(machine())
    at = commit()
    areas = {name: results.read(at, name) for name in (*AREAS, *BY_NAME)}
    kept = [name for name, found in areas.items() if found is not None]
    if kept and not words:
        _say(f"kept from an earlier run at this commit: {', '.join(kept)}")
    _say(HEAD)
    for name in words or [name for name in AREAS if areas[name] is None]:
        found = areas[name] = measured(name, at)
        if not found.failure:
            results.write(name, found)
    return _page(areas, DRAFT if at.endswith("-dirty") else PAGE)


def _page(areas: Mapping[str, Found | None], target: Path) -> int:
    target.parent.mkdir(exist_ok=True)
    target.write_text(page.write(areas), encoding="utf-8")
    _say(f"wrote {target}")
    found = [one for one in areas.values() if one is not None]
    return 1 if any(one.failure or not all(figure.met for figure in one.figures) for one in found) else 0


def measured(name: str, at: str) -> Found:
    """Run one area; where it fails, what it found so far is told with the reason."""
    found = Found(busy=os.getloadavg()[0], commit=at, when=datetime.now(UTC).strftime("%Y-%m-%d"))
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="tuicrm-bench-") as folder:
        try:
            for one in import_module(f"tests.benchmarks.{name}").figures(Path(folder)):
                found.add(one)
                _say(_line(one))
        except (RuntimeError, TimeoutError, OSError) as problem:
            found.failure = str(problem).splitlines()[0][:300]
            _say(f"  {name} did not come to its end: {problem}")
    found.seconds = time.perf_counter() - start
    _say(f"  ({name}: {found.seconds:.0f} s)")
    return found


def _line(one: Figure | Sample | Note | Profile) -> str:
    if isinstance(one, Figure):
        met = "-" if one.bound == "-" else "yes" if one.met else "SHORT"
        return f"{one.what:<60} {one.ours:>12} {one.other:>12} {one.ratio:>8.2f}x  {one.bound:<14} {met}"
    if isinstance(one, Sample):
        took = one.remark if one.seconds is None else f"{one.seconds:.3f} s {one.memory // 1024:>6} MB"
        return f"  {one.program}: {one.action}, {one.records:,}".ljust(60) + f" {took}"
    if isinstance(one, Note):
        return f"  {one.text}"
    return f"  profile of {one.action}, {one.records:,}: {one.seconds:.1f} s, {one.samples} samples"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
