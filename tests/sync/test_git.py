"""Running git: nothing around it steers it, nothing it says or does can hang or hurt the program."""

from __future__ import annotations

import os
import resource
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tuicrm.errors import Cancelled, NotFound
from tuicrm.sync.git import Git, GitFailed, environment, find, make_repository
from tuicrm.sync.piping import MOST_LINES, file_limit, stop

ENV = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
WHO = ("-c", "user.name=Ann", "-c", "user.email=ann@acme.example")


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """A repository with two commits, each with the file `a`."""
    root = tmp_path / "work"
    root.mkdir()
    made = make_repository(str(root), ENV)
    for text in ("one", "two"):
        (root / "a").write_text(text)
        plain(made, "add", "a")
        plain(made, "commit", "-q", "-m", text)
    return made


def plain(git: Git, *words: str) -> str:
    """Run git as a person would."""
    done = subprocess.run(["git", *WHO, *words], cwd=git.root, env=ENV, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def script(tmp_path: Path, body: str, **more: str) -> Git:
    """A git whose program is a shell script."""
    tools = tmp_path / "tools"
    tools.mkdir(exist_ok=True)
    path = tools / "git"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    (tmp_path / ".git").mkdir(exist_ok=True)
    return Git(str(tmp_path), str(tmp_path / ".git"), {**ENV, "PATH": f"{tools}:{ENV['PATH']}", **more})


def until_gone(pid: int) -> None:
    """Wait for a process to end; the test's own time limit is the patience."""
    while Path(f"/proc/{pid}/stat").exists():
        if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.01)


def test_a_folder_without_a_repository_has_no_git(tmp_path: Path) -> None:
    assert find(str(tmp_path), ENV) is None


