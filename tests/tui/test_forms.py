"""Forms, by keys: adding, editing, creating along the way, drafts, and what others write meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.edit import add, edit
from tuicrm.crm.opening import open_session
from tuicrm.store.changes import Write
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


async def test_only_what_was_changed_is_written(drive: Drive, session: Session) -> None:
    deal = named(session, "deal", "Acme renewal")
    async with drive() as tui:
        open_form(tui.app, "deal", record_id=deal["id"])
        await tui.settle()
        await to(tui, "expected_close")
        await tui.press("ctrl+u", *"end of next month")
        assert "30 Nov 2026" in tui.text
        await tui.press("enter")
    after = session.ws.get("deal", deal["id"]) or {}
    assert after["expected_close"] == "2026-11-30"
    changed = {name for name in after if after[name] != deal.get(name)} - {"_v"}
    assert changed == {"expected_close"}
    assert set(after["_v"]) - set(deal.get("_v", {})) == {"expected_close"}


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


async def test_a_change_underneath_is_shown_and_only_ones_own_is_written(
    drive: Drive, session: Session, env: dict[str, str]
) -> None:
    deal = named(session, "deal", "Acme renewal")
    async with drive(size=(120, 40)) as tui:
        open_form(tui.app, "deal", record_id=deal["id"])
        await tui.settle()
        await to(tui, "value")
        await tui.press("ctrl+u", *"15k")
        mate = open_session(session.ws.root, env)
        with mate.ws:
            record = mate.ws.get("deal", deal["id"]) or {}
            mate.commit(edit(mate, "deal", [record], {"name": ["Acme, again"], "value": ["14k"], "source": ["web"]}))
        tui.app._poll()
        form(tui).follow()
        await tui.settle()
        assert "Acme, again" in tui.text
        assert "changed meanwhile: 14,000" in tui.text
        assert "15k" in tui.text
        await tui.press("enter")
    after = session.ws.get("deal", deal["id"]) or {}
    assert (after["name"], after["value"], after["source"]) == ("Acme, again", "15000.00", "web")


async def test_a_record_deleted_meanwhile_is_not_written(drive: Drive, session: Session) -> None:
    from tuicrm.store.changes import Remove

    deal = named(session, "deal", "Acme renewal")
    async with drive() as tui:
        open_form(tui.app, "deal", record_id=deal["id"])
        await tui.press(*" x")
        session.ws.commit([Remove("deal", deal["id"])], by="bob", note="")
        form(tui).follow()
        await tui.settle()
        assert "deleted meanwhile" in tui.text
        await tui.press("enter")
        assert "has been deleted" in tui.text
        assert isinstance(tui.app.screen, FormScreen)


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


async def test_a_form_for_several_records_writes_what_is_filled_in(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("J", "J")
        ids = [key for _, key in tui.board.targets()]
        assert len(ids) == 3
        before = [dict(session.ws.get("deal", one) or {}) for one in ids]
        await tui.press("e")
        assert "Edit 3 deals" in tui.text
        assert "(they differ)" in tui.text
        await to(tui, "source")
        await tui.press(*"fair 2026", "enter")
        after = [session.ws.get("deal", one) or {} for one in ids]
        assert {one["source"] for one in after} == {"fair 2026"}
        assert [one["name"] for one in after] == [one["name"] for one in before]
        await tui.press("u")
    assert [(session.ws.get("deal", one) or {}).get("source") for one in ids] == [one.get("source") for one in before]


async def test_a_date_in_a_zone_of_its_own_survives_an_edit_of_something_else(drive: Drive, session: Session) -> None:
    key = session.ws.new_id()
    due = "2026-10-09T10:00[Asia/Tehran]"
    session.ws.commit([Write("followup", key, {"subject": "call", "due": due})], by="ann", note="")
    async with drive() as tui:
        open_form(tui.app, "followup", record_id=key)
        await tui.press(*" again", "enter")
    held = session.ws.get("followup", key) or {}
    assert (held["subject"], held["due"]) == ("call again", due)
