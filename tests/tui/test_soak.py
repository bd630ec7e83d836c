"""Thousands of keys at random: nothing fails, nothing piles up."""

from __future__ import annotations

import gc
import os
import random
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from textual._styles_cache import StylesCache
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
OPENED = ("slash", "c", "f", "colon", "e", "P", "question_mark", "s", "O", "t", "C", "enter")
"""Keys that open something above the board."""
TIMES = 8
SOME = 20
"""Widgets more than before that are no sign of a leak: those that came with a pane, and the last of each dialog."""
MANY = 1000
"""Keys from which on memory has had time to grow."""
GROWTH = 1.1
"""The most that the second half of many keys may add to the memory held after the first, as a factor."""


def bound() -> list[str]:
    """Return every key that does something."""
    return sorted({key for one in COMMANDS for key in one.keys} - LEFT_OUT)


def widgets() -> Counter[str]:
    """Return how many widgets are alive, by their class."""
    gc.collect()
    return Counter(type(one).__name__ for one in gc.get_objects() if isinstance(one, Widget))


def drawn() -> tuple[int, int]:
    """Return how many caches of drawn lines are alive, and how many widgets, each of which has one."""
    gc.collect()
    alive = gc.get_objects()
    return sum(isinstance(one, StylesCache) for one in alive), sum(isinstance(one, Widget) for one in alive)


def resident() -> int:
    """Return the memory that this process holds, in pages."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1])


async def home(tui: Driver) -> None:
    """Go back to the board, whatever is open."""
    for _ in range(8):
        await tui.press("escape")
    await tui.press("1")


async def every_pane(tui: Driver) -> None:
    """Look at each pane once, so that all that is kept is there."""
    for key in "234561":
        await tui.press(key)


async def press(tui: Driver, chance: random.Random, count: int) -> None:
    """Press random keys, and change the size now and then."""
    commands, pressed = bound(), []
    for at in range(count):
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


@pytest.mark.timeout(max(120, KEYS))
async def test_random_keys_break_nothing_and_leave_nothing_behind(drive: Drive) -> None:
    chance = random.Random(SEED)
    async with drive() as tui:
        await every_pane(tui)
        await home(tui)
        await press(tui, chance, KEYS // 2)
        between, half = widgets(), resident()
        await press(tui, chance, KEYS - KEYS // 2)
        after, held = widgets(), resident()
        caches, alive = drawn()
    assert tui.app.return_code in (0, None)
    assert after.total() <= between.total() + SOME, after - between
    assert caches <= alive
    assert KEYS < MANY or held <= half * GROWTH


async def test_what_is_closed_is_let_go_of(drive: Drive) -> None:
    async with drive() as tui:
        await home(tui)
        before = widgets()
        for keys in OPENED:
            for _ in range(TIMES):
                await tui.press(*keys, *["escape"] * 3)
        after = widgets()
        caches, alive = drawn()
    assert max((after - before).values()) < TIMES, after - before
    assert caches <= alive
