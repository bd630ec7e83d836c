"""What nobody thought of: the program ends with a sentence, the rest is in a file that only the user can read."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.terminal import Terminal
from tuicrm.crm.memory import state_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

FAILING = """
import os, sys
from tuicrm.crm.opening import open_session
from tuicrm.tui import run
from tuicrm.tui.panes.pipeline import Pipeline
def fail(self):
    secret = "the value of a variable"
    raise ValueError("out of the \\x1b[31mblue")
Pipeline.action_cursor_first = fail
sys.exit(run(open_session(__import__("pathlib").Path(sys.argv[1]), os.environ), env=os.environ))
"""


def reports(env: dict[str, str]) -> list[Path]:
    return sorted(state_folder(env).glob("crash-*.log"))


def test_a_failure_ends_the_program_with_one_sentence(session: Session, env: dict[str, str]) -> None:
    session.ws.close()
    surroundings = {**env, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with Terminal([sys.executable, "-c", FAILING, str(session.ws.root)], env=surroundings) as terminal:
        terminal.until(b"weighted")
        terminal.settle(0.5)
        os.write(terminal.fd, b"g")
        terminal.until(b"\x1b[?1049l")
        assert terminal.ended() == 1
        after = bytes(terminal.written).rpartition(b"\x1b[?1049l")[2].decode()
    (report,) = reports(env)
    assert "tuicrm: something unexpected went wrong" in after
    assert "all that was saved is kept" in after
    assert str(report) in after
    assert "Traceback" not in after
    assert "secret" not in after
    assert "\x1b[31m" not in after
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "in fail\nValueError: out of the" in report.read_text()
    assert "the value of a variable" not in report.read_text()


async def test_a_failure_in_the_background_is_said_and_the_program_goes_on(drive: Drive, env: dict[str, str]) -> None:
    def fail() -> None:
        raise ValueError("out of the blue")

    async with drive((120, 24)) as tui:
        pane = tui.app.main.pane
        assert pane is not None
        pane.run_worker(fail, thread=True, group="reading", exit_on_error=False)
        for _ in range(20):
            await tui.pilot.pause()
        assert "out of the blue" in tui.text
        assert reports(env)
        await tui.press("j")
        assert tui.board.place.rows[0] == 1


async def test_a_report_that_cannot_be_written_is_no_second_failure(drive: Drive, env: dict[str, str]) -> None:
    Path(env["HOME"], ".local").write_text("in the way")
    opened = drive()
    tui = await opened.__aenter__()
    tui.app._handle_exception(ValueError("out of the blue"))
    assert "no report could be written" in tui.app.last_words
    with pytest.raises(ValueError, match="blue"):
        await opened.__aexit__(None, None, None)
