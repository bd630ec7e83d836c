"""Fetching from and pushing to a remote: what arrives, and who may run nothing."""

from __future__ import annotations

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sync.places import MAIN, Place, origin
from tuicrm.errors import Decision, TuicrmError
from tuicrm.sync import tidying
from tuicrm.sync.git import Git
from tuicrm.sync.remote import Refused, Unreachable, choose_branch, is_branch
from tuicrm.sync.trust import allow, read


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.mark.parametrize("by", ["folder", "file", "ssh"])
def test_what_one_pushes_another_fetches(place: Place, by: str) -> None:
    url = {"folder": "../remote.git", "file": place.bare.as_uri(), "ssh": place.ssh()}[by]
    ann, bob = place.work("ann", url), place.work("bob", url)
    assert origin(ann).fetch() == ""
    assert origin(ann).tip() == ""
    assert origin(ann).heads() == {}
    oid = place.commit(ann)
    said: list[str] = []
    assert origin(ann).push(oid, said.append) == "ok"
    assert said
    assert (origin(ann).tip(), place.tip()) == ("", oid)
    assert origin(ann).push(oid) == "ok"
    assert origin(bob).fetch() == oid
    assert origin(bob).fetch() == oid
    assert origin(bob).heads() == {"HEAD": MAIN, MAIN: oid}
    assert place.plain(bob.root, "cat-file", "-p", f"{oid}:a") == "one"


def test_only_the_branch_is_fetched_and_nothing_else_is_written(place: Place) -> None:
    ann, bob = place.work("ann"), place.work("bob")
    oid = place.commit(ann)
    place.plain(ann.root, "tag", "v1")
    place.plain(ann.root, "push", "-q", "--tags", "origin", "main", "main:other")
    for key, value in (("remote.origin.tagOpt", "--tags"), ("fetch.prune", "true"), ("fetch.writeCommitGraph", "true")):
        place.plain(bob.root, "config", key, value)
    place.plain(bob.root, "config", "--add", "remote.origin.fetch", "+refs/*:refs/*")
    assert origin(bob).fetch() == oid
    assert place.plain(bob.root, "for-each-ref", "--format=%(refname)") == "refs/remotes/origin/main"
    assert not Path(bob.git_dir, "FETCH_HEAD").exists()
    assert not Path(bob.git_dir, "objects", "info", "commit-graphs").exists()


def test_only_the_one_branch_is_pushed(place: Place) -> None:
    ann = place.work("ann")
    oid = place.commit(ann)
    place.plain(ann.root, "tag", "-a", "v1", "-m", "x")
    for key, value in (
        ("push.followTags", "true"),
        ("push.default", "matching"),
        ("remote.origin.mirror", "true"),
        ("remote.origin.push", "+refs/*:refs/*"),
        ("push.pushOption", "secret"),
        ("push.gpgSign", "true"),
        ("gpg.program", place.mark("gpg")),
    ):
        place.plain(ann.root, "config", key, value)
    assert origin(ann).push(oid) == "ok"
    assert place.plain(place.bare, "for-each-ref", "--format=%(refname)") == MAIN
    assert place.marks() == []


def test_whoever_is_slower_fetches_again(place: Place) -> None:
    ann, bob = place.work("ann"), place.work("bob")
    first = place.commit(ann)
    origin(ann).push(first)
    second = place.commit(bob, "other")
    assert origin(bob).push(second) == "behind"
    assert origin(bob).fetch() == first
    assert origin(bob).push(second) == "behind"
    assert (origin(bob).tip(), place.tip()) == (first, first)


def test_ten_push_at_once_and_all_arrive(place: Place) -> None:
    gits = [place.work(f"w{number}") for number in range(10)]
    start = place.commit(gits[0])
    origin(gits[0]).push(start)

    def bring(git: Git) -> int:
        for attempt in range(1, 200):
            tip = origin(git).fetch()
            oid = git.lines("commit-tree", f"{tip}^{{tree}}", "-p", tip, data=git.root.encode())[0]
            if origin(git).push(oid) == "ok":
                return attempt
        return 0

    with ThreadPoolExecutor(10) as pool:
        attempts = list(pool.map(bring, gits))
    assert 0 not in attempts
    assert place.plain(place.bare, "rev-list", "--count", "main") == "11"
    assert place.plain(place.bare, "fsck", "--strict", "--no-dangling") == ""


