"""What the screens look like, compared with pictures that people have looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.conftest import env, sample_folder, session
from tests.tui.losers import lose_some
from tuicrm.tui.app import TuicrmApp

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tuicrm.crm.session import Session

__all__ = ["env", "sample_folder", "session"]

SIZES = [(80, 24), (120, 40)]
THEMES = ["dark", "light", "ansi"]
PANES = {
    "board": ("l", "l", "j", "j", "j", "j", "space", "j", "space", "g"),
    "activity": ("2", "j", "j"),
    "follow-ups": ("3", "j", "space", "j"),
    "forecast": ("4", "j"),
    "dashboard": ("4", "v", "3", "j", "j"),
    "contacts": ("5", "j", "j"),
    "companies": ("6", "j", "j"),
    "record": ("l", "l", "enter"),
}
"""Keys that lead to a screen from the board."""
DIALOGS = {
    "reasons": ("x",),
    "help": ("question_mark",),
    "palette": ("P", "a", "c", "m", "e"),
    "quick-add": ("colon", *"call jane tomorrow 10am".replace(" ", "~")),
    "log-line": ("l", "l", "c", *"wants SOC2".replace(" ", "~"), "tab", "1", "tab", "3", "d"),
    "form": ("l", "l", "e"),
    "owner": ("O", "b"),
}
"""Keys that open something above the board."""


async def settled(pilot: Pilot[int]) -> None:
    """Wait for the data."""
    for _ in range(3):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


def pressing(keys: tuple[str, ...]) -> Callable[[Pilot[int]], object]:
    """Return what presses keys once the data is there."""

    async def before(pilot: Pilot[int]) -> None:
        await settled(pilot)
        for key in keys:
            await pilot.press("space" if key == "~" else key)
            await settled(pilot)

    return before


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pane", PANES)
def test_panes(
    snap_compare: Callable[..., bool],
    session: Session,
    env: dict[str, str],
    pane: str,
    size: tuple[int, int],
    theme: str,
) -> None:
    app = TuicrmApp(session, env={**env, "TUICRM_THEME": theme})
    assert snap_compare(app, terminal_size=size, run_before=pressing(PANES[pane]))


@pytest.mark.parametrize("dialog", DIALOGS)
def test_dialogs(snap_compare: Callable[..., bool], session: Session, env: dict[str, str], dialog: str) -> None:
    app = TuicrmApp(session, env=env)
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing(DIALOGS[dialog]))


@pytest.mark.parametrize("size", [*SIZES, (50, 18)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_conflicts(
    snap_compare: Callable[..., bool], session: Session, env: dict[str, str], size: tuple[int, int]
) -> None:
    lose_some(session)
    app = TuicrmApp(session, env=env)

    async def before(pilot: Pilot[int]) -> None:
        await settled(pilot)
        # Counted a little later than the first picture.
        for _ in range(200):
            if app.syncing is not None and app.syncing.conflicts:
                break
            await pilot.pause(0.02)
        for key in ("exclamation_mark", "enter", "j", "j"):
            await pilot.press(key)
            await settled(pilot)

    assert snap_compare(app, terminal_size=size, run_before=before)
