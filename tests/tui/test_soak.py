"""Thousands of keys at random: nothing fails, nothing piles up."""

from __future__ import annotations

import gc
import os
import random
from typing import TYPE_CHECKING

from textual.widget import Widget

from tuicrm.tui.commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

KEYS = int(os.environ.get("TUICRM_SOAK_KEYS", "250"))
SEED = int(os.environ.get("TUICRM_SOAK_SEED", "7"))
LEFT_OUT = {"ctrl+z", "q"}
"""Suspending needs a shell, and quitting ends the test."""
TYPED = (*"abkm 1237.:>@#", "enter", "escape", "tab", "shift+tab", "backspace", "down", "up")
SIZES = ((80, 24), (120, 40), (60, 20), (40, 12), (200, 60))
SETTLE_EVERY = 25


def bound() -> list[str]:
    """Return every key that does something."""
    return sorted({key for one in COMMANDS for key in one.keys} - LEFT_OUT)


def widgets() -> int:
    """Return how many widgets are alive."""
    gc.collect()
    return sum(1 for one in gc.get_objects() if isinstance(one, Widget))


async def home(tui: Driver) -> None:
    """Go back to the board, whatever is open."""
    for _ in range(8):
        await tui.press("escape")
    await tui.press("1")


async def every_pane(tui: Driver) -> None:
    """Look at each pane once, so that all that is kept is there."""
    for key in "234561":
        await tui.press(key)


async def test_random_keys_break_nothing_and_leave_nothing_behind(drive: Drive) -> None:
    chance = random.Random(SEED)
    commands = bound()
    pressed: list[str] = []
    async with drive() as tui:
        await every_pane(tui)
        await home(tui)
        before = widgets()
        for at in range(KEYS):
            key = chance.choice(commands if chance.random() < 0.65 else TYPED)
            pressed.append(key)
            await tui.pilot.press(key)
            if at % SETTLE_EVERY == 0:
                await tui.settle()
            if at % 100 == 99:
                await tui.pilot.resize_terminal(*chance.choice(SIZES))
            assert tui.app.is_running, pressed[-10:]
        await tui.pilot.resize_terminal(80, 24)
        await home(tui)
        after = widgets()
    assert tui.app.return_code in (0, None), pressed[-10:]
    assert after <= before + 10, f"{after - before} widgets more after {KEYS} keys"
