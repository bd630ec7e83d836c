"""The pipeline editor: stages and what they ask for, changed by keys alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm import pipelines
from tuicrm.crm.stages import StageInfo, stages, texts
from tuicrm.tui.screens.pipelineedit import PipelineEditor

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

OPEN = ("P", *"edit st", "enter")


def held(session: Session) -> list[StageInfo]:
    return stages(pipelines.default(session))


def names(session: Session) -> list[str]:
    return [one.name for one in held(session)]


def one(session: Session, key: str) -> StageInfo:
    return next(stage for stage in held(session) if stage.key == key)


async def test_stages_are_added_ordered_and_removed(drive: Drive, session: Session) -> None:
    async with drive((60, 16)) as tui:
        before = names(session)
        await tui.press(*OPEN)
        assert isinstance(tui.app.screen, PipelineEditor)
        assert ">Lead" in tui.text
        await tui.press("j", "a", *"Legal 80% 9d", "enter")
        assert names(session) == [*before[:2], "Legal", *before[2:]]
        assert (one(session, "legal").probability, one(session, "legal").rotting_days) == (80, 9)
        await tui.press("j", "L")
        assert names(session)[2:4] == [before[2], "Legal"]
        await tui.press("H", "D")
        assert names(session) == before
        await tui.press("u", "u", "u", "u")
        assert names(session) == before
        await tui.press("escape")
        assert not isinstance(tui.app.screen, PipelineEditor)


async def test_a_stage_is_changed_line_by_line(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press(*OPEN, "j", "j", "enter")
        assert "Sales > Demo" in tui.text
        for at, text in enumerate(("T", "35", "9", "source,value", "meeting,2 call busy")):
            await tui.press("enter", "ctrl+u", *text, "enter")
            await tui.press("j")
            assert at < 5
        await tui.press("enter", *"need", "enter", "a", *"budget", "enter")
        found = one(session, "demo")
        assert (found.name, found.probability, found.rotting_days) == ("T", 35, 9)
        assert set(found.requires) == {"source", "value"}
        assert [(wanted.type, wanted.outcome, wanted.count) for wanted in found.activities] == [
            ("call", "busy", 2),
            ("meeting", "", 1),
        ]
        assert [box.text for box in found.checks] == ["need", "budget"]
        await tui.press("g", *"jjjjj", "enter", "ctrl+u", *"named", "enter")
        assert one(session, "demo").checks[0] == ("need", "named")
        await tui.press("j", "D")
        assert [box.text for box in one(session, "demo").checks] == ["named"]
        await tui.press("escape")
        assert "source, value, 2 calls busy" in tui.text


async def test_what_cannot_be_is_said_and_nothing_changes(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        before = held(session)
        await tui.press(*OPEN, "a", *"Demo", "enter")
        assert "there is a stage called 'Demo' already" in tui.text
        await tui.press("escape", "enter", "j", "enter", "ctrl+u", *"900", "enter")
        assert "not a whole number from 0 to 100" in tui.text
        assert "chance: 900" in tui.text
        await tui.press("escape")
        await tui.press("escape", "G", "k", "k", "D")
        assert "last stage of the kind lost" in tui.text
        assert held(session) == before


async def test_removing_a_stage_asks_where_its_deals_go(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        inside = {key for key, deal in session.ws.all("deal").items() if deal.get("stage") == "lead"}
        await tui.press(*OPEN, "D")
        assert f"{len(inside)} deals of Lead to:" in tui.text
        await tui.press("1")
        assert "Lead" not in names(session)
        assert {session.ws.all("deal")[key]["stage"] for key in inside} == {"qualified"}
        await tui.press("u")
        assert names(session)[0] == "Lead"
        assert {session.ws.all("deal")[key]["stage"] for key in inside} == {"lead"}


async def test_the_pipeline_itself_is_renamed_and_asks_why_deals_go_back(drive: Drive, session: Session) -> None:
    session.commit(pipelines.add(session, "Renewals", ["Due 20%"]))
    async with drive() as tui:
        await tui.press(*OPEN, "G", "enter", *"gone, left", "enter")
        pipeline = pipelines.default(session)
        assert [reason.text for reason in texts(pipeline["back_reasons"])] == ["gone", "left"]
        await tui.press("k", "enter", "ctrl+u", *"New", "enter")
        assert pipelines.default(session)["name"] == "New"
        await tui.press("full_stop")
        assert "Renewals" in tui.text
        assert ">Due" in tui.text


async def test_a_pipeline_is_added_and_removed(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        before = set(session.ws.all("pipeline"))
        await tui.press(*OPEN, "A", *"sales", "enter")
        assert "already" in tui.text
        await tui.press("ctrl+u", *"Renewals", "enter")
        (made,) = set(session.ws.all("pipeline")) - before
        assert " Renewals" in tui.text
        await tui.press("a", *"Due 20%", "enter")
        assert [stage.name for stage in stages(session.ws.all("pipeline")[made])][:2] == ["Lead", "Due"]
        await tui.press("G", "k", "D")
        assert set(session.ws.all("pipeline")) == before
        assert ">Lead" in tui.text
        await tui.press("G", "k", "D")
        assert "in the pipeline Sales; move them to another one first" in tui.text
