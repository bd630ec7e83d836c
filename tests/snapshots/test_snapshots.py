"""What the screens look like, compared with pictures that people have looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.conftest import env, sample_folder, session
from tuicrm.tui.app import TuicrmApp

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tuicrm.crm.session import Session

__all__ = ["env", "sample_folder", "session"]

SIZES = [(80, 24), (120, 40)]
THEMES = ["dark", "ansi"]


async def settled(pilot: Pilot[int]) -> None:
    """Wait for the data."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
def test_board(
    snap_compare: Callable[..., bool], session: Session, env: dict[str, str], size: tuple[int, int], theme: str
) -> None:
    async def before(pilot: Pilot[int]) -> None:
        await settled(pilot)
        await pilot.press("l", "l", "j", "j", "j", "j", "space", "j", "space", "g")
        await settled(pilot)

    app = TuicrmApp(session, env={**env, "TUICRM_THEME": theme})
    assert snap_compare(app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("theme", THEMES)
def test_record(snap_compare: Callable[..., bool], session: Session, env: dict[str, str], theme: str) -> None:
    async def before(pilot: Pilot[int]) -> None:
        await settled(pilot)
        await pilot.press("l", "l", "enter")
        await settled(pilot)

    app = TuicrmApp(session, env={**env, "TUICRM_THEME": theme})
    assert snap_compare(app, terminal_size=(80, 24), run_before=before)


def test_reasons(snap_compare: Callable[..., bool], session: Session, env: dict[str, str]) -> None:
    async def before(pilot: Pilot[int]) -> None:
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)

    assert snap_compare(TuicrmApp(session, env=env), terminal_size=(80, 24), run_before=before)
