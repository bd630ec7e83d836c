"""Files put in from outside: one step for every reader, and nothing lost that was written meanwhile."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.errors import Busy, ReadOnly, TuicrmError
from tuicrm.store import codec, files, gitlock, lock
from tuicrm.store.changes import Purge, Remove, Write
from tuicrm.store.install import FOLDER, NewFile
from tuicrm.store.leaves import ABSENT, MEMBER
from tuicrm.store.placing import FEW
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.store.disk.conftest import Shim

ONE = "01KB00000000000000000000AA"
TWO = "01KB10000000000000000000AA"
OLD = "01KB50000000000000000000ZZ"
NEWER = "01KC00000000000000000000ZZ"
NEWEST = "01KD00000000000000000000ZZ"
PATH = "data/deal/AA.jsonl"


def line(**fields: Any) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def put(root: Path, data: bytes, path: str = PATH) -> bytes:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return data


def held(root: Path, path: str = PATH) -> dict[str, Any]:
    return codec.load((root / path).read_bytes()).records


def install(root: Path, seen: bytes | None, after: bytes, path: str = PATH) -> None:
    assert Workspace.open(root).install([NewFile(path, seen, after)])


def test_files_take_the_place_of_those_that_were_read(workspace: Workspace, root: Path) -> None:
    seen = put(root, line(id=ONE, name="A"))
    other = OLD[:-2] + "BB"
    new = [
        NewFile(PATH, seen, line(id=ONE, name="B")),
        NewFile("data/deal/BB.jsonl", None, line(id=other)),
        NewFile("data/activity/2025/11-30.jsonl", None, line(id="01KBA0000000000000000000CC")),
    ]
    assert workspace.all("deal")[ONE]["name"] == "A"
    ran = []
    assert workspace.install(new, lambda: ran.append((root / PATH).read_bytes()))
    assert ran == [line(id=ONE, name="B")], "`then` comes after the last file"
    assert workspace.all("deal")[ONE]["name"] == "B"
    assert set(workspace.refresh()) == {("deal", ONE), ("deal", other)}
    assert not (root / ".git" / "index.lock").exists()
    assert os.listdir(workspace.private / FOLDER) == [lock.NAME]


def test_another_open_workspace_sees_it(workspace: Workspace, root: Path) -> None:
    seen = put(root, line(id=ONE, name="A"))
    other = Workspace.open(root)
    assert other.all("deal")[ONE]["name"] == "A"
    workspace.install([NewFile(PATH, seen, line(id=ONE, name="B"))])
    assert other.refresh() == (("deal", ONE),)


@pytest.mark.parametrize("count", [3, FEW + 6])
def test_what_is_put_in_is_on_the_disk_first(
    workspace: Workspace, root: Path, shim: Shim, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [f"data/deal/{a}{b}.jsonl" for a in "ABCDEF" for b in "ABCDEF"][:count]
    new = [NewFile(path, None, line(id=OLD[:-2] + path[-8:-6], n="1")) for path in paths]
    shim.clear()
    workspace.install(new)
    first, last = shim.calls.index("replace"), len(shim.calls) - shim.calls[::-1].index("replace")
    synced = shim.calls[:first].count("sync")
    assert "sync_file_system" in shim.calls[:first] if count > FEW else synced >= count
    assert "sync" in shim.calls[first + count :]
    assert shim.calls[first:last].count("write_at") <= 1, "only the journal is written after the first swap"
    assert len(workspace.all("deal")) == count


def test_a_file_keeps_its_permissions(workspace: Workspace, root: Path) -> None:
    seen = put(root, line(id=ONE, name="A"))
    (root / PATH).chmod(0o640)
    workspace.install([NewFile(PATH, seen, line(id=ONE, name="B"))])
    assert (root / PATH).stat().st_mode & 0o777 == 0o640


def test_the_journal_stays_and_counts_upon_what_came(workspace: Workspace, root: Path) -> None:
    seen = put(root, line(id=ONE, name="A", stage="lead"))
    workspace.commit([Write("deal", ONE, {"stage": "won"})], by="ann", note="")
    workspace.install([NewFile(PATH, seen, line(id=ONE, name="B", stage="lead", _v={"name": NEWER}))])
    for ws in (workspace, Workspace.open(root)):
        assert (ws.all("deal")[ONE]["stage"], ws.all("deal")[ONE]["name"]) == ("won", "B")
    workspace.checkpoint()
    assert (held(root)[ONE]["stage"], held(root)[ONE]["name"]) == ("won", "B")


def test_a_conflict_with_the_journal_is_noted_when_it_is_carried_over(workspace: Workspace, root: Path) -> None:
    seen = put(root, line(id=ONE, stage="lead"))
    workspace.commit([Write("deal", ONE, {"stage": "won"})], by="ann", note="")
    workspace.install([NewFile(PATH, seen, line(id=ONE, stage="lost", _v={"stage": OLD}))])
    workspace.checkpoint()
    assert held(root)[ONE]["stage"] == "won"
    assert [(one.path, one.value, one.known) for one in workspace.take_losers()] == [("stage", "lost", True)]


# -- what was written meanwhile -----------------------------------------------------------------------------------


def test_an_edit_that_another_process_carried_over_is_kept(root: Path) -> None:
    seen = put(root, line(id=ONE, name="A", stage="lead"))
    put(root, line(id=ONE, name="A", stage="won", _v={"stage": NEWEST}) + line(id=TWO, name="fresh"))
    install(root, seen, line(id=ONE, name="B", stage="lead", _v={"name": NEWER}))
    found = held(root)
    assert (found[ONE]["name"], found[ONE]["stage"], found[ONE]["_v"]) == ("B", "won", {"name": NEWER, "stage": NEWEST})
    assert found[TWO] == {"id": TWO, "name": "fresh"}
    assert Workspace.open(root).take_losers() == []


def test_both_having_changed_one_field_leaves_a_note(root: Path) -> None:
    seen = put(root, line(id=ONE, stage="lead", tags=["hot"]))
    put(root, line(id=ONE, stage="won", _v={"stage": NEWER, "tags/hot": NEWER}))
    after = line(id=ONE, stage="lost", tags=["hot"], _v={"stage": NEWEST, "tags/hot": NEWEST})
    install(root, seen, after)
    assert held(root)[ONE]["stage"] == "lost"
    found = Workspace.open(root).take_losers()
    assert {(one.path, one.value, one.version) for one in found} == {
        ("stage", "won", NEWER),
        ("tags/hot", ABSENT, NEWER),
    }


def test_what_somebody_typed_into_the_file_counts(root: Path) -> None:
    seen = put(root, line(id=ONE, name="A", stage="lead"))
    put(root, line(id=ONE, name="typed", stage="lead"))
    install(root, seen, line(id=ONE, name="A", stage="won", _v={"stage": NEWER}))
    found = held(root)[ONE]
    assert (found["name"], found["stage"]) == ("typed", "won")
    assert found["_v"]["name"] > ONE


def test_what_a_merge_left_out_stays_out_except_for_the_edit(root: Path) -> None:
    seen = put(root, line(id=ONE, name="erased", stage="lead") + line(id=TWO, name="erased too"))
    put(root, line(id=ONE, name="erased", stage="won", _v={"stage": NEWER}) + line(id=TWO, name="erased too"))
    install(root, seen, b"")
    assert held(root) == {ONE: {"id": ONE, "stage": "won", "_v": {"stage": NEWER}}}


def test_what_others_purged_stays_purged(root: Path, workspace: Workspace) -> None:
    deal = workspace.new_id()
    workspace.commit([Write("deal", deal, {"name": "secret", "stage": "lead"})], by="ann", note="")
    workspace.checkpoint()
    path = f"data/deal/{deal[-2:]}.jsonl"
    seen = (root / path).read_bytes()
    workspace.commit([Remove("deal", deal)], by="ann", note="")
    workspace.commit([Purge("deal", deal)], by="ann", note="")
    workspace.checkpoint()
    after = (root / path).read_bytes()
    assert b"secret" not in after
    fields = json.loads(seen)
    put(root, line(**{**fields, "stage": "won", "_v": {"stage": NEWEST}}), path)
    install(root, seen, after, path)
    assert b"secret" not in (root / path).read_bytes()


def test_a_line_that_somebody_took_out_says_nothing(root: Path) -> None:
    seen = put(root, line(id=ONE, name="A") + line(id=TWO, name="B"))
    put(root, line(id=TWO, name="B"))
    install(root, seen, line(id=ONE, name="A") + line(id=TWO, name="C", _v={"name": NEWER}))
    assert {id_: record["name"] for id_, record in held(root).items()} == {ONE: "A", TWO: "C"}


def test_a_file_that_is_gone_comes_back(root: Path) -> None:
    seen = put(root, line(id=ONE, name="A"))
    (root / PATH).unlink()
    install(root, seen, line(id=ONE, name="B", _v={"name": NEWER}))
    assert held(root)[ONE]["name"] == "B"


def test_unreadable_lines_of_all_three_are_kept(root: Path) -> None:
    seen = put(root, line(id=ONE, name="A") + b"bad before\n")
    put(root, line(id=ONE, name="A") + b"bad before\nbad meanwhile\n")
    install(root, seen, line(id=ONE, name="B", _v={"name": NEWER}) + b"bad before\nbad of theirs\n")
    assert (root / PATH).read_bytes().splitlines()[1:] == [b"bad before", b"bad of theirs", b"bad meanwhile"]


def test_lines_that_git_doubled_meanwhile_are_joined_and_told(root: Path) -> None:
    seen = put(root, line(id=ONE, stage="lead"))
    ours, theirs = line(id=ONE, stage="won", _v={"stage": NEWER}), line(id=ONE, stage="lost", _v={"stage": NEWEST})
    put(root, b"<<<<<<< HEAD\n" + ours + b"=======\n" + theirs + b">>>>>>> x\n")
    install(root, seen, line(id=ONE, stage="lead", name="B", _v={"name": NEWER}))
    assert (held(root)[ONE]["stage"], held(root)[ONE]["name"]) == ("lost", "B")
    assert [(one.path, one.value, one.known) for one in Workspace.open(root).take_losers()] == [("stage", "won", False)]


def test_a_writer_in_the_last_moment_is_seen(workspace: Workspace, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reading of a file under the lock and its swap, an editor that knows no lock writes it."""
    seen = put(root, line(id=ONE, name="A"))
    real, late = files.read_rest, [True]

    def read(fd: int, size: int) -> bytes:
        data = real(fd, size)
        if late and data == seen:
            late.clear()
            put(root, line(id=ONE, name="A", note="late"))
        return data

    monkeypatch.setattr(files, "read_rest", read)
    workspace.install([NewFile(PATH, seen, line(id=ONE, name="B", _v={"name": NEWER}))])
    assert (held(root)[ONE]["name"], held(root)[ONE]["note"]) == ("B", "late")


