"""Attacks in the work tree and the git directory: links, pipes and odd files where sync reads and writes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.sync.attacks import SECRET, Plant, Watch, harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.sync.repos import Clone, Team


def leaked(clone: Clone, team: Team) -> list[str]:
    """The commits, here and in the remote, that hold the secret."""
    found = []
    for where in (clone.root / ".git", team.remote):
        listed = clone.git("--git-dir", str(where), "cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
        for oid in listed.split():
            if "c2VjcmV0" in clone.git("--git-dir", str(where), "cat-file", "-p", oid):
                found.append(oid)
    return found


def in_place_of(path: Path, target: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rename(path.with_name(f"{path.name}.away"))
    else:
        path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


LINKS: dict[str, Callable[[Clone, Plant, str], None]] = {
    "a data file": lambda c, p, k: in_place_of(c.file_of("deal", k), p.secret),
    "another data file": lambda c, p, k: in_place_of(c.root / "data/deal/ZZ.jsonl", p.secret),
    "the folder of a kind": lambda c, p, k: in_place_of(c.root / "data/deal", p.outside),
    "another kind": lambda c, p, k: in_place_of(c.root / "data/evil", p.outside),
    "the data": lambda c, p, k: in_place_of(c.root / "data", p.outside),
    "the manifest": lambda c, p, k: in_place_of(c.root / "tuicrm.json", p.secret),
    "the attributes": lambda c, p, k: in_place_of(c.root / ".gitattributes", p.secret),
    "a file beside the data": lambda c, p, k: in_place_of(c.root / "notes.txt", p.secret),
    "the index": lambda c, p, k: in_place_of(c.root / ".git/index", p.secret),
    "the branch": lambda c, p, k: in_place_of(c.root / ".git/refs/heads/main", p.secret),
    "what the last sync said": lambda c, p, k: in_place_of(c.private / "sync.json", p.secret),
    "the private folder": lambda c, p, k: in_place_of(c.private, p.outside),
    "the private folder's temporary one": lambda c, p, k: in_place_of(c.private / "tmp", p.outside),
}


@pytest.mark.parametrize("what", LINKS)
def test_a_link_is_neither_read_nor_written_through(team: Team, what: str) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal")
    ann.sync()
    bob.sync()
    ann.edit("deal", deal, name="Acme extension")
    ann.add("deal", name="Another")
    ann.sync()
    LINKS[what](bob, plant, deal)
    watch = Watch(team, ann.root, bob.root)
    for command in (("sync",), ("sync",), ("doctor",), ("sync", "--status")):
        harmless(bob.run(*command), watch, 0, 1, 5, 6, 7, 8)
    assert plant.secret.read_text() == SECRET
    assert leaked(bob, team) == []
    assert ann.get("deal", deal)["name"] == "Acme extension"


@pytest.mark.parametrize("text", ["[core\n\x1b[2J", "\x00\x01", "link"])
def test_a_configuration_that_cannot_be_read_is_told_without_its_content(team: Team, text: str) -> None:
    plant = Plant(team)
    (ann,) = team.clones("ann")
    ann.add("deal", name="Acme renewal")
    if text == "link":
        in_place_of(ann.root / ".git" / "config", plant.secret)
    else:
        ann.put(".git/config", text)
    watch = Watch(team, ann.root)
    for command in (("sync",), ("sync", "--status"), ("doctor",), ("deal", "list")):
        ran = ann.run(*command)
        harmless(ran, watch, 0, 1, 6, 8)
        assert "PRIVATE KEY" not in ran.out + ran.err


def test_a_pipe_or_socket_among_the_data_hangs_nothing(team: Team) -> None:
    (ann,) = team.clones("ann")
    (ann.root / "data/evil").mkdir()
    os.mkfifo(ann.root / "data/evil/ZZ.jsonl")
    ann.add("deal", name="Acme renewal")
    watch = Watch(team, ann.root)
    ran = ann.spawn("sync", timeout=30)
    harmless(ran, watch, 0, 5, 6, 8)


def test_a_hard_link_to_a_file_elsewhere_is_not_written_into(team: Team) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal")
    ann.sync()
    bob.sync()
    path = bob.file_of("deal", deal)
    twin = plant.outside / "twin.jsonl"
    os.link(path, twin)
    ann.edit("deal", deal, name="Acme extension")
    ann.sync()
    watch = Watch(team, ann.root, bob.root)
    harmless(bob.run("sync"), watch, 0)
    assert bob.get("deal", deal)["name"] == "Acme extension"


def test_a_repository_that_is_not_the_workspaces_own_is_left_alone(team: Team) -> None:
    """A workspace in a folder of a larger repository, or beside a bare one: only its own git directory counts."""
    plant = Plant(team)
    (outer,) = team.clones("ann")
    inner = outer.root / "inner"
    ran = outer.run("init", str(inner), "--user", "ann")
    assert ran.code in (0, 5, 6)
    bare = outer.root / "data" / "deal"
    bare.mkdir(exist_ok=True)
    outer.git("init", "--quiet", "--bare", str(outer.root / "hidden"))
    outer.git("--git-dir", str(outer.root / "hidden"), "config", "core.fsmonitor", str(plant.program("hidden")))
    outer.add("deal", name="Acme renewal")
    watch = Watch(team, outer.root)
    harmless(outer.run("sync"), watch, 0)
    assert plant.marks() == []


@pytest.mark.parametrize("text", ["gitdir: ../outside\n", "gitdir: \x1b[2J\n", "nonsense", ""])
def test_a_git_file_that_points_elsewhere_ends_in_a_sentence(team: Team, text: str) -> None:
    plant = Plant(team)
    (ann,) = team.clones("ann")
    ann.add("deal", name="Acme renewal")
    (ann.root / ".git").rename(team.folder / "aside")
    (ann.root / ".git").write_text(text)
    watch = Watch(team, ann.root, plant.outside / "tuicrm")
    harmless(ann.run("sync"), watch, 1, 5, 6, 7, 8)
    assert plant.secret.read_text() == SECRET


def test_entries_that_git_was_told_not_to_look_at_stop_sync(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal")
    ann.sync()
    bob.sync()
    path = str(bob.file_of("deal", deal).relative_to(bob.root))
    bob.git("update-index", "--skip-worktree", path)
    bob.fails(6, "sync", says="skip-worktree")
    bob.git("update-index", "--no-skip-worktree", path)
    bob.ok("sync")


NONSENSE = (b"", b"\x00\xff" * 40, b"{}", b'{"entries": {"../../outside/id_ed25519": []}}')


@pytest.mark.parametrize("data", NONSENSE)
def test_private_files_that_hold_nonsense_steer_nothing(team: Team, data: bytes) -> None:
    """All but the journal, of which only the last line may be damaged."""
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    ann.add("deal", name="Acme")
    bob.add("deal", name="Mine")
    ann.sync()
    bob.sync()
    own = [path for path in bob.private.iterdir() if path.is_file() and path.name not in ("lock", "journal")]
    assert len(own) > 2
    for path in [*own, bob.private / "sync.underway", bob.private / "lost.jsonl", bob.private / "local.json"]:
        path.write_bytes(data)
    ann.add("deal", name="Another")
    ann.sync()
    bob.add("deal", name="Mine too")
    watch = Watch(team, ann.root, bob.root)
    harmless(bob.run("sync"), watch, 0, 8)
    harmless(bob.run("doctor"), watch, 0, 8)
    assert plant.secret.read_text() == SECRET
    assert {"Mine", "Mine too"} <= {one["name"] for one in bob.records("deal").values()}
