"""A disk that fails when the change is safe already, and a last change that is there but cannot be read."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import pytest

from tests.store.disk.oscalls import through
from tuicrm.errors import ReadOnly
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class _FailsAfterSync:
    """Calls of some names fail once the first sync is done, or, where `sync` is set, from that sync on."""

    def __init__(self, *names: str, sync: bool = False) -> None:
        self.names = names
        self.sync = sync
        self.synced = False
        self.failed = 0

    def __call__(self, name: str, call: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        self.synced = self.synced or (name == "fsync" and self.sync)
        if self.synced and name in self.names:
            self.failed += 1
            if name == "close":
                call(*args, **options)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        found = call(*args, **options)
        self.synced = self.synced or name == "fsync"
        return found


@pytest.mark.parametrize("names", [("fstat",), ("close",), ("flock",), ("fstat", "close", "flock")])
def test_a_change_that_is_safe_is_acknowledged_whatever_fails_after_that(
    workspace: Workspace, names: tuple[str, ...]
) -> None:
    workspace.commit([Write("deal", workspace.new_id(), {"n": "0"})], by="", note="")
    workspace.all("deal")
    made = workspace.new_id()
    fails = _FailsAfterSync(*names)
    with through(fails):
        workspace.commit([Write("deal", made, {"n": "1"})], by="", note="")
    assert fails.failed
    assert workspace.all("deal")[made]["n"] == "1"
    workspace.commit([Write("deal", workspace.new_id(), {"n": "2"})], by="", note="")
    assert [deal["n"] for deal in Workspace.open(workspace.root).all("deal").values()] == ["0", "1", "2"]


def test_a_failed_sync_is_told_as_that_where_closing_fails_too(workspace: Workspace) -> None:
    workspace.commit([Write("deal", workspace.new_id(), {"n": "0"})], by="", note="")
    with (
        through(_FailsAfterSync("fsync", "ftruncate", "close", sync=True)),
        pytest.raises(ReadOnly, match="did not confirm"),
    ):
        workspace.commit([Write("deal", workspace.new_id(), {"n": "1"})], by="", note="")


def test_a_last_change_whose_checksum_is_wrong_is_told_until_somebody_looked(root: Path) -> None:
    ws = Workspace.open(root)
    for number in range(2):
        ws.commit([Write("deal", ws.new_id(), {"n": f"value {number}"})], by="", note="")
    path = ws.private / "journal"
    path.write_bytes(path.read_bytes().replace(b"value 1", b"value 2"))
    reader = Workspace.open(root)
    assert [deal["n"] for deal in reader.all("deal").values()] == ["value 0"]
    (told,) = reader.problems()
    assert (told.path, told.line) == (str(path), 3)
    assert "checksum" in told.reason
    reader.commit([Write("deal", reader.new_id(), {"n": "value 3"})], by="", note="")
    (told,) = Workspace.open(root).problems()
    aside = reader.private / "quarantine" / told.path.rpartition("/")[2]
    assert b"value 2" in aside.read_bytes()
    aside.unlink()
    assert Workspace.open(root).problems() == []


def test_a_change_that_a_crash_cut_short_is_no_problem(root: Path) -> None:
    ws = Workspace.open(root)
    ws.commit([Write("deal", ws.new_id(), {"n": "0"})], by="", note="")
    with (ws.private / "journal").open("ab") as journal:
        journal.write(b'12345678 {"by":"ann"')
    assert Workspace.open(root).problems() == []
    ws.commit([Write("deal", ws.new_id(), {"n": "1"})], by="", note="")
    assert Workspace.open(root).problems() == []
    assert len(list((ws.private / "quarantine").glob("journal-tail-*"))) == 1
