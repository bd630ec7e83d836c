"""`make prove`: all of it in full, and docs/reliability.md from its numbers.

`python -m tests.prove.run AREA...` runs single areas and prints what the page would say of them. What each area found
is kept with its commit under `build/prove/`, so that an hour's work that is ended goes on where it was.
`python -m tests.prove.run --page` runs nothing: it writes the page of the latest run of each area.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests import results
from tests.benchmarks.measure import compile_all
from tests.prove import (
    control,
    cost,
    crowd,
    damage,
    failing,
    faults_page,
    histories,
    hostile,
    imports,
    kept,
    killing,
    kills,
    laws,
    limits,
    page,
    stateful,
    writers,
)
from tests.prove import planted as defects
from tests.prove import power as cuts
from tests.prove import recovery as mending
from tests.prove import writers_page as about
from tests.prove.killing import Killings
from tests.prove.kills import Killed
from tests.prove.tracer import lacking
from tests.prove.walking import Walked

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.prove.page import Part

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
HISTORIES = 500
SHARE = 25
"""So many histories at a time are kept, for a run that goes on after it was ended."""
CASES = 100_000
DAMAGED = 10_000
STATES = 50_000
FAILING = 6_000
MENDED = 1_000
WRITERS_KILLED = 5_000
WALKS = 2_000
STEPS = 56
"""At most: some walks end earlier, and fifty are wanted on average."""
KEPT = 500
"""So many kills, or walks, at a time are kept."""
SEED = 1
"""Of the hostile data."""


def _laws() -> Part:
    return page.of_laws(laws.run(CASES))


def _histories() -> Part:
    commit, told, seconds = results.commit(), [], 0.0
    for first in range(1, HISTORIES + 1, SHARE):
        share = kept.read_share(commit, first)
        if share is None:
            start = time.perf_counter()
            stories = list(histories.run_all(range(first, min(first + SHARE, HISTORIES + 1))))
            share = stories, time.perf_counter() - start
            kept.write_share(commit, first, *share)
        told += share[0]
        seconds += share[1]
        bad = [str(one.seed) for one in share[0] if not one.sound]
        _say(f"  histories {first} to {told[-1].seed}: {'NOT SOUND: ' + ', '.join(bad) if bad else 'sound'}")
    return page.of_histories(told, seconds)


def _kills() -> Part:
    why_not = lacking()
    return page.of_kills(Killed() if why_not else kills.run(), why_not)


def _crowd() -> Part:
    return page.of_crowd(crowd.run())


def _killing() -> Part:
    why_not = lacking()
    told, commit = Killings(), results.commit()
    for first in range(0, 0 if why_not else WRITERS_KILLED, KEPT):
        held = kept.read_told(commit, f"killing-{first}")
        share = Killings.of(held) if held else killing.run(KEPT, first=first)
        kept.write_told(commit, f"killing-{first}", share)
        told.add(share)
        _say(f"  kills {first} to {first + KEPT - 1}: {len(share.failures)} failures")
    return about.of_killing(told, why_not)


def _writers() -> Part:
    return about.of_writers(writers.run())


def _stateful() -> Part:
    told, commit = Walked(), results.commit()
    for first in range(0, WALKS, KEPT):
        held = kept.read_told(commit, f"stateful-{first}")
        share = Walked.of(held) if held else stateful.run(KEPT, STEPS, 1 + first // KEPT)
        kept.write_told(commit, f"stateful-{first}", share)
        told.add(share)
        _say(f"  walks {first} to {first + KEPT - 1}: {len(share.failures)} failures")
    return about.of_stateful(told)


def _control() -> Part:
    return about.of_control(control.run())


def _imports() -> Part:
    return page.of_imports(imports.run(DAMAGED))


def _cost() -> Part:
    return page.of_cost(cost.run(), Path(tempfile.gettempdir()))


def _planted() -> Part:
    return defects.part(defects.run())


def _power() -> Part:
    told = cuts.run(STATES, workers=os.cpu_count() or 1)
    # Longer days, not torn at every byte.
    told.add(cuts.run(STATES // 5, 101, acts=16, every=40, workers=os.cpu_count() or 1))
    return faults_page.of_power(told)


def _failing() -> Part:
    return faults_page.of_failing(failing.run(FAILING))


def _limits() -> Part:
    return faults_page.of_limits(limits.run())


def _recovery() -> Part:
    return faults_page.of_recovery(mending.run(MENDED))


def _damage() -> Part:
    return faults_page.of_damage(damage.run(workers=os.cpu_count() or 1))


def _hostile() -> Part:
    return hostile.of_hostile(hostile.run(seed=SEED, workers=os.cpu_count() or 1, say=_say), SEED)


AREAS: dict[str, Callable[[], Part]] = {
    "cost": _cost,
    "crowd": _crowd,
    "limits": _limits,
    "recovery": _recovery,
    "failing": _failing,
    "power": _power,
    "damage": _damage,
    "killing": _killing,
    "writers": _writers,
    "stateful": _stateful,
    "control": _control,
    "kills": _kills,
    "imports": _imports,
    "hostile": _hostile,
    "histories": _histories,
    "laws": _laws,
    "planted": _planted,
}


def main(words: list[str]) -> int:
    """Run the named areas; or those that this commit has not been through yet, and write the page of all.

    Returns 0 where every promise is kept.
    """
    if words == ["--page"]:
        return _page([part for part in map(kept.latest, AREAS) if part is not None])
    unknown = [name for name in words if name not in AREAS]
    if unknown:
        _say(f"there is no area {unknown[0]}; there are {', '.join(AREAS)}")
        return 2
    compile_all()
    commit = results.commit()
    parts = {name: kept.read(commit, name) for name in AREAS}
    for name in words or [name for name, part in parts.items() if part is None]:
        start = time.perf_counter()
        part = parts[name] = kept.write(commit, name, AREAS[name]())
        for row in part.rows:
            _say(f"{row.promise:<60} {row.bound:<12} {row.found:<40} {'yes' if row.kept else 'NO'}")
        _say(f"  ({name}: {time.perf_counter() - start:.0f} s)")
    told = [part for name, part in parts.items() if part is not None and name in (words or AREAS)]
    if words:
        _say(page.write(told))
        return 0 if _kept(told) else 1
    return _page(told)


def _page(parts: list[Part]) -> int:
    PAGE.write_text(page.write(parts), encoding="utf-8")
    _say(f"wrote {PAGE}")
    return 0 if _kept(parts) else 1


def _kept(parts: list[Part]) -> bool:
    return all(row.kept for part in parts for row in part.rows)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
