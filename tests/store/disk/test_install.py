"""Files put in from outside: one step, and nothing lost that was written meanwhile."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from tests.store.disk.incoming import NEWER, NEWEST, OLD, ONE, PATH, TWO, held, install, line, put
from tuicrm.errors import Busy, ReadOnly
from tuicrm.store import files, lock
from tuicrm.store.changes import Purge, Remove, Write
from tuicrm.store.install import FOLDER, NewFile
from tuicrm.store.leaves import ABSENT
from tuicrm.store.placing import FEW
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tests.store.disk.conftest import Shim


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
