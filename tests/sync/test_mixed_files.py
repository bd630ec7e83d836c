"""What people do to data files with editors and tools: it stops no sync, divides no clones and loses no value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.sync.repos import Clone, settle
from tuicrm.store.leaves import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sync.repos import Team

Trio = tuple[Clone, Clone, Clone, str]


@pytest.fixture
def trio(team: Team) -> Trio:
    """ann and bob sync, eve edits files and commits with plain git; all hold one deal."""
    ann, bob, eve = team.clones("ann", "bob", "eve")
    deal = ann.add("deal", name="Acme renewal", next_step="call", stage="lead", tags=["cold"])
    settle(ann, bob, eve)
    return ann, bob, eve, deal


def rewrite(clone: Clone, deal: str, **changes: Any) -> None:
    """Put other keys into a record's line, `_v` and `_del` as any other; None takes one out."""
    path, old = clone.file_of("deal", deal), clone.line("deal", deal)
    line = {**json.loads(old), **changes}
    fresh = canonical_json({key: value for key, value in line.items() if value is not None}).decode()
    path.write_text(path.read_text().replace(old, fresh))


def publish(clone: Clone, how: str = "commit") -> None:
    """Let what was done reach the team: by plain git, or by a sync of the work tree."""
    if how == "commit":
        clone.commit_by_hand()
        clone.git("pull", "--quiet", "--no-rebase", "--no-edit", ok=False)
        clone.git("push", "--quiet", "origin", "HEAD:main", ok=False)
    else:
        clone.sync()


HOW = pytest.mark.parametrize("how", ["commit", "sync"])


def crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def bom(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def no_last_newline(path: Path) -> None:
    path.write_bytes(path.read_bytes().rstrip(b"\n"))


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def removed(path: Path) -> None:
    path.unlink()


def twice(path: Path) -> None:
    path.write_bytes(path.read_bytes() * 2)


def spaced(path: Path) -> None:
    lines = [json.dumps(json.loads(line), sort_keys=False, indent=None) for line in path.read_text().splitlines()]
    path.write_text("\n\n".join(lines) + "\n\n")


ODD_FILES: tuple[Callable[[Path], None], ...] = (crlf, bom, no_last_newline, emptied, removed, twice, spaced)


@HOW
def test_a_file_written_in_another_way_says_the_same(trio: Trio, how: str) -> None:
    ann, bob, eve, _ = trio
    deals: dict[str, Callable[[Path], None]] = {}
    for change in ODD_FILES:
        deal = ann.add("deal", name=change.__name__, next_step="call")
        while ann.file_of("deal", deal) in [ann.file_of("deal", other) for other in deals]:
            deal = ann.add("deal", name=change.__name__, next_step="call")
        deals[deal] = change
    settle(ann, bob, eve)
    for deal, change in deals.items():
        change(eve.file_of("deal", deal))
        bob.edit("deal", deal, next_step="by bob")
    publish(eve, how)
    settle(ann, bob, eve)
    for deal, change in deals.items():
        record = eve.get("deal", deal)
        assert (record["name"], record["next_step"]) == (change.__name__, "by bob")
    assert (eve.ledger(), eve.clean()) == ([], True)


@HOW
def test_a_file_under_another_name_gives_its_records_back(trio: Trio, how: str) -> None:
    ann, bob, eve, deal = trio
    path = eve.file_of("deal", deal)
    path.rename(path.with_name("00.jsonl"))
    bob.edit("deal", deal, name="by bob")
    ann.edit("deal", deal, next_step="by ann")
    publish(eve, how)
    settle(ann, bob, eve)
    for one in (ann, bob, eve):
        record = one.get("deal", deal)
        assert (record["name"], record["next_step"]) == ("by bob", "by ann")
        assert one.file_of("deal", deal).is_file()
    # And what is edited afterwards is not undone by the copy that is left over.
    ann.edit("deal", deal, name="ann, later")
    settle(ann, bob, eve)
    assert bob.get("deal", deal)["name"] == "ann, later"
    assert eve.ledger() == []


@HOW
def test_a_line_moved_to_another_file_with_a_value_typed_over(trio: Trio, how: str) -> None:
    ann, bob, eve, deal = trio
    path = eve.file_of("deal", deal)
    line = eve.line("deal", deal).replace("Acme renewal", "typed by eve")
    path.write_text(path.read_text().replace(eve.line("deal", deal) + "\n", ""))
    path.with_name("00.jsonl").write_text(line + "\n")
    publish(eve, how)
    settle(ann, bob, eve)
    assert {ann.get("deal", deal)["name"], *ann.lost(deal, "name")} >= {"typed by eve"}


@HOW
def test_a_file_that_nobody_knows_below_the_data_is_told_in_one_sentence(trio: Trio, how: str) -> None:
    _, _, eve, deal = trio
    eve.file_of("deal", deal).with_name("backup.txt").write_text("mine\n")
    if how == "commit":
        eve.commit_by_hand()
        said = eve.fails(6, "sync", says="backup.txt")
        assert len(said.strip().splitlines()) <= 2
    else:
        eve.ok("sync")


ODD_VERSIONS: list[Any] = [
    {},
    {"name": 5},
    {"name": "garbage"},
    {"name": "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"},
    {"name": {"a": 1}},
    {"_v": "x"},
]


@HOW
def test_versions_that_somebody_typed_freeze_and_lose_nothing(trio: Trio, how: str) -> None:
    ann, bob, eve, _ = trio
    deals = {ann.add("deal", name="first"): versions for versions in ODD_VERSIONS}
    for deal in deals:
        ann.edit("deal", deal, name="second")
    settle(ann, bob, eve)
    for deal, versions in deals.items():
        rewrite(eve, deal, _v=versions)
    publish(eve, how)
    for deal in deals:
        bob.edit("deal", deal, name="third")
    settle(ann, bob, eve)
    assert [eve.get("deal", deal)["name"] for deal in deals] == ["third"] * len(deals)
    assert eve.ledger() == []


@HOW
def test_versions_that_are_no_map_are_a_bad_line_and_the_record_stays(trio: Trio, how: str) -> None:
    ann, bob, eve, deal = trio
    rewrite(eve, deal, _v="none")
    publish(eve, how)
    bob.edit("deal", deal, next_step="by bob")
    settle(ann, bob, eve)
    assert eve.get("deal", deal)["next_step"] == "by bob"
    assert eve.get("deal", deal)["name"] == "Acme renewal"
    assert "_v" in eve.run("doctor").out


ODD_TOMBSTONES: list[Any] = [True, "gone", {}, {"by": ["x"]}, {"by": "eve", "v": 5, "seen": {"name": 7}}, [1]]


@HOW
def test_tombstones_of_unknown_form_agree_everywhere(trio: Trio, how: str) -> None:
    ann, bob, eve, _ = trio
    deals = {ann.add("deal", name="first"): tomb for tomb in ODD_TOMBSTONES}
    settle(ann, bob, eve)
    for deal, tomb in deals.items():
        rewrite(eve, deal, _del=tomb)
    publish(eve, how)
    for deal in deals:
        bob.edit("deal", deal, name="by bob")
    settle(ann, bob, eve)
    assert [eve.get("deal", deal)["name"] for deal in deals] == ["by bob"] * len(deals)
    for one in (ann, bob, eve):
        one.ok("conflict", "list")
        for deal in deals:
            one.ok("history", deal)


@HOW
def test_an_id_that_somebody_changed_is_another_record_and_the_first_stays(trio: Trio, how: str) -> None:
    ann, bob, eve, deal = trio
    fresh = deal[:10] + "0123456789ABCD" + deal[-2:]
    path = eve.file_of("deal", deal)
    path.write_text(path.read_text().replace(deal, fresh))
    publish(eve, how)
    bob.edit("deal", deal, name="by bob")
    settle(ann, bob, eve)
    assert eve.get("deal", deal)["name"] == "by bob"
    assert eve.get("deal", fresh)["name"] == "Acme renewal"


@HOW
def test_a_bad_line_that_its_maker_mends(trio: Trio, how: str) -> None:
    ann, bob, eve, deal = trio
    path, good = eve.file_of("deal", deal), eve.line("deal", deal)
    bad = good.replace('"call"', "12.5")
    path.write_text(path.read_text().replace(good, bad))
    publish(eve, how)
    settle(ann, bob, eve)
    assert bob.get("deal", deal)["next_step"] == "call"
    assert bad in bob.file_of("deal", deal).read_text()
    assert "floating" in bob.run("doctor").out
    bob.edit("deal", deal, name="by bob")
    bob.sync()
    path.write_text(path.read_text().replace(bad, bad.replace("12.5", '"12.5"')))
    publish(eve, how)
    settle(ann, bob, eve)
    record = ann.get("deal", deal)
    assert (record["name"], record["next_step"]) == ("by bob", "12.5")
    assert bad not in ann.file_of("deal", deal).read_text()
    assert ann.ledger() == []


def test_a_bad_line_that_both_mend_in_their_own_way(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    path, good = eve.file_of("deal", deal), eve.line("deal", deal)
    bad = good.replace('"call"', "12.5")
    path.write_text(path.read_text().replace(good, bad))
    publish(eve, "sync")
    settle(ann, bob, eve)
    for one in (ann, bob):
        held = one.file_of("deal", deal)
        held.write_text(held.read_text().replace(bad, bad.replace("12.5", f'"by {one.user}"')))
    settle(ann, bob, eve)
    assert {eve.get("deal", deal)["next_step"], *eve.lost(deal, "next_step")} == {"by ann", "by bob"}
    assert bad not in eve.file_of("deal", deal).read_text()


@HOW
def test_a_scalar_against_a_map(trio: Trio, how: str) -> None:
    """One makes a map of a field in which the other has a text, in a field that only a newer program knows."""
    ann, bob, eve, deal = trio
    ann.edit("deal", deal, future="plain")
    settle(ann, bob, eve)
    rewrite(eve, deal, future={"a": 1, "b": ["x"]})
    bob.edit("deal", deal, future="other text")
    publish(eve, how)
    settle(ann, bob, eve)
    record = eve.get("deal", deal)
    assert record["future"] == "other text"
    assert {one["field"] for one in eve.ledger()} == {"future/a", "future/b/x"}
    eve.ok("conflict", "list")
    bob.edit("deal", deal, future={"c": 1})
    settle(bob, ann, eve)
    ann.edit("deal", deal, future={"c": 2, "d": 3})
    bob.edit("deal", deal, future="text again")
    settle(bob, ann, eve)
    assert eve.get("deal", deal)["future"] == "text again"
    assert {one["field"] for one in eve.ledger()} == {"future/a", "future/b/x", "future/c", "future/d"}


@HOW
def test_tags_typed_and_taken_out_by_hand_on_both_sides(trio: Trio, how: str) -> None:
    ann, bob, eve, deal = trio
    rewrite(eve, deal, tags=["hot"])
    bob.edit("deal", deal, tags=["cold", "big"])
    publish(eve, how)
    settle(ann, bob, eve)
    assert ann.get("deal", deal)["tags"] == ["big", "hot"]
    assert ann.ledger() == []


@HOW
def test_a_tombstone_taken_out_by_hand_says_nothing(trio: Trio, how: str) -> None:
    ann, bob, eve, deal = trio
    ann.remove("deal", deal)
    settle(ann, bob, eve)
    rewrite(eve, deal, _del=None)
    publish(eve, how)
    settle(ann, bob, eve)
    assert deal not in bob.records("deal")


def test_who_takes_a_field_out_by_hand_and_then_deletes_has_deleted(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    rewrite(eve, deal, next_step=None)
    eve.remove("deal", deal)
    settle(eve, bob, ann)
    assert deal not in ann.records("deal")


def test_a_deletion_that_was_picked_kills_no_restoring_that_it_had_not_seen(trio: Trio) -> None:
    ann, bob, eve, deal = trio
    for step in ("rm", "restore"):
        ann.ok("deal", step, deal)
    settle(ann, bob, eve)
    bob.ok("deal", "rm", deal)
    bob.commit_by_hand("deletes")
    for step in ("rm", "restore"):
        ann.ok("deal", step, deal)
    ann.commit_by_hand("restored")
    ann.git("fetch", "--quiet", str(bob.root), "main")
    ann.git("cherry-pick", "FETCH_HEAD", ok=False)
    settle(ann, bob, eve)
    assert deal in eve.records("deal")
    assert eve.lost(deal) == ["bob"]