def test_nothing_of_a_folder_s_own_runs(place: Place, tmp_path: Path) -> None:
    """Neither hooks, nor programs its configuration names, nor those that a partial clone would fetch with."""
    ann, bob = place.work("ann"), place.work("bob")
    for name in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction", "proc-receive"):
        place.hook(name)
    for key in ("core.alternateRefsCommand", "core.fsmonitor", "uploadpack.packObjectsHook", "core.sshCommand"):
        place.plain(place.bare, "config", key, place.mark(key))
    place.plain(tmp_path, "init", "-q", "--bare", "alternate.git")
    info = place.bare / "objects" / "info"
    (info / "alternates").write_text(f"{tmp_path / 'alternate.git' / 'objects'}\n")
    place.plain(place.bare, "config", "receive.procReceiveRefs", "refs/none")
    place.plain(place.bare, "config", "receive.autogc", "true")
    place.plain(place.bare, "config", "gc.auto", "1")
    oid = place.commit(ann)
    assert origin(ann).push(oid) == "ok"
    assert origin(bob).fetch() == oid
    assert origin(bob).heads()[MAIN] == oid
    assert place.marks() == []
    place.plain(ann.root, "push", "-q", "origin", "main:other")
    assert "pre-receive" in place.marks(), "the plants do not work"