def test_a_machine_without_git_is_told_so(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(NotFound, match="git is not installed here"):
        find(str(tmp_path), {"PATH": str(tmp_path)})


def test_a_program_of_the_workspace_is_never_taken_for_git(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = Path(git.root) / "git"
    planted.write_text("#!/bin/sh\necho planted\n")
    planted.chmod(0o755)
    monkeypatch.chdir(git.root)
    found = find(git.root, {**ENV, "PATH": f".::{ENV['PATH']}"})
    assert found is not None
    assert found.lines("rev-parse", "--show-toplevel") == [git.root]
    assert all(os.path.isabs(one) for one in found.environ["PATH"].split(":"))


def test_a_made_repository_has_main_and_nothing_of_the_users_templates(tmp_path: Path) -> None:
    template = tmp_path / "template"
    (template / "hooks").mkdir(parents=True)
    (template / "hooks" / "pre-commit").write_text("#!/bin/sh\n")
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(f"[init]\n\ttemplateDir = {template}\n\tdefaultBranch = trunk\n")
    root = tmp_path / "made"
    root.mkdir()
    made = make_repository(str(root), {**ENV, "HOME": str(home), "GIT_DIR": str(tmp_path / "elsewhere")})
    assert made.lines("symbolic-ref", "HEAD") == ["refs/heads/main"]
    assert not (root / ".git" / "hooks").exists()
    assert made.lines("config", "--local", "--get", "core.worktree", ok=(1,)) == []
    assert sorted(one.name for one in tmp_path.iterdir()) == ["home", "made", "template"]
    found = find(str(root), ENV)
    assert found is not None
    assert found.git_dir == made.git_dir


def test_only_what_git_needs_of_the_environment_reaches_it() -> None:
    steering = {f"GIT_{one}": "x" for one in ("DIR", "SSH_COMMAND", "CONFIG_COUNT", "TRACE", "EXEC_PATH", "ASKPASS")}
    kept = {"PATH": "/bin", "HOME": "/h", "SSH_AUTH_SOCK": "/s", "https_proxy": "p", "GIT_CONFIG_GLOBAL": "/g"}
    made = environment({**steering, **kept, "LD_PRELOAD": "x", "SSH_ASKPASS": "x", "LANG": "de_DE.UTF-8"})
    assert kept.items() <= made.items()
    assert not {*steering, "LD_PRELOAD", "SSH_ASKPASS", "LANG"} & set(made)
    assert (made["GIT_TERMINAL_PROMPT"], made["GIT_ALLOW_PROTOCOL"], made["LC_ALL"]) == ("0", "https:ssh:file", "C")
    asking = environment({**kept, "SSH_ASKPASS": "x", "GIT_ASKPASS": "x"}, interactive=True)
    assert asking["SSH_ASKPASS"] == "x"
    assert not {"GIT_TERMINAL_PROMPT", "GIT_ASKPASS"} & set(asking)


def test_hooks_and_monitors_of_the_repository_do_not_run(git: Git, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    hooks = Path(git.git_dir) / "hooks"
    hooks.mkdir()
    for name in ("reference-transaction", "post-index-change", "fsmonitor-watchman"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {shlex.quote(str(mark))}\n")
        (hooks / name).chmod(0o755)
    plain(git, "config", "core.fsmonitor", str(hooks / "fsmonitor-watchman"))
    plain(git, "status")
    assert mark.exists(), "the plants do not work"
    mark.unlink()
    git.run("update-ref", "refs/heads/other", "HEAD")
    git.run("read-tree", "HEAD")
    git.run("update-index", "-z", "--index-info", data=b"0 " + b"0" * 40 + b"\tnone\0")
    assert not mark.exists()


def test_history_is_read_as_it_is(git: Git) -> None:
    head, first = plain(git, "rev-parse", "HEAD"), plain(git, "rev-parse", "HEAD~")
    plain(git, "replace", first, head)
    assert git.run("cat-file", "commit", first).out.endswith(b"one\n")
    plain(git, "replace", "-d", first)
    (Path(git.git_dir) / "info").mkdir(exist_ok=True)
    (Path(git.git_dir) / "info" / "grafts").write_text(f"{head}\n")
    assert plain(git, "rev-list", "--count", "HEAD") == "1", "the graft does not work"
    assert git.lines("rev-list", "--count", "HEAD") == ["2"]


def test_an_index_of_ones_own_leaves_the_users_alone(git: Git, tmp_path: Path) -> None:
    own = str(tmp_path / "index")
    git.run("read-tree", "--empty", index=own)
    assert git.lines("ls-files", index=own) == []
    assert git.lines("ls-files") == ["a"]


def test_much_goes_in_and_comes_out_at_once(git: Git) -> None:
    oids = git.lines("rev-parse", "HEAD:a", "HEAD~:a")
    asked = "\n".join(oids * 10_000).encode()
    out = git.run("cat-file", "--batch", data=asked).out
    assert out.count(b" blob 3\n") == 20_000


def test_a_command_can_be_talked_to(git: Git) -> None:
    process = git.start("cat-file", "--batch")
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"HEAD:a\n")
        process.stdin.flush()
        assert process.stdout.readline().split()[1:] == [b"blob", b"3"]
        assert process.stdout.readline() == b"two\n"
    finally:
        stop(process, group=True)
    assert process.returncode is not None


def test_a_failure_is_one_sentence(git: Git) -> None:
    with pytest.raises(GitFailed) as caught:
        git.run("-c", "a.b=c", "cat-file", "-p", "nothing")
    assert str(caught.value) == "git cat-file failed: Not a valid object name nothing"
    assert caught.value.status == 128
    assert git.run("cat-file", "-e", "0" * 40, ok=(1,)).code == 1


def test_what_git_says_is_cleaned_and_bounded(tmp_path: Path) -> None:
    git = script(
        tmp_path,
        r"""seq 1 5000 >&2
printf 'warning: https://ann:secret@host/x is slow\r\n' >&2
head -c 300000 /dev/zero | tr '\0' z >&2; echo >&2
printf 'fatal: \033]0;owned\007 bad \342\200\256thing.\nhint: x' >&2; exit 3""",
    )
    told: list[str] = []
    with pytest.raises(GitFailed) as caught:
        git.run("fetch", said=told.append)
    assert str(caught.value).startswith("git fetch failed: ")
    assert str(caught.value).endswith("thing")
    assert not {"\x1b", "\x07", "\u202e"} & set("".join((*told, *caught.value.said, str(caught.value))))
    assert "warning: https://host/x is slow" in told
    assert len(caught.value.said) == MOST_LINES
    assert max(map(len, told)) <= 500


@pytest.mark.parametrize("ending", ["time", "cancelled"])
def test_what_takes_too_long_is_ended_with_all_that_it_started(tmp_path: Path, ending: str) -> None:
    git = script(tmp_path, f'trap "" HUP\nsleep 600 & echo $! > {shlex.quote(str(tmp_path / "pid"))}; wait')
    pid = tmp_path / "pid"
    git.cancelled = lambda: ending == "cancelled" and pid.exists() and bool(pid.read_text().strip())
    with pytest.raises(Cancelled if ending == "cancelled" else GitFailed) as caught:
        git.run("fetch", seconds=1.0 if ending == "time" else 60.0)
    code, told = (1, "git fetch was given up: nothing happened for 1 seconds")
    if ending == "cancelled":
        code, told = (130, "cancelled")
    assert (str(caught.value), caught.value.EXIT_CODE) == (told, code)
    until_gone(int(pid.read_text()))


def test_as_long_as_something_happens_it_may_go_on(tmp_path: Path) -> None:
    git = script(tmp_path, "for one in 1 2 3 4 5 6; do sleep 0.25; echo $one >&2; done")
    assert git.run("fetch", seconds=1.2).said == list("123456")


def test_a_helper_that_stays_behind_is_not_waited_for(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    git = script(tmp_path, f"sleep 600 & echo $! > {shlex.quote(str(pid))}; echo done")
    try:
        assert git.run("fetch", seconds=60.0).out == b"done\n"
    finally:
        os.kill(int(pid.read_text()), 9)


def test_an_early_end_does_not_break_the_pipe(tmp_path: Path) -> None:
    git = script(tmp_path, "exit 4")
    with pytest.raises(GitFailed) as caught:
        git.run("fast-import", data=b"x" * 1_000_000)
    assert caught.value.status == 4


def test_only_an_interactive_git_may_ask(tmp_path: Path) -> None:
    python = shlex.quote(sys.executable)
    git = script(tmp_path, f"exec {python} -c 'import os, sys; print(os.getsid(0), sys.stdin.read())'")
    assert int(git.run("fetch").out.split()[0]) != os.getsid(0)
    git.interactive = True
    assert int(git.run("fetch").out.split()[0]) == os.getsid(0)


def test_a_limit_on_files_holds_for_the_child_alone(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    git = script(tmp_path, "head -c 100000 /dev/zero > large")
    with pytest.raises(GitFailed):
        git.run("fetch", most_file=5000)
    assert (tmp_path / "large").stat().st_size == 5000
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == before
    git.run("fetch")
    assert (tmp_path / "large").stat().st_size == 100_000
    with file_limit(0):
        assert resource.getrlimit(resource.RLIMIT_FSIZE) == before
