"""Attacks by size and shape in what a remote holds: little to send, and more than a machine has to unpack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.attacks import Plant, Tree, Watch, harmless
from tests.sync.repos import Clone, Team, tuicrm
from tuicrm.sync import past

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABYTE = 1 << 20


def bomb(tree: Tree) -> str:
    """A tree of a hundred million paths, in five objects."""
    told = tree.file("x")
    for _ in range(4):
        told = f"040000 tree {tree.make({f'{number:02}': told for number in range(100)})}"
    return told


def crowd(tree: Tree, folder: str, ending: str) -> dict[str, str]:
    """More than a gigabyte, in one object."""
    told = tree.file(b"\n" * (60 * MEGABYTE))
    return {f"{folder}/Z{number:02}{ending}": told for number in range(20)}


BULK: dict[str, Callable[[Tree], dict[str, str]]] = {
    "files without end beside the data": lambda t: {"docs": bomb(t)},
    "files without end among the data": lambda t: {"data/deal": bomb(t)},
    "one large file as many data files": lambda t: crowd(t, "data/deal", ".jsonl"),
    "one large file as many files beside the data": lambda t: crowd(t, "docs", ".txt"),
}


@pytest.mark.parametrize("what", BULK)
def test_what_would_fill_a_machine_is_refused(team: Team, what: str) -> None:
    bob, mallory = team.clones("bob", "mallory")
    Plant(team)
    tree = Tree(team, mallory)
    tree.push(BULK[what](tree))
    bob.add("deal", name="Mine")
    watch = Watch(team, bob.root, mallory.root)
    limited = ("prlimit", f"--as={2048 * MEGABYTE}")
    harmless(bob.spawn("sync", before=limited, timeout=60), watch, 6)
    harmless(tuicrm(bob.env, "clone", str(team.remote), str(team.folder / "fresh")), watch, 6)
    harmless(bob.spawn("sync", "--status", before=limited, timeout=60), watch, 0)


def raw_commit(clone: Clone, *, encoding: bytes = b"utf-8", at: bytes = b"5") -> str:
    """A commit upon HEAD with odd headers, its author and its message in no known encoding."""
    told = b"tree %s\nparent %s\n" % (clone.tree("HEAD").encode(), clone.head.encode())
    told += b"author M\xf6 <m@x> %s +0000\ncommitter M <m@x> 5 +0000\nencoding %s\n\nx\xf6\n" % (at, encoding)
    return clone.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=told)


@pytest.mark.parametrize("encoding", [b"undefined", b"punycode", b"idna", b"unicode_escape", b"zlib", b"../x"])
def test_a_commit_in_an_encoding_that_is_none_is_read_all_the_same(team: Team, encoding: bytes) -> None:
    bob, mallory = team.clones("bob", "mallory")
    deal = mallory.add("deal", name="Acme")
    mallory.sync()
    mallory.edit("deal", deal, name="Acme renewal")
    mallory.ok("doctor")
    mallory.git("add", "--all", "data")
    mallory.git("update-ref", "HEAD", raw_commit(mallory, encoding=encoding))
    mallory.git("push", "--quiet", str(team.remote), "HEAD:main")
    watch = Watch(team, bob.root, mallory.root)
    for command in (("sync",), ("history", deal), ("sync", "--status")):
        harmless(bob.run(*command), watch, 0)
    assert bob.head == mallory.head


@pytest.mark.parametrize("value", [{}, [], [{}], {"a": {}}, [[]]])
def test_a_value_of_an_odd_shape_that_gives_way_is_kept(team: Team, value: object) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme")
    ann.sync()
    bob.sync()
    ann.edit("deal", deal, region=value)
    ann.sync()
    bob.edit("deal", deal, region="west")
    watch = Watch(team, ann.root, bob.root)
    for command in (("sync",), ("conflict", "list"), ("history", deal)):
        harmless(bob.run(*command), watch, 0)
    assert bob.get("deal", deal)["region"] == "west"
    assert bool(bob.json("conflict", "list")) == bool(value)


def test_a_record_whose_file_was_large_at_every_commit_is_looked_up_piece_by_piece(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    (ann,) = team.clones("ann")
    deal = ann.add("deal", name="number 0")
    ann.sync()
    for number in range(1, 6):
        ann.edit("deal", deal, name=f"number {number}")
        ann.sync()
    size = ann.file_of("deal", deal).stat().st_size
    everything = ann.ok("history", deal)
    assert "number 1" in everything
    monkeypatch.setattr(past, "MOST_HELD", 2 * size)
    assert ann.ok("history", deal) == everything
    monkeypatch.setattr(past, "MOST_READ", 3 * size)
    lately = ann.ok("history", deal)
    assert "number 5" in lately
