"""What a sync costs beside plain git: `tuicrm sync`, and add, commit, fetch, merge, push of the same changes, in turn.

Two pairs of clones of one workspace of 100,000 records go on side by side: one pair syncs with tuicrm, the other with
plain git. In each round somebody else pushes first, then this side's work is timed. For plain git the two sides never
change the same record, so its merge has no conflict; for tuicrm some of the records are the same.

`python -m tests.prove.cost [RECORDS] [CHANGED] [SAME] [ROUNDS]` measures once and says what it found.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.sync.repos import Clone, Team
from tuicrm.store import codec
from tuicrm.store.changes import Write
from tuicrm.store.segments import home
from tuicrm.store.ulid import encode

if TYPE_CHECKING:
    from collections.abc import Sequence

START = 1_700_000_000_000
STEP = 997
NOTES = "A line of notes as people write them after a call, with what was said and what comes next. " * 2


@dataclass
class Cost:
    """Of one size of change: seconds of both, round by round, and what tuicrm added."""

    records: int
    changed: int
    same: int
    inside: bool = False
    """Whether tuicrm was open already, as in the TUI, or had to be started for the sync."""
    ours: list[float] = field(default_factory=list)
    plain: list[float] = field(default_factory=list)
    packed: list[int] = field(default_factory=list)
    """Bytes that a push of this side's change sends."""
    loose: list[int] = field(default_factory=list)
    """Bytes that the clone's object store takes more on disk after a sync."""

    @property
    def ratio(self) -> float:
        """The median over the rounds of tuicrm's time by plain git's."""
        return statistics.median(one / other for one, other in zip(self.ours, self.plain, strict=True))


class Field:
    """Two pairs of clones of one workspace: ann and bob with tuicrm, cat and dan with plain git."""

    def __init__(self, folder: Path, records: int) -> None:
        self.chance = Random(records)
        self.team = Team(folder)
        _git_as_people_have_it(self.team)
        self.ann = self.team.alone("ann")
        self.ids = _fill(self.ann, records)
        self.ann.commit_by_hand("start")
        plain = self.team.bare("plain.git")
        for remote in (self.team.remote, plain):
            self.ann.git("push", "--quiet", str(remote), "HEAD:main")
        self.ann.git("remote", "add", "origin", str(self.team.remote))
        self.bob = self.team.join("bob")
        self.cat, self.dan = (self.team.join(user, url=plain) for user in ("cat", "dan"))
        for clone in (self.ann, self.bob):
            clone.spawn("sync")
            clone.git("status")
        for clone in (self.cat, self.dan):
            clone.git("status")

    def round(self, changed: int, same: int, told: Cost) -> None:
        """Let both pairs change as much, and take the time that the second of each needs to bring it together."""
        drawn = self.chance.sample(self.ids, 2 * changed)
        mine, apart = drawn[:changed], drawn[changed:]
        theirs = [*mine[:same], *apart[same:]]
        _edit(self.bob, theirs, "theirs")
        _command(self.bob)
        _edit(self.dan, apart, "theirs")
        _plain(self.dan)
        _edit(self.ann, mine, "mine")
        _edit(self.cat, mine, "mine")
        before, tip = _size(self.ann), self.ann.tip
        measures = [(told.ours, self.ann, _inside if told.inside else _command), (told.plain, self.cat, _plain)]
        for seconds, clone, measure in measures if len(told.ours) % 2 else reversed(measures):
            seconds.append(measure(clone))
        told.loose.append(_size(self.ann) - before)
        told.packed.append(_packed(self.ann, tip))


def _git_as_people_have_it(team: Team) -> None:
    """The helpers' homes turn git's fsync off to be quick; here both sides pay for what git does by default."""
    for user in ("ann", "bob", "cat", "dan", "host"):
        config = team.home(user) / ".gitconfig"
        config.write_text(config.read_text().replace("[core]\n\tfsync = none\n", ""))


