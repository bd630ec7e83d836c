"""The filter while it is being typed: what is not finished keeps the board that was there, and says what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.tui.panes.listpane import ListPane
from tuicrm.tui.viewing import kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_an_unfinished_query_keeps_the_board_and_says_what_is_missing(drive: Drive) -> None:
    async with drive(size=(120, 40)) as tui:
        await tui.press("slash", *"value>")
        assert len(tui.stage("Demo")) == 11
        assert "a value is missing" in tui.status
        await tui.press(*"50k")
        assert tui.stage("Negotiation") == ["Ikaria", "Zephyr"]
        assert "4 open" in tui.status
        await tui.press(*" stag:demo")
        assert tui.stage("Negotiation") == ["Ikaria", "Zephyr"]
        assert "did you mean stage" in tui.status
        await tui.press("enter")
        assert tui.stage("Negotiation") == ["Ikaria", "Zephyr"]
        assert "did you mean stage" in tui.status


async def test_the_key_hints_are_those_of_the_line_that_is_typed_into(drive: Drive) -> None:
    async with drive(size=(80, 24)) as tui:
        before = tui.text.splitlines()[-1]
        assert "c call" in before
        await tui.press("slash", "c")
        assert tui.text.splitlines()[-1].split() == ["Enter", "take", "Esc", "give", "up"]
        await tui.press("escape")
        assert tui.text.splitlines()[-1] == before


async def test_the_objection_is_not_painted_over_by_a_board_that_comes_late(drive: Drive) -> None:
    async with drive(size=(120, 40)) as tui:
        await tui.press("slash", *"value>")
        tui.board.ask_again()
        await tui.settle()
        assert "a value is missing" in tui.status


@pytest.mark.parametrize(
    ("good", "text", "wanted"),
    [
        ("value", "value>", ""),
        ("value>50k stag", "value>50k stag:", "value>50k"),
        ("acme rene", "acme rene:", "acme"),
        ("value>1", "value>", "value>1"),
        ("value>10", "value>10x", "value>10"),
        ("acme", 'acme "', "acme"),
        ("", "(", ""),
    ],
)
def test_the_word_that_began_an_unfinished_term_is_no_filter(good: str, text: str, wanted: str) -> None:
    assert kept(good, text) == wanted


async def test_a_filter_that_nothing_fits_does_not_lose_the_cursor(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l", "j", "j")
        card = tui.board.place.card
        assert card is not None
        await tui.press("slash", *"zzzz")
        assert tui.board.place.card is None
        await tui.press("escape")
        assert tui.board.place.card is not None
        assert tui.board.place.card.id == card.id
        await tui.press("3", "j", "j")
        pane = tui.app.main.pane
        assert isinstance(pane, ListPane)
        here = pane.listing.cursor
        await tui.press("slash", *"zzzz")
        assert pane.listing.cursor is None
        await tui.press("escape")
        assert pane.listing.cursor == here
