"""The palette by keys: any record, command, view or theme by a few letters."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest

from tests.tui.test_own_keys import configure
from tuicrm.crm.edit import add, remove
from tuicrm.crm.finder import Finder
from tuicrm.crm.lookup import find
from tuicrm.tui.panes.record import RecordPane

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

SIZES = [(80, 24), (120, 40), (60, 20), (40, 20), (40, 12), (200, 60)]


def opened(tui: Driver) -> RecordPane:
    """Return the record that is on the screen."""
    pane = tui.app.main.pane
    assert isinstance(pane, RecordPane)
    return pane


def chosen(tui: Driver) -> str:
    """Return the line of the palette that the cursor is on."""
    return next(line for line in tui.text.splitlines()[4:] if line.startswith("> "))


async def typed(tui: Driver, text: str) -> None:
    await tui.press(*("space" if one == " " else one for one in text))


@pytest.mark.parametrize("keys", ["ctrl+p", "P"])
async def test_a_contact_by_phone_in_two_keystrokes(drive: Drive, session: Session, keys: str) -> None:
    session.commit(add(session, "contact", {"name": ["Zoe Last"], "phone": ["+49 30 999 8877"]}))
    async with drive() as tui:
        await tui.press(keys)
        await typed(tui, "0309998877")
        await tui.press("enter")
        assert "Zoe Last" in tui.text
        assert opened(tui).has_focus
        await tui.press("escape")
        assert tui.board.has_focus


@pytest.mark.parametrize("size", SIZES)
async def test_typing_narrows_and_enter_opens_the_first(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(size) as tui:
        await tui.press("P")
        await typed(tui, "ACME gm")
        assert "Acme GmbH" in chosen(tui)
        await tui.press("enter")
        assert "Acme GmbH" in tui.text
        assert isinstance(tui.app.main.pane, RecordPane)


async def test_the_end_of_an_id_and_an_e_mail_find_their_record(drive: Drive, session: Session) -> None:
    plan = add(session, "contact", {"name": ["Zoe Last"], "email": ["zoe@last.example"]})
    session.commit(plan)
    async with drive() as tui:
        for text in (plan.ids[0][-6:].lower(), "zoe@last.example"):
            await tui.press("P")
            await typed(tui, text)
            assert "Zoe Last" in chosen(tui)
            await tui.press("escape")


async def test_half_an_address_means_somebody(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("P")
        await typed(tui, "jane@acme")
        assert "Jane Roe" in chosen(tui)


async def test_a_command_runs_as_its_key_would(drive: Drive) -> None:
    async with drive() as tui:
        first, second = tui.stage("Lead")[:2]
        await tui.press("P")
        await typed(tui, "stage forward")
        assert "L Shift+→" in chosen(tui)
        await tui.press("enter")
        await tui.rebuilt()
        assert first in tui.stage("Qualified")
        assert second in tui.stage("Lead")
        assert tui.board.has_focus
        await tui.press("u")
        await tui.rebuilt()
        assert first in tui.stage("Lead")


async def test_commands_without_a_key_run_from_here(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("P")
        await typed(tui, "undo list")
        assert "List what was done" in chosen(tui)
        await tui.press("enter")
        assert "What you did here" in tui.text


async def test_only_commands_of_this_place_are_offered_with_the_users_keys(drive: Drive, env: dict[str, str]) -> None:
    configure(env, '[keys]\n"deal.win" = "W"\n')
    async with drive() as tui:
        await tui.press("P")
        await typed(tui, "won")
        assert chosen(tui).split() == [">", "W", "The", "deal", "is", "won"]
        await tui.press("escape", "4", "P")
        await typed(tui, "deal is won")
        assert "The deal is won" not in tui.text


async def test_a_sign_by_itself_asks_what_that_key_does(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("P", "slash")
        assert chosen(tui).startswith("> /")


async def test_views_and_themes_are_switched_to(drive: Drive) -> None:
    async with drive() as tui:
        view = tui.app.desk.views("deal")[0]
        await tui.press("P")
        await typed(tui, f"view {view.name}")
        await tui.press("enter")
        await tui.settle()
        assert tui.board.view.name == view.name
        await tui.press("P")
        await typed(tui, "theme light")
        await tui.press("enter")
        assert tui.app.theme == "light"


async def test_an_empty_line_shows_what_was_busy_lately(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("P")
        await typed(tui, "acme gmbh")
        await tui.press("enter", "escape", "P")
        assert "LATELY" in tui.text
        assert "Acme GmbH" in chosen(tui)


async def test_up_down_and_tab_choose_among_sections(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("P")
        await typed(tui, "call")
        assert "Log a call" in chosen(tui)
        await tui.press("tab")
        assert "follow-up" in chosen(tui)
        await tui.press("tab", "down")
        second = chosen(tui)
        await tui.press("down", "up")
        assert chosen(tui) == second
        await tui.press("pagedown", "pagedown", "pagedown", "pageup", "pageup", "pageup", "pageup")
        assert "Log a call" in chosen(tui)


async def test_nothing_that_fits_is_said(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("P")
        await typed(tui, "qqqq")
        assert "nothing is called that" in tui.text
        await tui.press("enter")
        assert "nothing is called that" in tui.text
        await tui.press("escape")
        assert "find:" not in tui.text


async def test_enter_before_the_records_are_read_takes_them_when_they_are(
    drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready, read = Event(), Finder.catch_up

    def slowly(self: Finder) -> Iterator[None]:
        while not ready.wait(0.001):
            yield
        yield from read(self)

    monkeypatch.setattr(Finder, "catch_up", slowly)
    async with drive() as tui:
        await tui.pilot.press("P", *"acmegmbh")
        assert "reading the records" in tui.text
        await tui.pilot.press(*["left"] * 4, "space", "enter")
        ready.set()
        await tui.settle()
        assert "Acme GmbH" in tui.text
        assert opened(tui).has_focus


async def test_a_record_that_goes_meanwhile_is_no_longer_offered(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("P")
        await typed(tui, "acme gmb")
        session.commit(remove(session, "company", [find(session, "company", "Acme GmbH")]))
        await typed(tui, "h")
        assert "company     Acme GmbH" not in tui.text


async def test_resizing_redraws_it(drive: Drive) -> None:
    async with drive((120, 40)) as tui:
        await tui.press("P")
        await typed(tui, "acme")
        for size in ((40, 12), (80, 24), (200, 60)):
            await tui.pilot.resize_terminal(*size)
            await tui.settle()
            assert "Acme" in chosen(tui)
