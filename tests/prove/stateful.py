"""The whole workspace, step by step beside a plain dict: two people, two handles, every kind of change, undo and redo.

`python -m tests.prove.stateful [EXAMPLES] [STEPS] [SEED]` lets Hypothesis make up so many workspaces of so many steps.
After each step, and once more for whoever opens it afresh in the end, the workspace says what the dict says.
"""

from __future__ import annotations

import io
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout
from multiprocessing import get_context

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.prove.kills import MEMORY
from tests.prove.walking import Machine, Walked

SHARE = 100
"""So many examples are made with one seed, in one process."""


def run(examples: int = 2000, steps: int = 50, seed: int = 1, *, workers: int = 0) -> Walked:
    """Make up so many workspaces; in this very process where `workers` is 1."""
    told, start = Walked(), time.perf_counter()
    shares = [(min(SHARE, examples - at), steps, seed * 1000 + at // SHARE) for at in range(0, examples, SHARE)]
    workers = workers or os.cpu_count() or 1
    if workers == 1:
        parts = [_walk(*share) for share in shares]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            parts = [job.result() for job in [pool.submit(_walk, *share) for share in shares]]
    for part in parts:
        told.add(part)
    told.seconds = time.perf_counter() - start
    return told


def _walk(examples: int, steps: int, seed: int) -> Walked:
    told = Walked(seeds=[seed])
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    made = type("Machine", (Machine,), {"told": told, "memory": memory})
    chosen = settings(
        max_examples=examples,
        # The first step of each is to begin.
        stateful_step_count=steps + 1,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            run_state_machine_as_test(hypothesis.seed(seed)(made), settings=chosen, _min_steps=steps + 1)
    except Exception as problem:  # noqa: BLE001 - whatever goes wrong is what is looked for
        notes = getattr(problem, "__notes__", [])
        told.failures.append("\n".join((f"seed {seed}: {type(problem).__name__}: {problem}", *notes, said.getvalue())))
    return told


def main(words: list[str]) -> int:
    """Run, and say what came of it."""
    told = run(*map(int, words))
    sys.stdout.write(
        f"{told.examples} examples, {told.steps} steps, {told.seconds:.0f} s, {len(told.failures)} failed\n"
    )
    for one in sorted({*told.rules, *told.refused}):
        sys.stdout.write(f"{told.rules[one]:8} {told.refused[one]:8} {one}\n")
    sys.stdout.writelines(f"{one}\n" for one in told.failures)
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