def test_a_file_that_never_holds_still_is_left_alone(
    workspace: Workspace, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = put(root, line(id=ONE, name="A"))
    real, turn = files.read_rest, iter(range(1000))

    def read(fd: int, size: int) -> bytes:
        data = real(fd, size)
        if b'"id"' in data:
            put(root, line(id=ONE, name=f"typed {next(turn)}" + "x" * next(turn)))
        return data

    monkeypatch.setattr(files, "read_rest", read)
    with pytest.raises(Busy, match=r"AA\.jsonl"):
        workspace.install([NewFile(PATH, seen, line(id=ONE, name="B"))])
    monkeypatch.undo()
    assert "typed" in held(root)[ONE]["name"]


def test_the_workspaces_own_files_are_replaced_unless_somebody_is_at_them(workspace: Workspace, root: Path) -> None:
    before = (root / "tuicrm.json").read_bytes()
    after = before.replace(b"Acme", b"Zeta")
    workspace.install([NewFile("tuicrm.json", before, after), NewFile(".gitattributes", b"as it never was", b"x\n")])
    assert (root / "tuicrm.json").read_bytes() == after
    assert b"merge=union" in (root / ".gitattributes").read_bytes()


# -- who may not ---------------------------------------------------------------------------------------------------


def test_nothing_moves_while_git_is_at_work(workspace: Workspace, root: Path) -> None:
    seen = put(root, line(id=ONE, name="A"))
    (root / ".git" / "index.lock").write_text("")
    ran: list[int] = []
    assert not workspace.install([NewFile(PATH, seen, line(id=ONE, name="B"))], lambda: ran.append(1))
    assert (root / PATH).read_bytes() == seen
    assert not ran
    (root / ".git" / "index.lock").unlink()
    assert workspace.install([NewFile(PATH, seen, line(id=ONE, name="B"))], lambda: ran.append(1))
    assert ran


def test_a_second_one_waits_for_the_first(workspace: Workspace, root: Path) -> None:
    other = Workspace.open(root)
    other.wait = 0.05

    def meanwhile() -> None:
        with pytest.raises(Busy):
            other.install([NewFile(PATH, None, line(id=ONE))])
        with pytest.raises(Busy):
            other.commit([Write("deal", TWO, {"name": "x"})], by="ann", note="")

    assert workspace.install([NewFile(PATH, None, line(id=ONE, name="B"))], meanwhile)
    assert held(root)[ONE]["name"] == "B"


def test_a_link_in_the_way_stops_it_before_anything_moves(workspace: Workspace, root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    first = put(root, line(id=ONE, name="A"))
    (root / "data" / "deal" / "BB.jsonl").symlink_to(outside)
    new = [NewFile(PATH, first, b""), NewFile("data/deal/BB.jsonl", None, b"")]
    with pytest.raises(ReadOnly, match=r"BB\.jsonl.*symbolic link"):
        workspace.install(new)
    assert (root / PATH).read_bytes() == first
    assert outside.read_bytes() == b"mine"


def test_a_linked_folder_in_the_way_stops_it(workspace: Workspace, root: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (root / "data").mkdir(exist_ok=True)
    (root / "data" / "deal").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReadOnly):
        workspace.install([NewFile(PATH, None, line(id=ONE))])
    assert os.listdir(tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    "path",
    [
        *("", "data", "data/deal", "data/AA.jsonl", "data/../x.jsonl", "data/deal/../../x.jsonl", "../x.jsonl"),
        *("/data/deal/AA.jsonl", "data/deal/AA.txt", "data/deal/.AA.jsonl", "data/deal//AA.jsonl", ".git/config"),
        *("data/.git/AA.jsonl", "data/deal/a/b/AA.jsonl", "notes.txt"),
    ],
)
def test_other_paths_are_none_of_its_business(workspace: Workspace, path: str) -> None:
    with pytest.raises(ValueError, match="no file of a workspace"):
        workspace.install([NewFile(path, None, b"")])


# -- crashes and full disks ------------------------------------------------------------------------------------------


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


# -- readers -------------------------------------------------------------------------------------------------------

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


# -- what is handed over -------------------------------------------------------------------------------------------


def test_losers_are_handed_over_and_forgotten(workspace: Workspace, root: Path) -> None:
    def conflict(id_: str, was: Any, mine: Any, theirs: dict[str, Any]) -> None:
        path = f"data/deal/{id_[-2:]}.jsonl"
        put(root, line(id=id_, **was), path)
        workspace.commit([Write("deal", id_, mine)], by="ann", note="")
        put(root, line(id=id_, **theirs), path)
        workspace.checkpoint()

    workspace.all("deal")
    conflict(ONE, {"n": 1}, {"n": 2}, {"n": 3, "_v": {"n": NEWER}})
    taken = workspace.take_losers()
    assert [(one.kind, one.id, one.path, one.value, one.version) for one in taken] == [("deal", ONE, "n", 3, NEWER)]
    other = OLD[:-2] + "BB"
    conflict(other, {"tags": ["hot"]}, {"tags": ["hot", "x"]}, {"_v": {"tags/hot": NEWER, "tags/x": NEWER}})
    third = OLD[:-2] + "CC"
    conflict(third, {"tags": ["hot"]}, {"tags": None}, {"tags": ["hot"], "_v": {"tags/hot": NEWER}})
    workspace.drop_losers(taken)
    left = workspace.take_losers()
    assert [(one.id, one.path, one.value) for one in left] == [(other, "tags/x", ABSENT), (third, "tags/hot", MEMBER)]
    workspace.drop_losers(taken)
    assert workspace.take_losers() == left, "dropping twice is the same as once"
    workspace.drop_losers(left)
    assert Workspace.open(root).take_losers() == []


def test_before_the_first_change_there_is_nothing_to_hand_over(tmp_path: Path, root: Path) -> None:
    ws = Workspace.open(root)
    assert ws.take_losers() == []
    ws.trim_kept()
    assert not ws.has_unfolded


def test_kept_journals_go_when_a_commit_has_them_and_not_before(workspace: Workspace, root: Path) -> None:
    def kept() -> int:
        return len(list((workspace.private / "journals").iterdir()))

    for number in range(3):
        workspace.commit([Write("deal", ONE, {"n": str(number)})], by="ann", note="")
        workspace.checkpoint()
    assert kept() == 3
    workspace.checkpoint()
    with Workspace.open(root) as other:
        other.commit([Write("deal", ONE, {"n": "later"})], by="bob", note="")
    workspace.trim_kept()
    assert kept() == 1, "what another process carried over since is in no commit yet"
    workspace.trim_kept()
    assert kept() == 1
