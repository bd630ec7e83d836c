"""Boxes, talks and reasons that a stage asks for, by keys; and the checklist on the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import pipelines
from tuicrm.crm.config import set_value
from tuicrm.crm.history import history
from tuicrm.tui import moves
from tuicrm.tui.screens.ask import OneLine
from tuicrm.tui.screens.boxes import Boxes
from tuicrm.tui.screens.choose import Choose

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from textual.screen import Screen

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def deal(session: Session, name: str) -> dict[str, Any]:
    return next(one for one in session.ws.all("deal").values() if one.get("name") == name)


def ask(session: Session, stage: str, **what: Any) -> None:
    """Let a stage of the sample's pipeline ask for something."""
    session.commit(pipelines.edit_stage(session, pipelines.default(session), stage, **what))


def talks(session: Session, name: str, kind: str) -> list[str]:
    """Return the subjects of a deal's activities of a type, oldest first."""
    key = deal(session, name)["id"]
    held = [one for one in session.ws.all("activity").values() if one.get("deal") == key and one["type"] == kind]
    return [str(one.get("subject")) for one in held]


async def comes(tui: Driver, screen: type[Screen[Any]], *keys: str) -> None:
    """Press keys, the last of which opens a dialog; wait until it is drawn."""
    await tui.press(*keys)
    await tui.until(lambda: isinstance(tui.app.screen, screen) and bool(tui.text.strip()))


async def typed(tui: Driver, *keys: str) -> None:
    """Type into the line that is open, and wait until what was typed is dealt with: that is after the line is gone."""
    await tui.until(lambda: isinstance(tui.app.focused, OneLine))
    await tui.press(*keys, "enter")
    await tui.until(lambda: not isinstance(tui.app.focused, OneLine))
    await tui.settle()


async def test_boxes_and_a_talk_are_asked_for_and_saved_as_one_step(drive: Drive, session: Session) -> None:
    ask(session, "demo", checks=["decision maker named", "budget known"], activities=["99 notes"])
    ask(session, "demo", activities=["meeting here"])
    async with drive() as tui:
        await comes(tui, Choose, "l", "s")
        await comes(tui, Boxes, "3")
        assert "1 [ ] decision maker named" in tui.text
        await tui.press("2")
        assert "2 [x] budget known" in tui.text
        await tui.press("enter")
        await tui.until(lambda: "a meeting in this stage:" in tui.text)
        before = len(talks(session, "Quint", "meeting"))
        await typed(tui, *"kick-off")
        await tui.until(lambda: deal(session, "Quint")["stage"] == "demo")
        assert sorted(deal(session, "Quint")["checks"]) == ["budget_known", "decision_maker_named"]
        assert talks(session, "Quint", "meeting")[before:] == ["kick-off"]
        await tui.press("u")
        assert deal(session, "Quint")["stage"] == "qualified"
        assert not deal(session, "Quint").get("checks")
        assert len(talks(session, "Quint", "meeting")) == before


async def test_one_box_costs_one_key_and_esc_leaves_the_deal_where_it_was(drive: Drive, session: Session) -> None:
    ask(session, "verbal", checks=["legal ok"])
    async with drive() as tui:
        await comes(tui, Boxes, "l", "l", "l", "l", "L")
        assert "Verbal needs:" in tui.text
        await tui.press("escape")
        assert deal(session, "Ikaria")["stage"] == "negotiation"
        await comes(tui, Boxes, "L")
        await tui.press("enter")
        await tui.until(lambda: deal(session, "Ikaria")["stage"] == "verbal")


async def test_one_goes_on_without_by_a_key_where_the_team_lets_one(drive: Drive, session: Session) -> None:
    ask(session, "verbal", checks=["legal ok"])
    async with drive() as tui:
        await comes(tui, Boxes, "l", "l", "l", "l", "L")
        assert "f goes on without" in tui.text
        await tui.press("f")
        await tui.until(lambda: deal(session, "Ikaria")["stage"] == "verbal")
        assert any("(without legal ok)" in one.text for one in history(session, "deal", deal(session, "Ikaria")["id"]))
        await tui.press("u")
        session.commit(set_value(session, "stage_force", "no"))
        await tui.rebuilt()
        await comes(tui, Boxes, "L")
        assert "f goes on without" not in tui.text
        await tui.press("f")
        assert deal(session, "Ikaria")["stage"] == "negotiation"


