"""The next best step, by keys: what it lists, that it goes on, and what stays away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.tui.commands import NEXT, commands_in
from tuicrm.tui.panes.nextstep import NextStep

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def at(tui: Driver) -> str:
    """Return the row under the cursor."""
    return next(line for line in tui.text.splitlines() if line.startswith(">"))


def count(tui: Driver) -> int:
    heading = next(line for line in tui.text.splitlines() if "suggestions" in line)
    return int(heading.rsplit("|", 1)[1].split()[0])


def test_every_command_of_the_place_has_its_action() -> None:
    for one in commands_in(NEXT):
        assert callable(getattr(NextStep, f"action_{one.action}")), one.id


async def test_it_lists_what_to_do_with_the_key_and_the_reasons(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("N")
        assert "Next best step | view 1: mine" in tui.text
        assert at(tui).split()[1] == "m"
        assert "send contract draft (Ben Sato)" in at(tui)
        assert "- rotting: nothing for 38 days, 30 are allowed" in tui.text
        assert "- Monta 61k at 50 %" in tui.text
        assert "tuicrm log email TEXT --followup" in tui.text
        await tui.press("escape")
        assert "Next best step" not in tui.text


@pytest.mark.parametrize("key", ["m", "N"])
async def test_its_key_does_it_and_the_list_moves_on(drive: Drive, key: str) -> None:
    async with drive() as tui:
        await tui.press("N", key, *"sent", "enter")
        assert "done: send contract draft" in tui.text
        assert "call (Iris Chen)" in at(tui)
        await tui.press("u", "g")
        assert "send contract draft" in at(tui)


async def test_a_dismissed_one_is_gone_until_undone(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("N")
        before = count(tui)
        await tui.press("Z")
        assert count(tui) == before - 1
        assert "call (Iris Chen)" in at(tui)
        await tui.press("z", "2", "enter")
        assert count(tui) == before - 2
        assert "not before 2026-10-12: call (Iris Chen)" in tui.text
        assert {one.get("until") for one in session.ws.all("dismissal").values()} == {None, "2026-10-12"}
        await tui.press("u", "u")
        assert count(tui) == before


async def test_marked_ones_go_together(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("N")
        before = count(tui)
        await tui.press("J", "N")
        assert "several are marked" in tui.text
        await tui.press("Z")
        assert count(tui) == before - 2
        await tui.press("u")
        assert count(tui) == before


async def test_views_keep_to_one_reason_or_show_the_team(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("N")
        before = count(tui)
        await tui.press("v", "3")
        assert "view 3: late follow-ups" in tui.text
        assert 0 < count(tui) < before
        await tui.press("v", "2")
        assert count(tui) > before
        await tui.press("enter")
        assert "Next best step" not in tui.text


async def test_where_nothing_waits_it_says_what_would_be_here(drive: Drive, session: Session) -> None:
    from tuicrm.crm.config import set_value

    weights = "late 0, today 0, step 0, rotting 0, past 0, no_next 0, gate 0, hot 0, again 0"
    session.commit(set_value(session, "next_weights", weights))
    async with drive() as tui:
        await tui.press("N")
        assert "Nothing waits for you." in tui.text
        await tui.press("N", "Z", "z", "enter", "c", "escape")
        assert tui.app.is_running


@pytest.mark.parametrize("size", [(40, 12), (48, 20), (120, 40)])
async def test_it_fits_every_screen(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(size=size) as tui:
        await tui.press("N", "j")
        assert "what to do" in tui.text
        assert ">" in {line[:1] for line in tui.text.splitlines()}
