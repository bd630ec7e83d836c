"""Saved views by keys: save, choose, rename, remove; and the columns of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm import views
from tuicrm.tui.panes.people import Contacts

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture(autouse=True)
def _no_views(session: Session) -> None:
    """Remove the views of the sample."""
    for one in views.listing(session):
        session.commit(views.remove(session, one))


def count(tui: Driver) -> int:
    """Return how many deals the board shows."""
    board = tui.board.place.board
    assert board is not None
    return board.open_count


async def saved(tui: Driver, name: str) -> None:
    """Save the board filtered by value under a name."""
    await tui.press("slash", *"value>60k", "enter")
    await tui.press("o", "2", "V", *name, "enter")


async def test_a_view_is_saved_and_chosen_again(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await saved(tui, "Big")
        held = views.find(session, "big")
        assert (held["of"], held["where"], held["sort"]) == ("deal", "(owner:me) (value>60k)", "-value")
        assert "view 3: Big" in tui.text
        assert "filter" not in tui.text.splitlines()[1]
        big = count(tui)
        await tui.press("v", "1", "o", "1")
        assert count(tui) > big
        await tui.press("v", "3")
        assert count(tui) == big
        assert "order: value" in tui.text
        await tui.press("u")
        assert views.listing(session) == []


async def test_groups_are_part_of_a_view(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("o", "7", "V", *"By owner", "enter")
        await tui.press("v", "2")
        assert tui.board.place.group == ""
        await tui.press("v", "3")
        assert tui.board.place.group == "owner"


async def test_saving_again_under_the_name_overwrites(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await saved(tui, "Big")
        await tui.press("o", "5", "V", "enter")
        assert [one["sort"] for one in views.listing(session)] == ["name"]


async def test_the_names_of_the_first_two_views_are_taken(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("V", *"Mine", "enter")
        assert "choose another name" in tui.status
        await tui.press("V", "escape")
        assert views.listing(session) == []


async def test_views_are_renamed_and_removed(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        tui.board.action_view_remove()
        assert "V saves one" in (tui.app.main.note or ("",))[0]
        await saved(tui, "Big")
        tui.board.action_view_rename()
        await tui.press("1", *"ger", "enter")
        assert views.find(session, "Bigger")
        assert "view 3: Bigger" in tui.text
        tui.board.action_view_remove()
        await tui.press("1")
        assert views.listing(session) == []
        assert "view 1: mine" in tui.text


async def test_a_view_made_by_a_command_keeps_its_order(drive: Drive, session: Session) -> None:
    session.commit(views.add(session, "Soon", where="value>1k", sort="-expected_close,name"))
    async with drive() as tui:
        await tui.press("v", "3")
        assert tui.board.view.order == "close"


async def test_columns_of_a_list_are_chosen_ordered_and_saved(drive: Drive, session: Session) -> None:
    async with drive((120, 40)) as tui:
        await tui.press("5")
        pane = tui.app.main.pane
        assert isinstance(pane, Contacts)
        pane.action_view_columns()
        await tui.press("j", "space", "j", "K", "enter")
        before = pane.DEFAULT
        assert list(pane.view.columns)[:2] == [before[0], before[2]]
        assert before[1] not in pane.view.columns
        await tui.press("V", *"Phones", "enter")
        held = views.find(session, "Phones", "contact")
        assert held["columns"].startswith(f"{before[0]},{before[2]}")
        assert list(pane.view.columns)[:2] == [before[0], before[2]]
        await tui.press("v", "1")
        assert list(pane.view.columns) == []
        await tui.press("v", "3")
        assert list(pane.view.columns)[:2] == [before[0], before[2]]


async def test_the_board_has_no_columns_to_choose(drive: Drive) -> None:
    async with drive() as tui:
        tui.board.action_view_columns()
        assert "columns of this pane are fixed" in (tui.app.main.note or ("",))[0]
