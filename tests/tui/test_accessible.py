"""`--accessible`: the terminal's own cursor is shown and stands on what is chosen, in one column, without boxes."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tests.benchmarks.terminal import Terminal
from tests.tui.conftest import Driver
from tuicrm.tui.app import TuicrmApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tuicrm.crm.session import Session


@asynccontextmanager
async def opened(session: Session, env: dict[str, str], size: tuple[int, int] = (80, 24)) -> AsyncIterator[Driver]:
    app = TuicrmApp(session, env=env, accessible=True)
    async with app.run_test(size=size) as pilot:
        tui = Driver(app, pilot)
        await tui.settle()
        yield tui


def under_cursor(tui: Driver) -> str:
    """Return the line that the terminal's cursor is on, from the cursor on."""
    x, y = tui.app.cursor_position
    return tui.text.splitlines()[y][x:]


async def test_the_cursor_follows_the_chosen_item(session: Session, env: dict[str, str]) -> None:
    async with opened(session, env) as tui:
        card = tui.board.place.card
        assert card is not None
        assert under_cursor(tui).startswith(">")
        assert card.title in under_cursor(tui)
        await tui.press("j")
        after = tui.board.place.card
        assert after is not None
        assert after is not card
        assert after.title in under_cursor(tui)
        await tui.press("3")
        first = under_cursor(tui)
        assert first.startswith(">")
        await tui.press("j")
        assert under_cursor(tui).startswith(">")
        assert under_cursor(tui) != first
        await tui.press("v")
        assert "mine" in under_cursor(tui)
        await tui.press("j")
        assert "team" in under_cursor(tui)


async def test_where_nothing_is_chosen_the_cursor_is_at_the_beginning(session: Session, env: dict[str, str]) -> None:
    async with opened(session, env) as tui:
        await tui.press("j", "?")
        assert under_cursor(tui) == tui.text.splitlines()[0]
        await tui.press("escape", "5", "enter")
        assert under_cursor(tui) == tui.text.splitlines()[2]


async def test_there_is_one_stage_at_a_time(session: Session, env: dict[str, str]) -> None:
    async with opened(session, env, (120, 40)) as tui:
        assert tui.board.columns.shape.columns == 1
        await tui.press("l")
        assert tui.board.place.stage == 1
        assert under_cursor(tui).startswith(">")


def test_the_terminal_shows_its_cursor_and_no_boxes(session: Session, env: dict[str, str]) -> None:
    session.ws.close()
    command = [sys.executable, "-m", "tuicrm", "--accessible", "--workspace", str(session.ws.root)]
    surroundings = {**env, "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with Terminal(command, env=surroundings) as terminal:
        terminal.until(b"weighted")
        terminal.settle(0.7)
        for key in (b"3", b"v", b"\x1b", b"1", b"?"):
            terminal.press(key)
            terminal.settle(0.3)
        written = bytes(terminal.written).decode()
        assert terminal.settle(1.2) == 0
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")
    assert not {one for one in written if "\u2500" <= one <= "\u257f"}


def test_the_sample_is_opened_as_asked(tmp_path: Path) -> None:
    surroundings = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with Terminal([sys.executable, "-m", "tuicrm", "--accessible", "demo"], env=surroundings) as terminal:
        terminal.until(b"weighted")
        terminal.until(b"\x1b[?25h")


async def test_figures_stand_in_one_column(session: Session, env: dict[str, str]) -> None:
    async with opened(session, env) as tui:
        await tui.press("4")
        stages, funnel = (
            next(at for at, one in enumerate(tui.text.splitlines()) if words in one) for words in (": stages", "Funnel")
        )
        assert stages < funnel
        assert under_cursor(tui).startswith("> Oct 2026")
        await tui.press("v", "3", "G")
        activity, stale = (
            next(at for at, one in enumerate(tui.text.splitlines()) if one.startswith(words))
            for words in (" ACTIVITY", " STALE")
        )
        assert activity < stale
        assert under_cursor(tui).startswith("> Eva Koch")
