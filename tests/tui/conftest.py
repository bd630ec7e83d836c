"""A sample workspace on the disk, made once, and the program driven by keys."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

import pytest
from textual.worker import WorkerCancelled

from tuicrm.crm.demo import sample
from tuicrm.crm.opening import create_workspace, open_session
from tuicrm.tui.app import TuicrmApp
from tuicrm.tui.panes.pipeline import Pipeline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from textual.pilot import Pilot

    from tuicrm.crm.session import Session

NOW = "2026-10-08T09:00:00Z"
NAP = 0.005
"""Seconds."""


@pytest.fixture(autouse=True)
def short_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the toolkit look more often whether a key is dealt with: it naps for 20 ms at a time, several times a key."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", NAP)


@pytest.fixture(autouse=True)
def nothing_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the collector look at everything: what it leaves alone in one test would stay for all that follow."""
    monkeypatch.setattr("gc.freeze", lambda: None)


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a sample workspace that nobody writes to."""
    home = tmp_path_factory.mktemp("sample")
    env = environment(home)
    session = create_workspace(home / "acme-sales", name="acme-sales", currency="EUR", user="ann", env=env)
    for plan in sample(session, "small"):
        session.commit(plan)
    session.ws.close()
    return home / "acme-sales"


def environment(home: Path) -> dict[str, str]:
    """Return what the program may know of its surroundings."""
    return {"HOME": str(home), "TUICRM_NOW": NOW, "TUICRM_USER": "ann", "TERM": "xterm-256color", "TZ": "UTC"}


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """Return an environment with a home of its own."""
    return environment(tmp_path)


@pytest.fixture
def session(tmp_path: Path, sample_folder: Path, env: dict[str, str]) -> Session:
    """Return a session on a copy of the sample workspace."""
    folder = tmp_path / "acme-sales"
    shutil.copytree(sample_folder, folder)
    return open_session(folder, env)


class Driver:
    """The program, its screen as text, and its keys."""

    def __init__(self, app: TuicrmApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys and wait until what they started is done."""
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait for threads and timers that build the board."""
        for _ in range(3):
            # Reading that is begun anew while it goes on is cancelled: the one that follows it counts.
            with suppress(WorkerCancelled):
                await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    async def until(self, there: Callable[[], bool]) -> None:
        """Wait for something that a timer brings about."""
        for _ in range(200):
            if there():
                return
            await self.pilot.pause(0.02)
        raise AssertionError("what was waited for did not come")

    async def counted(self) -> None:
        """Wait until the late follow-ups of the sample are counted behind the name of their pane."""
        await self.until(lambda: "!4" in self.text.partition("\n")[0])

    async def rebuilt(self) -> None:
        """Wait until the board was built again after a move."""
        self.board.ask_again()
        await self.settle()

    @property
    def board(self) -> Pipeline:
        """The board's pane."""
        return next(pane for pane in self.app.main.stack if isinstance(pane, Pipeline))

    @property
    def text(self) -> str:
        """What is on the screen."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    @property
    def status(self) -> str:
        """The status line, where messages stand."""
        return self.text.splitlines()[self.app.size.height - 2]

    def stage(self, name: str) -> list[str]:
        """Return the titles in a stage, in their order."""
        board = self.board.place.board
        assert board is not None
        return [card.title for column in board.columns if column.name == name for card in column.cards]


Drive = "Callable[..., AbstractAsyncContextManager[Driver]]"


@pytest.fixture
def drive(session: Session, env: dict[str, str]) -> Callable[..., AbstractAsyncContextManager[Driver]]:
    """Return what opens the program on the sample workspace at a size."""

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (80, 24), on: Session | None = session) -> AsyncIterator[Driver]:
        app = TuicrmApp(on, env=env)
        async with app.run_test(size=size) as pilot:
            driver = Driver(app, pilot)
            await pilot.pause()
            await driver.settle()
            yield driver

    return opened
