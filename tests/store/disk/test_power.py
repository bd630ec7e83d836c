"""Power cuts at moments that a day's work by chance may miss, with every order in which names reach the disk."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.prove.disk import Recorder
from tests.prove.look import look
from tests.prove.power import states
from tests.prove.trees import empty, lay_out
from tests.store.disk.incoming import OLD, ONE, line, put
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.prove.trees import Tree


def _left(disk: Recorder, root: Path) -> Iterator[Tree]:
    """Lay out each state that a cut could leave."""
    for tree in {tree for *_, tree in states(disk, random.Random(1), 10_000)}:
        empty(root)
        lay_out(tree, root)
        yield tree


def test_the_first_value_that_gave_way_is_told_after_any_cut(root: Path, quick_folder: Path) -> None:
    put(root, line(id=ONE, n="old"))
    ws = Workspace.open(root)
    ws.commit([Write("deal", ONE, {"n": "mine"})], by="ann", note="")
    put(root, line(id=ONE, n="theirs", _v={"n": OLD}))
    disk = Recorder(root)
    with disk.recording():
        disk.mark(0, done=False)
        ws.checkpoint()
        disk.mark(0, done=True)
    place = quick_folder / "place"
    place.mkdir(0o700)
    tried = 0
    for _ in _left(disk, place):
        found = look(place)
        assert found.trouble == ""
        assert found.losers == {"theirs"}
        tried += 1
    assert tried > 20


def test_the_torn_end_of_a_journal_is_kept_after_any_cut_while_it_is_cut_off(root: Path, quick_folder: Path) -> None:
    ws = Workspace.open(root)
    ws.commit([Write("deal", ws.new_id(), {"n": "1"})], by="ann", note="")
    torn = b'12345678 {"by":"ann"'
    with (ws.private / "journal").open("ab") as journal:
        journal.write(torn)
    disk = Recorder(root)
    with disk.recording():
        disk.mark(0, done=False)
        Workspace.open(root).commit([Write("deal", ws.new_id(), {"n": "2"})], by="ann", note="")
        disk.mark(0, done=True)
    place = quick_folder / "place"
    place.mkdir(0o700)
    for tree in _left(disk, place):
        private = [data or b"" for path, _, data in tree if path.startswith(".git/tuicrm/")]
        assert any(data.endswith(torn) for data in private)
