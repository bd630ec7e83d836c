"""`sync`, `init --remote` and `clone` as commands: what they print, where, and how they end."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Clone, Team, git, tuicrm

if TYPE_CHECKING:
    from tests.sync.repos import Ran


@pytest.fixture
def team(tmp_path: Path) -> Team:
    """A folder with an empty bare repository."""
    return Team(tmp_path)


@pytest.fixture
def pair(team: Team) -> tuple[Clone, Clone]:
    """Ann's workspace, sent to the repository, and Bob's clone of it."""
    ann, bob = team.clones("ann", "bob")
    return ann, bob


def begin(team: Team, *words: str) -> Ran:
    return tuicrm(team.environ("ann"), "init", str(team.folder / "ann"), "--name", "Acme", "--user", "ann", *words)


def test_init_sends_the_workspace_to_its_remote(team: Team) -> None:
    ran = begin(team, "--remote", str(team.remote))
    assert ran.code == 0, ran.err
    assert ran.out == f"{team.folder / 'ann'}\n"
    assert "sent " in ran.err
    ann = Clone(team, team.folder / "ann", "ann")
    assert ann.tip == ann.head
    assert ann.clean()


def test_init_makes_the_workspace_where_the_remote_is_away(team: Team) -> None:
    ran = begin(team, "--remote", str(team.folder / "nowhere.git"))
    assert ran.code == 0, ran.err
    assert "it is not sent yet" in ran.err
    ann = Clone(team, team.folder / "ann", "ann")
    assert ann.git("remote", "get-url", "origin") == str(team.folder / "nowhere.git")
    team.bare("nowhere.git")
    ann.ok("sync")
    assert ann.tip == ann.head


@pytest.mark.parametrize("url", ["-u", "ext::sh -c x", "http://example.com/x.git", ""])
def test_init_makes_nothing_for_what_is_no_url(team: Team, url: str) -> None:
    ran = begin(team, "--remote", url or " ")
    assert ran.code == 5, ran.err
    assert not (team.folder / "ann").exists()


def test_init_does_not_go_where_a_workspace_is(team: Team) -> None:
    ann = team.start("eve")
    ann.ok("sync")
    ran = begin(team, "--remote", str(team.remote))
    assert ran.code == 6
    assert ran.err == (f"tuicrm: {team.remote} holds a workspace already\ntuicrm clone {team.remote} fetches it.\n")
    assert not (team.folder / "ann").exists()


def test_init_takes_a_repository_with_a_readme_along(team: Team) -> None:
    plain = team.folder / "plain"
    env = team.environ("host")
    git(team.folder, env, "clone", "--quiet", str(team.remote), str(plain))
    (plain / "README").write_text("ours")
    git(plain, env, "add", ".")
    git(plain, env, "commit", "--quiet", "--message", "by the host")
    git(plain, env, "push", "--quiet", "origin", "HEAD:main")
    ran = begin(team, "--remote", str(team.remote))
    assert ran.code == 0, ran.err
    ann = Clone(team, team.folder / "ann", "ann")
    assert (ann.root / "README").read_text() == "ours"
    assert ann.tip == ann.head
    assert ann.clean()


def test_a_remote_that_is_a_folder_is_found_from_where_one_is(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(team.folder)
    ran = begin(team, "--remote", "remote.git")
    assert ran.code == 0, ran.err
    cloned = tuicrm(team.environ("bob"), "clone", "remote.git", "bob")
    assert cloned.code == 0, cloned.err
    bob = Clone(team, team.folder / "bob", "bob")
    assert bob.git("remote", "get-url", "origin") == str(team.remote)
    assert bob.git("rev-parse", "--abbrev-ref", "HEAD@{upstream}") == "origin/main"
    assert bob.clean()


def test_what_came_and_went_is_one_line_on_stderr(pair: tuple[Clone, Clone]) -> None:
    ann, bob = pair
    ann.add("company", name="Acme")
    ann.add("deal", name="Renewal")
    went = ann.run("sync")
    assert (went.code, went.out) == (0, "")
    assert went.err == "sent 1 company, 1 deal; nothing came\n"
    assert bob.run("sync").err == "came: 1 company, 1 deal\n"
    assert bob.run("sync").err == "nothing to send; nothing came\n"


def test_json_tells_all_of_it_on_stdout(pair: tuple[Clone, Clone]) -> None:
    ann, bob = pair
    key = ann.add("deal", name="Renewal")
    ann.ok("sync")
    told = bob.json("sync")
    assert told["came"] == {"deal": 1}
    assert told["went"] == {}
    assert told["changed"] == [{"kind": "deal", "id": key}]
    assert (told["commit"], told["remote"]) == (bob.head, str(ann.team.remote))
    assert (told["problem"], told["conflicts"], told["notes"]) == (None, 0, [])
    assert told["said"] == "came: 1 deal"


def test_without_a_remote_it_commits_and_says_how_to_set_one(team: Team) -> None:
    alone = team.alone()
    ran = alone.run("sync")
    assert ran.code == 0, ran.err
    assert ran.err.splitlines() == [
        "committed 1 user, 1 pipeline, 1 setting",
        "  there is no remote yet: tuicrm sync --remote URL",
    ]
    assert alone.clean()
    sent = alone.run("sync", "--remote", str(team.remote))
    assert sent.code == 0, sent.err
    assert alone.tip == alone.head
    alone.ok("sync")


def test_offline_it_commits_and_fails_with_a_sentence(pair: tuple[Clone, Clone]) -> None:
    ann, bob = pair
    key = ann.add("deal", name="Renewal")
    away = ann.team.remote.with_name("away.git")
    ann.team.remote.rename(away)
    ran = ann.run("sync")
    assert ran.code == 7
    lines = ran.err.splitlines()
    assert lines[0] == "committed 1 deal"
    assert lines[1].startswith("tuicrm: ")
    assert "cannot be reached" in lines[1]
    told = ann.run("sync", "--json")
    assert json.loads(told.out)["problem"]["code"] == "unreachable"
    assert json.loads(told.err)["error"]["code"] == "unreachable"
    away.rename(ann.team.remote)
    ann.ok("sync")
    bob.ok("sync")
    assert bob.get("deal", key)["name"] == "Renewal"


def test_what_gave_way_is_pointed_to(pair: tuple[Clone, Clone]) -> None:
    ann, bob = pair
    key = ann.add("deal", name="Renewal")
    ann.ok("sync")
    bob.ok("sync")
    ann.edit("deal", key, next_step="call")
    bob.edit("deal", key, next_step="write")
    ann.ok("sync")
    ran = bob.run("sync")
    assert ran.code == 0, ran.err
    assert "1 value gave way" in ran.err
    assert "tuicrm conflict list" in ran.err
    (found,) = bob.json("conflict", "list")
    assert (found["record_name"], found["label"]) == ("Renewal", "next step")
    assert {found["lost"], found["current"]} == {"call", "write"}


def test_a_folder_that_is_no_repository_says_the_command(team: Team) -> None:
    ann = team.start()
    shutil.rmtree(ann.root / ".git")
    key = ann.add("deal", name="Renewal")
    ann.fails(6, "sync", says="tuicrm sync --make-repository")
    assert not (ann.root / ".git").exists()
    ann.ok("sync", "--make-repository")
    assert ann.clean()
    assert ann.git("symbolic-ref", "HEAD") == "refs/heads/main"
    assert ann.get("deal", key)["name"] == "Renewal"


def at_terminal(clone: Clone, answer: str, *words: str) -> tuple[int, str]:
    """Run a command with a person at a terminal, who types an answer; return its exit code and what they saw."""
    ours, theirs = pty.openpty()
    try:
        line = [sys.executable, "-m", "tuicrm", "--workspace", str(clone.root), *words]
        env = {**clone.env, "TERM": "xterm"}
        child = subprocess.Popen(line, stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs, env=env)
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        seen = b""
        # The end of a terminal reads as an error.
        with suppress(OSError):
            while part := os.read(ours, 65_536):
                seen += part
        return child.wait(60), seen.decode().replace("\r\n", "\n")
    finally:
        os.close(ours)


def test_somebody_at_a_terminal_is_asked_first(team: Team) -> None:
    ann = team.start()
    shutil.rmtree(ann.root / ".git")
    code, seen = at_terminal(ann, "n", "sync")
    assert code == 6
    assert "is no git repository yet. Make it one? [y/N]" in seen
    assert not (ann.root / ".git").exists()
    code, seen = at_terminal(ann, "y", "sync")
    assert code == 0, seen
    assert "committed " in seen
    assert ann.clean()


def test_progress_is_shown_at_a_terminal_and_taken_away(pair: tuple[Clone, Clone]) -> None:
    ann, bob = pair
    ann.add("deal", name="Renewal")
    ann.ok("sync")
    code, seen = at_terminal(bob, "", "sync")
    assert code == 0, seen
    assert "\r" in seen
    assert "\x1b" not in seen
    assert seen.endswith("came: 1 deal\n")
    last = seen.removesuffix("\n").rpartition("\n")[2]
    assert last.split("\r")[-2].strip() == ""


def test_two_that_were_started_apart_join_when_told_to(team: Team) -> None:
    ann = team.start()
    ann.ok("sync")
    bob = team.start("bob")
    mine = bob.add("deal", name="Bob's")
    bob.fails(6, "sync", says="started apart")
    bob.ok("sync", "--adopt")
    ann.ok("sync")
    assert ann.get("deal", mine)["name"] == "Bob's"
    assert ann.hash() == bob.hash()


def test_a_key_that_could_run_something_is_allowed_by_name(pair: tuple[Clone, Clone]) -> None:
    ann, _ = pair
    ann.git("config", "core.sshCommand", "ssh -v")
    refused = ann.fails(6, "sync", says="core.sshcommand")
    assert "tuicrm sync --allow core.sshcommand" in refused
    ran = ann.run("sync", "--allow", "core.sshCommand")
    assert ran.code == 0, ran.err
    assert "allowed here, on this machine: core.sshCommand" in ran.err
    ann.ok("sync")
    ann.git("config", "core.sshCommand", "ssh -vv")
    ann.fails(6, "sync", says="core.sshcommand")
    ann.fails(3, "sync", "--allow", "core.nothing")


def test_status_looks_and_changes_nothing(pair: tuple[Clone, Clone]) -> None:
    ann, bob = pair
    bob.add("company", name="Zenith")
    bob.ok("sync")
    ann.add("deal", name="Renewal")
    before = (ann.head, ann.tip)
    told = ann.json("sync", "--status")
    assert (told["repository"], told["remote"], told["branch"]) == (True, str(ann.team.remote), "main")
    assert (told["local"], told["ahead"], told["behind"]) == ({"deal": 1}, 0, 0)
    assert told["said"].startswith("1 deal changed here")
    shown = ann.ok("sync", "--status")
    assert "changed here  1 deal" in shown
    assert (ann.head, ann.tip) == before
    ann.git("fetch", "--quiet", "origin")
    assert ann.json("sync", "--status")["behind"] == 1


def test_status_of_what_is_no_repository(team: Team) -> None:
    ann = team.start()
    shutil.rmtree(ann.root / ".git")
    told = ann.json("sync", "--status")
    assert (told["repository"], told["remote"]) == (False, "")
    assert "tuicrm sync --make-repository" in ann.ok("sync", "--status")


def test_no_password_is_ever_shown(team: Team) -> None:
    ann = team.start(remote=f"file://ann:secret@{team.remote}")
    for words in (("sync",), ("sync", "--json"), ("sync", "--status"), ("sync", "--status", "--json")):
        ran = ann.run(*words)
        assert "secret" not in ran.out + ran.err


def test_the_next_command_finishes_what_was_cut_short(pair: tuple[Clone, Clone]) -> None:
    """Bob's sync had fetched and made its commit, and was killed before the first file was in place."""
    from tuicrm.sync.resuming import UNDERWAY

    ann, bob = pair
    bob.ok("sync")
    key = ann.add("deal", name="Renewal")
    ann.ok("sync")
    before = bob.head
    bob.git("fetch", "--quiet", "origin", "main")
    note = bob.private / UNDERWAY
    note.write_text(json.dumps({"commit": ann.head, "head": before, "branch": "refs/heads/main"}))
    assert bob.run("deal", "list", "--json").err == ""
    assert bob.head == before
    os.utime(note, (1, 1))
    ran = bob.run("deal", "list", "--json")
    assert "was finished" in ran.err
    assert [one["id"] for one in ran.json] == [key]
    assert bob.head == ann.head
    assert bob.clean()
    assert not note.exists()
    assert bob.run("deal", "list").err == ""


