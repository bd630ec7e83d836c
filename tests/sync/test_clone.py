"""Cloning a workspace: into place when it is one, refused with a sentence otherwise, and nothing left behind."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tuicrm.crm.opening import create_workspace, open_session
from tuicrm.errors import Decision, Invalid, TuicrmError
from tuicrm.sync.clone import clone, target_name
from tuicrm.sync.remote import Unreachable
from tuicrm.sync.urls import checked_url, without_password

ENV = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@acme.example")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, env=ENV)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """Return a repository with a workspace in it."""
    env = {"HOME": str(tmp_path), "TUICRM_USER": "ann", "TZ": "UTC"}
    folder = tmp_path / "origin"
    create_workspace(folder, name="Acme sales", currency="EUR", user="ann", env=env).ws.close()
    git(folder, "add", ".")
    git(folder, "commit", "-m", "start")
    return folder


def left_over(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_workspace_is_cloned_into_place(remote: Path, tmp_path: Path) -> None:
    said: list[str] = []
    target = tmp_path / "in" / "sales"
    assert clone(f"file://{remote}", target, environ=ENV, said=said.append) == target
    session = open_session(target, {"HOME": str(tmp_path), "TUICRM_USER": "ann", "TZ": "UTC"})
    assert (session.ws.name, bool(session.me)) == ("Acme sales", True)
    assert said
    assert left_over(target.parent) == ["sales"]


@pytest.mark.parametrize(
    "url",
    ["", " ", "-u", "--upload-pack=touch x", "ext::sh -c touch% x", "fd::3", "a\nb", "https://x/\x1b[2J", "\udc80"],
)
def test_what_is_no_url_never_reaches_git(url: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        clone(url, tmp_path / "sales", environ={"PATH": ""})
    assert "\x1b" not in str(caught.value)
    assert left_over(tmp_path) == []


def test_what_is_no_workspace_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.mkdir()
    git(plain, "init", "-q")
    (plain / "README").write_text("hello")
    git(plain, "add", ".")
    git(plain, "commit", "-m", "x")
    with pytest.raises(Invalid, match=r"is no workspace: it has no tuicrm\.json"):
        clone(str(plain), tmp_path / "sales", environ=ENV)
    assert left_over(tmp_path) == ["plain"]


@pytest.mark.parametrize("name", [".tuicrm", ".TuiCRM"])
def test_a_committed_private_folder_is_refused(remote: Path, tmp_path: Path, name: str) -> None:
    (remote / name).mkdir()
    (remote / name / "journal").write_text("x")
    git(remote, "add", "-f", name)
    git(remote, "commit", "-m", "x")
    with pytest.raises(Invalid, match=r"carries a folder \.tuicrm"):
        clone(str(remote), tmp_path / "sales", environ=ENV)
    assert not (tmp_path / "sales").exists()


def test_a_clone_goes_on_where_it_came_from(remote: Path, tmp_path: Path) -> None:
    """Plain git finds its remote and its branch, and nothing to be committed."""
    git(remote, "branch", "-m", "sales")
    target = clone(str(remote), tmp_path / "sales", environ=ENV)

    def asked(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=target, check=True, capture_output=True, env=ENV, text=True)
        return done.stdout.strip()

    assert asked("rev-parse", "--abbrev-ref", "HEAD@{upstream}") == "origin/sales"
    assert asked("remote", "get-url", "origin") == str(remote)
    assert asked("status", "--porcelain") == ""
    assert asked("rev-parse", "HEAD", "HEAD@{upstream}").split()[0] == asked("rev-parse", "origin/sales")


def test_an_empty_repository_says_how_to_begin(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "empty.git")
    with pytest.raises(Invalid, match="is empty") as caught:
        clone(str(tmp_path / "empty.git"), tmp_path / "sales", environ=ENV)
    assert "tuicrm init --remote" in caught.value.hint
    assert left_over(tmp_path) == ["empty.git"]


def test_what_no_workspace_may_hold_is_not_checked_out(remote: Path, tmp_path: Path) -> None:
    (remote / "data" / "deal").mkdir(exist_ok=True)
    (remote / "data" / "deal" / "AA.jsonl").symlink_to("/etc/passwd")
    (remote / "notes.txt").write_text("beside the data")
    (remote / "link").symlink_to("/etc/passwd")
    git(remote, "add", "notes.txt", "link")
    git(remote, "commit", "-m", "beside")
    target = clone(str(remote), tmp_path / "one", environ=ENV)
    assert (target / "notes.txt").read_text() == "beside the data"
    assert not (target / "link").is_symlink()
    git(remote, "add", "-f", "data")
    git(remote, "commit", "-m", "a link")
    with pytest.raises(Decision, match="symbolic link"):
        clone(str(remote), tmp_path / "two", environ=ENV)
    assert not (tmp_path / "two").exists()


def test_a_repository_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as caught:
        clone(f"file://ann:secret@{tmp_path}/nowhere.git", tmp_path / "sales", environ=ENV)
    assert "cannot be reached" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert left_over(tmp_path) == []


def test_a_folder_with_something_in_it_is_left_alone(remote: Path, tmp_path: Path) -> None:
    (tmp_path / "sales").mkdir()
    (tmp_path / "sales" / "mine").write_text("x")
    with pytest.raises(Invalid, match="is not empty"):
        clone(str(remote), tmp_path / "sales", environ=ENV)
    assert left_over(tmp_path / "sales") == ["mine"]


def test_cancelling_ends_git_and_leaves_nothing(tmp_path: Path) -> None:
    """A git that never ends: a fifo tells that it runs, its end of file that it was ended."""
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    alive = tmp_path / "alive"
    os.mkfifo(alive)
    real = shutil.which("git")
    fake.write_text(
        f'#!/bin/sh\ncase " $* " in *" fetch "*) ;; *" ls-remote "*) exit 0 ;; *) exec {real} "$@" ;; esac\n'
        f'exec 3>"{alive}"\necho "Receiving objects: 1%\x1b[2J" >&2\nsleep 1000\n'
    )
    fake.chmod(0o755)
    held = os.open(alive, os.O_RDONLY | os.O_NONBLOCK)
    said: list[str] = []
    with pytest.raises(TuicrmError, match="cancelled"):
        clone(
            "https://example.com/sales.git",
            tmp_path / "out" / "sales",
            environ={**ENV, "PATH": f"{fake.parent}:{os.environ['PATH']}"},
            said=said.append,
            cancelled=lambda: bool(said),
        )
    assert said == ["Receiving objects: 1%␛[2J"]
    os.set_blocking(held, True)
    assert os.read(held, 1) == b""
    os.close(held)
    assert left_over(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("git@example.com:team/sales.git", "sales"),
        ("https://example.com/team/sales/", "sales"),
        ("example.com:sales", "sales"),
        ("..", ""),
        ("https://example.com/-rf", ""),
    ],
)
def test_the_url_suggests_a_folder(url: str, name: str) -> None:
    assert target_name(url) == name


def test_passwords_are_taken_out_and_good_urls_kept() -> None:
    assert without_password("fatal: https://ann:pw@example.com/x") == "fatal: https://example.com/x"
    assert checked_url(" git@example.com:a/b.git ") == "git@example.com:a/b.git"
    assert checked_url("/srv/sales") == "/srv/sales"
