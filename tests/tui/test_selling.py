"""Territories, discounts and commissions in the program: in the palette once a team uses them, and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.commissions import plans
from tuicrm.crm.config import set_value
from tuicrm.crm.discounting import given
from tuicrm.crm.edit import add, edit
from tuicrm.crm.targets import set_target

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


async def test_a_discount_is_declined_with_a_reason(drive: Drive, session: Session) -> None:
    session.commit(set_value(session, "discount_limits", "ann 10, bob 50"))
    async with drive() as tui:
        await tui.press("l")
        await run(tui, "give a discount")
        await tui.press(*"20 rival", "enter")
        session.commit(set_value(session, "discount_limits", "ann 30"))
        await run(tui, "decline the discount")
        await tui.press(*"15 at most", "enter")
        assert "declined a discount of 20 % on Quint" in tui.text
        assert shares(session, "Quint") == []
        await run(tui, "approve the discount")
        assert "nobody asks for a discount on Quint" in tui.text


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


async def test_what_is_added_says_whose_territory_it_is(drive: Drive, session: Session) -> None:
    session.commit(add(session, "territory", {"name": ["All"], "reps": ["bob"]}))
    async with drive(size=(100, 24)) as tui:
        await tui.press("a", *"Suggested", "enter")
        await tui.until(lambda: "added deal Suggested; territory All is of Bob" in tui.text)
        assert deal(session, "Suggested")["owner"] == session.me
        session.commit(set_value(session, "territory_owners", "set"))
        await tui.press("a", *"Given", "enter")
        await tui.until(lambda: "added deal Given; territory All: the owner is Bob" in tui.text)
        assert deal(session, "Given")["owner"] != session.me
        await tui.press(":", *"deal Quickly 5k", "enter")
        await tui.until(lambda: "territory All: the owner is Bob" in tui.text and "Quickly" in tui.text)


async def test_plans_are_typed_in_a_line(drive: Drive, session: Session) -> None:
    session.commit(plans.add(session, {"name": ["Standard"]}, ["5", "6 from 100k"]))

    def plan(name: str) -> dict[str, Any]:
        return next(one for one in session.ws.all("commission").values() if one["name"] == name)

    async with drive(size=(100, 30)) as tui:
        await run(tui, "commission plans")
        assert "Standard | marginal | 5 %, 6 % from 100000" in tui.text
        await tui.press("a", *"Fast 5")
        assert "write a name, a colon and the rates" in tui.text
        await tui.press("ctrl+u", *"Fast: 5, 7 from 125,000, x1.5 from 100, cap 20k, year", "enter")
        assert plan("Fast")["rates"] == {"0": {"from": "0", "rate": "5"}, "125000": {"from": "125000", "rate": "7"}}
        assert (plan("Fast")["cap"], plan("Fast")["period"], plan("Fast")["type"]) == ("20000.00", "year", "marginal")
        assert "x1.5 from 100 %" in tui.text
        await tui.press("G", "t")
        assert "Standard: 5, 6 from 100000, marginal, quarter" in tui.text
        await tui.press("ctrl+u", *"Standard: 4, 8 from 200k, retroactive", "enter")
        assert list(plan("Standard")["rates"]) == ["0", "200000"]
        assert plan("Standard")["type"] == "retroactive"
        await tui.press("a", *"Standard: 3", "enter")
        assert "there is a commission plan called 'Standard' already" in tui.text
        await tui.press("escape", "u")
        assert list(plan("Standard")["rates"]) == ["0", "100000"]


async def test_targets_are_typed_in_a_line(drive: Drive, session: Session) -> None:
    session.commit(set_target(session, [session.ws.all("user")[session.me]], "", "2026-Q4", "", "call 20"))
    async with drive(size=(100, 30)) as tui:
        await run(tui, "asked of people")
        await tui.press("a", *"bob: call 30, 2026-Q4, meeting 5", "enter")
        found = [(one.get("call"), one.get("meeting"), one["period"]) for one in session.ws.all("target").values()]
        assert sorted(found, key=str) == [(20, None, "2026-Q4"), (30, 5, "2026-Q4")]
        await tui.press("a", *"nobody: 5k", "enter")
        assert "there is no team called 'nobody'" in tui.text
