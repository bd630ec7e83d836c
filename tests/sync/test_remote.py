"""Fetching from and pushing to a remote: what arrives, who may run nothing, and what each failure is called."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tuicrm.errors import Busy, Cancelled, Decision, ReadOnly, TuicrmError
from tuicrm.sync import remote as remote_module
from tuicrm.sync import tidying
from tuicrm.sync.git import Git, find
from tuicrm.sync.remote import NeedsCredentials, Refused, Remote, Unreachable, choose_branch, is_branch
from tuicrm.sync.trust import Config, read

MAIN = "refs/heads/main"


@dataclass
class Place:
    """A bare repository, and work trees beside it."""

    folder: Path

    def __post_init__(self) -> None:
        (self.folder / "home").mkdir()
        (self.folder / "home" / ".gitconfig").write_text(
            "[user]\n\tname = Ann\n\temail = ann@acme.example\n[init]\n\tdefaultBranch = main\n[core]\n\tfsync = none\n"
        )
        self.plain(self.folder, "init", "-q", "--bare", "remote.git")

    @property
    def environ(self) -> dict[str, str]:
        home = str(self.folder / "home")
        return {"PATH": os.environ["PATH"], "HOME": home, "GIT_CONFIG_NOSYSTEM": "1"}

    @property
    def bare(self) -> Path:
        return self.folder / "remote.git"

    def plain(self, at: Path | str, *words: str, data: str = "") -> str:
        """Run git as a person would."""
        done = subprocess.run(
            ["git", *words], cwd=at, env=self.environ, check=True, capture_output=True, text=True, input=data
        )
        return done.stdout.strip()

    def work(self, name: str, url: str = "../remote.git") -> Git:
        """A work tree with the remote as its origin."""
        root = self.folder / name
        self.plain(self.folder, "init", "-q", name)
        self.plain(root, "remote", "add", "origin", url)
        git = find(str(root), self.environ)
        assert git is not None
        return git

    def commit(self, git: Git, text: str = "one", name: str = "a") -> str:
        """Commit a file in a work tree."""
        Path(git.root, name).write_text(text)
        self.plain(git.root, "add", name)
        self.plain(git.root, "commit", "-q", "-m", "x")
        return self.plain(git.root, "rev-parse", "HEAD")

    def tip(self) -> str:
        return self.plain(self.bare, "rev-parse", "main")

    def ssh(self, body: str = 'for last; do :; done; exec sh -c "$last"') -> str:
        """Let the user's own configuration name an ssh that runs here; returns a URL of the bare repository."""
        path = self.folder / "ssh"
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        with (self.folder / "home" / ".gitconfig").open("a") as file:
            file.write(f"[core]\n\tsshCommand = {path}\n[ssh]\n\tvariant = ssh\n")
        return f"ssh://git.example{self.bare}"

    def mark(self, name: str) -> str:
        """A shell command that leaves a trace."""
        (self.folder / "marks").mkdir(exist_ok=True)
        return f"touch {shlex.quote(str(self.folder / 'marks' / name))}"

    def marks(self) -> list[str]:
        return sorted(one.name for one in (self.folder / "marks").iterdir())

    def hook(self, name: str, body: str = "", at: Path | None = None) -> None:
        """A hook in the bare repository that leaves a trace."""
        path = (at or self.bare) / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{self.mark(name)}\n{body}\n")
        path.chmod(0o755)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def origin(git: Git, branch: str = MAIN) -> Remote:
    return Remote(git, read(git, MAIN), branch)


def elsewhere(git: Git, url: str) -> Remote:
    return Remote(git, Config((), remote="origin", url=url), MAIN)


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


def test_what_a_host_s_hook_says_is_passed_on(place: Place) -> None:
    ann = place.work("ann", place.ssh())
    place.hook("pre-receive", r"printf 'only on \033[1mweekdays\n' >&2; exit 1")
    oid = place.commit(ann)
    with pytest.raises(Refused, match=r"pre-receive hook declined.*weekdays") as caught:
        origin(ann).push(oid)
    assert "\x1b" not in str(caught.value)
    assert (caught.value.EXIT_CODE, origin(ann).tip()) == (6, "")


@pytest.mark.parametrize(
    ("told", "kind", "says"),
    [
        ("git@git.example: Permission denied (publickey).", NeedsCredentials, "does not know who asks"),
        ("Host key verification failed.", NeedsCredentials, "host's key is not known"),
        ("ssh: Could not resolve hostname git.example: not known", Unreachable, "is this machine online"),
        ("ssh: connect to host git.example port 22: Connection refused", Unreachable, "port 22: Connection refused"),
        ("ERROR: Repository not found.", Unreachable, "no repository there, or none for you"),
        ("ERROR: Permission to a/b.git denied to ann.", Refused, "may not write there"),
        ("", Unreachable, "cannot be reached: "),
    ],
)  # fmt: skip
def test_each_way_not_to_get_through_has_its_sentence(
    place: Place, told: str, kind: type[TuicrmError], says: str
) -> None:
    url = place.ssh(f"echo {shlex.quote(told)} >&2; exit 255").replace("git.example", "ann:secret@git.example")
    ann = place.work("ann", url)
    oid = place.commit(ann)
    with pytest.raises(kind, match=says) as caught:
        origin(ann).push(oid)
    assert type(caught.value) is kind
    assert "secret" not in str(caught.value)
    with pytest.raises(kind):
        origin(ann).fetch()
    with pytest.raises(kind):
        origin(ann).heads()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("../nothing.git", "there is no repository there"),
        ("https://127.0.0.1:1/x", "^https://127.0.0.1:1/x cannot be reached: Failed to connect"),
        ("ext::sh -c 'touch pwned'", "transport 'ext' not allowed"),
        ("git://127.0.0.1:1/x", "transport 'git' not allowed"),
        ("http://127.0.0.1:1/x", "transport 'http' not allowed"),
    ],
)
def test_a_remote_that_is_not_there_is_named(place: Place, url: str, says: str) -> None:
    ann = place.work("ann")
    oid = place.commit(ann)
    with pytest.raises(Unreachable, match=says):
        elsewhere(ann, url).fetch()
    with pytest.raises(Unreachable, match=says):
        elsewhere(ann, url).push(oid)
    assert not Path(ann.root, "pwned").exists()


