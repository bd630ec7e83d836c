"""Data files as git, editors and crashes leave them: read right, healed later, nothing dropped."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.errors import Damaged
from tuicrm.store import segments
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

ONE = "01KB00000000000000000000AA"
TWO = "01KB10000000000000000000AA"
NEWER = "01KC00000000000000000000ZZ"


def line(**fields: Any) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def put(root: Path, data: bytes, kind: str = "deal", name: str = "AA.jsonl") -> Path:
    file = root / "data" / kind / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def touch(root: Path) -> None:
    """Edit a record of the file and carry it over, as any later command does."""
    with Workspace.open(root) as ws:
        ws.all("deal")
        ws.commit([Write("deal", ONE, {"touched": "yes"})], by="", note="")


def names(root: Path) -> dict[str, Any]:
    return {id_: record.get("name") for id_, record in Workspace.open(root).all("deal").items()}


def test_lines_that_a_union_merge_doubled_are_joined(root: Path) -> None:
    ours = line(id=ONE, name="A", stage="won", _v={"stage": NEWER})
    file = put(root, line(id=ONE, name="A", stage="lead") + ours + line(id=TWO, name="B"))
    assert Workspace.open(root).all("deal")[ONE]["stage"] == "won"
    touch(root)
    assert [json.loads(text)["id"] for text in file.read_bytes().splitlines()] == [ONE, TWO]
    assert names(root) == {ONE: "A", TWO: "B"}


def test_conflict_markers_are_dropped(root: Path) -> None:
    file = put(
        root,
        b"<<<<<<< HEAD\n" + line(id=ONE, name="A") + b"=======\n" + line(id=TWO, name="B") + b">>>>>>> theirs\n",
    )
    assert names(root) == {ONE: "A", TWO: "B"}
    touch(root)
    assert b"<<<" not in file.read_bytes()
    assert names(root) == {ONE: "A", TWO: "B"}


def test_a_file_that_is_not_tidy_is_tidied_with_any_other(root: Path) -> None:
    untidy = put(root, line(id="01KB00000000000000000000BB", name="x") * 2, name="BB.jsonl")
    put(root, line(id=ONE, name="A"))
    Workspace.open(root).all("deal")
    assert len(untidy.read_bytes().splitlines()) == 2, "reading writes nothing"
    touch(root)
    assert len(untidy.read_bytes().splitlines()) == 1


@pytest.mark.parametrize(
    "bad",
    [b"not json", b'{"id":"x"}', b'{"id":"01KB00000000000000000000AA","n":0.5}', b'{"a":1,"a":2}', b"\xff\xfe"],
)
def test_a_line_that_is_no_record_is_reported_copied_and_kept(root: Path, bad: bytes) -> None:
    file = put(root, bad + b"\n" + line(id=ONE, name="A"))
    ws = Workspace.open(root)
    assert names(root) == {ONE: "A"}
    [problem] = ws.problems()
    assert (problem.path, problem.line, problem.raw) == ("data/deal/AA.jsonl", 1, bad)
    assert problem.reason in str(problem)
    touch(root)
    assert file.read_bytes().splitlines()[-1] == bad
    assert len(file.read_bytes().splitlines()) == 2
    kept = list((ws.private / "quarantine").iterdir())
    assert [path.read_bytes() for path in kept] == [bad + b"\n"]
    Workspace.open(root).problems()
    assert list((ws.private / "quarantine").iterdir()) == kept


def test_a_record_in_the_wrong_file_is_found_and_stays_right(root: Path) -> None:
    put(root, line(id=ONE, name="A") + line(id=TWO, name="B"), name="ZZ.jsonl")
    touch(root)
    with Workspace.open(root) as ws:
        ws.all("deal")
        ws.commit([Write("deal", TWO, {"name": "B2"})], by="", note="")
        assert ws.all("deal")[TWO]["name"] == "B2"
        ws.checkpoint()
        ws.refresh()
        assert ws.all("deal")[ONE] == {**ws.all("deal")[ONE], "name": "A", "touched": "yes"}
    assert names(root) == {ONE: "A", TWO: "B2"}


def test_a_linked_file_or_folder_is_refused(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.jsonl"
    outside.write_bytes(line(id=ONE, name="secret"))
    folder = root / "data" / "deal"
    folder.mkdir(parents=True)
    (folder / "AA.jsonl").symlink_to(outside)
    ws = Workspace.open(root)
    assert not ws.all("deal")
    assert ["data/deal/AA.jsonl: it is a symbolic link" in str(p) for p in ws.problems()] == [True]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "AA.jsonl").write_bytes(line(id=ONE, name="secret"))
    (root / "data" / "lead").symlink_to(elsewhere)
    with pytest.raises(Damaged, match="data/lead"):
        Workspace.open(root).all("lead")


def test_a_checkpoint_never_writes_through_a_link(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.jsonl"
    outside.write_bytes(b"untouched\n")
    (root / "data" / "deal").mkdir(parents=True)
    (root / "data" / "deal" / "AA.jsonl").symlink_to(outside)
    with Workspace.open(root) as ws:
        ws.commit([Write("deal", ONE, {"name": "A"})], by="", note="")
    assert outside.read_bytes() == b"untouched\n"
    assert names(root) == {ONE: "A"}


def test_a_tail_torn_at_any_byte_is_ignored_and_then_cut(root: Path) -> None:
    ws = Workspace.open(root)
    ws.commit([Write("deal", ONE, {"name": "A"})], by="", note="")
    journal = ws.private / "journal"
    whole = journal.read_bytes()
    ws.commit([Write("deal", TWO, {"name": "B"})], by="", note="")
    both = journal.read_bytes()
    for size in range(len(whole), len(both)):
        journal.write_bytes(both[:size])
        assert names(root) == {ONE: "A"}
    torn = both[:-20] + b"x" * 1000 + b"\n"
    journal.write_bytes(torn)
    assert names(root) == {ONE: "A"}
    writer = Workspace.open(root)
    writer.commit([Write("deal", TWO, {"name": "C"})], by="", note="")
    assert names(root) == {ONE: "A", TWO: "C"}
    assert b"xxx" not in journal.read_bytes()
    assert [path.read_bytes() for path in (ws.private / "quarantine").iterdir()] == [torn[len(whole) :]]


def test_damage_inside_the_journal_stops_with_the_way_out(root: Path) -> None:
    ws = Workspace.open(root)
    for id_ in (ONE, TWO):
        ws.commit([Write("deal", id_, {"name": "A"})], by="", note="")
    journal = ws.private / "journal"
    journal.write_bytes(journal.read_bytes().replace(b'"name":"A"', b'"name":"X"', 1))
    with pytest.raises(Damaged, match="journal is damaged") as raised:
        Workspace.open(root).all("deal")
    assert "tuicrm doctor" in raised.value.hint
    with pytest.raises(Damaged):
        Workspace.open(root).commit([Write("deal", ONE, {"name": "B"})], by="", note="")


def test_replaying_a_journal_twice_changes_nothing(root: Path) -> None:
    ws = Workspace.open(root)
    ws.commit([Write("deal", ONE, {"name": "A", "tags": ["x", "y"]})], by="", note="")
    ws.commit([Write("deal", ONE, {"name": "B", "tags": ["y"]})], by="", note="")
    journal = ws.private / "journal"
    again = journal.read_bytes()
    ws.checkpoint()
    before = (root / "data" / "deal" / "AA.jsonl").read_bytes()
    journal.write_bytes(again)
    touched = Workspace.open(root)
    assert touched.all("deal") == ws.all("deal")
    touched.checkpoint()
    assert (root / "data" / "deal" / "AA.jsonl").read_bytes() == before
    assert touched.problems() == []


def test_old_journals_are_kept(root: Path) -> None:
    ws = Workspace.open(root)
    for name in "ABC":
        ws.commit([Write("deal", ONE, {"name": name})], by="", note="")
        ws.checkpoint()
    kept = sorted((ws.private / "journals").iterdir())
    held = [path.read_bytes() for path in kept]
    assert [f'"name":"{name}"'.encode() in data for name, data in zip("ABC", held, strict=True)] == [True] * 3


def test_an_edit_that_a_pull_overtook_is_told(root: Path) -> None:
    put(root, line(id=ONE, name="A", stage="lead"))
    ws = Workspace.open(root)
    ws.commit([Write("deal", ONE, {"stage": "won"})], by="", note="")
    put(root, line(id=ONE, name="A", stage="lost", _v={"stage": "01KB50000000000000000000ZZ"}))
    assert Workspace.open(root).all("deal")[ONE]["stage"] == "won"
    ws.checkpoint()
    assert ["'lost'" in str(problem) for problem in ws.problems()] == [True]


def test_a_hand_edit_wins_where_the_journal_says_nothing(root: Path) -> None:
    file = put(root, line(id=ONE, name="A", stage="lead"))
    ws = Workspace.open(root)
    ws.all("deal")
    file.write_bytes(line(id=ONE, name="by hand", stage="lead"))
    ws.commit([Write("deal", ONE, {"stage": "won"})], by="", note="")
    ws.close()
    record = Workspace.open(root).all("deal")[ONE]
    assert (record["name"], record["stage"]) == ("by hand", "won")


def test_a_file_younger_than_the_tick_of_the_clock_is_read_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = put(root, line(id=ONE, name="A"))
    with segments.Folder(str(root), "deal") as folder:
        _, young = folder.read("AA.jsonl") or (b"", None)
        assert young != folder.stamp("AA.jsonl")
        monkeypatch.setattr("time.time_ns", lambda: file.stat().st_ctime_ns + 10**9)
        os.utime(file, ns=(1, 1))
        _, settled = folder.read("AA.jsonl") or (b"", None)
        assert settled == folder.stamp("AA.jsonl")
        os.utime(file, (1_000_000_000, file.stat().st_ctime_ns // 10**9 + 1))
        _, coarse = folder.read("AA.jsonl") or (b"", None)
        assert coarse != folder.stamp("AA.jsonl"), "a file system that counts in seconds"


def test_what_a_join_left_behind_outlives_the_process(root: Path) -> None:
    put(root, line(id=ONE, name="A"))
    with Workspace.open(root) as ws:
        ws.commit([Write("deal", ONE, {"name": "ours"})], by="", note="")
        put(root, line(id=ONE, name="theirs", _v={"name": "01KB50000000000000000000ZZ"}))
    assert ["'theirs'" in str(problem) for problem in Workspace.open(root).problems()] == [True]
