"""What each way not to reach a remote, or not to be taken by it, is called; and what of it leaves a trace."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from tests.sync.places import MAIN, Place, elsewhere, origin
from tuicrm.errors import Busy, Cancelled, Decision, ReadOnly, TuicrmError
from tuicrm.sync import remote as remote_module
from tuicrm.sync.remote import NeedsCredentials, Refused, Unreachable


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


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
    origin(ann).push(place.commit(ann, "more"))
    objects = Path(bob.git_dir, "objects")
    folders = [objects, *(one for one in objects.rglob("*") if one.is_dir())]
    for one in folders:
        one.chmod(0o500)
    try:
        with pytest.raises(ReadOnly):
            origin(bob).fetch()
    finally:
        for one in folders:
            one.chmod(0o700)


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
