"""The mouse on the board: click, double click, wheel, a card dragged to another stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from tuicrm.tui.cards import HEADING

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def cell(stage: int, row: int) -> tuple[int, int]:
    """Return where a card is on the columns at 80 x 24."""
    return (3 + stage * 13, HEADING + row * 2)


async def drag(tui: Driver, start: tuple[int, int], end: tuple[int, int], *, drop: bool = True) -> None:
    """Hold the button down at one cell, and let it go at another."""
    columns = tui.board.columns
    await tui.pilot.mouse_down(columns, offset=start)
    for x, y in (((start[0] + end[0]) // 2, start[1]), end):
        held = events.MouseMove(
            columns, x, y, 0, 0, 1, False, False, False, screen_x=columns.region.x + x, screen_y=columns.region.y + y
        )
        columns.post_message(held)
        await tui.pilot.pause()
    if drop:
        await tui.pilot.mouse_up(columns, offset=end)
        await tui.settle()


def stage_of(session: Session, name: str) -> str:
    """Return the stage that a deal is in."""
    return next(str(one["stage"]) for one in session.ws.all("deal").values() if one.get("name") == name)


async def test_a_click_chooses_and_a_double_click_opens(drive: Drive) -> None:
    async with drive() as tui:
        await tui.pilot.click(tui.board.columns, offset=cell(2, 1))
        await tui.settle()
        assert (tui.board.place.stage, tui.board.place.rows[2]) == (2, 1)
        card = tui.board.place.card
        assert card is not None
        await tui.pilot.click(tui.board.columns, offset=cell(2, 1), times=2)
        await tui.settle()
        assert len(tui.app.main.stack) == 2
        assert card.title in tui.text


async def test_the_wheel_moves_the_stage_under_the_mouse(drive: Drive) -> None:
    async with drive() as tui:
        columns = tui.board.columns
        x, y = cell(2, 0)
        event = events.MouseScrollDown(
            columns, x, y, 0, 0, 0, False, False, False, screen_x=x, screen_y=columns.region.y + y
        )
        columns.post_message(event)
        await tui.settle()
        assert (tui.board.place.stage, tui.board.place.rows[2]) == (2, 1)


async def test_a_card_is_dragged_to_another_stage_and_back_by_undo(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        title = tui.stage("Lead")[1]
        await drag(tui, cell(0, 1), cell(3, 0), drop=False)
        assert "+Proposal" in tui.text
        await tui.pilot.mouse_up(tui.board.columns, offset=cell(3, 0))
        await tui.settle()
        assert "+Proposal" not in tui.text
        assert stage_of(session, title) == "proposal"
        assert "u undoes" in tui.status
        card = tui.board.place.card
        assert card is not None
        assert card.title == title
        await tui.press("u")
        assert stage_of(session, title) == "lead"


async def test_marked_cards_are_dragged_together(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        titles = tui.stage("Lead")[:3]
        await tui.press("J", "J")
        await drag(tui, cell(0, 0), cell(1, 0))
        assert {stage_of(session, one) for one in titles} == {"qualified"}
        await tui.press("u")
        assert {stage_of(session, one) for one in titles} == {"lead"}


async def test_a_card_let_go_at_home_stays(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        title = tui.stage("Lead")[0]
        await drag(tui, cell(0, 0), (5, HEADING + 4))
        assert stage_of(session, title) == "lead"
        assert "+" not in tui.text.splitlines()[2]


async def test_what_is_not_a_card_is_not_held(drive: Drive, session: Session) -> None:
    before = {key: one["stage"] for key, one in session.ws.all("deal").items()}
    async with drive() as tui:
        await drag(tui, (3, 1), cell(3, 0))
        await drag(tui, cell(5, 6), cell(0, 0))
        assert {key: one["stage"] for key, one in session.ws.all("deal").items()} == before


async def test_a_click_on_a_pane_s_name_goes_there_and_on_a_hint_does_it(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.counted()
        at = tui.text.splitlines()[0].index("5 Contacts")
        await tui.pilot.click(offset=(at, 0))
        await tui.settle()
        assert "[5 Contacts]" in tui.text
        await tui.pilot.click(offset=(3, 0))
        await tui.settle()
        assert "[1 Pipeline]" in tui.text
        hints = tui.text.splitlines()[-1]
        title = tui.stage("Lead")[0]
        await tui.pilot.click(offset=(hints.index("L move") + 3, 23))
        await tui.settle()
        assert stage_of(session, title) == "qualified"
        await tui.pilot.click(offset=(hints.index("? keys"), 23))
        await tui.settle()
        assert "On the pipeline board" in tui.text
