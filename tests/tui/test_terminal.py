"""The real program in a pseudo terminal: what it writes there, and how it ends."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.terminal import Terminal
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

READY = b"weighted"


def command(session: Session, *options: str) -> list[str]:
    """Return the command line that opens the workspace."""
    return [sys.executable, "-m", "tuicrm", *options, "--workspace", str(session.ws.root)]


@pytest.fixture
def surroundings(env: dict[str, str]) -> dict[str, str]:
    """Return the environment of a process."""
    return {**env, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


def test_a_slow_line_is_spared(session: Session, surroundings: dict[str, str]) -> None:
    session.ws.close()
    with Terminal(command(session, "--remote"), env=surroundings, columns=120, rows=40) as terminal:
        terminal.until(READY)
        terminal.settle(0.7)
        written = bytes(terminal.written)
        assert len(written) <= 60 * 1024
        assert b"38;2;" not in written
        assert b"\x1b[?1003h" not in written
        assert terminal.settle(1.2) == 0
        sizes = sorted(terminal.press(key)[1] for key in (b"j", b"k", b"j", b"l", b"h"))
        assert sizes[2] <= 1024


def test_it_ends_in_order_and_keeps_what_was_written(session: Session, surroundings: dict[str, str]) -> None:
    session.ws.close()
    with Terminal(command(session), env=surroundings) as terminal:
        terminal.until(READY)
        terminal.settle(0.5)
        terminal.press(b"l")
        terminal.press(b"L")
        terminal.until(b"moved Quint to Demo")
        os.write(terminal.fd, b"q")
        terminal.until(b"\x1b[?1049l")
        assert terminal.ended() == 0
    assert any(one.get("name") == "Quint" and one["stage"] == "demo" for one in fresh(session, surroundings))


def fresh(session: Session, env: dict[str, str]) -> list[dict[str, object]]:
    """Return the deals as another program reads them."""
    from tuicrm.crm.opening import open_session

    with open_session(session.ws.root, env).ws as ws:
        return list(ws.all("deal").values())


def test_no_escape_sequence_from_data_reaches_the_terminal(session: Session, surroundings: dict[str, str]) -> None:
    deal = next(one for one in session.ws.all("deal").values() if one.get("name") == "Hansa")
    session.ws.commit([Write("deal", deal["id"], {"name": "\x1b]0;owned\x07\x9b2J\u202e"})], by="ann", note="evil")
    session.ws.close()
    with Terminal(command(session), env=surroundings) as terminal:
        terminal.until("␛]0;own".encode())
        terminal.settle(0.5)
        terminal.press(b"\r")
        terminal.settle(0.5)
        written = bytes(terminal.written)
    assert b"\x1b]0;owned" not in written
    assert "\x9b".encode() not in written
    assert "\u202e".encode() not in written
