"""Attacks in a git directory that came with a folder: what tuicrm and git keep there for themselves, made up."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

import pytest

from tests.sync.attacks import SECRET, Plant, Tree, Watch, harmless
from tests.sync.test_attacks_worktree import in_place_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sync.repos import Clone, Team

COMMANDS = (("sync", "--status"), ("doctor",), ("deal", "list"), ("conflict", "list"), ("sync",), ("sync",))


def option(clone: Clone, target: Path) -> str:
    """A branch whose name is an option of git's that writes into a file."""
    name = f"--output={target}"
    path = clone.root / ".git/refs/heads" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{clone.head}\n")
    return name


def planted(clone: Clone, name: str, **held: object) -> None:
    """A private file as tuicrm would write it, but for what it says; older than what may still be at work."""
    clone.private.mkdir(exist_ok=True)
    path = clone.private / name
    path.write_text(json.dumps(held))
    os.utime(path, (time.time() - 3600,) * 2)


def underway(clone: Clone, commit: str, *, head: str | None = None, branch: str = "refs/heads/main") -> None:
    planted(clone, "sync.underway", commit=commit, head=clone.head if head is None else head, branch=branch)


def escaping(clone: Clone, plant: Plant) -> str:
    """A commit with a data file that lies outside of the data."""
    tree = Tree(clone.team, clone)
    made = tree.make({**tree.entries(clone.tree("HEAD")), "data/../../outside/id_ed25519": tree.file("pwned")})
    return tree.commit(made, clone.head)


STATES: dict[str, Callable[[Clone, Plant], object]] = {
    "a commit to put in place that is an option": lambda c, p: underway(c, option(c, p.secret)),
    "a commit to put in place with links": lambda c, p: underway(
        c, (t := Tree(c.team, c)).commit(t.put(c.tree("HEAD"), "data/deal/ZZ.jsonl", t.link(p.secret)), c.head)
    ),
    "a commit to put in place with odd paths": lambda c, p: underway(
        c, (t := Tree(c.team, c)).commit(t.put(c.tree("HEAD"), "data/deal/x/y/z.jsonl", t.file("x")), c.head)
    ),
    "a branch to move with commands behind it": lambda c, p: underway(
        c, c.head, branch="refs/heads/main\ndelete refs/remotes/origin/main\n#"
    ),
    "a commit seen that is an option": lambda c, p: planted(
        c, "worktree.json", format=2, head=f"--output={p.secret}", tree={"x": "0" * 40}, modes={}, files={}
    ),
    "files seen that lie elsewhere": lambda c, p: planted(
        c, "worktree.json", format=2, head=c.head, tree={"data/../../outside/id_ed25519": "0" * 40}, modes={}, files={}
    ),
    "files seen that are none": lambda c, p: planted(
        c, "worktree.json", format=2, head=c.head, tree={"a": 1, "data/deal/B0.jsonl": []}, modes=[1], files={"a": {}}
    ),
    "a merge with an option": lambda c, p: c.put(".git/MERGE_HEAD", f"{option(c, p.secret)}\n"),
    "a merge with a name": lambda c, p: c.put(".git/MERGE_HEAD", "HEAD\nrefs/heads/main\n"),
    "a merge with nonsense": lambda c, p: c.put(".git/MERGE_HEAD", "0" * 40 + "\n"),
    "a merge with no commit": lambda c, p: c.put(".git/MERGE_HEAD", c.tree("HEAD") + "\n"),
    "lost values of odd kinds": lambda c, p: (c.private / "lost.jsonl").write_text(odd_losers()),
    "a last sync with odd words": lambda c, p: planted(
        c, "sync.json", at="\x1b[2J", ok=False, said="\x1b]0;x\x07" * 9, ahead=1, behind=1
    ),
    "a last sync with odd numbers": lambda c, p: (c.private / "sync.json").write_text(
        '{"at": "2026-01-01", "ok": true, "said": "", "ahead": 1e999, "behind": 1e300}'
    ),
    "a place with odd signs": lambda c, p: planted(c, "local.json", place="1 /\x1b[2J/.git/tuicrm"),
    "a branch that is followed with a second one": lambda c, p: c.git(
        "config", "branch.main.merge", "refs/heads/main:refs/heads/other"
    ),
    "a branch that is followed outside": lambda c, p: c.git("config", "branch.main.merge", "refs/heads/../../../x"),
    "a commit in an encoding that fails": lambda c, p: c.git("update-ref", "HEAD", encoded(c, b"undefined")),
    "a commit of a time without end": lambda c, p: c.git("update-ref", "HEAD", encoded(c, b"utf-8", b"9" * 5000)),
}


def encoded(clone: Clone, encoding: bytes, at: bytes = b"5") -> str:
    """A commit with odd headers."""
    told = b"tree %s\nparent %s\n" % (clone.tree("HEAD").encode(), clone.head.encode())
    told += b"author M\xf6 <m@x> %s +0000\ncommitter M <m@x> 5 +0000\nencoding %s\n\nx\xf6\n" % (at, encoding)
    return clone.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=told)


def odd_losers() -> str:
    key = "01KA0000000000000000000AB0"
    base = {"kind": "deal", "id": key, "path": "name", "version": key, "value": "x"}
    odd: list[dict[str, object]] = [
        {"kind": "a\0b"},
        {"kind": "../../outside"},
        {"id": "\0"},
        {"id": "../x"},
        {"path": "\0\x1b[2J"},
        {"version": "\0"},
        {"value": {"a": [1, {"b": None}]}},
        {"value": {}},
        {"value": 1e300},
        {"mark": "ABSENT"},
        {"mark": []},
    ]
    lines = [json.dumps(base | one | more) for one in odd for more in ({}, {"known": False})]
    return "\n".join([*lines, "[]", "1", '{"kind": {}}', "[" * 5000]) + "\n"


