"""What a workspace hands over to a sync: values that gave way, and old journals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.store.disk.incoming import NEWER, OLD, ONE, line, put
from tuicrm.store.changes import Write
from tuicrm.store.leaves import ABSENT, MEMBER
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def test_losers_are_handed_over_and_forgotten(workspace: Workspace, root: Path) -> None:
    def conflict(id_: str, was: Any, mine: Any, theirs: dict[str, Any]) -> None:
        path = f"data/deal/{id_[-2:]}.jsonl"
        put(root, line(id=id_, **was), path)
        workspace.commit([Write("deal", id_, mine)], by="ann", note="")
        put(root, line(id=id_, **theirs), path)
        workspace.checkpoint()

    workspace.all("deal")
    conflict(ONE, {"n": 1}, {"n": 2}, {"n": 3, "_v": {"n": NEWER}})
    taken = workspace.take_losers()
    assert [(one.kind, one.id, one.path, one.value, one.version) for one in taken] == [("deal", ONE, "n", 3, NEWER)]
    other = OLD[:-2] + "BB"
    conflict(other, {"tags": ["hot"]}, {"tags": ["hot", "x"]}, {"_v": {"tags/hot": NEWER, "tags/x": NEWER}})
    third = OLD[:-2] + "CC"
    conflict(third, {"tags": ["hot"]}, {"tags": None}, {"tags": ["hot"], "_v": {"tags/hot": NEWER}})
    workspace.drop_losers(taken)
    left = workspace.take_losers()
    assert [(one.id, one.path, one.value) for one in left] == [(other, "tags/x", ABSENT), (third, "tags/hot", MEMBER)]
    workspace.drop_losers(taken)
    assert workspace.take_losers() == left, "dropping twice is the same as once"
    workspace.drop_losers(left)
    assert Workspace.open(root).take_losers() == []


def test_before_the_first_change_there_is_nothing_to_hand_over(tmp_path: Path, root: Path) -> None:
    ws = Workspace.open(root)
    assert ws.take_losers() == []
    ws.trim_kept()
    assert not ws.has_unfolded


def test_kept_journals_go_when_a_commit_has_them_and_not_before(workspace: Workspace, root: Path) -> None:
    def kept() -> int:
        return len(list((workspace.private / "journals").iterdir()))

    for number in range(3):
        workspace.commit([Write("deal", ONE, {"n": str(number)})], by="ann", note="")
        workspace.checkpoint()
    assert kept() == 3
    workspace.checkpoint()
    with Workspace.open(root) as other:
        other.commit([Write("deal", ONE, {"n": "later"})], by="bob", note="")
    workspace.trim_kept()
    assert kept() == 1, "what another process carried over since is in no commit yet"
    workspace.trim_kept()
    assert kept() == 1