async def test_going_back_asks_for_a_reason_by_a_digit_or_in_words(
    drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.commit(pipelines.ask_back(session, pipelines.default(session), ["budget gone", "contact left"]))
    async with drive() as tui:
        monkeypatch.setattr(moves, "ROW_SECONDS", 0.05)
        name = tui.stage("Demo")[0]
        await comes(tui, Choose, "l", "l", "H")
        assert "why back?" in tui.text
        assert deal(session, name)["stage"] == "demo"
        await tui.press("2")
        await tui.until(lambda: deal(session, name)["stage"] == "qualified")
        assert any("(contact left)" in one.text for one in history(session, "deal", deal(session, name)["id"]))
        await tui.press("u")
        await tui.rebuilt()
        await comes(tui, Choose, "H")
        await tui.press("3")
        await typed(tui, *"no time")
        await tui.until(lambda: deal(session, name)["stage"] == "qualified")
        assert any("(no time)" in one.text for one in history(session, "deal", deal(session, name)["id"]))


async def test_many_deals_are_ticked_at_once_and_only_where_it_is_missing(drive: Drive, session: Session) -> None:
    ask(session, "demo", checks=["need clear"], activities=["meeting here"])
    async with drive() as tui:
        names = tui.stage("Qualified")[:2]
        before = [len(talks(session, name, "meeting")) for name in names]
        await comes(tui, Choose, "l", "J", "J", "space", "s")
        await comes(tui, Boxes, "3")
        await tui.press("enter")
        await typed(tui, *"fair")
        await tui.until(lambda: [deal(session, name)["stage"] for name in names] == ["demo", "demo"])
        assert [len(talks(session, name, "meeting")) for name in names] == [one + 1 for one in before]
        await tui.press("u")
        assert [deal(session, name)["stage"] for name in names] == ["qualified", "qualified"]


async def test_the_strip_and_the_record_show_what_the_next_stage_needs(drive: Drive, session: Session) -> None:
    ask(session, "demo", checks=["decision maker named"], activities=["meeting here"])
    async with drive() as tui:
        await tui.press("l")
        assert "needs: a meeting in this stage, decision maker" in tui.text
        await tui.press("enter")
        assert "[ ] decision maker named  (Demo needs it)" in tui.text
        pane = tui.app.main.pane
        assert pane is not None
        pane.go(pane.page.rows.find("check decision_maker_named"))  # type: ignore[attr-defined]
        await tui.press("space")
        assert "[x] decision maker named" in tui.text
        assert list(deal(session, "Quint")["checks"]) == ["decision_maker_named"]
        await tui.press("enter")
        assert not deal(session, "Quint").get("checks")
        await tui.press("u")
        assert deal(session, "Quint")["checks"]
        pane.go(pane.page.rows.find("talk meeting_here"))  # type: ignore[attr-defined]
        await tui.press("enter")
        await tui.press(*"demo", "enter")
        await tui.until(lambda: talks(session, "Quint", "meeting")[-1] == "demo")
        await tui.until(lambda: "a meeting in this stage" not in tui.text)


async def test_a_team_without_gates_sees_none_of_it(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("l")
        assert "needs" not in tui.text
        await tui.press("enter")
        assert "needs it" not in tui.text
        assert "checks" not in tui.text
        await tui.press("space")
        assert "none is under the cursor" in tui.text


async def test_the_palette_ticks_and_pushes_on(drive: Drive, session: Session) -> None:
    ask(session, "demo", checks=["need clear"], requires=["source"])
    held = deal(session, "Quint")
    if held.get("source"):
        from tuicrm.crm.edit import edit

        session.commit(edit(session, "deal", [held], {"source": [""]}))
    async with drive() as tui:
        await tui.press("l", "P", *"Tick what")
        await comes(tui, Boxes, "enter")
        await tui.press("enter")
        await tui.until(lambda: list(deal(session, "Quint").get("checks", ())) == ["need_clear"])
        await tui.press("P", *"without what")
        await comes(tui, Choose, "enter")
        await tui.press("3")
        await tui.until(lambda: deal(session, "Quint")["stage"] == "demo")
        assert not deal(session, "Quint").get("source")


async def test_a_next_step_without_a_day_is_not_called_none(drive: Drive, session: Session) -> None:
    from tuicrm.crm.edit import edit

    (hansa,) = (one for one in session.ws.all("deal").values() if one.get("name") == "Hansa")
    session.commit(edit(session, "deal", [hansa], {"next_step": ["send the draft"]}))
    async with drive() as tui:
        assert tui.stage("Lead")[0] == "Hansa"
        assert "?NO DAY FOR: send the draft" in tui.text
        await tui.press("enter")
        assert "?no day for: send the draft; f adds one" in tui.text
