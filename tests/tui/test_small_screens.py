"""Nothing is out of sight without a sign, and small screens stay of use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_cards_above_the_screen_are_counted(drive: Drive) -> None:
    async with drive() as tui:
        foot = tui.text.splitlines()[18]
        assert "+3 more" in foot
        assert "above" not in foot
        await tui.press("G")
        assert "+3 above" in tui.text.splitlines()[18]
        await tui.press(*"llG", *"kkkkkk")
        foot = tui.text.splitlines()[18]
        assert "3 up 2 more" in foot


async def test_all_keys_can_be_reached_in_the_help(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("question_mark")
        assert "j k g G scroll" in tui.text
        assert "Everywhere" not in tui.text
        await tui.press("G")
        assert "Undo the last change" in tui.text
        await tui.press("pageup")
        assert "Everywhere" in tui.text
        await tui.press("g")
        assert "On the pipeline board" in tui.text


async def test_a_record_is_one_column_on_a_narrow_screen(drive: Drive) -> None:
    async with drive(size=(40, 20)) as tui:
        await tui.press("l", "l", "enter")
        assert "!LATE 3d: call Jane Roe re SOC2" in tui.text
        assert "value EUR 12,000" in tui.text
        await tui.press("G")
        assert "Qualified > Demo" in tui.text
        await tui.pilot.resize_terminal(80, 24)
        await tui.press("g")
        line = next(line for line in tui.text.splitlines() if "call Jane Roe re SOC2" in line)
        assert "│" in line


@pytest.mark.parametrize("size", [(40, 12), (40, 8), (40, 6)])
async def test_on_low_screens_a_form_says_what_is_wrong_from_the_beginning(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(size=size) as tui:
        await tui.press("a", "tab", "tab", *"bananas")
        assert '! "bananas" is no amount' in tui.text
