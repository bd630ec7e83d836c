"""Damage: every file of a small workspace cut at each byte, and each of its bits turned over.

What is not damaged has to load and stay as it is, the damaged bytes have to be kept, and a sentence has to tell of it.
Where a format has no checksum, a bit in a value makes another value: that is counted by itself.
`python -m tests.prove.damage [EVERY] [SEED]` damages at each EVERY-th place.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.prove.power import MEMORY
from tests.prove.specimen import Specimen, make
from tests.prove.trees import Tree, empty, lay_out
from tests.prove.verdict import UNSEEN, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOLD = 20


@dataclass
class Damage:
    """What came of damaged files: by file kind, how many cases ended how."""

    files: dict[str, int] = field(default_factory=dict)
    """Bytes by path, of all files that were damaged."""
    cut: int = 0
    flipped: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    """How it ended."""
    unseen: Counter[str] = field(default_factory=Counter)
    """By sort of file: differs without a word, because nothing in the format could tell."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)


class Case(NamedTuple):
    """A file with damage in it."""

    path: str
    how: str
    data: bytes


def run(every: int = 1, seed: int = 1, *, workers: int = 1) -> Damage:
    """Damage each file of a workspace at each `every`-th byte and bit, from place `seed` on."""
    started = time.perf_counter()
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    told = Damage()
    with tempfile.TemporaryDirectory(prefix="tuicrm-damage-", dir=memory) as folder:
        (Path(folder) / "made").mkdir(0o700)
        specimen = make(Path(folder) / "made")
        told.files = {path: len(data) for path, _, data in specimen.tree if data}
        cases = _cases(specimen.tree, every, seed)
        if workers == 1:
            _damage(told, specimen, cases, Path(folder) / "root")
        else:
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                places = [Path(folder) / f"root-{number}" for number in range(workers)]
                jobs = [
                    pool.submit(_damage, Damage(), specimen, cases[number::workers], place)
                    for number, place in enumerate(places)
                ]
                for job in jobs:
                    _add(told, job.result())
    told.seconds = time.perf_counter() - started
    return told


def _cases(tree: Tree, every: int, seed: int) -> list[Case]:
    cases: list[Case] = []
    for path, _, data in tree:
        for size in range(seed % every, len(data or b""), every):
            cases.append(Case(path, f"cut to {size} bytes", (data or b"")[:size]))
        for bit in range(seed % every, len(data or b"") * 8, every):
            flipped = bytearray(data or b"")
            flipped[bit // 8] ^= 1 << bit % 8
            cases.append(Case(path, f"bit {bit % 8} of byte {bit // 8} turned over", bytes(flipped)))
    return cases


def _damage(told: Damage, specimen: Specimen, cases: Sequence[Case], root: Path) -> Damage:
    root.mkdir(0o700)
    for case in cases:
        empty(root)
        lay_out(
            tuple((path, mode, case.data if path == case.path else data) for path, mode, data in specimen.tree), root
        )
        if case.how.startswith("cut"):
            told.cut += 1
        else:
            told.flipped += 1
        found = verdict(root, specimen, case.path, case.data)
        told.ends[found.end] += 1
        if found.end == UNSEEN:
            told.unseen[found.sort] += 1
        if found.problem:
            told.failures.append(f"{case.path} {case.how}: {found.problem}")
            if len(told.failures) >= _TOLD:
                break
    return told


def _add(told: Damage, other: Damage) -> None:
    told.cut += other.cut
    told.flipped += other.flipped
    told.ends += other.ends
    told.unseen += other.unseen
    told.failures += other.failures


def main(words: Sequence[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(
        f"{len(told.files)} files, {sum(told.files.values()):,} bytes; {told.cut:,} cut, {told.flipped:,} flipped: "
        f"{dict(told.ends)}; without a word: {dict(told.unseen)}; {len(told.failures)} failed, {told.seconds:,.0f} s\n"
    )
    for line in told.failures:
        sys.stdout.write(f"    {line}\n")
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
