"""What tries to make the store lose a change: files that move under it, forks, disks without hard links."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from tuicrm.errors import Damaged
from tuicrm.store import files, lost, undolog
from tuicrm.store.changes import Write
from tuicrm.store.join import join
from tuicrm.store.pending import Loser
from tuicrm.store.ulid import Clock
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def put(ws: Workspace, id_: str = "", **fields: object) -> str:
    made = id_ or ws.new_id()
    ws.commit([Write("deal", made, fields)], by="ann", note="")
    return made


def data_file(root: Path, id_: str) -> Path:
    return root / "data" / "deal" / f"{id_[-2:]}.jsonl"


def test_an_edit_of_a_record_whose_file_git_took_away_wins_when_it_comes_back(root: Path) -> None:
    ws = Workspace.open(root)
    made = put(ws, stage="lead", name="Acme")
    put(ws, made, stage="talks")
    ws.checkpoint()
    assert ws.get("deal", made)
    file = data_file(root, made)
    away = file.rename(root / "away")
    put(ws, made, stage="won")
    away.rename(file)
    ws.checkpoint()
    found = Workspace.open(root).get("deal", made)
    assert found is not None
    assert (found["stage"], found["name"]) == ("won", "Acme")


def test_an_edit_after_a_refresh_that_saw_the_record_vanish_wins_as_well(root: Path) -> None:
    ws = Workspace.open(root)
    made = put(ws, stage="lead")
    put(ws, made, stage="talks")
    ws.checkpoint()
    assert ws.get("deal", made)
    file = data_file(root, made)
    away = file.rename(root / "away")
    ws._picture.settle(scan=True)
    assert ws.get("deal", made) is None
    put(ws, made, stage="won")
    away.rename(file)
    found = Workspace.open(root).get("deal", made)
    assert found is not None
    assert found["stage"] == "won"


def test_an_editor_that_saves_while_a_checkpoint_writes_keeps_its_edit(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws = Workspace.open(root)
    made = put(ws, stage="lead", name="Acme")
    ws.checkpoint()
    file = data_file(root, made)
    put(ws, made, stage="won")
    real = files.sync

    def sync(fd: int) -> None:
        if b'"name":"Acme"' in file.read_bytes():
            file.write_bytes(file.read_bytes().replace(b'"name":"Acme"', b'"name":"Acme, by hand"'))
        real(fd)

    monkeypatch.setattr(files, "sync", sync)
    ws.checkpoint()
    found = Workspace.open(root).get("deal", made)
    assert found is not None
    assert (found["name"], found["stage"]) == ("Acme, by hand", "won")
    assert ws.get("deal", made) == found


def test_a_checkpoint_works_where_no_hard_links_can_be_made(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(files, "link", link)
    ws = Workspace.open(root)
    made = put(ws, stage="lead")
    lock = root / ".git" / "index.lock"
    lock.write_bytes(b"DIRC")
    ws.checkpoint()
    assert lock.read_bytes() == b"DIRC"
    assert not data_file(root, made).exists()
    lock.unlink()
    ws.checkpoint()
    assert made.encode() in data_file(root, made).read_bytes()
    assert not lock.exists()


def test_a_lock_that_git_took_after_ours_was_removed_by_hand_stays(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = Workspace.open(root)
    made = put(ws, stage="lead")
    lock = root / ".git" / "index.lock"
    real = files.replace

    def replace(name: str, folder: int, to: str, to_folder: int) -> None:
        if to.endswith(".jsonl"):
            lock.unlink()
            lock.write_bytes(b"DIRC")
        real(name, folder, to, to_folder)

    monkeypatch.setattr(files, "replace", replace)
    ws.checkpoint()
    assert lock.read_bytes() == b"DIRC"
    assert made.encode() in data_file(root, made).read_bytes()


def test_a_lock_of_ours_that_was_removed_by_hand_is_no_error(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = Workspace.open(root)
    made = put(ws, stage="lead")
    real = files.replace

    def replace(name: str, folder: int, to: str, to_folder: int) -> None:
        (root / ".git" / "index.lock").unlink(missing_ok=True)
        real(name, folder, to, to_folder)

    monkeypatch.setattr(files, "replace", replace)
    ws.checkpoint()
    assert made.encode() in data_file(root, made).read_bytes()


@pytest.fixture
def no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    root = tmp_path / "acme"
    Workspace.create(root, name="Acme").close()
    monkeypatch.undo()
    assert not (root / ".git").exists()
    return root


def make_repository(root: Path) -> None:
    subprocess.run(["git", "init", "-q", "--", str(root)], check=True, capture_output=True)


def test_git_that_appears_while_a_workspace_is_open_splits_nothing(no_git: Path) -> None:
    before = Workspace.open(no_git)
    before.all("deal")
    make_repository(no_git)
    after = Workspace.open(no_git)
    made = [put(after, n="1"), put(before, n="2"), put(after, n="3")]
    before.refresh()
    for ws in (before, after, Workspace.open(no_git)):
        assert set(ws.all("deal")) == set(made)


def test_a_private_folder_made_before_git_moves_where_clean_and_stash_do_not_reach(no_git: Path) -> None:
    before = Workspace.open(no_git)
    made = [put(before, n="1")]
    make_repository(no_git)
    assert set(Workspace.open(no_git).all("deal")) == set(made)
    made.append(put(Workspace.open(no_git), n="2"))
    made.append(put(before, n="3"))
    subprocess.run(["git", "-C", str(no_git), "clean", "-fdxq", "-e", "tuicrm.json"], check=True, capture_output=True)
    assert set(Workspace.open(no_git).all("deal")) == set(made)
    assert set(before.all("deal")) == set(made)
    assert len(before.undo_log()) == 3
    assert not (no_git / ".tuicrm").exists()


def test_a_git_directory_out_of_reach_is_named_and_no_second_journal_is_begun(root: Path) -> None:
    made = put(Workspace.open(root), n="1")
    (root / ".git").rename(root / "elsewhere")
    (root / ".git").write_text("gitdir: missing\n")
    with pytest.raises(Damaged, match="not there"):
        put(Workspace.open(root), n="2")
    (root / ".git").write_text("gitdir: elsewhere\n")
    assert list(Workspace.open(root).all("deal")) == [made]


def test_a_process_forked_during_a_write_does_not_keep_the_lock(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ws = Workspace.open(root)
    real = files.sync
    children: list[int] = []

    def sync(fd: int) -> None:
        if not children:
            child = os.fork()
            if not child:
                signal.pause()
                os._exit(0)
            children.append(child)
        real(fd)

    monkeypatch.setattr(files, "sync", sync)
    try:
        put(ws, n="1")
        other = Workspace.open(root)
        other.wait = 0.2
        put(other, n="2")
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def test_a_giant_step_can_be_undone_after_small_ones_and_pushes_few_out(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undolog, "MOST_BYTES", 4_000)
    monkeypatch.setattr(undolog, "KEPT_BYTES", 1_000)
    put(workspace, n="before")
    giant = [workspace.new_id() for _ in range(300)]
    workspace.commit([Write("deal", made, {"n": "1"}) for made in giant], by="ann", note="giant")
    for number in range(5):
        put(workspace, n=str(number))
    assert [len(entry.steps) for entry in workspace.undo_log()] == [1, 300, 1, 1, 1, 1, 1]


def test_the_undo_log_has_a_limit_for_giants_as_well(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undolog, "MOST_BYTES", 4_000)
    monkeypatch.setattr(undolog, "KEPT_BYTES", 1_000)
    monkeypatch.setattr(undolog, "LIMIT_BYTES", 20_000)
    for _ in range(6):
        giant = [workspace.new_id() for _ in range(300)]
        workspace.commit([Write("deal", made, {"n": "1"}) for made in giant], by="ann", note="giant")
    assert 10_000 < (workspace.private / undolog.NAME).stat().st_size < 40_000
    assert len(workspace.undo_log()[-1].steps) == 300


def test_a_note_of_a_lost_value_that_was_cut_short_does_not_swallow_the_next(workspace: Workspace) -> None:
    put(workspace, n="1")
    folder = files.open_root(str(workspace.private))
    for number in range(3):
        lost.note(folder, [Loser("deal", f"id{number}", "stage", "v", "lead")])
        if not number:
            log = workspace.private / lost.NAME
            log.write_bytes(log.read_bytes() + b'{"kind":"de')
        if number == 1:
            log.write_bytes(log.read_bytes() + b"[]\n7\n")
    files.close(folder)
    assert [problem.reason.split()[1] for problem in workspace.problems()] == ["id0:", "id1:", "id2:"]


def test_a_member_of_a_group_that_only_one_side_had_does_not_join_the_others(
    make_root: Callable[[], Path],
) -> None:
    def groups(kind: str) -> tuple[tuple[str, ...], ...]:
        return (("address", "city", "country"),)

    later = Clock(now_ms=lambda: 1_900_000_000_000)
    there = Workspace.open(make_root(), groups=groups)
    here = Workspace.open(make_root(), groups=groups, clock=later)
    made = there.new_id()
    for ws in (here, there):
        put(ws, made, name="Acme", city="Oslo")
    put(there, made, city="Lyon", country="FR")
    put(here, made, city="Bergen")
    one, two = here.get("deal", made), there.get("deal", made)
    assert one is not None
    assert two is not None
    joined = join(one, two)
    assert (joined["city"], joined.get("country")) == ("Bergen", None)


def test_threads_of_one_workspace_write_one_after_the_other(root: Path) -> None:
    ws = Workspace.open(root)
    made: list[str] = []

    def work() -> None:
        for number in range(25):
            made.append(put(ws, n=str(number)))
            ws.refresh()
            if number % 10 == 0:
                ws.checkpoint()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(Workspace.open(root).all("deal")) == set(made)
    assert len(made) == 100