def is_idle(pid: int) -> bool:
    """Tell whether a process has used no time for a while."""
    path, before = Path(f"/proc/{pid}/stat"), ""
    for _ in range(500):
        spent = " ".join(path.read_text().rpartition(")")[2].split()[11:13])
        if spent == before:
            return True
        before = spent
        time.sleep(0.3)
    return False


@pytest.mark.parametrize("is_late", [False, True])
def test_ctrl_c_ends_a_sync_that_hangs_and_harms_nothing(pair: tuple[Clone, Clone], is_late: bool) -> None:
    """A git that never comes back from its fetch: a fifo tells that it runs, its end of file that it was ended."""
    ann, bob = pair
    key = ann.add("deal", name="Renewal")
    fake, alive = ann.team.folder / "bin" / "git", ann.team.folder / "alive"
    fake.parent.mkdir()
    os.mkfifo(alive)
    real = shutil.which("git")
    fake.write_text(
        f'#!/bin/sh\ncase " $* " in *" fetch "*) ;; *) exec {real} "$@" ;; esac\nexec 3>"{alive}"\nsleep 1000\n'
    )
    fake.chmod(0o755)
    line = [sys.executable, "-m", "tuicrm", "--workspace", str(ann.root), "sync", "--json"]
    env = {**ann.env, "PATH": f"{fake.parent}:{ann.env['PATH']}"}
    child = subprocess.Popen(line, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    held = os.open(alive, os.O_RDONLY)
    if is_late:
        # Until there is nothing left to do but to wait for the remote.
        assert is_idle(child.pid)
    os.killpg(child.pid, signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert select.select([held], [], [], 30)[0], "git was left behind"
    assert os.read(held, 1) == b""
    os.close(held)
    ann.ok("sync")
    bob.ok("sync")
    assert bob.get("deal", key)["name"] == "Renewal"


def test_clone_needs_no_more_than_the_url(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = team.start()
    ann.add("deal", name="Renewal")
    ann.ok("sync")
    home = team.home("bob")
    monkeypatch.chdir(home)
    ran = tuicrm(team.environ("bob"), "clone", str(team.remote))
    assert ran.code == 0, ran.err
    assert ran.out == f"{home / 'remote'}\n"
    assert "cloned the workspace Acme" in ran.err
    bob = Clone(team, home / "remote", "bob")
    assert bob.hash() == ann.hash()
    bob.ok("sync")
    assert bob.head == ann.head