def test_a_folder_that_fetches_from_elsewhere_does_not(place: Place) -> None:
    ann, bob = place.work("ann"), place.work("bob")
    oid = place.commit(ann)
    origin(ann).push(oid)
    place.plain(place.bare, "config", "extensions.partialClone", "evil")
    place.plain(place.bare, "config", "core.repositoryFormatVersion", "1")
    place.plain(place.bare, "config", "remote.evil.url", str(place.bare))
    place.plain(place.bare, "config", "remote.evil.promisor", "true")
    place.plain(place.bare, "config", "remote.evil.uploadpack", f"{place.mark('fetched')}; false")
    blob = place.plain(place.bare, "rev-parse", f"{oid}:a")
    for pack in (place.bare / "objects" / "pack").glob("*.pack"):
        data = pack.read_bytes()
        for one in pack.parent.glob(f"{pack.stem}.*"):
            one.unlink()
        subprocess.run(["git", "unpack-objects", "-q"], cwd=place.bare, env=place.environ, check=True, input=data)
    (place.bare / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(TuicrmError):
        origin(bob).fetch()
    assert place.marks() == []


def test_a_folder_by_another_name_runs_nothing_either(place: Place) -> None:
    with (place.folder / "home" / ".gitconfig").open("a") as file:
        file.write(f'[url "{place.folder}/"]\n\tinsteadOf = team:\n')
    place.hook("pre-receive")
    ann = place.work("ann", "team:remote.git")
    assert origin(ann).push(place.commit(ann)) == "ok"
    assert place.marks() == []


def test_a_pushed_url_set_apart_is_used(place: Place) -> None:
    place.plain(place.folder, "init", "-q", "--bare", "second.git")
    ann = place.work("ann")
    place.plain(ann.root, "config", "remote.origin.pushurl", "../second.git")
    oid = place.commit(ann)
    with pytest.raises(Decision, match=r"pushurl.* lead elsewhere"):
        origin(ann)
    allow(ann, "remote.origin.pushurl")
    assert origin(ann).push(oid) == "ok"
    assert place.plain(place.folder / "second.git", "rev-parse", "main") == oid
    assert origin(ann).heads() == {}


def test_a_workspace_that_somebody_works_in_is_no_remote(place: Place) -> None:
    bob = place.work("bob")
    place.commit(bob)
    place.plain(bob.root, "config", "receive.denyCurrentBranch", "updateInstead")
    place.plain(bob.root, "config", "filter.evil.smudge", place.mark("smudge"))
    Path(bob.git_dir, "info").mkdir(exist_ok=True)
    Path(bob.git_dir, "info", "attributes").write_text("* filter=evil\n")
    ann = place.work("ann", "../bob")
    tip = origin(ann).fetch()
    place.plain(ann.root, "reset", "-q", "--hard", tip)
    with pytest.raises(Refused, match="checked out there"):
        origin(ann).push(place.commit(ann, "two"))
    (place.folder / "marks").mkdir(exist_ok=True)
    assert place.marks() == []


@pytest.mark.parametrize("by", ["folder", "file"])
def test_a_folder_is_kept_in_order_without_running_anything_of_its_own(
    place: Place, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(tidying, "MOST_PACKS", 3)
    ann = place.work("ann", "../remote" if by == "folder" else place.bare.as_uri().removesuffix(".git"))
    for name in ("pre-auto-gc", "pre-receive", "reference-transaction"):
        place.hook(name)
    place.plain(place.bare, "config", "gc.recentObjectsHook", place.mark("gc"))
    packs = []
    for number in range(12):
        assert origin(ann).push(place.commit(ann, str(number))) == "ok"
        packs.append(len(list((place.bare / "objects" / "pack").glob("*.pack"))))
    assert max(packs) <= 4
    assert place.marks() == []
    assert place.plain(place.bare, "fsck", "--strict") == ""
    assert place.plain(place.bare, "rev-list", "--count", "main") == "12"


def test_a_remote_whose_name_is_no_part_of_a_ref_is_called_origin(place: Place) -> None:
    ann = place.work("ann")
    oid = place.commit(ann)
    place.plain(ann.root, "config", "--rename-section", "remote.origin", "remote.../../x y")
    assert read(ann, MAIN).remote == "../../x y"
    assert origin(ann).push(oid) == "ok"
    assert origin(ann).fetch() == oid
    assert place.plain(ann.root, "rev-parse", "refs/remotes/origin/main") == oid


def test_a_removed_branch_is_as_if_it_had_never_been(place: Place) -> None:
    ann = place.work("ann")
    oid = place.commit(ann)
    origin(ann).push(oid)
    place.plain(place.bare, "update-ref", "-d", MAIN)
    assert origin(ann).fetch() == ""
    assert origin(ann).push(oid) == "ok"
    shutil.rmtree(place.bare)
    with pytest.raises(Unreachable):
        origin(ann).fetch()


def test_the_branch_of_the_first_contact() -> None:
    def of(*short: str, head: str = "") -> dict[str, str]:
        return {f"refs/heads/{one}": "0" * 40 for one in short} | ({"HEAD": f"refs/heads/{head}"} if head else {})

    assert choose_branch(MAIN, {}) == MAIN
    assert choose_branch(MAIN, of("a", "main", head="a")) == MAIN
    assert choose_branch(MAIN, of("a", "trunk", head="trunk")) == "refs/heads/trunk"
    assert choose_branch("refs/heads/x", of("a", "master", head="gone")) == "refs/heads/master"
    assert choose_branch(MAIN, of("a")) == "refs/heads/a"
    with pytest.raises(Decision, match="it has a, b"):
        choose_branch(MAIN, of("a", "b"))


@pytest.mark.parametrize("name", ["main", "feature/a-b", "Größe", "a.b", "v1@2"])
def test_names_of_branches(place: Place, name: str) -> None:
    place.plain(place.bare, "check-ref-format", f"refs/heads/{name}")
    assert is_branch(f"refs/heads/{name}")


@pytest.mark.parametrize(
    "name",
    ["", "-x", "a..b", "a b", "a~1", "a^", "a:b", "a?", "a*", "a[", "a\\b", "/a", "a/", "a//b", ".a", "a/.b", "a.lock",
     "a.lock/b", "a.", "@", "a@{b", "a\x1b[2J", "a\u202eb", "a\n", "x" * 300],
)  # fmt: skip
def test_names_that_are_none(name: str) -> None:
    assert not is_branch(f"refs/heads/{name}")
    assert not is_branch(name)
