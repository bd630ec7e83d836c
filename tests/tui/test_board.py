"""The board by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.history import history
from tuicrm.tui import moves

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def stage_of(session: Session, name: str) -> str:
    """Return the key of the stage that a deal is in on the disk's side of things."""
    return next(str(one["stage"]) for one in session.ws.all("deal").values() if one.get("name") == name)


def entries(session: Session, name: str) -> int:
    """Return how many entries the history of a deal has."""
    deal = next(one for one in session.ws.all("deal").values() if one.get("name") == name)
    return len(history(session, "deal", deal["id"]))


async def test_the_first_picture_looks_as_agreed(drive: Drive) -> None:
    async with drive() as tui:
        lines = tui.text.splitlines()
        assert lines[0] == " [1 Pipeline] 2 Activity  3 Follow-ups  4 Forecast  5 Contacts  6 Companies"
        assert lines[1].startswith(" Sales | view 1: mine | 42 open | EUR 1.04M, weighted 49")
        assert lines[2] == " >Lead       │ Qualified  │ Demo       │ Proposal   │ Negotiation│ Verbal"
        assert lines[3].split("│")[0] == "  9 · 61k    "
        assert set(lines[5]) == {" ", "═", "─", "┼"}
        assert " !late8d" in tui.text
        assert "?none" in tui.text
        assert "=today" in tui.text
        assert ".in 1d" in tui.text
        assert "+3 more" in lines[18]
        assert "acme-sales  ann" in lines[22]
        assert lines[23].endswith("? keys")


async def test_cursor_keys_and_letters_do_the_same(drive: Drive) -> None:
    async with drive() as tui:
        for keys in (("l", "j", "j", "k"), ("right", "down", "down", "up")):
            await tui.press("g", "h", "h", "h", "h", "h")
            await tui.press(*keys)
            assert tui.board.place.stage == 1
            assert tui.board.place.rows[1] == 1
        await tui.press("G")
        assert tui.board.place.rows[1] == len(tui.stage("Qualified")) - 1
        await tui.press("home")
        assert tui.board.place.rows[1] == 0
        await tui.press("pagedown")
        assert tui.board.place.rows[1] == tui.board.place.page
        await tui.press("l", "l", "l", "l", "l", "l", "l")
        assert tui.board.place.stage == 5


async def test_two_presses_are_one_move_one_entry_and_one_undo(drive: Drive, session: Session) -> None:
    before = entries(session, "Quint")
    async with drive() as tui:
        await tui.press("l")
        assert "Quint" in tui.stage("Qualified")
        await tui.press("L", "L")
        assert stage_of(session, "Quint") == "proposal"
        assert "Quint" in tui.stage("Proposal")
        assert tui.board.place.stage == 3
        assert tui.status.startswith(" moved Quint to Proposal: u undoes")
        assert entries(session, "Quint") == before + 1
        await tui.press("u")
        assert stage_of(session, "Quint") == "qualified"
        assert "Quint" in tui.stage("Qualified")
        await tui.press("U")
        assert stage_of(session, "Quint") == "proposal"


async def test_presses_apart_are_two_moves(drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    before = entries(session, "Quint")
    async with drive() as tui:
        await tui.press("l", "L")
        monkeypatch.setattr(moves, "ROW_SECONDS", -1.0)
        await tui.press("L")
        assert entries(session, "Quint") == before + 2
        await tui.press("u")
        assert stage_of(session, "Quint") == "demo"


async def test_moves_stop_at_the_ends(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("H")
        assert "the first stage already" in tui.status
        await tui.press("l", "l", "l", "l", "l", "L")
        assert stage_of(session, "Porto") == "verbal"
        assert "w wins a deal" in tui.status


async def test_a_message_stays_until_the_next_key(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("H")
        await tui.settle()
        assert "the first stage already" in tui.status
        await tui.press("j")
        assert "the first stage already" not in tui.status


async def test_won_leaves_the_board_and_comes_back(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "w")
        assert stage_of(session, "Quint") == "won"
        assert "Quint" not in tui.stage("Qualified")
        assert tui.board.place.card is not None
        await tui.press("u")
        assert "Quint" in tui.stage("Qualified")


async def test_lost_asks_for_a_reason(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "x")
        assert "2 timing" in tui.text
        await tui.press("2", "enter")
        deal = next(one for one in session.ws.all("deal").values() if one.get("name") == "Quint")
        assert (deal["stage"], deal["lost_reason"]) == ("lost", "timing")
        await tui.press("x", "escape")
        assert len(tui.stage("Qualified")) == 6


async def test_the_stage_picker_offers_all_stages(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "s")
        assert "8 Lost" in tui.text
        await tui.press("j", "j", "enter")
        assert stage_of(session, "Quint") == "proposal"


async def test_marked_deals_move_as_one_step(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("J", "J")
        marked = tui.stage("Lead")[:3]
        assert "marked (3). Esc clears" in tui.status
        await tui.press("s", "4")
        assert [stage_of(session, name) for name in marked] == ["proposal"] * 3
        await tui.press("u")
        assert [stage_of(session, name) for name in marked] == ["lead"] * 3
        await tui.press("escape")
        assert tui.board.place.marks == set()


async def test_marks_on_all_and_off_again(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("asterisk")
        assert len(tui.board.place.marks) == 42
        await tui.press("L")
        assert "moved 40 deals forward: u undoes" in tui.status
        await tui.press("u")
        assert stage_of(session, "Quint") == "qualified"
        await tui.press("asterisk")
        assert tui.board.place.marks == set()
        await tui.press("space", "space")
        assert tui.board.place.marks == set()


async def test_the_filter_is_live_and_says_what_is_wrong(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("slash", *"orb")
        assert tui.stage("Demo") == ["Orbis"]
        assert "1 open" in tui.status
        await tui.press("enter")
        assert "filter: orb" in tui.text
        await tui.press("slash", "backspace", "backspace", "backspace", *"valu:1")
        assert "value" in tui.status
        assert tui.board.view.filter in ("", "valu")
        await tui.press("escape")
        assert tui.board.view.filter == ""
        assert len(tui.stage("Demo")) == 11
        await tui.press("slash", *"value>100k", "enter")
        assert tui.stage("Negotiation") == ["Ikaria"]
        await tui.press("escape")
        assert len(tui.stage("Demo")) == 11


async def test_keys_typed_into_the_filter_are_text(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("slash", *"wqxuL1?")
        assert tui.app.is_running
        assert stage_of(session, "Quint") == "qualified"
        await tui.press("escape")
        assert len(tui.stage("Qualified")) == 7


async def test_order_and_view(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("o", "2")
        assert "order: value" in tui.text
        assert tui.stage("Proposal")[0] == "Greenway"
        await tui.press("v", "2")
        assert "view 2: team" in tui.text
        assert tui.board.place.board is not None
        assert sum(int(column.count) for column in tui.board.place.board.columns) > 42


async def test_keys_that_are_shown_work_here(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("question_mark")
        assert "On the pipeline board" in tui.text
        await tui.press("escape")
        assert "On the pipeline board" not in tui.text


async def test_q_quits(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("q")
        assert tui.app.return_value == 0


async def test_ctrl_q_and_ctrl_c_do_not_quit(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("ctrl+q", "ctrl+c")
        assert tui.app.is_running
        assert tui.app.return_value is None
