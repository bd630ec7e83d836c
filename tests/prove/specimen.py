"""A small workspace that has every file there is, and what it says while nothing is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from tests.prove.trees import Tree, take_up
from tuicrm.store import codec, files, kept, private, whole
from tuicrm.store.changes import Write
from tuicrm.store.contenthash import content
from tuicrm.store.install import NewFile
from tuicrm.store.join import apply
from tuicrm.store.local import Local
from tuicrm.store.workspace import Workspace
from tuicrm.sync.report import Last, remember
from tuicrm.sync.resuming import UNDERWAY
from tuicrm.sync.seen import Cache

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tuicrm.store.contenthash import Content

IDS = tuple(f"01M5V{letter}000000000000000000ZZ" for letter in "ABCD")
CALL = "01M5VG000000000000000000AA"
CONFIG = "config.toml"
USER = "ann"
OID = "1f" * 20


class Specimen(NamedTuple):
    """The workspace's files, what is in them, and after each of the journal's transactions."""

    tree: Tree
    held: Content
    steps: Sequence[Content]
    """The content as of the files alone, then after each transaction of the journal."""
    undo: list[str]
    lost: list[Any]
    deltas: dict[tuple[str, str], Any]


def make(root: Path) -> Specimen:
    """Work until every file is there."""
    (root / ".git").mkdir()
    ws = Workspace.create(root, name="Acme")
    _write(ws, [("deal", IDS[0], {"name": "One"}), ("deal", IDS[1], {"name": "Two", "tags": ["hot"]})])
    _write(ws, [("deal", IDS[2], {"name": "Three", "value": "7.00"}), ("activity", CALL, {"deal": IDS[0]})])
    ws.checkpoint()
    ws.trim_kept()
    path = root / "data" / "deal" / f"{IDS[0][-2:]}.jsonl"
    _write(ws, [("deal", IDS[0], {"name": "Ours"})])
    records = codec.load(path.read_bytes()).records
    records[IDS[0]] = apply(records[IDS[0]], {"name": ("Theirs", ws.new_id())})
    path.write_bytes(codec.dump(records.values(), [b"{not a record"]))
    ws.all("deal")
    ws.checkpoint()
    before = path.read_bytes()
    records = codec.load(before).records
    records[IDS[1]] = apply(records[IDS[1]], {"owner": ("bob", ws.new_id())})
    assert ws.install([NewFile(f"data/deal/{path.name}", before, codec.dump(records.values(), [b"{not a record"]))])
    steps = [content(Workspace.open(root))]
    for changes in (
        [("deal", IDS[2], {"name": "3"})],
        [("conflict", IDS[3], {"path": "n"})],
        [("deal", CALL, {"n": "x"})],
    ):
        _write(ws, changes, undoable=changes[0][0] == "deal")
        steps.append(content(Workspace.open(root)))
    Local(ws.private).set("user", USER)
    whole.keep(ws.private, UNDERWAY, orjson.dumps({"commit": OID, "head": OID, "branch": "main"}))
    remember(ws.private, Last("2026-11-01T00:00:00Z", True, ""))
    Cache(ws.private).keep(OID, {}, {"data/deal/ZZ.jsonl": [1, 2, 3, 4, OID]})
    for name in ("tmp/deal-ZZ.jsonl", "incoming/data-deal-ZZ.jsonl", "journal.next", "undo.next"):
        (ws.private / name).write_bytes(b"left behind\n")
    (root / CONFIG).write_text('theme = "dark"\n[keys]\nquit = "q"\n')
    with ws._place.opened() as folder:
        deltas = kept.deltas(folder)
    undo = [repr(entry) for entry in ws.undo_log()]
    assert (files.stat_path(str(ws.private / private.QUARANTINE)), len(undo)) != (None, 0)
    return Specimen(take_up(root), content(ws), steps, undo, ws.take_losers(), deltas)


def _write(ws: Workspace, changes: list[tuple[str, str, dict[str, Any]]], *, undoable: bool = False) -> None:
    ws.commit([Write(*one) for one in changes], by=USER, note="", undoable=undoable)
