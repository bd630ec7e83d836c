"""The laws of joining records, with Hypothesis: the order never matters, nothing unknown is dropped, and what gives way
is told.

`python -m tests.prove.laws CASES [SEED]` runs that many cases of each law.
"""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.unit.test_join import LATEST, records, scalars
from tuicrm.store.join import apply, bury, canonical, is_dead, join
from tuicrm.store.leaves import ABSENT, MEMBER, canonical_json, flatten, same
from tuicrm.store.tombstone import DELETION
from tuicrm.store.ulid import encode, ms_of
from tuicrm.sync.losing import lost

if TYPE_CHECKING:
    from collections.abc import Callable

Record = dict[str, Any]

UNKNOWN = {"of_tomorrow": {"deep": {"n": 1}, "words": ["a", "b"]}, "zero": [1, 2]}
PATHS = ("a", "a/x", "a/x/y", "b", "b/y", "we~1ird~0/x", "tags/hot")
MINE, THEIRS = (encode(ms_of(LATEST) + 1, rand) for rand in (1, 2))
"""Versions above all that the records before them hold, of the two sides."""
WRONG = (AssertionError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass
class Proven:
    """What came of it."""

    cases: int = 0
    """Cases of each law."""
    seeds: list[int] = field(default_factory=list)
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


def text(record: Record) -> bytes:
    return canonical_json(record)


def laws(a: Record, b: Record, c: Record) -> None:
    """Commutative, associative, idempotent; fields that nobody knows stay as they are."""
    once = join(a, b)
    assert text(once) == text(join(b, a)), "not commutative"
    assert text(join(once, c)) == text(join(a, join(b, c))), "not associative"
    assert text(once) == text(join(once, once)) == text(join(once, a)) == text(join(b, once)), "not idempotent"
    assert text(once) == text(canonical(once)), "not canonical"
    known = join({**a, **UNKNOWN}, b)
    if not isinstance(a.get("_del"), dict) and not isinstance(b.get("_del"), dict):
        assert all(known[name] == value for name, value in UNKNOWN.items()), "an unknown field was dropped"


def losers(base: Record, mine: Record, theirs: Record) -> None:
    """Of two sides that went on from one base, each value written is shown by their join, or is told to have lost."""
    joined = join(mine, theirs)
    told = {(one.path, one.version) for one in lost("deal", joined, [mine, theirs], [base])}
    shown = flatten(joined)
    for side, version in ((mine, MINE), (theirs, THEIRS)):
        values = flatten(side)
        for path, stamp in side.get("_v", {}).items():
            if stamp == version and not same(values.get(path, ABSENT), shown.get(path, ABSENT)):
                assert (path, version) in told, f"{path} was lost without a trace"
    for path, version in told:
        assert version in (MINE, THEIRS), f"{path} was known to both, and is told as lost"


def deletions(base: Record, mine: Record, theirs: Record) -> None:
    """An edit that a deleter had not seen brings the record back, and the deletion is told to have lost."""
    buried = bury(mine, "ann", MINE)
    joined = join(buried, theirs)
    told = [one for one in lost("deal", joined, [buried, theirs], [base]) if one.path == DELETION]
    edited = THEIRS in theirs.get("_v", {}).values()
    visible = edited and THEIRS in joined.get("_v", {}).values()
    assert is_dead(joined) == (not visible), "dead although nobody who deleted it had seen the edit"
    assert [one.version for one in told] == ([] if is_dead(joined) else [MINE]), "a deletion gave way without a trace"


writes = st.dictionaries(st.sampled_from(PATHS), scalars | st.just(ABSENT) | st.just(MEMBER), max_size=3)


@st.composite
def forks(draw: st.DrawFn) -> tuple[Record, Record, Record]:
    """A base, and two records that went on from it, each with writes of its own."""
    base = canonical(draw(records(tombstones=False)))
    mine, theirs = draw(writes), draw(writes)
    return base, _written(base, mine, MINE), _written(base, theirs, THEIRS)


def _written(base: Record, leaves: dict[str, Any], version: str) -> Record:
    return canonical(apply(base, {path: (value, version) for path, value in leaves.items()}))


def prove(cases: int, start: int) -> list[str]:
    """Run a number of cases of each law from one seed, and return what failed."""
    easy = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    failures = []

    for law, of in ((laws, st.tuples(*[records()] * 3)), (losers, forks()), (deletions, forks())):
        try:
            seed(start)(easy(given(of)(_spread(law))))()
        except WRONG as problem:
            failures.append(f"{law.__name__} (seed {start}): {problem}")
    return failures


def _spread(law: Callable[[Record, Record, Record], None]) -> Callable[[tuple[Record, Record, Record]], None]:
    def check(case: tuple[Record, Record, Record]) -> None:
        law(*case)

    return check


def run(cases: int = 100_000, start: int = 1, *, workers: int = 0) -> Proven:
    """Run that many cases of each law on all cores, each with a seed of its own."""
    workers = workers or os.cpu_count() or 1
    each = -(-cases // workers)
    told = Proven(each * workers, [start + number for number in range(workers)])
    began = time.perf_counter()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for failures in pool.map(prove, [each] * workers, told.seeds):
            told.failures += failures
    told.seconds = time.perf_counter() - began
    return told


def main(words: list[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(f"{told.cases} cases of each law, seeds {told.seeds}, {told.seconds:.0f} s\n")
    sys.stdout.writelines(f"    {line}\n" for line in told.failures)
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
