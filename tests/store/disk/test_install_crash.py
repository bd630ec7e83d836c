"""Putting in what others changed, with crashes, full disks, readers and writers at every point of it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.store.disk.incoming import NEWER, NEWEST, OLD, ONE, PATH, held, line, put
from tuicrm.errors import TuicrmError
from tuicrm.store import codec, files, gitlock
from tuicrm.store.changes import Write
from tuicrm.store.install import FOLDER, NewFile
from tuicrm.store.join import apply
from tuicrm.store.ulid import encode, ms_of
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.store.disk.conftest import Shim


def _story(root: Path) -> tuple[Workspace, list[NewFile], list[NewFile]]:
    """Two files to be replaced, one made, one of them edited meanwhile; with the journal holding a change."""
    names = ("AA", "BB")
    ids = {name: OLD[:-2] + name for name in (*names, "CC")}
    for name in names:
        put(root, line(id=ids[name], n="old"), f"data/deal/{name}.jsonl")
    ws = Workspace.open(root)
    ws.commit([Write("deal", ids["AA"], {"mine": "journal"})], by="ann", note="")
    put(root, line(id=ids["BB"], n="old", mine="file", _v={"mine": NEWER}), "data/deal/BB.jsonl")
    new = []
    for name in (*names, "CC"):
        seen = line(id=ids[name], n="old") if name in names else None
        new.append(NewFile(f"data/deal/{name}.jsonl", seen, line(id=ids[name], n="new", _v={"n": NEWEST})))
    return ws, new, [NewFile(one.path, None, one.after) for one in new]


def _check(root: Path, *, done: bool) -> None:
    found = Workspace.open(root).all("deal")
    assert found[OLD[:-2] + "AA"]["mine"] == "journal"
    assert found[OLD[:-2] + "BB"]["mine"] == "file"
    states = {id_[-2:]: record["n"] for id_, record in found.items()}
    assert set(states) <= {"AA", "BB", "CC"}
    assert set(states.values()) <= ({"new"} if done else {"old", "new"})
    assert [one for one in Workspace.open(root).problems() if one.raw] == []


def test_a_crash_at_any_call_loses_nothing_and_the_next_one_ends_it(make_root: Callable[[], Path], shim: Shim) -> None:
    at = 0
    while True:
        at += 1
        shim.clear()
        root = make_root()
        ws, new, _ = _story(root)
        shim.clear()
        shim.crash_at = at
        try:
            ws.install(new)
        except shim.Crash:
            pass
        else:
            break
        finally:
            shim.clear()
        _check(root, done=False)
        assert Workspace.open(root).install(new)
        _check(root, done=True)
        assert not (root / ".git" / "index.lock").exists()
        Workspace.open(root).checkpoint()
        _check(root, done=True)
    assert at > 60


def test_a_full_disk_at_any_call_is_told_and_loses_nothing(make_root: Callable[[], Path], shim: Shim) -> None:
    at = told = 0
    while True:
        at += 1
        shim.clear()
        root = make_root()
        ws, new, _ = _story(root)
        shim.clear()
        shim.fail_at = at
        said = ""
        try:
            ws.install(new)
            done = True
        except TuicrmError as error:
            done, told = False, told + 1
            said = str(error)
        assert done or "disk is full" in said
        if len(shim.calls) < at:
            break
        shim.clear()
        _check(root, done=done)
        assert ws.install(new), "the same workspace goes on"
        _check(root, done=True)
        assert not (root / ".git" / "index.lock").exists()
    assert told > 30


def test_a_disk_of_its_own_for_the_private_folder(
    workspace: Workspace, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a rename from there is not possible, successors wait beside the files, as names that nobody reads."""
    seen = put(root, line(id=ONE, name="A"))
    private, real, moves = str(workspace.private), files.replace, []

    def replace(name: str, folder: int, to: str, to_folder: int) -> None:
        if os.readlink(f"/proc/self/fd/{folder}") == f"{private}/{FOLDER}":
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        moves.append(name)
        real(name, folder, to, to_folder)

    stat = files.stat

    def other_disk(fd: int) -> os.stat_result:
        found = stat(fd)
        inside = os.readlink(f"/proc/self/fd/{fd}") == f"{private}/{FOLDER}"
        return os.stat_result((*found[:2], found.st_dev + 1, *found[3:])) if inside else found

    monkeypatch.setattr(files, "replace", replace)
    monkeypatch.setattr(files, "stat", other_disk)
    assert workspace.install([NewFile(PATH, seen, line(id=ONE, name="B"))])
    assert ".AA.jsonl.tuicrm" in moves
    assert os.listdir(root / "data" / "deal") == ["AA.jsonl"]
    assert held(root)[ONE]["name"] == "B"


