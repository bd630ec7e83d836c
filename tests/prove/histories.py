"""Whole histories of a team: random work on 3 to 8 clones, then syncs in random order until nothing moves.

`python -m tests.prove.histories SEED...` runs single ones and says what it finds.
"""

from __future__ import annotations

import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import blake2b
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.prove import plaingit, process
from tests.prove.oracle import Oracle, Verdict
from tests.prove.people import Person, World
from tests.sync.repos import Team
from tuicrm.errors import Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

MOST_ROUNDS = 6
PROCESS = 5
"""The last digit of the seeds in whose histories the team's process goes on as well."""
MEMORY = Path("/dev/shm")


@dataclass
class Story:
    """What came of one history."""

    seed: int
    clones: int = 0
    steps: int = 0
    syncs: int = 0
    joins: int = 0
    """Syncs that brought changes of both sides together."""
    merges: int = 0
    """Merges by plain git."""
    replays: int = 0
    """Rebases and cherry-picks."""
    asked: int = 0
    """Syncs that asked which state of a file beside the data is right."""
    rounds: int = 0
    """Rounds of syncs until quiet."""
    exact: bool = True
    """False where -X or -s ours dropped lines, changes stayed in a stash, or rules wrote: all have to end equal."""
    hashes: int = 0
    markers: int = 0
    verdict: Verdict = field(default_factory=Verdict)
    problems: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        lost = self.exact and (self.verdict.missing or self.verdict.dead_unseen or self.verdict.unexplained)
        return self.hashes == 1 and not self.markers and not lost and not self.problems


def run(seed: int, *, steps: int = 0, people: int = 0) -> Story:
    """Run the history of a seed; `steps` and `people` are drawn where they are 0."""
    story = Story(seed)
    chance, oracle = Random(seed), Oracle()
    story.clones = people or chance.randint(3, 8)
    story.steps = steps or chance.randint(260, 340)
    story.exact = seed % 10 not in (0, PROCESS)
    memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="tuicrm-prove-", dir=memory) as folder, ExitStack() as stack:
        team = _gathered(Path(folder), story, World(chance, oracle))
        for person in team:
            stack.callback(person.get_up)
        try:
            if seed % 10 == PROCESS:
                process.begins(team)
            for _ in range(story.steps):
                _step(story, chance.choice(team), chance)
            _until_quiet(story, team, chance)
            _look(story, team, oracle)
            if seed % 10 == PROCESS:
                story.problems += process.troubles(team[0])
        except Exception as problem:
            # Whatever goes wrong belongs to the history that shows it.
            story.problems.append(f"{type(problem).__name__}: {problem}"[:2000])
            if os.environ.get("TUICRM_PROVE_RAISE"):
                raise
    return story


def _gathered(folder: Path, story: Story, world: World) -> list[Person]:
    """A team that has cloned one workspace; some keep it open all day, some have clocks that are years off."""
    team = Team(folder)
    names = [f"p{number}" for number in range(story.clones)]
    people = [Person(team, clone, world) for clone in team.clones(*names)]
    for person in people:
        if world.chance.random() < 0.3:
            person.sit_down()
        if world.chance.random() < 0.4:
            person.clock_changes()
    return people


def _step(story: Story, person: Person, chance: Random) -> None:
    """One person does one thing."""
    if story.seed % 10 == PROCESS and chance.random() < 0.3:
        process.acts(person)
        return
    work: tuple[tuple[float, Callable[[], Any]], ...] = (
        (0.07, person.creates),
        (0.28, person.edits),
        (0.04, person.removes),
        (0.02, person.restores),
        (0.003, person.purges),
        (0.02, person.resolves),
        (0.01, person.clock_changes),
        (0.07, person.edits_file),
        (0.01, person.writes_own_file),
        (0.02, person.sit_down),
        (0.02, person.get_up),
        (0.04, lambda: plaingit.commit(person)),
        (0.04, lambda: _merge(story, person, chance)),
        (0.03, lambda: _rebase(story, person)),
        (0.02, lambda: _replay(story, plaingit.cherry_pick(person))),
        (0.03, lambda: plaingit.push(person)),
    )
    roll = chance.random()
    for share, do in work:
        roll -= share
        if roll < 0:
            do()
            return
    _sync(story, person)


