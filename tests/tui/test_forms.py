"""Forms, by keys: adding, creating along the way, drafts, warnings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.edit import add
from tuicrm.tui.forms import open_form
from tuicrm.tui.forms.screen import FormScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def named(session: Session, kind: str, name: str) -> dict[str, Any]:
    """Return the record of this name."""
    return next((one for one in session.ws.all(kind).values() if one.get("name") == name), {})


def form(tui: Driver) -> FormScreen:
    """Return the open form."""
    assert isinstance(tui.app.screen, FormScreen)
    return tui.app.screen


async def to(tui: Driver, field: str) -> None:
    """Tab to a field, unfolding the rest if need be."""
    if field not in [slot.name for slot in form(tui).sheet.slots]:
        await tui.press("ctrl+n")
    for _ in range(len(form(tui).sheet.slots) + 1):
        slot = form(tui).slot
        if slot is not None and slot.name == field:
            return
        await tui.press("tab")
    raise AssertionError(field)


async def test_a_deal_for_an_existing_company_takes_five_keystrokes(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        keys = 0
        for part in ("a", "[Big deal]", "tab", "[acm]", "enter", "tab", "[12k]", "enter"):
            keys += not part.startswith("[")
            await tui.press(*(part[1:-1] if part.startswith("[") else [part]))
            if part == "[12k]":
                assert "EUR 12,000" in tui.text
        assert keys == 5
        assert "added deal Big deal: u undoes" in tui.status
        deal = named(session, "deal", "Big deal")
        assert deal["company"] == named(session, "company", "Acme GmbH")["id"]
        assert (deal["value"], deal["currency"], deal["owner"]) == ("12000.00", "EUR", session.me)
        await tui.press("u")
        assert not named(session, "deal", "Big deal")


async def test_what_is_wrong_is_said_beside_its_field_and_kept(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("a", *"Odd one", "tab", "tab", *"12x")
        assert "! " in tui.text
        assert "no amount" in tui.text
        await tui.press("tab", "tab", "enter")
        held = form(tui).slot
        assert held is not None
        assert held.name == "value"
        await tui.press("backspace", "enter")
    assert named(session, "deal", "Odd one")["value"] == "12.00"


async def test_a_company_that_is_missing_is_made_in_the_same_step(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("a", *"First one", "tab", *"Novaterra")
        assert "create company 'Novaterra'" in tui.text
        await tui.press("enter")
        assert "company is added" in tui.text
        await tui.press("enter")
        deal = named(session, "deal", "First one")
        assert deal["company"] == named(session, "company", "Novaterra")["id"]
        await tui.press("u")
    assert not named(session, "deal", "First one")
    assert not named(session, "company", "Novaterra")


async def test_a_name_that_nobody_has_is_objected_to_until_it_is_created(drive: Drive, session: Session) -> None:
    async with drive(size=(120, 30)) as tui:
        await tui.press("a", *"First one", "tab", *"Novaterra", "tab")
        assert "! no company 'Novaterra'" in tui.text
        await tui.press("enter")
        assert "create company 'Novaterra'" in tui.text
        await tui.press("enter", "enter")
    assert named(session, "deal", "First one")["company"] == named(session, "company", "Novaterra")["id"]


async def test_several_people_are_chosen_and_taken_back(drive: Drive, session: Session) -> None:
    deal = named(session, "deal", "Acme renewal")
    async with drive(size=(100, 30)) as tui:
        open_form(tui.app, "deal", record_id=deal["id"])
        await tui.settle()
        await to(tui, "contacts")
        assert "[Jane Roe]" in tui.text
        await tui.press(*"kim vos", "enter")
        assert "[Jane Roe] [Kim Vos]" in tui.text
        await tui.press("enter")
        people = {named(session, "contact", name)["id"] for name in ("Jane Roe", "Kim Vos")}
        assert set((session.ws.get("deal", deal["id"]) or {})["contacts"]) == people
        open_form(tui.app, "deal", record_id=deal["id"])
        await tui.settle()
        await to(tui, "contacts")
        await tui.press("backspace", "ctrl+u", "enter")
    assert len((session.ws.get("deal", deal["id"]) or {})["contacts"]) == 1


async def test_esc_keeps_a_draft_and_ctrl_r_starts_again(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("a", *"Half a deal", "tab", *"acm", "enter", "escape")
        assert not isinstance(tui.app.screen, FormScreen)
        await tui.press("a")
        assert "Half a deal" in tui.text
        assert "Acme GmbH" in tui.text
        assert "is back" in tui.text
        await tui.press("ctrl+r")
        assert "Half a deal" not in tui.text
        await tui.press("escape", "a")
        assert "Half a deal" not in tui.text
        await tui.press(*"Another", "enter", "a")
        assert "Another" not in tui.text


async def test_somebody_who_is_there_already_is_warned_of_and_opened(drive: Drive, session: Session) -> None:
    async with drive(size=(100, 30)) as tui:
        open_form(tui.app, "contact")
        await tui.settle()
        await tui.press(*"Roe, Jane")
        assert "ctrl+t opens one with the same name: Jane Roe" in tui.text
        await tui.press("ctrl+t")
        assert not isinstance(tui.app.screen, FormScreen)
        assert "Jane Roe" in tui.text


async def test_a_teams_own_field_is_in_the_form_and_a_required_one_at_once(drive: Drive, session: Session) -> None:
    from tuicrm.crm import fields

    session.commit(fields.add(session, "region", of="deal", type="choice", choices=["emea", "apac"], required=True))
    async with drive() as tui:
        await tui.press("a", *"In a region", "enter")
        assert "region" in tui.text
        held = form(tui).slot
        assert held is not None
        assert held.name == "region"
        await tui.press(*"em", "enter", "enter")
    assert named(session, "deal", "In a region")["region"] == "emea"


async def test_answers_are_found_where_others_gave_them(drive: Drive, session: Session) -> None:
    session.commit(add(session, "company", {"name": ["X"], "industry": ["cork growing"]}))
    async with drive(size=(80, 40)) as tui:
        open_form(tui.app, "company")
        await tui.press(*"Quercus")
        await to(tui, "industry")
        await tui.press(*"cork", "ctrl+f", "enter", "enter")
    assert named(session, "company", "Quercus")["industry"] == "cork growing"
