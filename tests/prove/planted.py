"""Are the checks any good? Known defects are put into a copy of the program, one at a time, and something must notice.

`python -m tests.prove.planted [WORD...]` plants those whose names hold one of the words; all of them without.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import Queue
from typing import TYPE_CHECKING, NamedTuple

from tests.prove.page import Part, Row
from tests.prove.plants import PLANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.prove.plants.plant import Plant

SOURCE = Path(__file__).resolve().parents[2]
MEMORY = Path("/dev/shm")
COPIED = ("tuicrm", "tests", "themes", "docs", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE")
PATIENCE = 240
"""Seconds after which a check is ended: what hangs has noticed nothing."""
FAILED = 1
"""What pytest and the areas of the proof end with where something failed, and not with an error of their own."""
_PYTEST = ("pytest", "-x", "--tb=no", "-rfE", "-p", "no:cacheprovider", "--hypothesis-seed=1")
_FEW = 8
"""Up to so many tests are not worth the start of more processes."""
_TICKS = count(1)
_NOTICED = re.compile(r"^(?:FAILED|ERROR) \S*?(\w+)(?:\[.*)?(?: - .*)?$", re.MULTILINE)


class Outcome(NamedTuple):
    """What came of one plant: the check that noticed it, or why none counts."""

    name: str
    noticed_by: str
    problem: str
    seconds: float


@dataclass
class Planted:
    """What came of all of them."""

    outcomes: list[Outcome] = field(default_factory=list)
    unplanted: str = ""
    """What failed on the program as it is, where each check has to pass."""
    seconds: float = 0.0

    @property
    def problems(self) -> list[str]:
        missed = [f"{one.name}: {one.problem}" for one in self.outcomes if one.problem]
        return [*([f"without any defect: {self.unplanted}"] if self.unplanted else []), *missed]


def run(
    plants: Sequence[Plant] = PLANTS, *, workers: int = 0, said: Callable[[Outcome], None] = lambda outcome: None
) -> Planted:
    """Run the checks of some plants on the program as it is, then each with its plant."""
    told, start, workers = Planted(), time.perf_counter(), workers or os.cpu_count() or 1
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tuicrm-planted-", dir=memory) as folder:
        trees: Queue[Path] = Queue()
        for number in range(workers):
            trees.put(_copy(Path(folder) / str(number)))
        told.unplanted = _unplanted(plants, trees.queue[0], workers)
        with ThreadPoolExecutor(workers) as pool:
            for outcome in pool.map(lambda plant: _try(plant, trees), plants):
                told.outcomes.append(outcome)
                said(outcome)
    told.seconds = time.perf_counter() - start
    return told


def planted(plant: Plant, text: str) -> str:
    """The text of a module with a plant in it; ValueError unless there is exactly one place for that."""
    places = text.count(plant.text)
    if places != 1:
        raise ValueError(f"{plant.file} has {places} places for it and not one")
    return text.replace(plant.text, plant.into)


def _copy(tree: Path) -> Path:
    tree.mkdir()
    for name in COPIED:
        if (SOURCE / name).is_dir():
            # With what is compiled already: it goes by the time and size of its text, which stay.
            shutil.copytree(SOURCE / name, tree / name)
        else:
            shutil.copy2(SOURCE / name, tree / name)
    return tree


def _unplanted(plants: Sequence[Plant], tree: Path, workers: int) -> str:
    """What fails without any plant; empty where all is well."""
    checks = dict.fromkeys(plant.check for plant in plants)
    tests = dict.fromkeys(word for one in checks if not one.startswith("-m ") for word in one.split())
    runs = [one.split() for one in checks if one.startswith("-m ")]
    if tests:
        runs.append(["-m", *_PYTEST, *(("-n", str(workers)) if len(tests) > _FEW else ()), *tests])
    for words in runs:
        done = _ran(words, tree)
        if done is None or done.returncode:
            return f"{' '.join(words)[:200]}: {_said(done)}"
    return ""


def _try(plant: Plant, trees: Queue[Path]) -> Outcome:
    """Plant one defect in one of the trees, look who notices, and take it out again."""
    tree, start = trees.get(), time.perf_counter()
    path = tree / "tuicrm" / plant.file
    text, stamp = path.read_text(encoding="utf-8"), path.stat()
    try:
        path.write_text(planted(plant, text), encoding="utf-8")
        # Another time than any before: by it and the size Python knows whether what it compiled is of this text.
        os.utime(path, (stamp.st_atime, time.time() + 10 * next(_TICKS)))
        check = plant.check.split()
        noticed, problem = _noticed(check, _ran(check if check[0] == "-m" else ["-m", *_PYTEST, *check], tree))
    except ValueError as error:
        noticed, problem = "", str(error)
    finally:
        path.write_text(text, encoding="utf-8")
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        trees.put(tree)
    return Outcome(plant.name, noticed, problem, time.perf_counter() - start)


def _ran(words: Sequence[str], tree: Path) -> subprocess.CompletedProcess[str] | None:
    """Run a check in a tree; None where it did not come to an end."""
    env = {**os.environ, "PYTHONPATH": str(tree)}
    try:
        return subprocess.run(
            [sys.executable, *words], cwd=tree, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return None


def _noticed(check: Sequence[str], done: subprocess.CompletedProcess[str] | None) -> tuple[str, str]:
    """Who noticed a plant; else why that does not count."""
    if done is not None and done.returncode == FAILED:
        by = check[1] if check[0] == "-m" else next(iter(_NOTICED.findall(done.stdout)), "")
        if by:
            return by, ""
    if done is not None and done.returncode == 0:
        return "", f"{' '.join(check)} noticed nothing"
    return "", f"{' '.join(check)} did not come to an end of its own: {_said(done)}"


def _said(done: subprocess.CompletedProcess[str] | None) -> str:
    return "it hung" if done is None else " ".join((done.stdout + done.stderr).split())[-600:]


def part(told: Planted) -> Part:
    """What the page says of them."""
    noticed = sum(bool(one.noticed_by) for one in told.outcomes)
    lines = [f"| {one.name} | {one.noticed_by or '**nothing**'} |" for one in told.outcomes]
    made = Part(
        "Planted defects",
        f"{len(told.outcomes)} known defects were put into a copy of the program, one at a time: each a line or two "
        "that somebody might get wrong. The check named beside it has to fail with the defect, by a failed test and "
        "not by a program that cannot start, and to pass without it. Text that is no longer in the program exactly "
        f"once is an error, so no defect is planted beside its place. {told.seconds:,.0f} s.\n\n"
        "| defect | noticed by |\n|---|---|\n" + "\n".join(lines),
        failures=told.problems,
    )
    made.rows.append(Row("planted defects", ">= 20", str(len(told.outcomes)), len(told.outcomes) >= 20))
    made.rows.append(
        Row("of them noticed", "all", f"{noticed} of {len(told.outcomes)}", not told.problems and bool(told.outcomes))
    )
    return made


def main(words: list[str]) -> int:
    """Plant those that are asked for, and say who noticed."""
    chosen = [one for one in PLANTS if not words or any(word in one.name for word in words)]
    told = run(chosen, said=_say)
    sys.stdout.write(f"{len(chosen)} planted, {len(told.problems)} problems, {told.seconds:.0f} s\n")
    if told.unplanted:
        sys.stdout.write(f"WITHOUT A DEFECT: {told.unplanted}\n")
    return 1 if told.problems or not chosen else 0


def _say(one: Outcome) -> None:
    sys.stdout.write(f"{one.seconds:6.1f} s  {one.name}: {one.noticed_by or 'NOT NOTICED: ' + one.problem}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
