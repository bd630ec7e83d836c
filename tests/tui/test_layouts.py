"""Keys of other keyboard layouts do what the Latin key at their place does, in panes and dialogs, not in text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.events import Key

from tuicrm.tui.commands import COMMANDS
from tuicrm.tui.layouts import _ROWS, translate
from tuicrm.tui.listing import HEADING
from tuicrm.tui.panes.listpane import ListPane
from tuicrm.tui.screens.choose import Choose
from tuicrm.tui.screens.help import Help

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

DOWN = {"fa": "ت", "el": "ξ", "ru": "о", "he": "ח", "ar": "ت"}
LETTERS = {key for one in COMMANDS for key in one.keys if len(key) == 1 and key.isalpha()}
# At these places the layout types ASCII, which is taken as it is.
TAKEN = {"fa": set("OP"), "el": set("q"), "ru": set(), "he": {"q", "w"}, "ar": set("DCVLZ")}


@pytest.mark.parametrize("layout", sorted(DOWN))
def test_every_letter_key_is_there(layout: str) -> None:
    env = {"LANG": f"{layout}_XX.UTF-8"}
    found = {translate(letter, env) for letters, _ in _ROWS[layout] for letter in letters}
    # A Hebrew keyboard types Latin capitals.
    wanted = {key for key in LETTERS if layout != "he" or key.islower()}
    assert wanted - found - TAKEN[layout] == set()


@pytest.mark.parametrize("layout", sorted(DOWN))
async def test_the_letter_moves_in_every_list(drive: Drive, layout: str) -> None:
    async with drive() as tui:
        first = tui.board.place.card
        await tui.press(DOWN[layout])
        assert tui.board.place.card is not first
        for key in "۲۳۵۶":
            await tui.press(key)
            pane = tui.app.main.pane
            assert isinstance(pane, ListPane)
            before = pane.listing.at
            await tui.press(DOWN[layout])
            assert pane.listing.at == before + 1
            assert pane.listing.entries[pane.listing.at][0] != HEADING


async def test_signs_dialogs_and_ctrl(drive: Drive) -> None:
    async with drive() as tui:
        # As the toolkit reads it from a terminal.
        tui.app.post_message(Key("arabic_question_mark", "؟"))
        await tui.settle()
        assert isinstance(tui.app.screen, Help)
        await tui.press("й")
        assert not isinstance(tui.app.screen, Help)
        await tui.press("м")
        screen = tui.app.screen
        assert isinstance(screen, Choose)
        await tui.press("о")
        assert screen.at == 1
        await tui.press("л")
        assert screen.at == 0
        await tui.press("۲")
        assert tui.board.view.number == 2
        await tui.press("ctrl+з")
        assert tui.app.typing_into is not None


async def test_text_is_typed_as_it_is(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("slash", *"عمان")
        assert "عمان" in tui.text
