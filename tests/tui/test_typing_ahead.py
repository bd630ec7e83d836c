"""Keys that come faster than the screen: each goes to what the keys before it have opened, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
