"""Keys that come faster than the screen: each goes to what the keys before it have opened, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from tests.tui.test_forms import named
from tuicrm.tui.forms.screen import FormScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def burst(tui: Driver, *parts: str) -> None:
    """Send keys all at once: names of keys, and texts in brackets."""
    for part in parts:
        if part.startswith("["):
            for letter in part[1:-1]:
                tui.app.post_message(events.Key("space" if letter == " " else letter, letter))
        else:
            tui.app.post_message(events.Key(part, None if len(part) > 1 else part))
    for _ in range(40):
        await tui.settle()


async def test_a_deal_in_one_go(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await burst(tui, "a", "[In one go]", "tab", "[acm]", "enter", "tab", "[12k]", "enter")
        assert not isinstance(tui.app.screen, FormScreen)
    deal = named(session, "deal", "In one go")
    assert deal["company"] == named(session, "company", "Acme GmbH")["id"]
    assert deal["value"] == "12000.00"


async def test_a_second_field_is_not_typed_into_the_first(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("a")
        await burst(tui, "[One]", "tab", "[acm]", "enter", "shift+tab", "[ more]", "enter")
    assert named(session, "deal", "One more")["company"] == named(session, "company", "Acme GmbH")["id"]


async def test_an_owner_and_a_date_in_one_go(drive: Drive, session: Session) -> None:
    bob = next(key for key, one in session.ws.all("user").items() if one.get("handle") == "bob")
    async with drive() as tui:
        deal = tui.board.targets()[0][1]
        await burst(tui, "C", "[in 3 weeks]", "enter")
        assert (session.ws.get("deal", deal) or {})["expected_close"] == "2026-10-29"
        await burst(tui, "O", "[bob]", "enter")
        assert (session.ws.get("deal", deal) or {})["owner"] == bob
        assert tui.app.focused is tui.board


async def test_a_call_with_its_next_step_in_one_go(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await burst(tui, "c", "[wants the report]", "tab", "1", "tab", "[3d]", "enter")
        assert tui.app.focused is tui.board
    entry = [one for one in session.ws.all("activity").values() if one["type"] == "call"][-1]
    assert (entry["subject"], entry["outcome"]) == ("wants the report", "reached")
    assert "2026-10-11" in [one.get("due") for one in session.ws.all("followup").values()]


async def test_what_is_said_of_a_date_follows_what_was_typed_at_once(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("3")
        await burst(tui, "r", "[tue 10]")
        assert "Tue 13 Oct 10h" in tui.status


@pytest.mark.parametrize("opened_before", [False, True])
async def test_the_palette_takes_letters_typed_behind_its_key(drive: Drive, *, opened_before: bool) -> None:
    async with drive() as tui:
        if opened_before:
            await tui.press("ctrl+p", "escape")
        await burst(tui, "ctrl+p", "[0662]")
        assert "Kim Vos" in tui.text.splitlines()[6]
        await burst(tui, "enter")
        assert tui.app.main.pane is not None
        assert "Kim Vos" in tui.text.splitlines()[1]


async def test_keys_behind_the_key_of_a_pane_wait_for_its_data(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await burst(tui, "3", "j", "r", "[tue 10]", "enter", "question_mark")
        assert tui.app.screen is not tui.app.main
        due = {one["subject"]: one["due"] for one in session.ws.all("followup").values()}
        assert due["call Jane Roe re SOC2"] == "2026-10-13T10:00[UTC]"
        assert due["chase budget"] == "2026-09-30"
        await tui.press("escape")
        await burst(tui, "2", "3", "6", "1")
        assert tui.app.main.pane is tui.board


@pytest.mark.parametrize("opening", ["v", "slash", "e", "question_mark", "o"])
async def test_two_keys_that_close_a_screen_close_one(drive: Drive, opening: str) -> None:
    async with drive() as tui:
        await tui.press(opening)
        if len(tui.app.screen_stack) == 1:
            return
        above = tui.app.screen

        def close() -> None:
            above.dismiss()

        for _ in range(2):
            # On a slow machine both are on their way to it before it is gone.
            above.call_later(close)
        await tui.settle()
        assert tui.app.is_running
        assert len(tui.app.screen_stack) == 1
        await tui.press("2", "1")
    assert tui.app.return_code in (0, None)
