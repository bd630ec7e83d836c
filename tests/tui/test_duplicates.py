"""The list of what may be one thing: two records side by side, decided about by one key, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.duplicates import duplicates
from tuicrm.crm.edit import add
from tuicrm.store.changes import Write
from tuicrm.tui.panes.duplicates import Duplicates

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture
def pair(session: Session) -> tuple[str, str]:
    """Return the ids of two contacts that are one person."""
    made = []
    for typed in (
        {"name": ["Zoe Quist"], "title": ["CTO"], "email": ["zoe@q.example"], "phone": ["+49 30 777123"]},
        {"name": ["Quist, Zoe"], "title": ["Head of IT"], "email": ["zoe@q.example"], "city": ["Bonn"]},
    ):
        plan = add(session, "contact", typed)
        session.commit(plan)
        made.append(plan.ids[0])
    return made[0], made[1]


async def opened(tui: Driver) -> Duplicates:
    """Open the list of the contacts' duplicates by its key."""
    await tui.press("5", "equals_sign")
    pane = tui.app.main.pane
    assert isinstance(pane, Duplicates)
    await tui.until(lambda: "Duplicates |" in tui.text)
    await tui.settle()
    return pane


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_both_stand_side_by_side_and_what_differs_has_a_sign(
    drive: Drive, pair: tuple[str, str], size: tuple[int, int]
) -> None:
    async with drive(size) as tui:
        await opened(tui)
        lines = tui.text.splitlines()
        assert "1 to decide | view 3: contacts" in lines[1]
        assert any("100" in line and "Zoe Quist" in line and "Quist, Zoe" in line for line in lines)
        head = next(line for line in lines if "STAYS" in line)
        assert head.index("STAYS Zoe Quist") < head.index("GOES Quist, Zoe")
        row = next(line for line in lines if " title " in line and "│" in line)
        assert row.lstrip().startswith("≠")
        assert "> CTO" in row
        assert "> Head" not in row
        phones = next(line for line in lines if " phones " in line and "│" in line)
        assert "> " in phones
        assert "e-mail, name" in tui.text
        assert "I makes one of them" in tui.text


async def test_one_key_makes_one_of_them_and_undo_takes_it_back(
    drive: Drive, session: Session, pair: tuple[str, str]
) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("I")
        await tui.until(lambda: "Nothing looks like a duplicate." in tui.text)
        assert "merged Quist, Zoe into Zoe Quist" in tui.text
        held = session.ws.all("contact")
        assert pair[1] not in held
        assert (held[pair[0]]["title"], held[pair[0]]["city"]) == ("CTO", "Bonn")
        await tui.press("u")
        await tui.until(lambda: "1 to decide" in tui.text)
        assert pair[1] in session.ws.all("contact")


async def test_the_sides_swap_and_values_are_taken_from_the_other(
    drive: Drive, session: Session, pair: tuple[str, str]
) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("plus")
        head = next(line for line in tui.text.splitlines() if "STAYS" in line)
        assert head.index("STAYS Quist, Zoe") < head.index("GOES Zoe Quist")
        await tui.press("number_sign")
        listed = tui.text.splitlines()
        place = next(line for line in listed if "title: left" in line).split("title:")[0].split()[-1]
        await tui.press(place)
        row = next(line for line in tui.text.splitlines() if " title " in line and "│" in line)
        assert "> CTO" in row
        await tui.press("I")
        await tui.until(lambda: pair[0] not in session.ws.all("contact"))
        assert session.ws.all("contact")[pair[1]]["title"] == "CTO"


async def test_two_that_are_not_the_same_are_not_asked_about_again(
    drive: Drive, session: Session, pair: tuple[str, str]
) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("X")
        await tui.until(lambda: "Nothing looks like a duplicate." in tui.text)
        assert set(pair) <= set(session.ws.all("contact"))
        assert duplicates(session, "contact") == []
        await tui.press("I", "plus", "number_sign", "X")
        assert "no pair here" in tui.text
        await tui.press("u")
        await tui.until(lambda: "1 to decide" in tui.text)


async def test_an_edit_that_was_not_seen_is_shown_and_taken_in(
    drive: Drive, session: Session, pair: tuple[str, str]
) -> None:
    from tuicrm.crm.merging import merge

    held = session.ws.all("contact")
    session.commit(merge(session, "contact", held[pair[0]], held[pair[1]]))
    session.ws.commit([Write("contact", pair[1], {"title": "CEO"})], by="bob", note="")
    async with drive() as tui:
        await opened(tui)
        assert "edited since: title" in tui.text
        row = next(line for line in tui.text.splitlines() if " title " in line and "│" in line)
        assert "> CEO" in row
        await tui.press("plus", "X")
        assert "merged already" in tui.text
        await tui.press("I")
        await tui.until(lambda: "Nothing looks like a duplicate." in tui.text)
        assert session.ws.all("contact")[pair[0]]["title"] == "CEO"


async def test_enter_opens_the_one_that_stays_and_the_palette_opens_the_list(
    drive: Drive, session: Session, pair: tuple[str, str]
) -> None:
    async with drive() as tui:
        await tui.press("P", *"duplicates", "enter")
        await tui.until(lambda: isinstance(tui.app.main.pane, Duplicates))
        await tui.until(lambda: "view 1: all" in tui.text)
        await tui.press("enter")
        await tui.until(lambda: "Zoe Quist" in tui.text.splitlines()[1])
        await tui.press("escape", "escape")
        assert not isinstance(tui.app.main.pane, Duplicates)
