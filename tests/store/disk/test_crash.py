"""What survives a crash, a full disk and a failing one: every acknowledged change, and never half of one."""

from __future__ import annotations

import contextlib
import errno
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.errors import ReadOnly, TuicrmError
from tuicrm.store import codec
from tuicrm.store.changes import Purge, Remove, Write
from tuicrm.store.join import apply
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAIRS = 3


class Story:
    """Pairs of records, each pair in one transaction, a checkpoint between and after; `safe` are the acknowledged."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.safe: list[tuple[str, str]] = []
        self.edited = ""

    def run(self) -> None:
        ws = Workspace.open(self.root)
        ws.all("deal")
        for number in range(PAIRS):
            deal, call = ws.new_id(), ws.new_id()
            pair = [Write("deal", deal, {"n": str(number)}), Write("activity", call, {"deal": deal})]
            ws.commit(pair, by="", note="")
            self.safe.append((deal, call))
            if number:
                ws.checkpoint()
        ws.commit([Write("deal", self.safe[0][0], {"n": "edited"})], by="", note="")
        self.edited = self.safe[0][0]
        ws.close()

    def check(self) -> None:
        ws = Workspace.open(self.root)
        deals, calls = ws.all("deal"), ws.all("activity")
        assert {pair[0] for pair in self.safe} <= set(deals)
        assert {call["deal"] for call in calls.values()} == set(deals)
        assert len(self.safe) <= len(deals) <= len(self.safe) + 1
        if self.edited:
            assert deals[self.edited]["n"] == "edited"
        assert [p for p in ws.problems() if p.raw] == []
        fresh = ws.new_id()
        ws.commit([Write("deal", fresh, {"n": "after"})], by="", note="")
        ws.checkpoint()
        before = dict(ws.all("deal"))
        assert dict(Workspace.open(self.root).all("deal")) == before
        assert not (self.root / ".git" / "index.lock").exists()
        assert f'"{fresh}"' in (self.root / "data" / "deal" / f"{fresh[-2:]}.jsonl").read_text()


def test_a_crash_at_any_call_loses_nothing_acknowledged(make_root: Callable[[], Path], shim: Any) -> None:
    whole = Story(make_root())
    whole.run()
    total = len(shim.calls)
    assert total > 100
    for number in range(1, total + 1):
        story = Story(make_root())
        shim.clear()
        shim.crash_at = number
        with pytest.raises(shim.Crash):
            story.run()
        shim.clear()
        story.check()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_an_error_at_any_call_is_a_sentence_and_loses_nothing(
    make_root: Callable[[], Path], shim: Any, number: int
) -> None:
    whole = Story(make_root())
    whole.run()
    total = len(shim.calls)
    for failing in range(1, total + 1, 1 if number == errno.ENOSPC else 3):
        story = Story(make_root())
        shim.clear()
        shim.errno = number
        shim.fail_at = failing
        with contextlib.suppress(TuicrmError):
            story.run()
        shim.clear()
        story.check()


def test_a_full_disk_is_named_and_the_next_change_succeeds(workspace: Workspace, shim: Any) -> None:
    workspace.commit([Write("lead", workspace.new_id(), {"n": "0"})], by="", note="")
    workspace.all("deal")
    journal = (workspace.private / "journal").read_bytes()
    shim.fail_names = {"write_at"}
    with pytest.raises(ReadOnly, match=r"the disk is full\.$"):
        workspace.commit([Write("deal", workspace.new_id(), {"n": "1"})], by="", note="")
    assert dict(workspace.all("deal")) == {}
    assert (workspace.private / "journal").read_bytes() == journal
    shim.clear()
    workspace.commit([Write("deal", workspace.new_id(), {"n": "2"})], by="", note="")
    assert [deal["n"] for deal in Workspace.open(workspace.root).all("deal").values()] == ["2"]


def test_after_a_failed_sync_nothing_more_is_written(workspace: Workspace, shim: Any) -> None:
    first = workspace.new_id()
    workspace.commit([Write("deal", first, {"n": "1"})], by="", note="")
    shim.errno = errno.EIO
    shim.fail_names = {"sync"}
    with pytest.raises(ReadOnly, match="did not confirm"):
        workspace.commit([Write("deal", workspace.new_id(), {"n": "2"})], by="", note="")
    shim.clear()
    with pytest.raises(ReadOnly, match="did not confirm"):
        workspace.commit([Write("deal", workspace.new_id(), {"n": "3"})], by="", note="")
    assert list(Workspace.open(workspace.root).all("deal")) == [first]


def test_a_folder_without_write_permission_can_be_read(workspace: Workspace, shim: Any) -> None:
    kept = workspace.new_id()
    workspace.commit([Write("deal", kept, {"n": "1"})], by="", note="")
    workspace.checkpoint()
    shim.errno = errno.EACCES
    shim.fail_names = {"open_write", "open_existing", "open_new", "make_folder", "replace", "link", "remove"}
    reader = Workspace.open(workspace.root)
    assert list(reader.all("deal")) == [kept]
    with pytest.raises(ReadOnly, match="permission denied"):
        reader.commit([Write("deal", kept, {"n": "2"})], by="", note="")
    assert reader.refresh() == ()


def test_a_crash_while_what_was_lost_is_dropped_leaves_nothing_lying_about(
    make_root: Callable[[], Path], shim: Any
) -> None:
    number = 0
    while True:
        number += 1
        root = make_root()
        shim.clear()
        deal = with_losers(root)
        shim.clear()
        shim.crash_at = number
        try:
            ws = Workspace.open(root)
            ws.drop_losers(ws.take_losers())
        except shim.Crash:
            shim.clear()
        else:
            break
        ws = Workspace.open(root)
        assert len(ws.take_losers()) in (0, 2)
        ws.commit([Write("deal", deal, {"n": "after"})], by="", note="")
        ws.checkpoint()
        assert {one.name for one in ws.private.rglob("*") if "lost" in one.name} <= {"lost.jsonl"}
    assert number > 10


def with_losers(root: Path) -> str:
    """A workspace in which two values gave way to what git brought."""
    ws = Workspace.open(root)
    deal = ws.new_id()
    ws.commit([Write("deal", deal, {"n": "1", "m": "1"})], by="", note="")
    ws.checkpoint()
    ws.commit([Write("deal", deal, {"n": "mine", "m": "mine"})], by="", note="")
    later = {name: (f"theirs {name}", ws.new_id()) for name in ("n", "m")}
    record = apply({"id": deal, "n": "1", "m": "1"}, later)
    (root / "data" / "deal" / f"{deal[-2:]}.jsonl").write_bytes(codec.dump([record], []))
    ws.checkpoint()
    assert len(ws.take_losers()) == 2
    return deal


def test_forgetting_that_was_cut_short_is_done_whole_the_next_time(make_root: Callable[[], Path], shim: Any) -> None:
    number = 0
    while True:
        number += 7
        root = make_root()
        shim.clear()
        ws = Workspace.open(root)
        about = "deal", ws.new_id()
        for change in (Write(*about, {"n": "secret"}), Write(*about, {"n": "secret too"}), Remove(*about)):
            ws.commit([change], by="", note="")
            ws.checkpoint()
        tx = ws.commit([Purge(*about)], by="", note="", undoable=False).tx
        shim.clear()
        shim.crash_at = number
        try:
            ws.forget({about[1]}, str, keep=tx)
        except shim.Crash:
            shim.clear()
        else:
            break
        ws = Workspace.open(root)
        assert ws.dead("deal")[about[1]].keys() == {"id", "_del"}
        ws.forget({about[1]}, str, keep=tx)
        ws.checkpoint()
        assert [one for one in root.rglob("*") if one.is_file() and b"secret" in one.read_bytes()] == []
    assert number > 50