def test_a_lock_that_a_crash_left_behind_is_taken_away(workspace: Workspace, root: Path) -> None:
    put(root, line(id=ONE, name="A"))
    (root / ".git" / "index.lock").write_bytes(gitlock._BRINGING)
    assert gitlock.git_is_busy(workspace._place)
    workspace.commit([Write("deal", ONE, {"name": "C"})], by="ann", note="")
    assert not (root / ".git" / "index.lock").exists()


_READER = """
import sys, time
from pathlib import Path
from tuicrm.store.workspace import Workspace
root = Path(sys.argv[1])
held = Workspace.open(root)
looks, seen = 0, set()
print("ready", flush=True)
while "stop" not in seen:
    for ws in (Workspace.open(root), held):
        ws.refresh()
        found = {record["n"] for record in ws.all("deal").values()}
        if len(found) != 1:
            print("half a state:", found)
            sys.exit(1)
        seen |= found
        looks += 1
print(looks, len(seen))
"""


def test_readers_in_other_processes_see_all_of_it_or_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["AA", "BB", "CC", "DD"]
    seen = {name: put(root, line(id=OLD[:-2] + name, n="start"), f"data/deal/{name}.jsonl") for name in names}
    readers = [
        subprocess.Popen([sys.executable, "-c", _READER, str(root)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    ws = Workspace.open(root)
    real = files.replace

    def step_aside() -> None:
        """Let the readers run, in between as well as in the middle of an installation."""
        subprocess.run(["true"], check=False)

    def slowly(name: str, folder: int, to: str, to_folder: int) -> None:
        real(name, folder, to, to_folder)
        step_aside()

    monkeypatch.setattr(files, "replace", slowly)
    for turn in [*range(60), "stop"]:
        new = []
        for name in names:
            after = line(id=OLD[:-2] + name, n=str(turn))
            new.append(NewFile(f"data/deal/{name}.jsonl", seen[name], after))
            seen[name] = after
        assert ws.install(new)
        for _ in range(4):
            step_aside()
    for reader in readers:
        told, _ = reader.communicate(timeout=30)
        assert reader.returncode == 0, told
        looks, states = map(int, told.split())
        assert looks > 20
        assert states > 3


_WRITER = """
import sys
from pathlib import Path
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace
root, who, turns = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
for turn in range(turns):
    with Workspace.open(root) as ws:
        ws.commit([Write("deal", key, {f"{who}_{turn}": str(turn)}) for key in sys.argv[4:]], by=who, note="")
"""


def test_writers_and_git_at_work_beside_it_lose_nothing(root: Path) -> None:
    """Two people edit and carry over, git commits, and what others changed comes in, all at once."""
    turns, keys = 25, [OLD[:-2] + name for name in ("AA", "BB")]
    for key in keys:
        put(root, line(id=key, n="start"), f"data/deal/{key[-2:]}.jsonl")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(root), who, str(turns), *keys], stdout=subprocess.PIPE, text=True
        )
        for who in ("ann", "bob")
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    ws, came, git = Workspace.open(root), 0, ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b"]
    while any(writer.poll() is None for writer in writers) or came < turns:
        new = []
        for key in keys:
            path = f"data/deal/{key[-2:]}.jsonl"
            seen = (root / path).read_bytes()
            record = codec.load(seen).records[key]
            theirs = apply(record, {f"came_{came}": ("x", encode(ms_of(NEWER) + came, came))})
            new.append(NewFile(path, seen, codec.encode(theirs) + b"\n"))
        came += ws.install(new)
        subprocess.run([*git, "add", "-A"], check=False, capture_output=True)
        subprocess.run([*git, "commit", "-qm", "x"], check=False, capture_output=True)
    for writer in writers:
        assert writer.wait(30) == 0
    wanted = {f"{who}_{turn}" for who in ("ann", "bob") for turn in range(turns)} | {f"came_{n}" for n in range(came)}
    for key in keys:
        assert wanted <= set(Workspace.open(root).all("deal")[key])
    ws.checkpoint()
    assert ws.take_losers() == []
