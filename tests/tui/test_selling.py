"""Territories, discounts and commissions in the program: in the palette once a team uses them, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.commissions import plans
from tuicrm.crm.config import set_value
from tuicrm.crm.discounting import given
from tuicrm.crm.edit import add, edit

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def deal(session: Session, name: str) -> dict[str, Any]:
    return next(one for one in session.ws.all("deal").values() if one.get("name") == name)


def shares(session: Session, name: str) -> list[str]:
    return [f"{one.share} {one.reason}" for one in given(deal(session, name)).values()]


async def run(tui: Driver, words: str) -> None:
    await tui.press("ctrl+p", *words)
    await tui.settle()
    await tui.press("enter")
    await tui.settle()


async def test_a_team_that_uses_none_of_it_sees_none_of_it(drive: Drive) -> None:
    async with drive() as tui:
        for words in ("give a discount", "people of its territory", "have earned"):
            await tui.press("ctrl+p", *words)
            await tui.settle()
            assert "tuicrm deal discount" not in tui.text
            assert "Give a discount" not in tui.text
            assert "Give this to the people" not in tui.text
            assert "What I have earned" not in tui.text
            await tui.press("escape")


async def test_a_discount_in_one_line(drive: Drive, session: Session) -> None:
    session.commit(edit(session, "user", [session.ws.all("user")[session.me]], {"role": ["rep"]}))
    session.commit(set_value(session, "discount_limits", "rep 10, bob 50"))
    async with drive() as tui:
        await tui.press("l")
        await run(tui, "give a discount")
        await tui.press(*"8")
        assert "needs a reason" in tui.text
        await tui.press("space", *"loyal", "enter")
        assert shares(session, "Quint") == ["8 loyal"]
        assert "gave Quint a discount of 8 %" in tui.text
        await tui.press("u")
        assert shares(session, "Quint") == []
        await run(tui, "give a discount")
        await tui.press(*"20", "space", *"rival")
        assert "asked" in tui.text
        await tui.press("enter")
        assert shares(session, "Quint") == []
        await run(tui, "approve the discount")
        assert "may approve it" in tui.text
        session.commit(set_value(session, "discount_limits", "rep 30"))
        await run(tui, "approve the discount")
        assert shares(session, "Quint") == ["20 rival"]


async def test_a_deal_goes_to_its_territory(drive: Drive, session: Session) -> None:
    session.commit(add(session, "territory", {"name": ["All"], "reps": ["bob"]}))
    bob = next(iter(session.ws.all("territory").values()))["reps"][0]
    async with drive() as tui:
        await tui.press("l")
        await run(tui, "people of its territory")
        assert deal(session, "Quint")["owner"] == bob
        await tui.press("u")
        assert deal(session, "Quint")["owner"] != bob


async def test_what_one_has_earned(drive: Drive, session: Session) -> None:
    session.commit(plans.add(session, {"name": ["Standard"]}, ["10"]))
    made = {"name": ["Sold"], "value": ["5k"], "stage": ["won"], "owner": ["me"]}
    session.commit(add(session, "deal", made))
    async with drive() as tui:
        await run(tui, "have earned")
        await tui.until(lambda: "500.00" in tui.text)
        assert "Sold" in tui.text
        await tui.press("full_stop")
        await tui.until(lambda: "nothing was earned" in tui.text)
        await tui.press("escape")
        assert "nothing was earned" not in tui.text


async def test_territories_are_listed_edited_added_and_deleted(drive: Drive, session: Session) -> None:
    session.commit(add(session, "territory", {"name": ["North"], "condition": ["country:de"], "reps": ["bob"]}))

    def names() -> list[str]:
        return sorted(str(one["name"]) for one in session.ws.all("territory").values())

    async with drive() as tui:
        await run(tui, "who works where")
        assert "10 | North | country:de" in tui.text
        await tui.press("a", *"Rest", "enter")
        await tui.settle()
        assert names() == ["North", "Rest"]
        await tui.until(lambda: "20 | Rest" in tui.text)
        await tui.press("enter", "ctrl+u", *"Nord", "enter")
        await tui.settle()
        assert names() == ["Nord", "Rest"]
        await tui.press("G", "D")
        assert names() == ["Nord"]
        await tui.press("escape", "u")
        assert names() == ["Nord", "Rest"]


async def test_plans_are_made_by_a_command(drive: Drive, session: Session) -> None:
    session.commit(plans.add(session, {"name": ["Standard"]}, ["5", "6 from 100k"]))
    async with drive() as tui:
        await run(tui, "commission plans")
        assert "Standard | marginal | 5 %, 6 % from 100000" in tui.text
        await tui.press("a")
        assert "tuicrm commission add --help" in tui.text