@pytest.mark.parametrize("what", STATES)
def test_state_that_was_made_up_steers_nothing(team: Team, what: str) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal")
    ann.sync()
    bob.sync()
    ann.edit("deal", deal, name="Acme extension")
    ann.sync()
    bob.edit("deal", deal, next_step="call")
    STATES[what](bob, plant)
    watch = Watch(team, ann.root, bob.root)
    for command in (*COMMANDS, ("history", deal)):
        harmless(bob.run(*command), watch, 0, 1, 5, 6, 7, 8)
    assert plant.secret.read_text() == SECRET
    assert ann.get("deal", deal)["name"] == "Acme extension"


LINKED: dict[str, str] = {
    ".git/logs/HEAD": "bashrc",
    ".git/logs/refs/heads/main": "bashrc",
    ".git/logs": "",
    ".git/logs/refs/tuicrm": "",
    ".git/refs/heads": "",
    ".git/refs/tuicrm": "",
    ".git/refs/remotes": "",
    ".git/refs": "",
    ".git/objects": "",
    ".git/objects/pack": "",
    ".git/packed-refs": "bashrc",
    ".git/HEAD": "bashrc",
    ".git/config": "bashrc",
    ".git/refs/tuicrm/made": "bashrc",
    ".git/refs/remotes/origin/main": "bashrc",
}


@pytest.mark.parametrize("where", LINKED)
def test_nothing_in_a_git_directory_leads_out_of_it(team: Team, where: str) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal")
    ann.sync()
    bob.sync()
    ann.edit("deal", deal, name="Acme extension")
    ann.sync()
    bob.git("pack-refs", "--all")
    bob.edit("deal", deal, next_step="call")
    (plant.outside / "bashrc").write_text("true\n")
    path = bob.root / where
    target = plant.outside / LINKED[where]
    if path.is_dir():
        target = plant.outside / "taken"
        path.rename(target)
    in_place_of(path, target)
    watch = Watch(team, ann.root, bob.root)
    for command in COMMANDS:
        harmless(bob.run(*command), watch, 0, 1, 5, 6, 7, 8)


def test_locks_outside_are_not_taken_for_those_of_a_killed_sync(team: Team) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    ann.add("deal", name="Acme renewal")
    ann.sync()
    for name in ("poetry.lock", "deep/Cargo.lock"):
        (plant.outside / name).parent.mkdir(exist_ok=True)
        (plant.outside / name).write_text("x")
    bob.private.mkdir(exist_ok=True)
    (bob.private / "sync.running").write_text("a sync is running\n")
    os.utime(bob.private / "sync.running", (1, 1))
    bob.git("pack-refs", "--all")
    in_place_of(bob.root / ".git/refs/remotes", plant.outside)
    watch = Watch(team, ann.root, bob.root)
    harmless(bob.run("sync"), watch, 0, 6, 8)


PIPES = (
    ".git/HEAD", ".git/MERGE_HEAD", ".git/config", ".git/index", ".git/packed-refs", ".git/commondir", ".git/shallow",
    ".git/refs/heads/main", ".git/refs/remotes/origin/main", ".git/logs/HEAD", ".git/MERGE_AUTOSTASH",
    ".git/objects/info/alternates", ".git/info/attributes", ".git/tuicrm/sync.json", ".git/tuicrm/worktree.json",
    ".git/tuicrm/sync.underway", ".git/tuicrm/lost.jsonl", ".git/tuicrm/local.json", ".git/tuicrm/sync.running",
    ".git/tuicrm/undo.jsonl", ".git/tuicrm/journal", ".git/tuicrm/lock", ".git/index.lock", ".git", "tuicrm.json",
    ".gitattributes", "data/.gitattributes", "data/deal/.gitattributes",
)  # fmt: skip


@pytest.mark.parametrize("where", PIPES)
def test_a_pipe_where_a_file_belongs_stops_nobody(team: Team, where: str) -> None:
    (ann,) = team.clones("ann")
    ann.add("deal", name="Acme renewal")
    path = ann.root / where
    if path.is_dir():
        path.rename(team.folder / "aside")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    watch = Watch(team, ann.root)
    for command in COMMANDS[:-1]:
        harmless(ann.spawn(*command, timeout=25), watch, 0, 1, 3, 5, 6, 7, 8)


@pytest.mark.parametrize("how", ["a file", "a link", "a common folder"])
def test_a_git_directory_that_is_anothers_is_left_alone(team: Team, how: str) -> None:
    """Somebody else's repository, named by a folder that came from elsewhere."""
    ann, bob = team.clones("ann", "bob")
    key = bob.add("deal", name="Not synced yet")
    mallory = team.alone("mallory")
    own = mallory.root / ".git"
    if how == "a common folder":
        (own / "commondir").write_text(f"{bob.root}/.git\n")
    else:
        own.rename(team.folder / "aside")
        if how == "a file":
            own.write_text(f"gitdir: {bob.root}/.git\n")
        else:
            own.symlink_to(bob.root / ".git")
    watch = Watch(team, ann.root, mallory.root)
    for command in (*COMMANDS, ("company", "add", "Mine"), ("sync", "--make-repository"), ("sync",)):
        harmless(mallory.spawn(*command, timeout=60), watch, 0, 1, 3, 5, 6, 7, 8)
    assert bob.get("deal", key)["name"] == "Not synced yet"
    assert "Not synced yet" not in "".join(data.decode() for data in mallory.files().values())
