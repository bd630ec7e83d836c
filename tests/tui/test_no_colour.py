"""NO_COLOR: nothing is sent in colour, and what is chosen is told by its sign and in reverse."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.terminal import Terminal

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")


@pytest.mark.parametrize("more", [[], ["--accessible"], ["--remote"]])
def test_nothing_is_sent_in_colour(session: Session, env: dict[str, str], more: list[str]) -> None:
    session.ws.close()
    surroundings = {**env, "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "tuicrm", *more, "--workspace", str(session.ws.root)]
    with Terminal(command, env=surroundings) as terminal:
        terminal.until(b"weighted")
        terminal.settle(0.7)
        for key in (b"3", b"v", b"\x1b", b"4", b"5", b"a"):
            terminal.press(key)
            terminal.settle(0.4)
        written = bytes(terminal.written).decode()
    assert not COLOUR.findall(written)
    assert re.search(r"\x1b\[(?:\d+;)*7(?:;\d+)*m>", written)
