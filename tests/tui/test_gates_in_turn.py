"""A gate that asks for a talk and then for a reason: both questions are answered, and the deal moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import pipelines

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def quint(session: Session) -> dict[str, Any]:
    return next(one for one in session.ws.all("deal").values() if one.get("name") == "Quint")


async def test_a_dialog_after_a_typed_line_is_heard(drive: Drive, session: Session) -> None:
    session.commit(pipelines.edit_stage(session, pipelines.default(session), "lead", activities=["meeting here"]))
    session.commit(pipelines.ask_back(session, pipelines.default(session), ["wrong time"]))
    async with drive() as tui:
        await tui.press("l", "H", *"kick-off", "enter")
        assert "1 wrong time" in tui.text
        await tui.press("1")
        assert quint(session)["stage"] == "lead"
