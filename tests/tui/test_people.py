"""The lists of contacts and companies, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.customers import customers
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def first(tui: Driver) -> str:
    """Return the row under the cursor."""
    return next((line[3:] for line in tui.text.splitlines() if line.startswith(">")), "")


async def test_companies_show_their_deals_and_what_is_next(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("6")
        assert "[6 Companies]" in tui.text
        assert first(tui).split() == ["Acme", "GmbH", "1", "12k", "!late", "3d", "2d", "ago", "Berlin"]
        assert "1 open 12k, 2 won 64k" in tui.text
        assert "!LATE 3d: call Jane Roe re SOC2" in tui.text


@pytest.mark.parametrize("keys", ["36", "63"])
async def test_people_and_follow_ups_know_the_same_log(drive: Drive, keys: str) -> None:
    async with drive() as tui:
        for key in keys:
            await tui.press(key)
            assert ("2d ago" if key == "6" else "last: ") in tui.text
        assert "last: " in tui.text


async def test_contacts_show_how_to_reach_them(drive: Drive, session: Session) -> None:
    jane = next(one for one in session.ws.all("contact").values() if one.get("name") == "Jane Roe")
    session.ws.commit([Write("contact", jane["id"], {"do_not_contact": True})], by="ann", note="asked")
    async with drive() as tui:
        await tui.press("5", "slash", *"jane", "enter")
        assert first(tui).startswith("!Jane Roe")
        assert next(iter(jane["phones"])) in first(tui)
        assert "CTO, Acme GmbH" in tui.text
        assert "there" in tui.text
        assert "!DO NOT CONTACT" in tui.text
        await tui.press("enter")
        assert "! DO NOT CONTACT" in tui.text


@pytest.mark.parametrize(
    ("digit", "name"), [("1", "Acme GmbH"), ("4", "Quint BV"), ("5", "Ikaria Ferries")], ids=["name", "next", "value"]
)
async def test_orders(drive: Drive, digit: str, name: str) -> None:
    async with drive() as tui:
        await tui.press("6", "o", digit, "g")
        assert first(tui).startswith(name)


async def test_the_last_touched_come_first(drive: Drive, session: Session) -> None:
    key = next(key for key, one in session.ws.all("company").items() if one.get("name") == "Wren Books")
    call = {"type": "call", "subject": "hello", "company": key, "at": "2026-10-08T08:59:00Z"}
    session.ws.commit([Write("activity", session.ws.new_id(), call)], by="ann", note="call")
    async with drive() as tui:
        await tui.press("6", "o", "2", "g")
        assert first(tui).startswith("Wren Books")
        assert "today" in first(tui)
        await tui.press("o", "3", "G")
        assert first(tui).startswith("Wren Books")


async def test_record_keys_and_marks_work(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("6", "L")
        assert "no deal here" in tui.status
        await tui.press("J", "J")
        assert "3 marked" in tui.status
        await tui.press("y")
        assert "Copy of 3 records" in tui.text
        await tui.press("escape", "escape")
        assert "marked" not in tui.status


async def test_a_view_chooses_the_columns(drive: Drive, session: Session) -> None:
    view = {
        "name": "Cities",
        "of": "company",
        "where": "",
        "sort": "name",
        "columns": "name,country,nonsense,open_deals",
    }
    session.ws.commit([Write("view", session.ws.new_id(), view)], by="ann", note="view")
    async with drive() as tui:
        await tui.press("6", "v", "3")
        titles = tui.text.splitlines()[2].split()
        assert titles == ["name", "country", "open", "deals"]
        assert first(tui).split() == ["Acme", "GmbH", "DE", "1", "12k"]


async def test_a_company_opens_and_its_neighbours_follow(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("6", "j", "enter")
        assert "Companies > Aster Hotels" in tui.text
        assert "2 of 42" in tui.text
        await tui.press("full_stop", "escape")
        assert first(tui).startswith("Bakı Neft")


async def test_an_empty_list_says_what_to_do(drive: Drive, session: Session) -> None:
    from tuicrm.store.changes import Remove

    session.ws.commit([Remove("contact", key) for key in session.ws.all("contact")], by="ann", note="none")
    async with drive() as tui:
        await tui.press("5")
        assert "No contacts yet" in tui.text
        assert "tuicrm import FILE --as contact" in tui.text


@pytest.mark.parametrize("size", [(40, 12), (40, 20), (60, 24), (120, 40), (200, 60), (30, 9)])
async def test_every_size_shows_the_names(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(size) as tui:
        for key in ("5", "6"):
            await tui.press(key, "j", "enter", "tab", "j", "pagedown", "escape")
            assert first(tui).strip()


def test_what_follows_for_customers_is_what_the_records_say(session: Session) -> None:
    known = customers(session)
    for kind in ("company", "contact"):
        for key in session.ws.all(kind):
            deals = [
                one for one in session.ws.all("deal").values() if key in (one.get("company"), *one.get("contacts", []))
            ]
            assert {one["id"] for one in known.deals.get(key, [])} == {one["id"] for one in deals}
            followup = known.next(key)
            if kind == "contact" and followup is not None:
                assert key in followup["contacts"]
