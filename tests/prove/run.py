"""`make prove`: all of it in full, and docs/reliability.md from its numbers.

`python -m tests.prove.run AREA...` runs single areas and prints what the page would say of them. What each area found
is kept with its commit under `build/prove/`, so that an hour's work that is ended goes on where it was.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.prove import cost, crowd, histories, kept, kills, laws, page
from tests.prove.kills import Killed
from tests.prove.tracer import lacking

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.prove.page import Part

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
HISTORIES = 500
CASES = 100_000


def _laws() -> Part:
    return page.of_laws(laws.run(CASES))


def _histories() -> Part:
    start, told = time.perf_counter(), []
    for story in histories.run_all(range(1, HISTORIES + 1)):
        told.append(story)
        if not story.sound or story.seed % 50 == 0:
            _say(f"  history {story.seed}: {'sound' if story.sound else 'NOT SOUND'}")
    return page.of_histories(told, time.perf_counter() - start)


def _kills() -> Part:
    why_not = lacking()
    return page.of_kills(Killed() if why_not else kills.run(), why_not)


def _crowd() -> Part:
    return page.of_crowd(crowd.run())


def _cost() -> Part:
    return page.of_cost(cost.run(), Path(tempfile.gettempdir()))


AREAS: dict[str, Callable[[], Part]] = {
    "cost": _cost,
    "crowd": _crowd,
    "kills": _kills,
    "histories": _histories,
    "laws": _laws,
}


def main(words: list[str]) -> int:
    """Run the named areas; or those that this commit has not been through yet, and write the page of all.

    Returns 0 where every promise is kept.
    """
    unknown = [name for name in words if name not in AREAS]
    if unknown:
        _say(f"there is no area {unknown[0]}; there are {', '.join(AREAS)}")
        return 2
    commit = page.commit()
    parts = {name: kept.read(commit, name) for name in AREAS}
    for name in words or [name for name, part in parts.items() if part is None]:
        start = time.perf_counter()
        part = parts[name] = AREAS[name]()
        kept.write(commit, name, part)
        for row in part.rows:
            _say(f"{row.promise:<60} {row.bound:<12} {row.found:<40} {'yes' if row.kept else 'NO'}")
        _say(f"  ({name}: {time.perf_counter() - start:.0f} s)")
    told = [part for name, part in parts.items() if part is not None and name in (words or AREAS)]
    text = page.write(told, datetime.now(UTC).strftime("%Y-%m-%d"))
    if words:
        _say(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        _say(f"wrote {PAGE}")
    return 0 if all(row.kept for part in told for row in part.rows) else 1


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
