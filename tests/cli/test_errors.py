"""What goes wrong: a sentence, the right exit code, JSON where it was asked for, never a traceback."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tuicrm.cli.failure import asks_for_json

if TYPE_CHECKING:
    from .conftest import Shell


def test_exit_code_of_each_error(stocked: Shell) -> None:
    stocked.ok("contact", "add", "Jane Doe")
    assert stocked.run("deal", "list") == 0
    assert stocked.run("deal", "list", "--nonsense") == 2
    assert stocked.run("contact", "show", "nobody at all") == 3
    assert stocked.run("contact", "show", "Jane") == 4
    assert stocked.run("deal", "add", "X", "--value", "12x") == 5


def test_errors_are_sentences_on_stderr(stocked: Shell) -> None:
    stocked.run("contact", "show", "Jane Row")
    assert stocked.out == ""
    assert stocked.err.startswith("tuicrm: ")
    assert "Jane Roe" in stocked.err


def test_ambiguous_names_list_the_candidates(stocked: Shell) -> None:
    first = stocked.json("contact", "show", "Jane Roe")["id"]
    second = stocked.id("contact", "add", "Jane Doe", "--company", "Acme GmbH")
    error = stocked.error("contact", "show", "Jane")
    assert (error["exit"], error["code"]) == (4, "ambiguous")
    assert {one["id"] for one in error["candidates"]} == {first, second}
    stocked.run("contact", "show", "Jane")
    assert first in stocked.err
    assert "Jane Doe" in stocked.err


def test_invalid_values_name_their_field(stocked: Shell) -> None:
    error = stocked.error("deal", "add", "X", "--value", "12x")
    assert (error["exit"], error["code"], error["field"]) == (5, "invalid", "value")
    assert "12x" in error["message"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["dael"], "deal"),
        (["deal", "lsit"], "list"),
        (["deal", "list", "--jsn"], "--json"),
        (["deal", "add", "two", "words"], "words"),
        (["deal", "show"], "REF"),
        (["deal", "list", "--format", "xml"], "xml"),
        (["deal", "edit", "Acme renewal"], "nothing to change"),
        (["deal", "edit", "--value", "1"], "--where"),
        (["deal", "add", "X", "--name", "Y"], "twice"),
        (["deal", "add", "X", "--set", "region"], "NAME=VALUE"),
        (["help", "dael"], "deal"),
    ],
)
def test_usage_errors_say_what_is_wrong(stocked: Shell, words: list[str], told: str) -> None:
    assert stocked.run(*words) == 2
    assert stocked.err.startswith("tuicrm: ")
    assert told in stocked.err
    assert stocked.out == ""


def test_usage_errors_are_json_where_asked(stocked: Shell) -> None:
    error = stocked.error("deal", "list", "--nonsense")
    assert (error["exit"], error["code"]) == (2, "usage")


@pytest.mark.parametrize(
    ("args", "wanted"),
    [
        (["deal", "list", "--json"], True),
        (["deal", "list", "--format", "jsonl"], True),
        (["deal", "list", "--format=json"], True),
        (["deal", "list", "--format", "csv"], False),
        (["deal", "add", "--", "--json"], False),
        (["search", "json"], False),
        ([], False),
    ],
)
def test_who_asks_for_json(args: list[str], wanted: bool) -> None:
    assert asks_for_json(args) is wanted


def test_no_workspace_says_how_to_make_one(bare: Shell) -> None:
    error = bare.error("deal", "list")
    assert (error["exit"], error["code"]) == (3, "not_found")
    assert "tuicrm init" in error["hint"]
    assert "tuicrm demo" in error["hint"]


def test_the_unexpected_leaves_a_private_report(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuicrm.crm.listing.select", lambda *_, **__: 1 / 0)
    assert shell.run("deal", "list") == 1
    assert "Traceback" not in shell.err
    report = Path(shell.err.split("A report is in ")[1].split(";")[0])
    assert "ZeroDivisionError" in report.read_text()
    assert stat.S_IMODE(report.stat().st_mode) == 0o600


def test_a_cancelled_command_says_so(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def cancel(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tuicrm.crm.listing.select", cancel)
    assert shell.run("deal", "list") == 130
    assert shell.err == "tuicrm: cancelled\n"


def test_a_full_disk_behind_stdout(stocked: Shell) -> None:
    with open("/dev/full", "wb") as full:
        done = stocked.spawn("contact", "list", "--json", stdout=full)
    assert done.returncode == 7
    assert done.stderr.count(b"\n") == 1
    assert b"no space left" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(stocked: Shell) -> None:
    git = stocked.folder / ".git" / "tuicrm"
    for path in (git, *git.iterdir()):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        assert stocked.run("company", "add", "Nowhere") == 7
    finally:
        git.chmod(0o700)
    assert stocked.run("company", "list") == 0


def test_a_broken_pipe_is_silent(stocked: Shell) -> None:
    stocked.ok("company", "edit", "Acme GmbH", "--notes", "x" * 200_000)
    line = f"{sys.executable} -m tuicrm company list --all --json | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    assert done.stdout.endswith("0\n")


def test_without_a_terminal_the_board_points_to_the_commands(stocked: Shell) -> None:
    done = stocked.spawn(stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert b"tuicrm board" in done.stderr
    assert done.stdout == b""


def test_bytes_that_are_no_text_are_refused(stocked: Shell) -> None:
    done = stocked.spawn("company", "add", b"\xff\xfe")
    assert done.returncode == 5
    assert b"Traceback" not in done.stderr
