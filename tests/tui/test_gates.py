"""Stages that ask for fields, by keys: only what is missing is asked for, and only at the stage where one stops."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.edit import edit
from tuicrm.tui import moves
from tuicrm.tui.forms.screen import FormScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def deal(session: Session, name: str) -> dict[str, Any]:
    """Return the deal of a name."""
    return next(one for one in session.ws.all("deal").values() if one.get("name") == name)


@pytest.fixture(autouse=True)
def _gates(session: Session) -> None:
    """Let Demo ask for a source, Proposal for a next step, Verbal for a source, Won for a category."""
    from tuicrm.store.changes import Write

    pipeline = next(iter(session.ws.all("pipeline").values()))
    asks = {"demo": ["source"], "proposal": ["next_step"], "verbal": ["source"], "won": ["category"]}
    stages = {key: {**one, "requires": asks.get(key, [])} for key, one in pipeline["stages"].items()}
    session.ws.commit([Write("pipeline", pipeline["id"], {"stages": stages})], by="ann", note="gates")
    for one in list(session.ws.all("deal").values()):
        gone = [name for name in ("source", "next_step", "category") if one.get(name)]
        if gone:
            session.ws.commit([Write("deal", one["id"], dict.fromkeys(gone))], by="ann", note="less")


def asked(tui: Driver) -> bool:
    """Tell whether a form is open."""
    return isinstance(tui.app.screen, FormScreen)


async def test_a_gate_asks_when_the_row_of_presses_is_over(
    drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with drive() as tui:
        monkeypatch.setattr(moves, "ROW_SECONDS", 0.05)
        await tui.press("l", "L")
        await tui.until(lambda: asked(tui))
        await tui.settle()
        assert "source" in tui.text.lower()
        assert deal(session, "Quint")["stage"] == "qualified"
        await tui.press(*"fair", "enter")
        assert (deal(session, "Quint")["stage"], deal(session, "Quint")["source"]) == ("demo", "fair")
        assert "Quint" in tui.stage("Demo")
        await tui.press("u")
        assert deal(session, "Quint")["stage"] == "qualified"
        assert not deal(session, "Quint").get("source")


async def test_two_presses_pass_a_gate_and_ask_at_the_next(
    drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with drive() as tui:
        monkeypatch.setattr(moves, "ROW_SECONDS", 0.8)
        await tui.press("l", "L")
        assert "L goes on past it" in tui.text
        await tui.press("L")
        await tui.until(lambda: asked(tui))
        await tui.settle()
        assert "next step" in tui.text.lower()
        assert "Source" not in tui.text
        await tui.press(*"send quote", "enter")
        assert deal(session, "Quint")["stage"] == "proposal"
        assert not deal(session, "Quint").get("source")


async def test_a_stage_without_a_gate_asks_nothing(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        title = tui.stage("Lead")[0]
        await tui.press("L")
        assert deal(session, title)["stage"] == "qualified"
        await tui.press("H")
        assert deal(session, title)["stage"] == "lead"
        assert "goes on" not in tui.text
        assert not asked(tui)


async def test_another_key_means_that_nothing_is_asked(
    drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with drive() as tui:
        monkeypatch.setattr(moves, "ROW_SECONDS", 0.4)
        await tui.press("l", "L", "j")
        await tui.pilot.pause(0.5)
        assert not asked(tui)
        assert deal(session, "Quint")["stage"] == "qualified"


async def test_the_last_stage_asks_at_once_and_esc_leaves_the_deal_where_it_was(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "l", "l", "l", "L")
        assert asked(tui)
        await tui.press("escape")
        assert not asked(tui)
        assert deal(session, "Ikaria")["stage"] == "negotiation"


async def test_won_asks_and_many_are_asked_once(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "J", "J")
        names = tui.stage("Qualified")[:3]
        session.commit(edit(session, "deal", [deal(session, names[1])], {"category": ["best_case"]}))
        await tui.press("w")
        assert asked(tui)
        await tui.press(*"commit", "enter")
        assert [deal(session, name)["stage"] for name in names] == ["won"] * 3
        assert [deal(session, name)["category"] for name in names] == ["commit", "best_case", "commit"]
        await tui.press("u")
        assert [deal(session, name)["stage"] for name in names] == ["qualified"] * 3


async def test_the_stage_picker_asks_as_well(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "s", "3")
        assert asked(tui)
        await tui.press(*"fair", "enter")
        assert deal(session, "Quint")["stage"] == "demo"
