"""Folders that may not be written, full disks, locks that others hold: exit code 7, nothing lost or half done."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .conftest import Shell

OBEDIENT = ["setpriv", *(f"--{one}=-dac_override,-dac_read_search" for one in ("bounding-set", "inh-caps"))]
"""Makes root obey the modes of files, as everybody else does."""
CHANGES: tuple[tuple[str, ...], ...] = (
    ("company", "add", "One"),
    ("deal", "edit", "Acme pilot", "--value", "9k"),
    ("deal", "win", "Acme pilot"),
    ("log", "call", "Hello", "--with", "Jane Roe", "--next", "call tomorrow"),
    ("followup", "done", "Send the report"),
    ("company", "rm", "Acme GmbH"),
    ("config", "set", "currency", "USD"),
    ("pipeline", "edit", "Sales", "--add", "Trial 40%"),
    ("view", "rm", "big"),
    ("import", "../in.csv", "--as", "contacts"),
    ("undo",),
)
LOOKS: tuple[tuple[str, ...], ...] = (("deal", "list"), ("board",), ("agenda",), ("search", "acme"), ("doctor",))


def put_sheet(shell: Shell) -> None:
    (shell.folder.parent / "in.csv").write_text("name,company\nAnn,\nBob,Nowhere\n")


class Other:
    """Runs commands in a process that obeys the modes of files, also where the tests are run by root."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        self.how = OBEDIENT if os.geteuid() == 0 else []

    def run(self, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.how, sys.executable, "-m", "tuicrm", "--workspace", str(self.shell.folder), *words],
            cwd=cwd or self.shell.folder,
            env=os.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            stdin=subprocess.DEVNULL,
        )


@pytest.fixture
def other(shell: Shell) -> Other:
    put_sheet(shell)
    found = Other(shell)
    if found.how and (not shutil.which("setpriv") or found.run("--version").returncode):
        pytest.skip("root cannot be made to obey the modes of files here")
    return found


@contextmanager
def modes(folder: Path, *, folders: int, files: int) -> Iterator[None]:
    """Give everything below a folder these modes, and put back what was."""
    before = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path in reversed(before):
        path.chmod(folders if path.is_dir() else files)
    try:
        yield
    finally:
        for path, mode in before.items():
            path.chmod(mode)


def test_a_read_only_folder_can_be_read_and_says_why_it_is_not_written(other: Other) -> None:
    shell = other.shell
    before = shell.files()
    with modes(shell.folder, folders=0o500, files=0o400):
        assert other.run("deal", "list", "--format", "ids").stdout.count("\n") == 2
        assert other.run("doctor").returncode == 0
        for words in (CHANGES[0], CHANGES[2], CHANGES[-2]):
            done = other.run(*words)
            assert done.returncode == 7, (words, done.stderr)
            assert str(shell.folder) in done.stderr or "in.rejected.csv" in done.stderr
            assert "permission denied" in done.stderr
            assert "Traceback" not in done.stderr
            assert done.stdout == ""
    assert shell.files() == before


def test_an_import_into_a_read_only_workspace_leaves_nothing_behind(other: Other) -> None:
    shell = other.shell
    elsewhere = shell.folder.parent / "elsewhere"
    elsewhere.mkdir()
    before = shell.files()
    with modes(shell.folder, folders=0o500, files=0o400):
        done = other.run("import", "../in.csv", "--as", "contacts", cwd=elsewhere)
        assert done.returncode == 7, done.stderr
        assert "permission denied" in done.stderr
    assert shell.files() == before
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("place", ["data", "data/deal", "tuicrm.json", ".git/tuicrm", ".git/tuicrm/journal"])
def test_what_may_not_be_read_is_named(other: Other, place: str) -> None:
    shell = other.shell
    path = shell.folder / place
    mode = path.stat().st_mode
    path.chmod(0)
    try:
        done = other.run("deal", "list", "--json")
    finally:
        path.chmod(mode)
    assert done.returncode == 7, done.stderr
    error = json.loads(done.stderr.splitlines()[-1])["error"]
    assert Path(place).name in error["message"]
    assert "permission denied" in error["message"]


def test_init_and_import_where_they_may_not(other: Other) -> None:
    shell = other.shell
    closed = shell.folder.parent / "closed"
    closed.mkdir()
    closed.chmod(0o500)
    done = other.run("init", str(closed / "new"))
    assert done.returncode == 7
    assert str(closed) in done.stderr
    assert list(closed.iterdir()) == []
    (shell.folder.parent / "in.csv").chmod(0)
    done = other.run("import", "../in.csv", "--as", "contacts")
    assert done.returncode == 7
    assert "in.csv" in done.stderr
    assert "permission denied" in done.stderr


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a full disk: the kernel itself cuts writes short."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("words", CHANGES, ids=" ".join)
def test_a_change_that_does_not_fit_is_not_made(shell: Shell, words: tuple[str, ...]) -> None:
    """Whatever room there is: the change is made whole and answered with 0, or not at all and answered with 7."""
    put_sheet(shell)
    before = shell.records()
    for room in (0, 1, 40, 90, 150, 400, 700, 1200, 2500, 1 << 20):
        with largest_file(room):
            code = shell.run(*words)
        after = shell.records()
        if code == 0:
            assert after != before
            break
        assert code == 7, shell.err
        assert after == before, room
        assert "too large" in shell.err or "full" in shell.err
        assert not list(shell.folder.glob("*.csv"))
    shell.ok("doctor")


