"""Backup and restore: one file that holds everything, a workspace that is the same again."""

from __future__ import annotations

import json
import os
import shutil
import stat
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tuicrm.exchange.archive import read_archive

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


def content(root: Path) -> str:
    from tuicrm.store.contenthash import content as held
    from tuicrm.store.contenthash import content_hash
    from tuicrm.store.workspace import Workspace

    with Workspace.open(root) as workspace:
        return content_hash(held(workspace))


@pytest.mark.parametrize("name", ["b.zip", "b.tar.gz", "b.tgz"])
def test_a_restored_workspace_is_the_same(stocked: Shell, tmp_path: Path, name: str) -> None:
    stocked.ok("contact", "add", "Gone Soon")
    stocked.ok("contact", "rm", "Gone Soon")
    stocked.ok("deal", "edit", "Acme renewal", "--tag", "hot")
    file, again = tmp_path / name, tmp_path / "deep" / "again"
    assert stocked.ok("backup", str(file)) == f"{file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stocked.ok("restore", str(file), str(again)) == f"{again}\n"
    assert content(again) == content(stocked.folder) == read_archive(file).hash
    assert f"checked that all arrived (hash {content(again)})" in stocked.err
    assert json.loads((again / "tuicrm.json").read_text()) == json.loads(Path("tuicrm.json").read_text())
    inside = ("--workspace", str(again))
    stocked.ok(*inside, "contact", "restore", "Gone Soon")
    assert "all is well" in stocked.ok(*inside, "doctor") + stocked.err


def test_what_no_checkpoint_has_written_yet_is_in_it(stocked: Shell, tmp_path: Path) -> None:
    from tuicrm.store.changes import Write
    from tuicrm.store.workspace import Workspace

    workspace = Workspace.open(stocked.folder)
    key = workspace.new_id()
    workspace.commit([Write("company", key, {"name": "Only in the journal"})], by="ann", note="")
    assert not any(key in one.read_text() for one in Path("data/company").iterdir())
    stocked.ok("backup", str(tmp_path / "b.zip"))
    assert key in read_archive(tmp_path / "b.zip").records["company"]


def test_a_restored_workspace_has_nothing_to_undo(stocked: Shell, tmp_path: Path) -> None:
    stocked.ok("backup", str(tmp_path / "b.zip"))
    stocked.ok("restore", str(tmp_path / "b.zip"), str(tmp_path / "again"))
    found = stocked.error("--workspace", str(tmp_path / "again"), "undo")
    assert (found["exit"], found["message"]) == (3, "there is nothing to undo")


def test_the_private_folder_by_itself(stocked: Shell) -> None:
    assert stocked.json("backup", "--list") == []
    first, second = stocked.ok("backup").strip(), stocked.ok("backup").strip()
    assert first != second
    assert Path(first).parent == stocked.folder / ".git" / "tuicrm" / "backups"
    assert stat.S_IMODE(Path(first).parent.stat().st_mode) == 0o700
    assert {one["file"] for one in stocked.json("backup", "--list")} == {first, second}
    assert first in stocked.ok("backup", "--list")


def test_a_folder_gets_a_file_named_after_the_workspace_and_the_time(stocked: Shell, tmp_path: Path) -> None:
    found = stocked.json("backup", str(tmp_path))
    assert found["file"] == str(tmp_path / "acme-20261008-090000.zip")
    assert found["hash"] == content(stocked.folder)


def test_nothing_is_restored_over_what_is_there(stocked: Shell, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    stocked.ok("backup", str(file))
    full, plain, link, empty = (tmp_path / name for name in ("full", "plain", "link", "empty"))
    full.mkdir()
    (full / "mine").write_text("mine")
    plain.write_text("mine")
    empty.mkdir()
    link.symlink_to(empty)
    before = content(stocked.folder)
    for place in (stocked.folder, full, plain, link):
        assert stocked.error("restore", str(file), str(place))["exit"] == 2
    assert content(stocked.folder) == before
    assert (full / "mine").read_text() == plain.read_text() == "mine"
    stocked.ok("restore", str(file), str(empty))
    assert content(empty) == before


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["backup", "b.csv"], 2, "not by its name"),
        (["backup", "gone/b.zip"], 7, "no such file"),
        (["backup", "b.zip", "--list"], 2, "takes no file"),
        (["restore", "gone.zip", "new"], 3, "no file"),
        (["restore", "tuicrm.json", "new"], 8, "no whole zip or tar.gz"),
        (["restore", "data", "new"], 8, "is a folder"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(stocked: Shell, words: list[str], code: int, says: str) -> None:
    found = stocked.error(*words)
    assert found["exit"] == code
    assert says in found["message"]
    assert not Path("new").exists()


def test_a_damaged_backup_is_refused_and_leaves_nothing(stocked: Shell, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    stocked.ok("backup", str(file))
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"Jane", b"Jade") if name.startswith("records/contact") else data)
    found = stocked.error("restore", str(other), str(tmp_path / "again"))
    assert found["exit"] == 8
    assert "do not have the hash" in found["message"]
    assert not [name for name in os.listdir(tmp_path) if "again" in name]


def test_lines_that_nobody_can_read_are_kept_and_told(stocked: Shell, tmp_path: Path) -> None:
    [path] = [one for one in Path("data/contact").iterdir() if one.stat().st_size]
    path.write_text(path.read_text() + "half a li\n")
    stocked.ok("backup", str(tmp_path / "b.zip"))
    assert "left out" in stocked.err
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        assert packed.read("unreadable.txt") == b"half a li\n"


def test_without_git_it_works_as_well(bare: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    monkeypatch.setenv("PATH", str(tools))
    bare.ok("init", "acme")
    shutil.rmtree("acme/.git", ignore_errors=True)
    made = bare.ok("--workspace", "acme", "backup").strip()
    assert Path(made).parent == bare.folder / "acme" / ".tuicrm" / "backups"
    bare.ok("restore", made, "again")
    assert content(bare.folder / "again") == content(bare.folder / "acme")
