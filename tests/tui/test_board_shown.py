"""What the board shows by keys: groups, pipelines, closed deals, the preview, narrow screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm import pipelines
from tuicrm.tui.lanes import Heading

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def headings(tui: Driver, stage: int) -> list[Heading]:
    """Return the heads of the groups in a stage."""
    return [one for one in tui.board.place.lanes[stage] if isinstance(one, Heading)]


async def test_cards_are_grouped_folded_and_unfolded(drive: Drive) -> None:
    async with drive((120, 40)) as tui:
        titles = tui.stage("Lead")
        await tui.press("o", "6")
        assert "by next step" in tui.text
        assert [one.title for one in headings(tui, 2)] == ["Late", "Today", "Later", "None"]
        assert sum(one.count for one in headings(tui, 0)) == len(titles)
        card = tui.board.place.card
        assert card is not None
        assert card.title == titles[0]
        await tui.press("minus")
        assert [one.folded for one in headings(tui, 0)].count(True) == 1
        assert "folded" in tui.text
        assert tui.board.place.card is None
        await tui.press("space")
        assert "no deal here to mark" in tui.status
        await tui.press("enter")
        assert not any(one.folded for one in headings(tui, 0))
        await tui.press("j", "k", "k", "k")
        assert tui.board.place.card is not None
        await tui.press("o", "9")
        assert headings(tui, 0)[0].title.endswith("2026")
        await tui.press("o", "j", "end", "enter")
        assert headings(tui, 0) == []
        await tui.press("minus")
        assert "o groups the cards" in tui.status


async def test_the_line_about_the_board_says_it_all_in_80_columns(drive: Drive) -> None:
    async with drive() as tui:
        assert "42 open | EUR 1.04M, weighted 492k | order: next step" in tui.text.splitlines()[1]
        await tui.press("o", "9")
        assert tui.text.splitlines()[1].endswith("| next step | by close month")
        await tui.press("slash", *"value", "greater_than_sign", *"1 and stage:lead,demo,verbal", "enter")
        line = tui.text.splitlines()[1]
        assert "| /value>1" in line
        assert line.endswith("| by close month")


async def test_a_grouped_card_still_moves(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("o", "7", "l", "L")
        assert any(one["stage"] == "demo" for one in session.ws.all("deal").values() if one.get("name") == "Quint")
        assert "Quint" in tui.stage("Demo")
        card = tui.board.place.card
        assert card is not None
        assert card.title == "Quint"


async def test_signs_are_glyph_word_and_colour(drive: Drive) -> None:
    async with drive() as tui:
        for sign, word in (("!", "late"), ("=", "today"), (".", "in "), ("?", "none")):
            assert f"{sign}{word}" in tui.text
        assert "~" in tui.text
        await tui.press("slash", *"rotting:yes", "enter")
        assert "~ROTTING" in tui.text


async def test_an_empty_first_stage_lets_the_cursor_go_to_cards(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("slash", *"orbis", "enter")
        card = tui.board.place.card
        assert card is not None
        assert card.title == "Orbis"
        await tui.press("h", "space")
        assert "no deal here to mark" in tui.status
        await tui.press("J", "K")
        assert "no deal here to mark" in tui.status
        await tui.rebuilt()
        assert tui.board.place.card is None


async def test_several_pipelines(drive: Drive, session: Session) -> None:
    session.commit(pipelines.add(session, "Renewals", ["Due 20%", "Offer 60%"]))
    async with drive() as tui:
        assert "Sales (1 of 2)" in tui.text
        quint = next(one for one in session.ws.all("deal").values() if one.get("name") == "Quint")
        await tui.press("l", "s")
        assert "9 Renewals: Due" in tui.text
        await tui.press("9")
        held = session.ws.get("deal", quint["id"])
        assert held is not None
        assert held["stage"] == "due"
        assert "Quint" not in tui.stage("Qualified")
        await tui.press("full_stop")
        assert "Renewals (2 of 2)" in tui.text
        assert tui.stage("Due") == ["Quint"]
        card = tui.board.place.card
        assert card is not None
        await tui.press("u", "comma")
        assert "Quint" in tui.stage("Qualified")
        await tui.press("full_stop")
        assert "No open deal" in tui.text


async def test_one_pipeline_has_no_other(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("full_stop")
        assert "the workspace has one pipeline" in tui.status


async def test_closed_deals_are_shown_where_the_filter_asks_for_them(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("slash", *"is:won", "enter")
        board = tui.board.place.board
        assert board is not None
        assert [column.name for column in board.columns] == ["Won"]
        assert " deals" in tui.text.splitlines()[1]
        card = tui.board.place.card
        assert card is not None
        await tui.press("L")
        assert "it is closed" in tui.status
        tui.board.action_deal_reopen()
        await tui.settle()
        held = session.ws.get("deal", card.id)
        assert held is not None
        assert held["stage"] not in ("won", "lost")


async def test_a_deal_is_cloned(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l")
        tui.board.action_deal_clone()
        await tui.rebuilt()
        assert "Quint" in tui.stage("Lead")
        assert "Quint" in tui.stage("Qualified")
        clone = next(
            one for one in session.ws.all("deal").values() if one.get("name") == "Quint" and one["stage"] == "lead"
        )
        assert "expected_close" not in clone


@pytest.mark.parametrize(("size", "columns"), [((80, 24), 6), ((60, 24), 4), ((40, 20), 1), ((200, 60), 6)])
async def test_columns_at_each_size(drive: Drive, size: tuple[int, int], columns: int) -> None:
    async with drive(size) as tui:
        assert tui.board.columns.shape.columns == columns
        for key in "llllll":
            await tui.press(key)
        assert tui.board.place.stage == 5
        assert ">" in tui.text
        lines = tui.text.splitlines()
        if columns < 6:
            assert "Verb" in lines[2] or "Ve" in lines[2]
        assert all(len(line) <= size[0] for line in lines)


async def test_a_wide_screen_has_three_lines_a_card_and_a_preview(drive: Drive) -> None:
    async with drive((200, 60)) as tui:
        assert tui.board.columns.shape.card_height == 3
        assert tui.board.preview is not None
        assert tui.board.preview.is_shown
        width = tui.board.columns.shape.width
        await tui.press("l", "l")
        assert tui.board.columns.shape.width == width
        await tui.press("p")
        assert not tui.board.preview.is_shown


async def test_the_preview_needs_120_columns(drive: Drive) -> None:
    async with drive((120, 40)) as tui:
        assert tui.board.preview is None
        await tui.press("p")
        assert tui.board.preview is not None
        assert tui.board.preview.is_shown
        await tui.pilot.resize_terminal(80, 24)
        await tui.settle()
        assert not tui.board.preview.is_shown
        await tui.press("p")
        assert "no room for a preview" in tui.status


async def test_a_free_reason_for_losing(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        quint = next(one for one in session.ws.all("deal").values() if one.get("name") == "Quint")
        await tui.press("l", "x", "end", "enter", *"no budget", "enter")
        held = session.ws.get("deal", quint["id"])
        assert held is not None
        assert (held["stage"], held["lost_reason"]) == ("lost", "no budget")
