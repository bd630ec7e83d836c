"""The columns of the lists of follow-ups and of the log are chosen by keys, and saved with a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm import views
from tuicrm.tui.panes.listpane import ListPane

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


def shown(tui: Driver) -> list[str]:
    """Return the names of the columns of the list."""
    pane = tui.app.main.pane
    assert isinstance(pane, ListPane)
    return [one.name for one in pane.listing.model.columns]


@pytest.mark.parametrize(("key", "kind", "other"), [("3", "followup", "owner"), ("2", "activity", "owner")])
async def test_columns_are_chosen_and_saved(drive: Drive, session: Session, key: str, kind: str, other: str) -> None:
    async with drive((120, 40)) as tui:
        await tui.press(key)
        before = shown(tui)
        fields = [one.name for one in session.kind(kind).all_fields]
        rest = [one for one in fields if one not in before]
        await tui.press("ctrl+p", *"view columns", "enter")
        # The second column goes away, and a field that the list has no column of its own for comes in.
        await tui.press("j", "space", *["j"] * (len(before) - 2 + 1 + rest.index(other)), "space", "enter")
        assert shown(tui) == [before[0], *before[2:], other]
        assert "Ann Lee" in tui.text
        first = len(views.listing(session, kind))
        await tui.press("V", *"Owners", "enter")
        assert len(views.listing(session, kind)) == first + 1
        pane = tui.app.main.pane
        assert isinstance(pane, ListPane)
        pane.use(pane.views()[1])
        await tui.settle()
        assert shown(tui) == before
        pane.use(next(one for one in pane.views() if one.name == "Owners"))
        await tui.settle()
        assert shown(tui) == [before[0], *before[2:], other]
        await tui.pilot.resize_terminal(40, 12)
        await tui.settle()
        await tui.press("j", "G", "g")
        assert tui.app.is_running


async def test_a_list_of_one_column_is_shown_at_any_size(drive: Drive) -> None:
    async with drive((30, 12)) as tui:
        await tui.press("3")
        pane = tui.app.main.pane
        assert isinstance(pane, ListPane)
        pane.view.columns = ("value",)
        pane.ask_again()
        await tui.settle()
        assert shown(tui) == ["value"]
        assert "9k" in tui.text


async def test_a_view_from_the_palette_has_its_digit(drive: Drive) -> None:
    async with drive((120, 40)) as tui:
        await tui.press("3", "V", *"Chores", "enter")
        pane = tui.app.main.pane
        assert isinstance(pane, ListPane)
        number = pane.view.number
        await tui.press("v", "1", "1", "ctrl+p", *"chores", "enter")
        assert (pane.view.name, pane.view.number) == ("Chores", number)
        assert f"view {number}: Chores" in tui.text
