"""The log pane: days, filters, views, corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.store.changes import Write
from tuicrm.tui.panes.activity import Activity

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def pane(on: Driver) -> Activity:
    found = on.app.main.roots["activity"]
    assert isinstance(found, Activity)
    return found


async def test_the_latest_day_comes_first_and_the_strip_tells_all(drive: Drive) -> None:
    async with drive() as on:
        await on.press("2")
        lines = on.text.splitlines()
        assert lines[2].startswith(" YESTERDAY, Wed 7 Oct")
        assert lines[3].startswith(">  ")
        assert "Ann Lee" in lines[20]
        assert " / " in lines[21]


async def test_days_are_a_key_apart(drive: Drive) -> None:
    async with drive() as on:
        await on.press("2", "full_stop")
        first = pane(on).listing.group
        await on.press("full_stop")
        second = pane(on).listing.group
        assert first is not None
        assert second is not None
        assert int(first.key) > int(second.key)
        await on.press("comma")
        assert pane(on).listing.group == first


async def test_it_filters_by_type_person_and_deal(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("2", "slash", *"jane type:call", "enter")
        held = [session.ws.all("activity")[key] for kind, key in pane(on).listing.entries if kind]
        assert held
        assert {one["type"] for one in held} == {"call"}
        await on.press("escape", "v", "4")
        assert "view 4: mails" in on.text
        await on.press("v", "7")
        held = [session.ws.all("activity")[key] for kind, key in pane(on).listing.entries if kind]
        assert {one["type"] for one in held} == {"change"}


async def test_enter_opens_what_the_entry_is_about_and_comes_back(drive: Drive) -> None:
    async with drive() as on:
        await on.press("2", "enter")
        assert "deal" in on.text.splitlines()[1]
        await on.press("escape")
        assert on.app.main.pane is pane(on)


async def test_an_entry_moves_to_another_deal_in_one_step(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("2")
        ref = pane(on).listing.cursor
        assert ref is not None
        before = session.ws.all("activity")[ref[1]]["deal"]
        pane(on).action_activity_move()
        await on.settle()
        await on.press(*"acme ren", "enter")
        after = session.ws.all("activity")[ref[1]]
        deal = session.ws.all("deal")[after["deal"]]
        assert (deal["name"], after["company"]) == ("Acme renewal", deal["company"])
        assert "to Acme renewal" in on.text
        await on.press("u")
        assert session.ws.all("activity")[ref[1]]["deal"] == before


async def test_a_deleted_entry_comes_back(drive: Drive, session: Session) -> None:
    async with drive() as on:
        await on.press("2")
        ref = pane(on).listing.cursor
        assert ref is not None
        await on.press("D")
        assert ref[1] not in session.ws.all("activity")
        await on.press("u")
        assert ref[1] in session.ws.all("activity")


async def test_entries_with_anything_in_them_are_shown(drive: Drive, session: Session) -> None:
    odd = "[/ \x1b[2J \u202e [@click=app.quit]x[/]"
    rows: list[dict[str, Any]] = [
        {"type": odd, "subject": odd, "body": odd, "outcome": odd, "duration": "x", "contacts": [odd], "deal": odd},
        {"type": "change", "field": odd, "before": [odd], "after": 3, "deal": "gone"},
        {"subject": ["a"], "at": "never", "contacts": {"a": 1}, "owner": 7, "company": []},
        {"type": "note", "subject": "far", "at": "9999-12-31T23:59:59Z"},
        {},
    ]
    session.ws.commit([Write("activity", session.ws.new_id(), row) for row in rows], by="ann", note="")
    async with drive() as on:
        await on.press("2", "v", "8")
        for key in ("g", "j", "j", "j", "j", "j", "j", "c", "escape", "enter", "escape", "G"):
            await on.press(key)
            assert "\x1b" not in on.text
            assert "\u202e" not in on.text


async def test_a_log_without_entries_says_how_to_begin(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import remove

    session.commit(remove(session, "activity", [*session.ws.all("activity").values()]))
    async with drive() as on:
        await on.press("2")
        assert "Nothing logged yet" in on.text
        await on.press("c")
        assert "nothing here to log about" in on.text