def _sync(story: Story, person: Person) -> None:
    try:
        report = person.syncs()
    except Decision as asked:
        # An older state of somebody's file came by a cherry-pick: as git itself would, sync asks which one is right.
        if "was changed both here" not in str(asked):
            raise
        story.asked += 1
        plaingit.take_theirs(person, f"notes-{str(asked).split('notes-')[1].split('.txt')[0]}.txt")
        person.looks_at_own_file()
        report = person.syncs()
    story.syncs += 1
    story.joins += bool(report.went and report.came)


def _merge(story: Story, person: Person, chance: Random) -> None:
    extra: tuple[str, ...] = ()
    if story.seed % 10 == 0:
        extra = chance.choice(((), ("-X", "ours"), ("-X", "theirs"), ("-s", "ours")))
    story.merges += plaingit.merge(person, extra=extra)


def _rebase(story: Story, person: Person) -> None:
    _replay(story, plaingit.rebase(person))
    if plaingit.has_stash(person):
        story.exact = False


def _replay(story: Story, did: bool) -> None:
    story.replays += did


def _until_quiet(story: Story, team: list[Person], chance: Random) -> None:
    """Let everybody sync, in another order each time, until a whole round changes nothing."""
    for story.rounds in range(1, MOST_ROUNDS + 1):
        before = [person.head for person in team]
        for person in chance.sample(team, len(team)):
            _sync(story, person)
        if [person.head for person in team] == before:
            break
    else:
        story.problems.append(f"not quiet after {MOST_ROUNDS} rounds")


def _look(story: Story, team: list[Person], oracle: Oracle) -> None:
    """Compare the clones with each other, with git's own view of them, and with what the people did."""
    for person in team:
        person.get_up()
    heads = {person.head for person in team} | {team[0].tip}
    if len(heads) != 1:
        story.problems.append(f"{len(heads)} different heads")
    story.hashes = len({(person.hash(), _bytes_hash(person)) for person in team})
    story.markers = sum(len(person.markers()) for person in team)
    for person in team:
        dirty = [line for line in person.git("status", "--porcelain").splitlines() if "notes-" not in line]
        if dirty:
            story.problems.append(f"git status of {person.user}: {dirty[:3]}")
        if story.exact and not person.keeps_own_file():
            story.problems.append(f"the own file of {person.user} was changed")
    story.verdict = oracle.judge(team[0].content())


def _bytes_hash(person: Person) -> str:
    """One hash of the data files as they are, byte for byte."""
    digest = blake2b(digest_size=16)
    for path, data in person.files().items():
        if data:
            digest.update(b"%b %d\n" % (path.encode(), len(data)) + data)
    return digest.hexdigest()


def run_all(seeds: Iterable[int], *, workers: int = 0, steps: int = 0, people: int = 0) -> Iterator[Story]:
    """Run many histories on all cores, and yield what came of each as it ends."""
    with ProcessPoolExecutor(workers or os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        waiting = [pool.submit(run, seed, steps=steps, people=people) for seed in seeds]
        for one in waiting:
            yield one.result()


def main(words: list[str]) -> int:
    """Run the histories of the seeds given (`7`, `1-20`) and say what came of each."""
    seeds = [seed for word in words for seed in _seeds(word)]
    bad = 0
    for story in map(run, seeds) if len(seeds) == 1 else run_all(seeds):
        told = story.verdict
        bad += not story.sound
        sys.stdout.write(
            f"{story.seed}: {'sound' if story.sound else 'NOT SOUND'}, {story.clones} clones, {story.syncs} syncs, "
            f"{story.joins} + {story.merges} merges, {story.replays} replays, {story.rounds} rounds, "
            f"{story.hashes} hashes, "
            f"{story.markers} markers, {told.typed} typed: {told.in_place} + {told.seen_overwritten} + "
            f"{told.gave_way}, ledger {told.ledger}, dead {told.dead}, outvoted {told.outvoted}\n"
        )
        if not story.sound:
            for line in (*story.problems, *told.missing[:5], *told.dead_unseen[:5], *told.unexplained[:5]):
                sys.stdout.write(f"    {line}\n")
        sys.stdout.flush()
    return 1 if bad else 0


def _seeds(word: str) -> range:
    first, _, last = word.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
