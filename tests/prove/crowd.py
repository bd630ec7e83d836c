"""Many clones that sync at once against one bare repository: every edit arrives everywhere, and nobody gives up.

`python -m tests.prove.crowd` runs ten of them; each is a process of its own, which syncs after each of its edits.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.sync.repos import Clone, Team, settle
from tuicrm.store.changes import Write

GO = "go"
PATIENCE = 900
POLL = 0.005


@dataclass
class Crowd:
    """What came of it."""

    clones: int
    edits: int
    """Edits of all clones together."""
    arrived: int = 0
    """Edits that all clones have in the end."""
    gave_up: int = 0
    """Syncs that ended without having pushed."""
    syncs: int = 0
    longest: float = 0.0
    """Seconds of the slowest sync."""
    problems: list[str] = field(default_factory=list)


def run(clones: int = 10, edits: int = 20) -> Crowd:
    """Let clones make edits and sync after each, all at once: half of the edits are of one record that all share."""
    told = Crowd(clones, clones * edits)
    with tempfile.TemporaryDirectory(prefix="tuicrm-crowd-") as folder:
        team = Team(Path(folder))
        everybody = team.clones(*(f"p{number}" for number in range(clones)))
        shared = everybody[0].add("deal", name="everybody's")
        settle(*everybody)
        workers = [_start(clone, shared, edits) for clone in everybody]
        Path(folder, GO).touch()
        for clone, worker in zip(everybody, workers, strict=True):
            out, err = worker.communicate(timeout=PATIENCE)
            if worker.returncode:
                told.problems.append(f"{clone.user}: {err.strip()[-500:]}")
                continue
            ended = json.loads(out.splitlines()[-1])
            told.syncs += ended["syncs"]
            told.gave_up += len(ended["gave_up"])
            told.longest = max(told.longest, ended["longest"])
            told.problems += [f"{clone.user}: {said}" for said in ended["gave_up"]]
        settle(*everybody)
        told.arrived = _arrived(everybody, shared, edits)
    return told


def _start(clone: Clone, shared: str, edits: int) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "tests.prove.crowd", "--one", str(clone.team.folder), clone.user, shared, str(edits)]
    return subprocess.Popen(line, env=clone.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def _arrived(everybody: list[Clone], shared: str, edits: int) -> int:
    """How many edits every clone has."""
    have = None
    for clone in everybody:
        own = {str(one.get("name")) for one in clone.records("contact").values()}
        own |= {name for name in clone.get("deal", shared) if name.startswith("by_")}
        have = own if have is None else have & own
    wanted = {name(clone.user, number) for clone in everybody for number in range(edits)}
    return len(wanted & (have or set()))


def name(user: str, number: int) -> str:
    """What an edit is called: a field of the shared record, or the name of a record of its own."""
    return f"by_{user}_{number}"


def one(folder: Path, user: str, shared: str, edits: int) -> None:
    """The work of one clone; says what came of it as JSON."""
    from tuicrm.crm.opening import open_session
    from tuicrm.errors import TuicrmError
    from tuicrm.sync.syncing import sync

    team = Team.__new__(Team)
    team.folder, team.remote = folder, folder / "remote.git"
    clone = Clone(team, folder / user, user)
    session = open_session(clone.root, clone.env)
    gave_up: list[str] = []
    longest = 0.0
    while not folder.joinpath(GO).exists():
        time.sleep(POLL)
    for number in range(edits):
        mine = name(user, number)
        change = (
            Write("deal", shared, {mine: "x"}) if number % 2 else Write("contact", session.ws.new_id(), {"name": mine})
        )
        session.ws.commit([change], by=user, note="")
        start = time.perf_counter()
        try:
            report = sync(session, environ=clone.env)
            if report.problem is not None or not report.pushed:
                gave_up.append(str(report.problem or "not pushed"))
        except TuicrmError as problem:
            gave_up.append(str(problem))
        longest = max(longest, time.perf_counter() - start)
    session.ws.close()
    sys.stdout.write(json.dumps({"syncs": edits, "gave_up": gave_up, "longest": longest}) + "\n")


def main(words: list[str]) -> int:
    """Run, and say what came of it."""
    if words[:1] == ["--one"]:
        one(Path(words[1]), words[2], words[3], int(words[4]))
        return 0
    told = run(*map(int, words))
    sys.stdout.write(f"{told}\n")
    return 0 if told.arrived == told.edits and not told.problems else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
