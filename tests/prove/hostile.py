"""Hostile data: values that mean harm, through every door there is and out of every surface, at random from a seed.

`python -m tests.prove.hostile [SIZE] [SEED] [PROCESSES]`: a size of 1 is the whole, 0.01 a sample, 4 more than that.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.prove import hostile_surfaces as out
from tests.prove.hostile_desk import Desk, Ran, Told, judged
from tests.prove.hostile_doors import attempt, doors, tree, usual
from tests.prove.hostile_files import write_all
from tests.prove.hostile_hand import spoil_all
from tests.prove.hostile_imports import bring_all
from tests.prove.hostile_screens import look_around, through_a_terminal, type_in
from tests.prove.hostile_team import share
from tests.prove.hostile_values import RAW, VALUES
from tests.prove.page import Part, Row
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.prove.hostile_doors import Ids
    from tests.prove.hostile_surfaces import Surface

PER_DOOR = 1
"""Values that are brought in by each option and argument of each command."""
PER_FILL = 20
"""Commands that look at a workspace that is full of one value; twice for each value."""
KEYS = 10
"""Keys that are pressed in the program on such a workspace."""
FORMS = 1
"""Kinds of record whose forms a value is pasted into."""
PROCESSES = 1
"""Commands of each value that run as processes of their own."""
PARTS = 4
"""Into so many parts the doors are taken, and the spoilt records."""
SPOILT, FILES, PAPERS, SCREENS, TEAMS, TERMINALS = 0.25, 0.5, 0.25, 0.3, 0.25, 0.1
"""What share is tried: of spoilt records, of files that bring a value in; of values those that go on paper, the screen,
to a remote."""
LEAST = 5_000


class Task(NamedTuple):
    """A part of the whole, with a chance of its own, so that it is the same wherever and whenever it runs."""

    sort: str
    what: str
    home: Path
    """Where the workspace is from which each part begins, and where there is room."""
    size: float
    seed: int


def run(size: float = 1.0, seed: int = 1, *, workers: int = 0, say: Callable[[str], None] = lambda _: None) -> Told:
    """Try so much of it, all where the size is 1, in so many processes at a time (none: in this one)."""
    told, start, chance = Told(), time.perf_counter(), random.Random(seed)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory, prefix="tuicrm-hostile-") as folder:
        home = Path(folder)
        Desk(home / "base").set_up()
        tasks = [Task(sort, str(part), home, size, seed) for part in range(_parts(size)) for sort in ("doors", "hand")]
        values = chance.sample(list(VALUES), max(1, min(len(VALUES), round(len(VALUES) * size))))
        tasks += [Task("value", one, home, size, seed) for one in values]
        for task, found in _worked(tasks, workers):
            told.add(found)
            failed = "".join(f"\n    {one[:500]}" for one in found.failures)
            say(f"  {task.sort} {task.what}: {found.runs:,} combinations{failed}")
    told.seconds = time.perf_counter() - start
    return told


def _parts(size: float) -> int:
    return max(1, min(PARTS, round(PARTS * size)))


def _worked(tasks: Sequence[Task], workers: int) -> Iterator[tuple[Task, Told]]:
    if not workers:
        yield from ((task, work(task)) for task in tasks)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        held = {pool.submit(work, task): task for task in tasks}
        for one in as_completed(held):
            yield held[one], one.result()


def work(task: Task) -> Told:
    """Do one part."""
    csv.field_size_limit(10_000_000)
    told, chance = Told(), random.Random(f"{task.seed} {task.sort} {task.what}")
    desk = Desk(task.home / f"{task.sort}-{task.what}".replace(" ", "-"))
    desk.like(task.home / "base")
    ids, commands = desk.ids(), tree()
    ways = out.surfaces(commands)
    if task.sort == "doors":
        found = doors(commands)[int(task.what) :: _parts(task.size)]
        pairs = [(door, value) for door in found for value in chance.sample(list(VALUES), PER_DOOR)]
        for door, value in chance.sample(pairs, max(1, min(len(pairs), round(len(pairs) * task.size)))):
            attempt(desk, told, door, value, VALUES[value], ids)
    elif task.sort == "hand":
        kinds = list(KINDS)[int(task.what) :: _parts(task.size)]
        spoil_all(desk, told, chance, ways, ids, kinds, share=SPOILT * task.size)
    else:
        _one_value(desk, told, chance, ways, ids, task)
    shutil.rmtree(desk.home)
    return told


def _one_value(desk: Desk, told: Told, chance: random.Random, ways: Sequence[Surface], ids: Ids, task: Task) -> None:
    """Bring one value in by files, forms and a remote; fill a workspace with it; look at it everywhere."""
    value, text = task.what, VALUES[task.what]
    few = min(task.size * 20, 1.0)
    bring_all(desk, told, value, text, ids, chance, share=FILES * few)
    if chance.random() < TEAMS * task.size:
        share(told, desk.home / "team", value, text)
    if chance.random() < SCREENS * task.size:
        type_in(desk, told, chance, value, text, ids, FORMS)
    look_in = chance.random() < SCREENS * task.size
    write = chance.random() < PAPERS * task.size
    terminal = chance.random() < TERMINALS * task.size
    for by_hand in (False, True):
        door = out.full(desk, told, value, text, ids, chance, hand=by_hand, share=FILES * few)
        for surface in chance.sample(ways, max(1, round(PER_FILL * few))):
            out.look(desk, told, value, text, surface, ids, door)
        if write:
            write_all(desk, told, value, text, ids, door)
        for surface in chance.sample(ways, int(PROCESSES * few)):
            _as_process(desk, told, value, surface, ids, door)
        if look_in:
            look_around(desk, told, chance, value, door, KEYS)
        if terminal and by_hand:
            through_a_terminal(desk, told, value, door)


def _as_process(desk: Desk, told: Told, value: str, surface: Surface, ids: Ids, door: str) -> None:
    """Run a command as a process of its own, with pipes."""
    words = [*surface.path, *surface.more, "--", *usual(surface.path, surface.command, ids)]
    if surface.path[0] in ("intake", "sync") or surface.path in out.RAW or "pdf" in surface.more:
        return
    line = [sys.executable, "-m", "tuicrm", "--workspace", str(desk.folder), *words]
    env = {**desk.env, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run(
        line, cwd=desk.place, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False
    )
    told.count(value, door, f"a process: {' '.join((*surface.path, *surface.more))}")
    ran = Ran(done.returncode, done.stdout.decode(), done.stderr.decode(), "")
    wrong = judged(ran)
    if wrong:
        told.fail(f"a process, {surface.name}, {value} by {door}: {wrong}")
    if desk.changed:
        desk.put_back()


def of_hostile(told: Told, seed: int) -> Part:
    """Return what the page says of it."""
    part = Part(
        "Hostile data",
        f"{len(told.values)} values that mean harm (escape sequences of every sort, whole and cut off; markup of "
        "Textual, Rich, HTML and Markdown; characters that turn text around, hide it or bury it; half surrogates and "
        "NUL; formulas; paths that climb; headers, cards and records within a text; templates; options; NaN and "
        f"numbers of any size; {len(RAW)} of them as JSON that no program writes), through {len(told.doors):,} doors: "
        "every option and argument of every command, files of every format that an import or an intake reads, lines "
        "of data files, a teammate's remote, forms and lines of the program, archives. Looked at on "
        f"{len(told.surfaces):,} surfaces: every command in each of its formats, on a terminal and into a pipe, some "
        "as processes of their own; each place of the program with the keys that work there, and in a real terminal; "
        "exports, quotes and drafts of e-mails, read back by other readers; error sentences and git's messages. Doors "
        "and surfaces come from the program's own tables, so those that are added are tried as well. Each combination "
        f"is drawn from the seed ({seed}). {told.refused:,} were refused, which takes a sentence, one of the exit "
        f"codes, and changes nothing; {told.kept:,} were stored and came back from a JSON export as they were, but for "
        f"blanks around them, and line breaks in what is one line. {told.seconds:,.0f} s.\n\n"
        "Not covered: terminals that understand sequences beyond those of the standards; what a spreadsheet, a mail "
        "program or a browser makes of a file beyond what the readers here find in it; the Windows console.",
        failures=told.failures,
    )
    part.rows += [
        Row("hostile value x door x surface", f">= {LEAST:,}", f"{told.runs:,}", told.runs >= LEAST),
        Row("of them with a traceback, an escape byte, or a loss", "0", str(len(told.failures)), not told.failures),
    ]
    return part


def main(words: list[str]) -> int:
    """Run it, and print what failed."""
    size, seed = float((words or ["1"])[0]), int((words[1:] or ["1"])[0])
    told = run(size, seed, workers=int((words[2:] or [str(os.cpu_count() or 1)])[0]), say=_say)
    sys.stdout.write(
        f"{told.runs:,} combinations, {len(told.values)} values, {len(told.doors):,} doors, {len(told.surfaces):,} "
        f"surfaces, {told.refused:,} refused, {told.kept:,} kept, {told.seconds:.0f} s\n"
    )
    sys.stdout.writelines(f"{one}\n" for one in told.failures)
    return 1 if told.failures else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
