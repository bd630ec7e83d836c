"""Output on a real terminal: it fits, it may be bold, and NO_COLOR makes it plain."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from typing import TYPE_CHECKING

import pytest

from tuicrm.text import width

if TYPE_CHECKING:
    from .conftest import Shell

COLUMNS = 60


def on_terminal(*words: str, columns: int = COLUMNS, **env: str) -> tuple[int, str]:
    """Run a command with stdout on a pseudo-terminal; return its exit code and what it drew there."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    try:
        done = subprocess.Popen(
            [sys.executable, "-m", "tuicrm", *words],
            stdin=slave,
            stdout=slave,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "TERM": "xterm-256color", **env},
        )
        os.close(slave)
        drawn = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:
                break
            if not part:
                break
            drawn += part
        return done.wait(60), drawn.decode().replace("\r\n", "\n")
    finally:
        os.close(master)


@pytest.fixture
def wide(stocked: Shell) -> Shell:
    stocked.ok("company", "add", "--", "\x1b[31mRed " + "Αθήνα " * 30)
    stocked.ok("deal", "add", "Long " * 30, "--company", "Acme GmbH", "--value", "1k", "--close", "tomorrow")
    return stocked


def plain(text: str) -> str:
    return text.replace("\x1b[1m", "").replace("\x1b[22m", "")


@pytest.mark.parametrize("words", [("deal", "list"), ("company", "list"), ("search", "red"), ("config", "list")])
def test_tables_fit_the_terminal(wide: Shell, words: tuple[str, ...]) -> None:
    code, drawn = on_terminal(*words)
    assert code == 0
    assert "\x1b[1m" in drawn
    assert "\x1b" not in plain(drawn)
    assert max(width(line) for line in plain(drawn).splitlines()) <= COLUMNS


def test_a_narrow_terminal_drops_columns_and_a_pipe_does_not(wide: Shell) -> None:
    _, narrow = on_terminal("deal", "list", columns=30)
    assert "OWNER" not in narrow
    assert "NAME" in narrow
    assert "OWNER" in wide.ok("deal", "list")
    assert "Long " * 29 in wide.ok("deal", "list")


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_plain_where_asked(wide: Shell, env: dict[str, str]) -> None:
    code, drawn = on_terminal("deal", "list", columns=COLUMNS, **env)
    assert code == 0
    assert "\x1b" not in drawn


def test_json_on_a_terminal_is_indented_and_harmless(wide: Shell) -> None:
    _, drawn = on_terminal("company", "list", "--json")
    assert drawn.startswith("[\n  {\n")
    assert "\x1b" not in drawn
    assert "\\u001b[31mRed" in drawn


def test_a_dumb_terminal_gets_no_board(wide: Shell) -> None:
    code, drawn = on_terminal(TERM="dumb")
    assert (code, drawn) == (2, "")
