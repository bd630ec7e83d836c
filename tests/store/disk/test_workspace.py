"""Starting, opening and writing a workspace."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tuicrm.errors import Damaged, Invalid, NotFound
from tuicrm.store.changes import Outdated, Patch, Purge, Remove, Revive, Write
from tuicrm.store.leaves import ABSENT, MEMBER
from tuicrm.store.ulid import Clock, ms_of
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def add(ws: Workspace, kind: str = "deal", **fields: object) -> str:
    made = ws.new_id()
    ws.commit([Write(kind, made, fields)], by="ann", note="add")
    return made


def edit(ws: Workspace, id_: str, **fields: object) -> tuple[tuple[str, str], ...]:
    return ws.commit([Write("deal", id_, fields)], by="ann", note="edit").changed


def lines(root: Path, kind: str = "deal") -> list[dict[str, object]]:
    return [json.loads(line) for file in sorted((root / "data" / kind).rglob("*.jsonl")) for line in file.open()]


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_what_is_committed_is_there_again(root: Path) -> None:
    with Workspace.open(root) as ws:
        made = add(ws, name="Acme", tags=["b", "a"], items={"X": {"quantity": 2}})
        edit(ws, made, name="Acme renewal", tags=["a", "c"])
    again = Workspace.open(root).get("deal", made)
    assert again is not None
    assert {k: again[k] for k in ("name", "tags", "items")} == {
        "name": "Acme renewal",
        "tags": ["a", "c"],
        "items": {"X": {"quantity": 2}},
    }
    assert lines(root) == [again]


def test_only_leaves_that_differ_get_a_version(workspace: Workspace) -> None:
    made = add(workspace, name="Acme", stage="lead", tags=["a"])
    assert edit(workspace, made, name="Acme", stage="won", tags=["a", "b"]) == (("deal", made),)
    record = workspace.all("deal")[made]
    assert set(record["_v"]) == {"stage", "tags/b"}
    assert edit(workspace, made, name="Acme", stage="won") == ()
    assert workspace.all("deal")[made] is record


def test_a_group_restamps_together(root: Path) -> None:
    def groups(kind: str) -> tuple[tuple[str, ...], ...]:
        return (("value", "currency"),) if kind == "deal" else ()

    with Workspace.open(root, groups=groups) as ws:
        made = add(ws, value="15000.00", currency="EUR", name="Acme")
        edit(ws, made, value="13000.00")
        stamps = ws.all("deal")[made]["_v"]
    assert set(stamps) == {"value", "currency"}
    assert stamps["value"] == stamps["currency"]


def test_records_of_a_pair_are_written_together_and_a_bad_one_keeps_both_out(workspace: Workspace) -> None:
    one, other = workspace.new_id(), workspace.new_id()
    with pytest.raises(Invalid, match="floating"):
        workspace.commit([Write("deal", one, {"a": "1"}), Write("deal", other, {"a": {"b": 0.5}})], by="", note="")
    assert not workspace.all("deal")
    assert not Workspace.open(workspace.root).all("deal")


def test_removed_revived_purged(workspace: Workspace) -> None:
    made = add(workspace, name="Acme")
    workspace.commit([Remove("deal", made)], by="ann", note="")
    assert workspace.get("deal", made) is None
    assert list(workspace.dead("deal")) == [made]
    assert list(Workspace.open(workspace.root).dead("deal")) == [made]
    workspace.commit([Revive("deal", made)], by="ann", note="")
    assert workspace.get("deal", made) is not None
    workspace.commit([Remove("deal", made), Purge("deal", made)], by="ann", note="")
    workspace.checkpoint()
    assert "name" not in workspace.dead("deal")[made]
    assert b"Acme" not in next((workspace.root / "data").rglob("*.jsonl")).read_bytes()
    with pytest.raises(Invalid, match="erased"):
        workspace.commit([Revive("deal", made)], by="ann", note="")
    with pytest.raises(NotFound):
        workspace.commit([Remove("deal", workspace.new_id())], by="ann", note="")


def test_an_edit_of_a_dead_record_wins(workspace: Workspace) -> None:
    made = add(workspace, name="Acme")
    workspace.commit([Remove("deal", made)], by="ann", note="")
    edit(workspace, made, name="Acme 2")
    assert workspace.all("deal")[made]["name"] == "Acme 2"
    assert not workspace.dead("deal")


def test_expected_versions_are_checked(workspace: Workspace) -> None:
    made = add(workspace, stage="lead")
    seen = {("deal", made, "stage"): made}
    other = Workspace.open(workspace.root)
    other.commit([Write("deal", made, {"stage": "won"})], by="bob", note="", expect=seen)
    with pytest.raises(Outdated, match="stage"):
        workspace.commit([Write("deal", made, {"stage": "lost"})], by="ann", note="", expect=seen)
    assert workspace.all("deal")[made]["stage"] == "won"


def test_a_clock_that_is_behind_still_wins(root: Path) -> None:
    with Workspace.open(root) as ws:
        made = add(ws, stage="lead")
        edit(ws, made, stage="talk")
    with Workspace.open(root, clock=Clock(now_ms=lambda: 1_000_000_000_000)) as ws:
        edit(ws, made, stage="won")
        record = ws.all("deal")[made]
    assert record["stage"] == "won"
    assert record["_v"]["stage"] > made


def test_all_is_in_the_order_of_ids_whatever_came_first(workspace: Workspace) -> None:
    ids = [workspace.new_id(at_ms=ms) for ms in (5_000, 1_000, 9_000, 3_000)]
    for made in ids:
        workspace.commit([Write("deal", made, {"n": "x"})], by="", note="")
    assert list(workspace.all("deal")) == sorted(ids)
    assert list(Workspace.open(workspace.root).all("deal")) == sorted(ids)


def test_activities_lie_by_the_day_of_their_id(root: Path) -> None:
    day = 1_709_208_000_000  # 2024-02-29
    with Workspace.open(root) as ws:
        made = ws.new_id(at_ms=day)
        ws.commit([Write("activity", made, {"subject": "call"})], by="", note="")
    assert (root / "data" / "activity" / "2024" / "02-29.jsonl").exists()
    assert list(Workspace.open(root).all("activity")) == [made]


def test_the_undo_log_tells_what_was_done(workspace: Workspace) -> None:
    made = add(workspace, stage="lead", tags=["a"])
    first = workspace.all("deal")[made]
    receipt = workspace.commit(
        [Write("deal", made, {"stage": None, "tags": ["b"]})], by="ann", note="move", group="g", does="redo", of=["T"]
    )
    workspace.commit([Remove("deal", made)], by="bob", note="rm")
    born, moved, removed = Workspace.open(workspace.root).undo_log()
    assert (born.steps[0].id, born.steps[0].born, born.by, born.note, born.does) == (made, True, "ann", "add", "do")
    assert (moved.tx, moved.group, moved.does, moved.of) == (receipt.tx, "g", "redo", ("T",))
    assert moved.at_ms == ms_of(receipt.tx)
    tx = receipt.tx
    assert moved.steps[0].leaves == {
        "stage": ("lead", made, ABSENT, tx),
        "tags/a": (MEMBER, made, ABSENT, tx),
        "tags/b": (ABSENT, "", MEMBER, tx),
    }
    assert removed.steps[0].removed
    assert removed.steps[0].leaves == {}
    workspace.commit([Revive("deal", made)], by="ann", note="")
    back = {path: old for path, (old, *_) in moved.steps[0].leaves.items()}
    workspace.commit([Patch("deal", made, back)], by="ann", note="undo")
    assert {k: workspace.all("deal")[made][k] for k in ("stage", "tags")} == {k: first[k] for k in ("stage", "tags")}


def test_the_undo_log_stays_small_and_survives_a_torn_line(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tuicrm.store import undolog

    monkeypatch.setattr(undolog, "MOST_BYTES", 3_000)
    monkeypatch.setattr(undolog, "KEPT_BYTES", 1_500)
    monkeypatch.setattr(undolog, "KEPT_ENTRIES", 5)
    for number in range(40):
        add(workspace, n=str(number))
    log = workspace.private / undolog.NAME
    assert log.stat().st_size <= 3_000
    last = Workspace.open(workspace.root).undo_log()[-1]
    log.write_bytes(log.read_bytes() + b'{"tx":"half')
    add(workspace, n="after")
    entries = workspace.undo_log()
    assert entries[-2] == last
    assert entries[-1].steps[0].born
    assert workspace.undo_log(limit=1) == entries[-1:]


def test_what_create_makes(tmp_path: Path) -> None:
    root = tmp_path / "new" / "acme"
    ws = Workspace.create(root, name="Acme sales")
    told = json.loads((root / "tuicrm.json").read_text())
    assert told == {"format": 1, "id": ws.id, "name": "Acme sales"}
    assert (root / ".gitattributes").read_text() == "data/**/*.jsonl -text merge=union\n"
    assert ws.private == root / ".git" / "tuicrm"
    assert not (root / ".git" / "hooks").exists()
    with pytest.raises(Invalid, match="already"):
        Workspace.create(root, name="Other")


def test_create_keeps_what_a_folder_already_has(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("*.png binary")
    (tmp_path / "notes.txt").write_text("mine")
    Workspace.create(tmp_path, name="Acme")
    assert (tmp_path / ".gitattributes").read_text() == "*.png binary\ndata/**/*.jsonl -text merge=union\n"
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_without_git_the_private_folder_ignores_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Workspace.create(tmp_path / "acme", name="Acme") as ws:
        add(ws, name="x")
    assert ws.private == tmp_path / "acme" / ".tuicrm"
    assert (ws.private / ".gitignore").read_text() == "*\n"
    monkeypatch.undo()
    subprocess.run(["git", "init", "-q", str(ws.root)], check=True)
    assert Workspace.open(ws.root).private == ws.private, "a journal that exists is kept in use"
    assert len(Workspace.open(ws.root).all("deal")) == 1


def test_a_worktree_has_its_own_private_folder(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    Workspace.create(root, name="Acme").close()
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b.example"]
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    subprocess.run([*git, "worktree", "add", "-q", str(tmp_path / "tree")], check=True, stderr=subprocess.DEVNULL)
    assert Workspace.open(tmp_path / "tree").private == root / ".git" / "worktrees" / "tree" / "tuicrm"


@pytest.mark.usefixtures("loose_umask")
def test_private_files_are_for_their_owner_only(tmp_path: Path) -> None:
    root = tmp_path / "acme"
    with Workspace.create(root, name="Acme") as ws:
        add(ws, name="x")
    add(ws, name="y")
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    private = [ws.private, *ws.private.rglob("*")]
    assert {stat.S_IMODE(p.stat().st_mode) for p in private if p.is_dir()} == {0o700}
    assert {stat.S_IMODE(p.stat().st_mode) for p in private if p.is_file()} == {0o600}


def test_a_data_file_keeps_its_mode(root: Path) -> None:
    with Workspace.open(root) as ws:
        made = add(ws, name="x")
    file = next((root / "data").rglob("*.jsonl"))
    file.chmod(0o640)
    with Workspace.open(root) as ws:
        edit(ws, made, name="y")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ('{"format": 2, "id": "01KB0000000000000000000000", "name": "x"}', Invalid, "later tuicrm"),
        ('{"format": 1,\n "id" "x"}', Damaged, "line 2, column 7"),
        ('{"format": 1, "id": "x", "name": "y"}', Damaged, "id"),
        ("[]", Damaged, "format"),
    ],
)
def test_a_workspace_that_cannot_be_opened(root: Path, content: str, error: type[Exception], said: str) -> None:
    (root / "tuicrm.json").write_text(content)
    before = sorted(root.rglob("*"))
    with pytest.raises(error, match=said):
        Workspace.open(root)
    assert sorted(root.rglob("*")) == before


def test_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Workspace.open(tmp_path)
    with pytest.raises(NotFound):
        Workspace.open(tmp_path / "missing")


def test_unknown_kinds_and_fields_live_through_edits(root: Path) -> None:
    made = "01KB0000000000000000000000"
    folder = root / "data" / "ticket"
    folder.mkdir(parents=True)
    odd = f'{{"_x":{{"k":["z"]}},"future":{{"a":{{"b":1}}}},"id":"{made}","name":"x"}}\n'
    (folder / "00.jsonl").write_text(odd)
    with Workspace.open(root) as ws:
        assert ws.kinds() == ["ticket"]
        ws.commit([Write("ticket", made, {"name": "y"})], by="", note="")
    found = lines(root, "ticket")[0]
    assert (found["future"], found["_x"], found["name"]) == ({"a": {"b": 1}}, {"k": ["z"]}, "y")


def test_reserved_fields_odd_kinds_and_odd_ids_are_refused(workspace: Workspace) -> None:
    for kind, made, fields in (
        ("deal", workspace.new_id(), {"_v": {}}),
        ("deal", workspace.new_id(), {"id": "x"}),
        ("../deal", workspace.new_id(), {"a": "1"}),
        ("deal", "not-an-id", {"a": "1"}),
        ("activity", "../../etc/passwd", {"a": "1"}),
        ("activity", "7ZZZZZZZZZZZZZZZZZZZZZZZZZ", {"a": "1"}),
        ("deal", workspace.new_id(), {"a": "\ud800"}),
        ("deal", workspace.new_id(), {"a": 2**70}),
    ):
        with pytest.raises(Invalid):
            workspace.commit([Write(kind, made, fields)], by="", note="")
    with pytest.raises(Invalid):
        workspace.all("../deal")


def test_opening_imports_no_more_than_it_needs() -> None:
    script = "import sys, tuicrm.store.workspace; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"tinydb", "subprocess", "hashlib", "ctypes", "tempfile"} & set(loaded)
