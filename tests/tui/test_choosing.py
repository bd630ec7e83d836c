"""Short lists to choose from: by the mouse, and on screens too low for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.screens.choose import Choose

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_a_click_chooses(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("v")
        y = next(at for at, line in enumerate(tui.text.splitlines()) if "2 team" in line)
        await tui.pilot.click(offset=(tui.text.splitlines()[y].index("2 team"), y))
        await tui.settle()
        assert not isinstance(tui.app.screen, Choose)
        assert tui.board.view.number == 2


async def test_what_is_chosen_stays_in_sight(drive: Drive) -> None:
    async with drive((40, 8)) as tui:
        await tui.press("o")
        screen = tui.app.screen
        assert isinstance(screen, Choose)
        for key in ("G", "g"):
            await tui.press(key)
            assert any(">" in line and screen.texts[screen.at][:12] in line for line in tui.text.splitlines())
