"""What is sent to the terminal part by part adds up to what the screen should show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from textual.strip import Strip

from tuicrm.tui.tight import PartsUpdate, TightCompositor

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


class Sent:
    """A screen that knows only what was sent to it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lines: list[Strip] = []
        self.parts = 0
        whole, some = TightCompositor.render_full_update, TightCompositor.render_partial_update
        sent = self

        def full(self: TightCompositor, simplify: bool = False) -> Any:
            update = whole(self, simplify)
            sent.lines = self.render_strips()
            return update

        def partial(self: TightCompositor) -> Any:
            update = some(self)
            if isinstance(update, PartsUpdate):
                for x, y, strip in update.parts:
                    old = sent.lines[y]
                    after = old.crop(x + strip.cell_length, old.cell_length)
                    sent.lines[y] = Strip.join([old.crop(0, x), strip, after])
                    sent.parts += 1
            elif update is not None:
                sent.lines = self.render_strips()
            return update

        monkeypatch.setattr(TightCompositor, "render_full_update", full)
        monkeypatch.setattr(TightCompositor, "render_partial_update", partial)


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (120, 40)])
async def test_parts_add_up(drive: Drive, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]) -> None:
    async with drive(size) as tui:
        tui.app.screen.refresh()
        sent = Sent(monkeypatch)
        await tui.settle()
        sent.lines = tui.app.main._compositor.render_strips()
        for key in "jjlljL Lh*jukGgJJ" + "H" * 2 + "lljjjj":
            await tui.press({" ": "space", "*": "asterisk"}.get(key, key))
            shown = [strip.text for strip in tui.app.main._compositor.render_strips()]
            assert [strip.text for strip in sent.lines] == shown, f"after {key}"
        assert sent.parts > 50


async def test_a_cursor_key_sends_only_the_cells_of_two_cards_and_the_strip(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with drive((120, 40)) as tui:
        await tui.press("l", "l", "j")
        found: list[PartsUpdate] = []
        before = TightCompositor.render_partial_update

        def noting(self: TightCompositor) -> Any:
            update = before(self)
            if isinstance(update, PartsUpdate):
                found.append(update)
            return update

        monkeypatch.setattr(TightCompositor, "render_partial_update", noting)
        await tui.press("j")
        cells = sum(strip.cell_length for one in found for _, _, strip in one.parts)
        assert 0 < cells <= 4 * 20 + 2 * 120
