"""The record view by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_a_deal_opens_with_its_fields_and_history(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter")
        text = tui.text
        assert "Sales > Demo > Acme renewal" in text
        assert "1 of 11" in text
        assert "EUR 12,000" in text
        assert "Acme GmbH, Berlin" in text
        assert "Jane Roe" in text
        assert "NEXT" in text
        assert "!LATE 3d  call Jane Roe re SOC2" in text
        assert "Qualified > Demo" in text


async def test_back_returns_to_the_same_card(drive: Drive) -> None:
    for key in ("escape", "backspace", "q", "1"):
        async with drive() as tui:
            await tui.press("l", "l", "enter", key)
            assert tui.board.display
            assert tui.board.place.card is not None
            assert tui.board.place.card.title == "Acme renewal"
            await tui.press("j")
            assert tui.board.place.rows[2] == 1


async def test_the_next_record_of_the_stage(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "full_stop")
        second = tui.stage("Demo")[1]
        assert f"> {second}" in tui.text
        assert "2 of 11" in tui.text
        await tui.press("comma", "comma")
        assert "Acme renewal" in tui.text
        assert "no further deal" in tui.status


async def test_moving_in_the_record_moves_on_the_board(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "L")
        assert "Sales > Proposal > Acme renewal" in tui.text
        assert "Demo > Proposal" in tui.text
        await tui.press("escape")
        assert "Acme renewal" in tui.stage("Proposal")