@pytest.mark.parametrize("many", [1, 150])
def test_a_remote_cannot_fill_the_disk(place: Place, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    ann, bob = place.work("ann"), place.work("bob")
    Path(ann.root, "large").write_bytes(os.urandom(300_000))
    for number in range(many):
        Path(ann.root, f"f{number}").write_text(str(number))
    place.plain(ann.root, "add", ".")
    origin(ann).push(place.commit(ann))
    monkeypatch.setattr(remote_module, "MOST_FETCHED", 100_000)
    with pytest.raises(Refused, match="too large"):
        origin(bob).fetch()
    assert [one for one in Path(bob.git_dir, "objects").rglob("tmp_*") if one.stat().st_size > 0] == []
    monkeypatch.undo()
    assert origin(bob).fetch() == place.tip()


def test_what_is_no_proper_commit_is_not_taken(place: Place) -> None:
    ann, bob = place.work("ann"), place.work("bob")
    place.commit(ann)
    text = place.plain(ann.root, "cat-file", "commit", "HEAD").replace("author Ann <", "author Ann ")
    bad = place.plain(ann.root, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=f"{text}\n")
    place.plain(ann.root, "push", "-q", "origin", f"{bad}:{MAIN}")
    place.plain(bob.root, "config", "fetch.fsckObjects", "false")
    place.plain(bob.root, "config", "transfer.fsckObjects", "false")
    with pytest.raises(Refused, match="no proper commit or file"):
        origin(bob).fetch()
    assert origin(bob).tip() == ""


@pytest.mark.parametrize("what", ["HEAD:a", "HEAD^{tree}", "v1"])
def test_a_branch_that_is_no_commit_is_refused(place: Place, what: str) -> None:
    ann, bob = place.work("ann"), place.work("bob")
    place.commit(ann)
    place.plain(ann.root, "tag", "-a", "v1", "-m", "x")
    oid = place.plain(ann.root, "rev-parse", what)
    place.plain(ann.root, "push", "-q", "--tags", "origin", "main:other")
    Path(place.bare, "refs", "heads", "main").write_text(f"{oid}\n")
    for _ in range(2):
        with pytest.raises(Refused, match="something else than a commit as its branch main"):
            origin(bob).fetch()
    assert origin(bob).tip() == ""


def test_a_name_that_stands_for_another_is_not_written_through(place: Place) -> None:
    ann, bob = place.work("ann"), place.work("bob")
    origin(ann).push(place.commit(ann))
    mine = place.commit(bob, "mine")
    place.plain(bob.root, "symbolic-ref", "refs/remotes/origin/main", MAIN)
    with pytest.raises(Decision, match="stands for another branch"):
        origin(bob).fetch()
    assert place.plain(bob.root, "rev-parse", "HEAD") == mine


def test_what_keeps_this_machine_from_it_is_not_put_on_the_remote(place: Place) -> None:
    ann, bob = place.work("ann"), place.work("bob")
    origin(ann).push(place.commit(ann))
    lock = Path(bob.git_dir, "refs", "remotes", "origin", "main.lock")
    lock.parent.mkdir(parents=True)
    lock.touch()
    with pytest.raises(Busy, match=r"main\.lock"):
        origin(bob).fetch()
    lock.unlink()
    if os.geteuid() == 0:
        return
    objects = Path(bob.git_dir, "objects")
    objects.chmod(0o500)
    try:
        with pytest.raises(ReadOnly):
            origin(bob).fetch()
    finally:
        objects.chmod(0o700)


def test_a_full_disk_is_called_one(place: Place) -> None:
    from tuicrm.sync.answers import problem
    from tuicrm.sync.git import Ran

    told = ["fatal: write error: No space left on device", "fatal: fetch-pack: invalid index-pack output"]
    assert isinstance(problem(Ran(128, b"", told), "x"), ReadOnly)
    assert isinstance(problem(Ran(128, b"", [f"remote: {one}" for one in told]), "x"), Unreachable)


def test_a_branch_in_the_way_is_no_race(place: Place) -> None:
    ann = place.work("ann")
    oid = place.commit(ann)
    place.plain(ann.root, "push", "-q", "origin", "main:main/x")
    with pytest.raises(Refused, match="main/x"):
        origin(ann).push(oid)


def test_it_can_be_given_up(place: Place) -> None:
    ann = place.work("ann", place.ssh("exec sleep 600"))
    ann.cancelled = lambda: True
    with pytest.raises(Cancelled):
        origin(ann).fetch()


def test_a_silent_remote_is_given_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_module, "PATIENCE", 0.5)
    ann = place.work("ann", place.ssh("exec sleep 600"))
    with pytest.raises(Unreachable, match="it was silent for"):
        origin(ann).fetch()


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