@pytest.mark.parametrize("room", [0, 20, 60, 100, 130, 200, 500, 1500, 3000])
def test_a_start_that_does_not_fit_can_be_tried_again(shell: Shell, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    monkeypatch.chdir(shell.folder.parent)
    with largest_file(room):
        code = shell.run("init", "fresh", "--user", "ann")
    assert code in (0, 5, 7), shell.err
    if code:
        shell.ok("init", "fresh", "--user", "ann")
    monkeypatch.chdir("fresh")
    shell.ok("deal", "add", "First")
    assert len(shell.json("pipeline", "list")) == 1
    shell.ok("doctor")


@pytest.mark.parametrize("room", [0, 1, 300])
def test_reading_needs_no_room(shell: Shell, room: int) -> None:
    before = [(shell.ok(*words), shell.err) for words in LOOKS]
    (bad,) = [(shell.folder / "data" / "company").rglob("*.jsonl")]
    next(bad).write_bytes(b"not a record\n")
    with largest_file(room):
        for words in LOOKS:
            assert shell.run(*words) in (0, 8), shell.err
    assert len(before) == len(LOOKS)


SCRIPT = """
set -e
mount -t tmpfs -o size=768k,mode=700 none "$1/disk"
cp -a "$1/acme" "$1/disk/"
cd "$1/disk/acme"
long=$(head -c 20000 /dev/zero | tr "\\0" x)
run() { set +e; "$2" -m tuicrm company add "$1" --notes "$long" >/dev/null 2>>"$3/told"; echo $? >>"$3/codes"; set -e; }
run before "$2" "$1"
dd if=/dev/zero of="$1/disk/rest" bs=512 2>/dev/null || true
run full "$2" "$1"
rm "$1/disk/rest"
run after "$2" "$1"
mount -o remount,ro "$1/disk"
run readonly "$2" "$1"
"$2" -m tuicrm company list --format csv --columns name >"$1/names"
"$2" -m tuicrm doctor >"$1/health" 2>&1
"""


def test_a_full_and_a_read_only_file_system(shell: Shell) -> None:
    top = shell.folder.parent
    (top / "disk").mkdir()
    if os.geteuid() or not shutil.which("unshare"):
        pytest.skip("only root may mount file systems")
    if subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", top / "disk"], check=False).returncode:
        pytest.skip("no file system can be mounted here")
    subprocess.run(
        ["unshare", "-m", "sh", "-c", SCRIPT, "sh", str(top), sys.executable], check=True, timeout=60, env=os.environ
    )
    assert (top / "codes").read_text().split() == ["0", "7", "0", "7"]
    told = (top / "told").read_text()
    assert "the disk is full" in told
    assert "the file system is read-only" in told
    assert "Traceback" not in told
    names = (top / "names").read_text()
    assert [name in names for name in ("before", "full", "after", "readonly")] == [True, False, True, False]
    assert (top / "health").read_text() == "all is well\n"


@pytest.fixture
def locked(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A workspace whose lock somebody else holds, and little patience."""
    from tuicrm.store import lock

    assert 0 < lock.WAIT <= 10, "nobody waits for ever"
    monkeypatch.setattr(lock, "WAIT", 0.05)
    with (shell.private / "lock").open("rb+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield shell


def test_while_another_process_writes_reading_goes_on(locked: Shell) -> None:
    for words in LOOKS:
        locked.ok(*words)


@pytest.mark.parametrize("words", CHANGES, ids=" ".join)
def test_while_another_process_writes_changes_are_refused(locked: Shell, words: tuple[str, ...]) -> None:
    put_sheet(locked)
    locked.fails(7, *words, says="Another process has been writing")
    error = locked.error("company", "add", "One")
    assert (error["code"], error["exit"]) == ("busy", 7)
    assert error["hint"]
    assert not list(locked.folder.glob("*.csv"))


@pytest.mark.parametrize("content", [b"", b"someone else's"])
def test_while_git_works_changes_stay_in_the_journal(shell: Shell, content: bytes) -> None:
    index = shell.folder / ".git" / "index.lock"
    index.write_bytes(content)
    for words in CHANGES[:4]:
        shell.ok(*words)
    held = {one["name"] for one in shell.json("company", "list")}
    assert held == {"Acme GmbH", "One"}
    assert index.read_bytes() == content
    index.unlink()
    shell.ok("company", "add", "Two")
    assert {one["name"] for one in shell.json("company", "list")} == {"Acme GmbH", "One", "Two"}
    assert any(b'"One"' in data for path, data in shell.files().items() if "/data/company/" in path)
