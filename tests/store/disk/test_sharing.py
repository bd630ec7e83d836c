"""Several processes, git and editors on one workspace at once."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.errors import Busy
from tuicrm.store import files
from tuicrm.store.changes import Remove, Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHO = {"by": "", "note": ""}
WRITER = """
import sys
from pathlib import Path
from tuicrm.store.workspace import Workspace
from tuicrm.store.changes import Write
root, count, every = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
ws = Workspace.open(root)
for number in range(count):
    deal, call = ws.new_id(), ws.new_id()
    ws.commit([Write("deal", deal, {"n": str(number)}), Write("activity", call, {"deal": deal})], by="w", note="n")
    print(deal, flush=True)
    if every and number % every == 0:
        ws.checkpoint()
ws.close()
"""


def writer(root: Path, count: int, every: int) -> subprocess.Popen[str]:
    args = [sys.executable, "-c", WRITER, str(root), str(count), str(every)]
    return subprocess.Popen(args, stdout=subprocess.PIPE, text=True)


def git(root: Path, *args: str) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@acme.example")
    subprocess.run(["git", "-C", str(root), *who, *args], check=True, capture_output=True)


def test_four_processes_write_at_once_and_nothing_is_missing(root: Path) -> None:
    writers = [writer(root, 200, every) for every in (0, 7, 20, 50)]
    said = [set(process.communicate()[0].split()) for process in writers]
    assert [process.returncode for process in writers] == [0] * 4
    ws = Workspace.open(root)
    assert set(ws.all("deal")) == set().union(*said)
    assert len(ws.all("deal")) == 800
    assert {call["deal"] for call in ws.all("activity").values()} == set(ws.all("deal"))


def test_a_reader_never_sees_half_of_a_transaction(root: Path) -> None:
    process = writer(root, 400, 3)
    looks = 0
    following = Workspace.open(root)
    following.all("deal")
    following.all("activity")
    while process.poll() is None:
        fresh = Workspace.open(root)
        # The kind read first may be one transaction behind; reading the second brings both to one state.
        fresh.all("activity")
        deals, calls = fresh.all("deal"), fresh.all("activity")
        assert {call["deal"] for call in calls.values()} == set(deals)
        following.refresh()
        assert {c["deal"] for c in following.all("activity").values()} == set(following.all("deal"))
        looks += 1
    said = set(process.communicate()[0].split())
    following.refresh()
    assert set(following.all("deal")) == said
    assert looks > 5


@pytest.mark.parametrize("every", [0, 2])
def test_what_a_killed_writer_acknowledged_is_there(root: Path, every: int) -> None:
    process = writer(root, 100_000, every)
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(30)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.read().split()
    process.wait()
    ws = Workspace.open(root)
    assert set(said) <= set(ws.all("deal"))
    assert {call["deal"] for call in ws.all("activity").values()} == set(ws.all("deal"))
    ws.commit([Write("deal", ws.new_id(), {"n": "after"})], by="", note="")
    ws.checkpoint()
    assert not (root / ".git" / "index.lock").exists()


def test_a_lock_held_elsewhere_makes_it_busy(workspace: Workspace) -> None:
    fd = os.open(workspace.private / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(fd, fcntl.LOCK_EX)
    workspace.wait = 0.05
    with pytest.raises(Busy, match=r"0\.05 seconds"):
        workspace.commit([Write("deal", workspace.new_id(), {"n": "1"})], by="", note="")
    assert dict(workspace.all("deal")) == {}, "reading goes on"
    os.close(fd)
    workspace.commit([Write("deal", workspace.new_id(), {"n": "1"})], by="", note="")


def test_a_refresh_never_waits_for_a_thread_that_writes(workspace: Workspace) -> None:
    workspace.all("deal")
    fd = os.open(workspace.private / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(fd, fcntl.LOCK_EX)
    made = workspace.new_id()
    thread = threading.Thread(target=workspace.commit, args=([Write("deal", made, {"n": "1"})],), kwargs=WHO)
    thread.start()
    assert workspace.refresh() == ()
    assert thread.is_alive()
    os.close(fd)
    thread.join()
    assert list(workspace.all("deal")) == [made]


def test_a_lock_on_a_file_that_was_replaced_counts_for_nothing(workspace: Workspace, shim: Any) -> None:
    lock, fresh = workspace.private / "lock", workspace.private / "fresh"
    first = os.open(lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(first, fcntl.LOCK_EX)
    second = os.open(fresh, os.O_RDWR | os.O_CREAT)
    fcntl.flock(second, fcntl.LOCK_EX)
    workspace.wait = 0.5
    raised: list[Exception] = []

    def commit() -> None:
        try:
            workspace.commit([Write("deal", workspace.new_id(), {"n": "1"})], by="", note="")
        except Busy as error:
            raised.append(error)

    thread = threading.Thread(target=commit)
    thread.start()
    while shim.calls.count("lock") < 2:
        time.sleep(0.001)
    fresh.rename(lock)
    os.close(first)
    thread.join()
    os.close(second)
    assert len(raised) == 1


def test_refresh_tells_what_another_process_did(root: Path) -> None:
    ws, other = Workspace.open(root), Workspace.open(root)
    made = ws.new_id()
    ws.commit([Write("deal", made, {"n": "1"})], by="", note="")
    ws.all("deal")
    assert ws.refresh() == (), "own changes are no news"
    other.commit([Write("deal", made, {"n": "2"})], by="", note="")
    before = ws.revision
    assert ws.refresh() == (("deal", made),)
    assert ws.all("deal")[made]["n"] == "2"
    assert ws.revision > before
    other.checkpoint()
    assert ws.refresh() == ()
    other.commit([Write("deal", made, {"n": "3"})], by="", note="")
    other.checkpoint()
    assert ws.refresh() == (("deal", made),)
    other.commit([Remove("deal", made)], by="", note="")
    assert ws.refresh() == (("deal", made),)
    assert not ws.all("deal")
    assert ws.refresh() == ()


def test_what_a_commit_caught_up_with_is_told_by_the_next_refresh(root: Path) -> None:
    ws, other = Workspace.open(root), Workspace.open(root)
    ws.all("deal")
    theirs, ours = other.new_id(), ws.new_id()
    other.commit([Write("deal", theirs, {"n": "1"})], by="", note="")
    ws.commit([Write("deal", ours, {"n": "2"})], by="", note="")
    assert set(ws.all("deal")) == {theirs, ours}
    assert ws.refresh() == (("deal", theirs),)


def test_a_refresh_without_news_makes_a_few_calls_however_many_records(root: Path, shim: Any) -> None:
    ws = Workspace.open(root)
    ids = [ws.new_id() for _ in range(500)]
    ws.commit([Write("deal", made, {"n": "1"}) for made in ids], by="", note="")
    ws.checkpoint()
    ws.all("deal")
    time.sleep(0.03)
    ws.refresh()
    ws.refresh()
    shim.clear()
    assert ws.refresh() == ()
    assert len(shim.calls) <= 3
    shim.clear()
    ws.commit([Write("deal", ids[7], {"n": "2"})], by="", note="")
    assert len(shim.calls) <= 30


def test_a_file_that_is_replaced_while_names_are_listed_is_not_missed(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Workspace.open(root) as ws:
        ws.commit([Write("deal", id_, {"name": "x"}) for id_ in ws.new_ids(3000)], by="", note="")
    folder = root / "data" / "deal"
    assert len(list(folder.iterdir())) > 900
    scan = files.scan
    moved: list[str] = []

    def scanned(fd: int) -> list[os.DirEntry[str]]:
        found = scan(fd)
        if moved or len(found) < 900:
            return found
        # What tmpfs and btrfs do where a listing takes several calls: the file's new entry lies behind the last one.
        path = folder / found[-1].name
        path.with_suffix(".next").write_bytes(path.read_bytes())
        path.with_suffix(".next").replace(path)
        moved.append(path.name)
        return found[:-1]

    monkeypatch.setattr(files, "scan", scanned)
    assert len(Workspace.open(root).all("deal")) == 3000
    assert moved


def test_git_that_moves_the_files_is_followed_at_once(root: Path) -> None:
    with Workspace.open(root) as ws:
        made = ws.new_id()
        ws.commit([Write("deal", made, {"n": "1"})], by="", note="")
        ws.checkpoint()
        git(root, "add", "-A")
        git(root, "commit", "-qm", "one")
        ws.commit([Write("deal", made, {"n": "2"})], by="", note="")
        extra = ws.new_id()
        ws.commit([Write("deal", extra, {"n": "3"})], by="", note="")
        ws.checkpoint()
        git(root, "add", "-A")
        git(root, "commit", "-qm", "two")
        ws.all("deal")
        ws.refresh()
        git(root, "checkout", "-q", "HEAD~1")
        assert set(ws.refresh()) == {("deal", made), ("deal", extra)}
        assert {made: "1"} == {id_: record["n"] for id_, record in ws.all("deal").items()}
        git(root, "checkout", "-q", "-")
        ws.refresh()
        assert {made: "2", extra: "3"} == {id_: record["n"] for id_, record in ws.all("deal").items()}


def test_an_edit_in_place_is_seen_though_nothing_announces_it(root: Path) -> None:
    with Workspace.open(root) as ws:
        made = ws.new_id()
        ws.commit([Write("deal", made, {"n": "1"})], by="", note="")
    file = root / "data" / "deal" / f"{made[-2:]}.jsonl"
    ws.all("deal")
    file.write_bytes(file.read_bytes().replace(b'"n":"1"', b'"n":"7"'))
    deadline = time.monotonic() + 10
    while ws.all("deal")[made]["n"] != "7":
        assert time.monotonic() < deadline
        ws.refresh()
        time.sleep(0.01)


def test_a_checkpoint_waits_for_git_and_git_for_it(root: Path) -> None:
    ws = Workspace.open(root)
    made = ws.new_id()
    ws.commit([Write("deal", made, {"n": "1"})], by="", note="")
    lock = root / ".git" / "index.lock"
    lock.write_bytes(b"")
    ws.checkpoint()
    assert not (root / "data").exists()
    assert lock.exists()
    assert list(Workspace.open(root).all("deal")) == [made]
    lock.unlink()
    ws.checkpoint()
    assert (root / "data" / "deal").exists()
    assert not lock.exists()


def test_a_lock_of_ours_left_behind_is_removed_by_the_next_writer(root: Path) -> None:
    ws = Workspace.open(root)
    ws.commit([Write("deal", ws.new_id(), {"n": "1"})], by="", note="")
    ws.checkpoint()
    lock = root / ".git" / "index.lock"
    os.link(ws.private / "index.lock.own", lock)
    ws.commit([Write("deal", ws.new_id(), {"n": "2"})], by="", note="")
    assert not lock.exists()


def test_a_journal_cut_back_by_another_process_is_read_again(root: Path) -> None:
    ws, reader = Workspace.open(root), Workspace.open(root)
    one, ghost, two = ws.new_id(), ws.new_id(), ws.new_id()
    ws.commit([Write("deal", one, {"n": "1"})], by="", note="")
    journal = ws.private / "journal"
    before = journal.read_bytes()
    ws.commit([Write("deal", ghost, {"n": "2"})], by="", note="")
    assert set(reader.all("deal")) == {one, ghost}
    journal.write_bytes(before)
    assert reader.refresh() == (("deal", ghost),)
    Workspace.open(root).commit([Write("deal", two, {"n": "2", "more": "longer than it was"})], by="", note="")
    reader.refresh()
    assert set(reader.all("deal")) == {one, two}


def test_a_line_cut_back_and_replaced_by_one_as_long_is_read_again(root: Path) -> None:
    ws, reader = Workspace.open(root), Workspace.open(root)
    one, ghost, two = ws.new_id(), ws.new_id(), ws.new_id()
    ws.commit([Write("deal", one, {"n": "1"})], by="", note="")
    journal = ws.private / "journal"
    before = journal.read_bytes()
    ws.commit([Write("deal", ghost, {"n": "2"})], by="", note="")
    size = journal.stat().st_size
    assert set(reader.all("deal")) == {one, ghost}
    journal.write_bytes(before)
    Workspace.open(root).commit([Write("deal", two, {"n": "2"})], by="", note="")
    assert journal.stat().st_size == size
    assert set(reader.refresh()) == {("deal", ghost), ("deal", two)}
    assert set(reader.all("deal")) == {one, two}


def test_a_large_transaction_is_one_undo_entry_and_loads_back(make_root: Callable[[], Path]) -> None:
    root = make_root()
    with Workspace.open(root) as ws:
        ids = [ws.new_id() for _ in range(3_000)]
        ws.commit([Write("contact", made, {"name": f"P {n}"}) for n, made in enumerate(ids)], by="", note="import")
        [entry] = ws.undo_log()
        assert len(entry.steps) == 3_000
        assert list(ws.all("contact")) == ids
    fresh = Workspace.open(root)
    assert list(fresh.all("contact")) == ids
    assert fresh.all("contact") == ws.all("contact")
