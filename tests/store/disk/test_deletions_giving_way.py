"""Deletions that give way where the journal meets what git has put into the files meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.store import codec
from tuicrm.store.changes import Purge, Remove, Revive, Write
from tuicrm.store.join import apply, bury
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.store.leaves import Record


@pytest.fixture
def deal(workspace: Workspace) -> Record:
    id_ = workspace.new_id()
    workspace.commit([Write("deal", id_, {"name": "Acme", "notes": "old"})], by="ann", note="")
    workspace.checkpoint()
    return dict(workspace.all("deal")[id_])


def arrives(root: Path, record: Record) -> None:
    """Git puts another version of the record into its file."""
    (root / "data" / "deal" / f"{record['id'][-2:]}.jsonl").write_bytes(codec.dump([record], []))


def given_way(ws: Workspace) -> list[tuple[str, object]]:
    ws.checkpoint()
    return [(one.path, one.value) for one in ws.take_losers()]


def test_a_deletion_in_the_journal_that_an_unseen_edit_overrules_is_noted(
    workspace: Workspace, root: Path, deal: Record
) -> None:
    workspace.commit([Remove("deal", deal["id"])], by="ann", note="")
    arrives(root, apply(deal, {"name": ("Theirs", workspace.new_id())}))
    assert given_way(workspace) == [("_del", "ann")]
    assert workspace.all("deal")[deal["id"]]["name"] == "Theirs"


def test_a_deletion_that_arrives_and_gives_way_to_an_edit_in_the_journal_is_noted(
    workspace: Workspace, root: Path, deal: Record
) -> None:
    workspace.commit([Write("deal", deal["id"], {"name": "Mine"})], by="ann", note="")
    arrives(root, bury(deal, "bob", workspace.new_id()))
    assert given_way(workspace) == [("_del", "bob")]
    assert workspace.all("deal")[deal["id"]]["name"] == "Mine"


def test_a_deletion_that_nothing_overrules_is_none(workspace: Workspace, root: Path, deal: Record) -> None:
    workspace.commit([Remove("deal", deal["id"])], by="ann", note="")
    arrives(root, bury(deal, "bob", workspace.new_id()))
    assert given_way(workspace) == []
    assert list(workspace.dead("deal")) == [deal["id"]]


def test_bringing_a_record_back_knowingly_overrules_nobody(workspace: Workspace, deal: Record) -> None:
    workspace.commit([Remove("deal", deal["id"])], by="ann", note="")
    workspace.checkpoint()
    workspace.commit([Revive("deal", deal["id"])], by="ann", note="")
    assert given_way(workspace) == []
    assert list(workspace.all("deal")) == [deal["id"]]


def test_what_was_erased_is_no_conflict_when_the_record_is_written_again(
    workspace: Workspace, root: Path, deal: Record
) -> None:
    about = "deal", deal["id"]
    for change in (Remove(*about), Purge(*about), Write(*about, {"name": "Again", "notes": "fresh"})):
        workspace.commit([change], by="ann", note="")
    assert given_way(workspace) == []
    assert b"old" not in b"".join(path.read_bytes() for path in root.rglob("*.jsonl") if path.name != "undo.jsonl")


def test_an_edit_that_the_eraser_had_not_seen_is_still_told_of(workspace: Workspace, root: Path, deal: Record) -> None:
    theirs = apply(deal, {"name": ("Theirs", workspace.new_id())})
    about = "deal", deal["id"]
    for change in (Remove(*about), Purge(*about), Write(*about, {"name": "Again"})):
        workspace.commit([change], by="ann", note="")
    arrives(root, theirs)
    assert given_way(workspace) == [("name", "Theirs")]
