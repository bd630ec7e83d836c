"""The user's keys in the program itself; what is wrong with them is said at the start."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm.forecast import forecast
from tuicrm.tui.userconfig import config_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def configure(env: dict[str, str], text: str) -> None:
    path = config_file(env)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


async def test_a_command_obeys_its_own_key_and_no_longer_the_usual_one(drive: Drive, env: dict[str, str]) -> None:
    configure(env, '[keys]\n"deal.forward" = "W"\n"step.undo" = ["B", "ctrl+w"]\n')
    async with drive((120, 24)) as tui:
        first = tui.stage("Lead")[0]
        assert "W move" in tui.text
        assert "B undo" in tui.text
        await tui.press("L")
        assert first in tui.stage("Lead")
        await tui.press("W")
        await tui.rebuilt()
        assert first in tui.stage("Qualified")
        await tui.press("u")
        assert first in tui.stage("Qualified")
        await tui.press("ctrl+w")
        await tui.rebuilt()
        assert first in tui.stage("Lead")


async def test_two_commands_may_change_keys(drive: Drive, env: dict[str, str]) -> None:
    configure(env, '[keys]\n"cursor.down" = "k"\n"cursor.up" = "j"\n')
    async with drive() as tui:
        await tui.press("k", "k")
        assert tui.board.place.rows[0] == 2
        await tui.press("j")
        assert tui.board.place.rows[0] == 1


async def test_what_cannot_be_used_is_said_at_the_start(drive: Drive, env: dict[str, str]) -> None:
    configure(env, '[keys]\n"deal.wni" = "W"\n"cursor.down" = "k"\n')
    async with drive((120, 24)) as tui:
        assert "the key k cannot be given to cursor.down: cursor.up has it" in tui.text
        await tui.press("j")
        assert tui.board.place.rows[0] == 1


async def test_own_keys_for_periods_wait_for_no_figures_either(
    drive: Drive, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Event()

    def waiting(*args: Any, **more: Any) -> Any:
        assert gate.wait(60)
        return forecast(*args, **more)

    monkeypatch.setattr("tuicrm.tui.outlook.model.forecast", waiting)
    configure(env, '[keys]\n"period.next" = "W"\n')
    async with drive() as tui:
        await tui.pilot.press("4", "W")
        await tui.until(lambda: "working out Q1 2027 …" in tui.text)
        gate.set()
        await tui.settle()
        assert "Q1 2027, EUR" in tui.text
