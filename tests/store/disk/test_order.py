"""In which order things reach the disk: bytes before the name that shows them, names before what made them needless."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

import pytest

from tests.store.disk.incoming import OLD, line, put
from tuicrm.store import files
from tuicrm.store.changes import Write
from tuicrm.store.install import NewFile
from tuicrm.store.placing import FEW
from tuicrm.store.private import JOURNAL
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

MANY = 2 * FEW


class Watch:
    """Knows what a power cut could still take away: bytes of files, and names in folders."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.bytes: set[int] = set()
        self.names: dict[int, set[str]] = {}
        self.swapped: list[str] = []
        self.journals = 0
        for name in ("write_at", "cut", "sync", "sync_file_system", "replace", "make_folder"):
            real = getattr(files, name)
            patch.setattr(files, name, self._watched(getattr(self, f"_{name}"), real))

    def _watched(self, note: Any, real: Any) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            note(*args)
            return real(*args, **options)

        return call

    def _write_at(self, fd: int, data: bytes, offset: int) -> None:
        self.bytes.add(os.fstat(fd).st_ino)

    def _cut(self, fd: int, size: int) -> None:
        self.bytes.add(os.fstat(fd).st_ino)

    def _sync(self, fd: int) -> None:
        found = os.fstat(fd)
        if stat.S_ISDIR(found.st_mode):
            self.names.pop(found.st_ino, None)
        self.bytes.discard(found.st_ino)

    def _sync_file_system(self, fd: int) -> None:
        self.bytes.clear()
        self.names.clear()

    def _replace(self, name: str, folder: int, to: str, to_folder: int) -> None:
        inode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_ino
        assert inode not in self.bytes, f"{to} is swapped in before its bytes are safe"
        where = os.fstat(to_folder).st_ino
        if to == JOURNAL:
            self.journals += 1
            unsafe = {one for folder, names in self.names.items() if folder != where for one in names}
            assert not unsafe, f"the journal is replaced while {unsafe} may still go"
        self.names.setdefault(where, set()).add(to)
        self.swapped.append(to)

    def _make_folder(self, name: str, folder: int) -> None:
        self.names.setdefault(os.fstat(folder).st_ino, set()).add(name)

    def acknowledged(self, ws: Workspace) -> None:
        """A change is safe: its line, and the name of the journal that holds it."""
        assert (ws.private / JOURNAL).stat().st_ino not in self.bytes
        assert JOURNAL not in self.names.get(ws.private.stat().st_ino, ())


@pytest.mark.parametrize("count", [3, MANY])
def test_a_change_is_safe_before_it_is_acknowledged_and_the_files_before_the_journal_goes(
    root: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    watch, ws = Watch(monkeypatch), Workspace.open(root)
    ids = [ws.new_id() for _ in range(count)]
    for number in range(2):
        changes = [Write(kind, id_, {"n": str(number)}) for id_ in ids for kind in ("deal", "activity")]
        ws.commit(changes, by="", note="")
        watch.acknowledged(ws)
        ws.checkpoint()
        watch.acknowledged(ws)
    assert len({id_[-2:] for id_ in ids} & {name[:2] for name in watch.swapped}) == len({id_[-2:] for id_ in ids})
    assert watch.journals == 3


@pytest.mark.parametrize("count", [3, MANY])
def test_what_arrives_is_safe_before_it_is_swapped_in(root: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    ws, new = Workspace.open(root), []
    for number in range(count):
        id_, path = f"{OLD[:-2]}{number:02d}", f"data/deal/{number:02d}.jsonl"
        seen = put(root, line(id=id_, n="old"), path) if number % 2 else None
        new.append(NewFile(path, seen, line(id=id_, n="new")))
    with monkeypatch.context() as patch:
        watch = Watch(patch)
        assert ws.install(new)
        assert len(watch.swapped) >= count
        assert watch.names.get((root / "data" / "deal").stat().st_ino) is None
        assert watch.journals == 1