def _fill(clone: Clone, records: int) -> list[str]:
    """Write so many deals of about 400 bytes into the data files."""
    chance = Random(1)
    files: dict[str, list[dict[str, str]]] = {}
    ids = []
    for number in range(records):
        id_ = encode(START + number * STEP, chance.getrandbits(80))
        ids.append(id_)
        deal = {"id": id_, "name": f"Deal {number}", "stage": "offer", "value": f"{number}.00", "currency": "EUR"}
        files.setdefault(home("deal", id_), []).append({**deal, "notes": NOTES, "owner": f"rep{number % 40}"})
    folder = clone.root / "data" / "deal"
    folder.mkdir(parents=True, exist_ok=True)
    for name, held in files.items():
        (folder / name).write_bytes(codec.dump(held, []))
    return ids


def _edit(clone: Clone, ids: Sequence[str], who: str) -> None:
    """Change one field of each record and leave the files tidy, as every command does."""
    with clone.opened() as ws:
        stamp = time.time_ns()
        ws.commit([Write("deal", id_, {"next_step": f"{who} {stamp} {id_[-4:]}"}) for id_ in ids], by=who, note="")


def _command(clone: Clone) -> float:
    """Run `tuicrm sync` as a process of its own, and return how many seconds it took."""
    line = [sys.executable, "-m", "tuicrm", "--workspace", str(clone.root), "sync"]
    start = time.perf_counter()
    done = subprocess.run(line, env=clone.env, cwd=clone.root, capture_output=True, text=True, check=False)
    took = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    return took


def _inside(clone: Clone) -> float:
    """Sync in this process, in a workspace that is open, and return how many seconds it took."""
    from tuicrm.sync.syncing import sync

    session = clone.session()
    start = time.perf_counter()
    report = sync(session, environ=clone.env)
    took = time.perf_counter() - start
    session.ws.close()
    assert report.pushed, report.problem
    return took


def _plain(clone: Clone) -> float:
    """Bring one clone together with its remote by plain git, and return how many seconds it took."""
    start = time.perf_counter()
    for words in (
        ("add", "-A"),
        ("commit", "--quiet", "-m", "work"),
        ("fetch", "--quiet", "origin"),
        ("merge", "--quiet", "--no-edit", "origin/main"),
        ("push", "--quiet", "origin", "HEAD:main"),
    ):
        subprocess.run(["git", *words], env=clone.env, cwd=clone.root, capture_output=True, check=True)
    return time.perf_counter() - start


def _size(clone: Clone) -> int:
    """What the object store takes on disk, in bytes."""
    return sum(path.stat().st_blocks * 512 for path in (clone.root / ".git" / "objects").rglob("*") if path.is_file())


def _packed(clone: Clone, tip: str) -> int:
    """The size of the pack that brings a remote from a tip to where the clone is."""
    revs = f"HEAD\n^{tip}\n".encode()
    words = ["pack-objects", "--revs", "--thin", "--stdout", "--delta-base-offset", "--quiet"]
    done = subprocess.run(["git", *words], env=clone.env, cwd=clone.root, input=revs, capture_output=True, check=True)
    return len(done.stdout)


def run(
    records: int = 100_000, sizes: Sequence[tuple[int, int]] = ((1000, 100), (10, 1)), rounds: int = 7
) -> list[Cost]:
    """Measure each size of change (records changed on each side, of them the same) in so many rounds."""
    with tempfile.TemporaryDirectory(prefix="tuicrm-cost-") as folder:
        place = Field(Path(folder), records)
        place.round(10, 1, Cost(records, 10, 1))
        found = []
        for changed, same in sizes:
            for inside in (False, True):
                told = Cost(records, changed, same, inside)
                for _ in range(rounds):
                    place.round(changed, same, told)
                found.append(told)
        return found


def main(words: list[str]) -> int:
    """Measure, and say what was found."""
    records, changed, same, rounds = (*map(int, words), *(100_000, 1000, 100, 7)[len(words) :])
    for told in run(records, ((changed, same), (10, 1)), rounds):
        how = ", open already" if told.inside else ""
        sys.stdout.write(
            f"{told.changed} of {told.records}{how}: sync {statistics.median(told.ours):.3f} s, plain git "
            f"{statistics.median(told.plain):.3f} s, {told.ratio:.2f} x, packed {max(told.packed)}, "
            f"loose {max(told.loose)}\n"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
