"""Going back and forth in what was done, the list of it, messages and problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.tui.test_own_keys import configure
from tuicrm.crm.deals import move
from tuicrm.crm.opening import open_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

HISTORY = ("P", *"undo", "space", *"list", "enter")


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_steps_are_listed_undone_and_done_again(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(size) as tui:
        name = tui.stage("Lead")[0]
        await tui.press("s", "2")
        await tui.press(*HISTORY)
        assert f"09:00 moved {name}" in tui.text
        await tui.press("u")
        await tui.rebuilt()
        assert "undone" in tui.text
        assert name in tui.stage("Lead")
        await tui.press("U")
        await tui.rebuilt()
        assert name in tui.stage("Qualified")
        await tui.press("enter")
        await tui.rebuilt()
        assert name in tui.stage("Lead")
        await tui.press("escape")
        assert "What you did" not in tui.text


async def test_why_a_step_cannot_be_undone_is_said(drive: Drive, session: Session, env: dict[str, str]) -> None:
    other = open_session(session.ws.root, {**env, "TUICRM_USER": "bob"})
    async with drive((120, 24)) as tui:
        name = tui.stage("Lead")[0]
        await tui.press("s", "2")
        deal = next(one for one in other.ws.all("deal").values() if one.get("name") == name)
        other.commit(move(other, [deal], "demo"))
        tui.app._poll()
        await tui.settle()
        await tui.press(*HISTORY)
        assert "demo" not in tui.text.splitlines()[-1]
        await tui.press("u")
        assert "was changed since by bob" in tui.text
    other.ws.close()


async def test_what_a_command_did_can_be_undone_here(drive: Drive, session: Session, env: dict[str, str]) -> None:
    other = open_session(session.ws.root, env)
    async with drive() as tui:
        name = tui.stage("Lead")[0]
        deal = next(one for one in other.ws.all("deal").values() if one.get("name") == name)
        other.commit(move(other, [deal], "demo"))
        tui.app._poll()
        await tui.settle()
        assert name in tui.stage("Demo")
        await tui.press("3", "u", "1")
        await tui.rebuilt()
        assert name in tui.stage("Lead")
    other.ws.close()


async def test_the_lists_keys_are_the_users(drive: Drive, env: dict[str, str]) -> None:
    configure(env, '[keys]\n"step.undo" = "B"\n')
    async with drive() as tui:
        name = tui.stage("Lead")[0]
        await tui.press("s", "2")
        assert "B undoes" in tui.text
        await tui.press(*HISTORY)
        assert "B undoes, U redoes" in tui.text
        await tui.press("B")
        await tui.rebuilt()
        assert name in tui.stage("Lead")


async def test_nothing_to_undo_is_said(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press(*HISTORY)
        await tui.press("U")
        assert "there is nothing to redo" in tui.text


async def test_messages_are_kept(drive: Drive) -> None:
    async with drive() as tui:
        name = tui.stage("Lead")[0]
        await tui.press("s", "2", "j", "exclamation_mark")
        assert f"moved {name} to Qualified" in tui.text
        assert "Problems in the data" in tui.text
        assert "none" in tui.text


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_lines_that_cannot_be_read_are_problems(drive: Drive, session: Session, size: tuple[int, int]) -> None:
    session.ws.close()
    target = next(iter(sorted(session.ws.root.rglob("company*/*.jsonl")) or sorted(session.ws.root.rglob("*.jsonl"))))
    target.write_bytes(target.read_bytes() + b"this is \x1b[31mno record\n")
    async with drive(size) as tui:
        await tui.press("exclamation_mark")
        await tui.settle()
        words = " ".join(tui.text.replace("│", " ").split())
        assert "tuicrm doctor" in words
        assert ", line" in words
