"""Quick add about what is selected: only where the line itself names nothing, and never without being shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.test_forms import named
from tests.tui.test_quick import newest, typed

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_what_one_does_with_a_customer_is_about_the_deal_under_the_cursor(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "colon", *typed("call tomorrow 10am"))
        assert "Acme renewal, EUR 12,000, Demo (selected)" in tui.text
        assert "Jane Roe (of the deal)" in tui.text
        await tui.press("enter")
        assert newest(session, "followup")["deal"] == named(session, "deal", "Acme renewal")["id"]


async def test_the_link_can_be_taken_away(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "colon", *typed("call tomorrow"), "down")
        assert "selected" not in next(line for line in tui.text.splitlines() if " deal " in line).split(" or ")[0]
        await tui.press("enter")
        assert "deal" not in newest(session, "followup")


async def test_in_a_list_anything_else_is_linked_only_on_demand(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "colon", *typed("buy milk tomorrow"))
        assert "or Acme renewal, EUR 12,000, Demo (selected)" in tui.text
        await tui.press("enter")
        assert "deal" not in newest(session, "followup")
        await tui.press("colon", *typed("buy milk friday"), "down", "enter")
        assert newest(session, "followup")["deal"] == named(session, "deal", "Acme renewal")["id"]


async def test_in_an_open_record_everything_is_about_it(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "colon", *typed("send terms friday"), "enter")
        assert newest(session, "followup")["deal"] == named(session, "deal", "Acme renewal")["id"]


async def test_who_is_named_comes_first(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "enter", "colon", *typed("call ola berg friday"))
        assert "selected" not in tui.text


@pytest.mark.parametrize("text", ["called: no answer", "no answer"])
async def test_a_call_closes_the_follow_up_of_the_deal_that_it_is_about(
    drive: Drive, session: Session, text: str
) -> None:
    late = next(one for one in session.ws.all("followup").values() if one["subject"] == "call Jane Roe re SOC2")
    async with drive() as tui:
        await tui.press("l", "l", "colon", *typed(text))
        assert "no answer" in next(line for line in tui.text.splitlines() if " outcome " in line)
        await tui.press("enter")
        assert newest(session, "activity")["deal"] == late["deal"]
        assert (session.ws.get("followup", late["id"]) or {}).get("done_at")
