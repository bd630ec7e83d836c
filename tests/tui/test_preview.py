"""The preview beside a list: from 120 columns on, of what the cursor is on, in every list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.tui.panes.listpane import ListPane

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def beside(tui: Driver) -> str:
    """Return what stands in the preview; empty where it has not been opened yet."""
    pane = tui.app.main.pane
    assert isinstance(pane, ListPane)
    if pane.preview is None:
        return ""
    return "\n".join("".join(text for text, _ in pane.preview.line(y)) for y in range(pane.preview.size.height))


@pytest.mark.parametrize("key", ["2", "3", "5", "6"])
async def test_the_preview_follows_the_cursor_of_every_list(drive: Drive, key: str) -> None:
    async with drive((120, 40)) as tui:
        await tui.press(key)
        assert "HISTORY" not in tui.text
        await tui.press("p")
        await tui.until(lambda: "HISTORY" in beside(tui))
        before = beside(tui)
        await tui.press("j", "j", "j", "j", "j")
        await tui.until(lambda: beside(tui) != before)
        assert all(len(line) <= 120 for line in tui.text.splitlines())
        await tui.press("p")
        assert "HISTORY" not in tui.text


async def test_a_follow_up_shows_what_it_is_about(drive: Drive) -> None:
    async with drive((120, 40)) as tui:
        await tui.press("3", "p")
        await tui.until(lambda: "HISTORY" in beside(tui))
        assert "Quint" in beside(tui)


async def test_there_is_none_where_there_is_no_room(drive: Drive) -> None:
    async with drive((119, 40)) as tui:
        await tui.press("5", "p")
        assert "no room for a preview" in tui.status
        await tui.pilot.resize_terminal(200, 50)
        await tui.until(lambda: "HISTORY" in tui.text)
        await tui.pilot.resize_terminal(60, 20)
        await tui.settle()
        assert "HISTORY" not in tui.text
