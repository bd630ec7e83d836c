"""Hostile data: values that mean harm, through every door there is and out of every surface, at random from a seed.

`python -m tests.prove.hostile [SIZE] [SEED]`: a size of 1 is the whole, 0.01 a sample.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.prove import hostile_hand as hand
from tests.prove import hostile_surfaces as out
from tests.prove.hostile_desk import Desk, Ran, Told, judged
from tests.prove.hostile_doors import attempt, doors, tree
from tests.prove.hostile_files import write_all
from tests.prove.hostile_imports import bring_all
from tests.prove.hostile_team import share
from tests.prove.hostile_values import RAW, VALUES
from tests.prove.page import Part, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.prove.hostile_doors import Door, Ids
    from tests.prove.hostile_surfaces import Surface

PER_DOOR = 5
"""Values that are brought in by each option and argument of each command."""
PER_FILL = 70
"""Commands that look at a workspace that is full of one value; twice for each value."""
KEYS = 30
"""Keys that are pressed in the program on such a workspace."""
FORMS = 2
"""Kinds of record whose forms each value is pasted into."""
PROCESSES = 6
"""Commands of each value that run as processes of their own."""
TERMINALS = 6
"""Values with which the program is looked at in a terminal of its own."""
LEAST = 5_000


def run(size: float = 1.0, seed: int = 1, *, screens: bool = True) -> Told:
    """Try so much of it: all where the size is 1."""
    told, start, chance = Told(), time.perf_counter(), random.Random(seed)
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory, prefix="tuicrm-hostile-") as folder:
        home = Path(folder)
        base = Desk(home / "base")
        base.set_up()
        ids, commands = base.ids(), tree()
        ways = out.surfaces(commands)
        _through_doors(base, told, chance, doors(commands), ids, size)
        _by_hand(base, told, chance, ways, ids, size)
        terminals = _some(chance, VALUES, TERMINALS * min(size, 1)) if screens else []
        for value in _some(chance, VALUES, len(VALUES) * size):
            _one_value(base, told, chance, ways, ids, value, size, screens=screens, terminal=value in terminals)
    told.seconds = time.perf_counter() - start
    return told


def _some(chance: random.Random, names: Sequence[str] | dict[str, str], count: float) -> list[str]:
    return chance.sample(list(names), max(1, min(len(names), round(count))))


def _through_doors(base: Desk, told: Told, chance: random.Random, found: Sequence[Door], ids: Ids, size: float) -> None:
    pairs = [(door, value) for door in found for value in chance.sample(list(VALUES), PER_DOOR)]
    for door, value in chance.sample(pairs, max(1, round(len(pairs) * size))):
        attempt(base, told, door, value, VALUES[value], ids)


def _by_hand(base: Desk, told: Told, chance: random.Random, ways: Sequence[Surface], ids: Ids, size: float) -> None:
    hand.spoil_all(base, told, chance, ways, ids, share=min(size, 1.0))


def _one_value(
    base: Desk,
    told: Told,
    chance: random.Random,
    ways: Sequence[Surface],
    ids: Ids,
    value: str,
    size: float,
    *,
    screens: bool,
    terminal: bool,
) -> None:
    """Bring one value in by files, forms and a remote; fill a workspace with it; look at it everywhere."""
    text, desk = VALUES[value], Desk(base.home.parent / "one")
    desk.like(base)
    bring_all(desk, told, value, text, ids)
    share(told, desk.home / "team", value, text)
    if screens:
        _forms(desk, told, chance, value, ids)
    for by_hand in (False, True):
        door = out.full(desk, told, value, text, ids, hand=by_hand)
        for surface in chance.sample(ways, max(1, round(PER_FILL * min(size * 4, 1)))):
            out.look(desk, told, value, text, surface, ids, door)
        write_all(desk, told, value, text, ids, door)
        for surface in chance.sample(ways, max(1, round(PROCESSES * min(size, 1)))):
            _as_process(desk, told, value, surface, ids, door)
        if screens:
            _screens(desk, told, chance, value, door, terminal=terminal and by_hand)
    shutil.rmtree(desk.home)


def _forms(desk: Desk, told: Told, chance: random.Random, value: str, ids: Ids) -> None:
    from tests.prove.hostile_screens import type_in

    type_in(desk, told, chance, value, VALUES[value], ids, FORMS)


def _screens(desk: Desk, told: Told, chance: random.Random, value: str, door: str, *, terminal: bool) -> None:
    from tests.prove.hostile_screens import look_around, through_a_terminal

    look_around(desk, told, chance, value, door, KEYS)
    if terminal:
        through_a_terminal(desk, told, value, door)


def _as_process(desk: Desk, told: Told, value: str, surface: Surface, ids: Ids, door: str) -> None:
    """Run a command as a process of its own, with pipes."""
    words = [*surface.path, *surface.more, "--", *out.usual(surface.path, surface.command, ids)]
    if surface.path[0] in ("intake", "export", "sync") or "pdf" in surface.more:
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
    told = run(size, seed)
    sys.stdout.write(
        f"{told.runs:,} combinations, {len(told.values)} values, {len(told.doors):,} doors, {len(told.surfaces):,} "
        f"surfaces, {told.refused:,} refused, {told.kept:,} kept, {told.seconds:.0f} s\n"
    )
    sys.stdout.writelines(f"{one}\n" for one in told.failures)
    return 1 if told.failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
