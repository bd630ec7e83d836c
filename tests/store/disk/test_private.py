"""The private folder: made here, never one that a repository brings along."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tuicrm.store.changes import Write
from tuicrm.store.local import Local
from tuicrm.store.tracked import is_tracked
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEAL = "01KB00000000000000000000AA"


def git(root: Path, *words: str) -> None:
    told = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@b.example", *words]
    subprocess.run(told, check=True, capture_output=True)


@pytest.fixture(params=["", "index.version=4", "core.splitIndex=true"])
def setting(request: pytest.FixtureRequest) -> str:
    """What a user may have set about git's index."""
    return str(request.param)


@pytest.fixture(params=[0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """How private files are that git writes."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def plant(root: Path, setting: str) -> None:
    """A repository that brings a private folder along, with somebody else's journal and permissions in it."""
    with Workspace.open(root) as evil:
        evil.commit([Write("deal", DEAL, {"name": "planted"})], by="eve", note="")
        journal = (evil.private / "journal").read_bytes()
    if setting:
        git(root, "config", *setting.split("="))
    folder = root / ".tuicrm"
    folder.mkdir()
    (root / ".terraform").write_text("")
    (folder / "journal").write_bytes(journal)
    (folder / "local.json").write_text('{"allow": "core.sshcommand"}')
    git(root, "add", "-A", "-f", ".tuicrm", ".terraform", "tuicrm.json")
    git(root, "commit", "-qm", "planted")


@pytest.mark.parametrize("used_before", [True, False])
def test_a_committed_one_is_not_used(root: Path, tmp_path: Path, umask: int, setting: str, used_before: bool) -> None:
    plant(root, setting)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--no-checkout", str(root), str(clone)], check=True)
    if setting:
        git(clone, "config", *setting.split("="))
    if used_before:
        (clone / ".git" / "tuicrm").mkdir(mode=0o700)
    git(clone, "checkout", "-q", "HEAD", ".")
    assert (clone / ".tuicrm" / "journal").exists()
    ws = Workspace.open(clone)
    assert ws.private == clone / ".git" / "tuicrm"
    assert ws.get("deal", DEAL) is None
    assert Local(ws.private).get("allow") == ""
    ws.commit([Write("deal", DEAL, {"name": "mine"})], by="ann", note="")
    assert (clone / ".git" / "tuicrm" / "journal").exists()
    assert b"mine" not in (clone / ".tuicrm" / "journal").read_bytes()
    assert [one.path for one in ws.problems()] == [".tuicrm"]


@pytest.mark.parametrize("kind", ["a link", "a file", "an empty folder"])
def test_what_is_no_private_folder_is_not_used(root: Path, tmp_path: Path, kind: str) -> None:
    plain = root / ".tuicrm"
    if kind == "a link":
        (tmp_path / "elsewhere").mkdir(mode=0o700)
        plain.symlink_to(tmp_path / "elsewhere")
    elif kind == "a file":
        plain.write_text("")
    else:
        plain.mkdir(mode=0o755)
    ws = Workspace.open(root)
    ws.commit([Write("deal", DEAL, {"name": "mine"})], by="ann", note="")
    assert ws.private == root / ".git" / "tuicrm"
    assert (ws.private / "journal").exists()


def test_one_made_before_git_came_is_used_and_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "acme"
    with monkeypatch.context() as without_git:
        without_git.setenv("PATH", str(tmp_path))
        ws = Workspace.create(root, name="Acme")
        ws.commit([Write("deal", DEAL, {"name": "mine"})], by="ann", note="")
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "by hand, before tuicrm ran again")
    assert Workspace.open(root).all("deal")[DEAL]["name"] == "mine"
    again = Workspace.open(root)
    again.commit([Write("deal", DEAL, {"name": "edited"})], by="ann", note="")
    assert again.private == root / ".git" / "tuicrm"
    assert not (root / ".tuicrm").exists()


def test_many_tracked_files_of_every_index_version_are_told_apart(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert is_tracked(str(tmp_path / ".git"), ".tuicrm") is False
    for number in range(30):
        (tmp_path / f".t{'u' * (number % 9)}{number}").write_text(str(number))
    for version in ("2", "4"):
        git(tmp_path, "update-index", "--index-version", version)
        git(tmp_path, "add", "-A")
        assert is_tracked(str(tmp_path / ".git"), ".tuicrm") is False
        assert is_tracked(str(tmp_path / ".git"), ".tuuuu4") is True
    (tmp_path / ".git" / "index").write_bytes(b"DIRC\0\0\0\x04\0\0\0\x09nonsense")
    assert is_tracked(str(tmp_path / ".git"), ".tuicrm") is True
