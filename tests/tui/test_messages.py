"""Messages say what to do, in full, and a key that finds nothing to act on says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def gate(session: Session, stage: str, *fields: str) -> None:
    """Let a stage ask for fields."""
    pipeline = next(iter(session.ws.all("pipeline").values()))
    stages = {**pipeline["stages"], stage: {**pipeline["stages"][stage], "requires": list(fields)}}
    session.ws.commit([Write("pipeline", pipeline["id"], {"stages": stages})], by="ann", note="gate")


async def test_a_gate_names_the_fields_it_asks_for(drive: Drive, session: Session) -> None:
    gate(session, "demo", "next_step")
    async with drive() as tui:
        await tui.press("l", "L")
        assert "Demo needs next step" in tui.status
        assert "Quint" in tui.stage("Qualified")
        # Only the gate of the last stage of a row of presses counts.
        await tui.press("L")
        assert "Quint" in tui.stage("Proposal")


async def test_a_long_message_covers_the_strip_until_the_next_key(drive: Drive, session: Session) -> None:
    gate(session, "demo", "next_step", "product", "lost_reason", "notes")
    for size in ((80, 24), (60, 18)):
        async with drive(size) as tui:
            await tui.press("l")
            strip = tui.text.splitlines()[-4:-2]
            await tui.press("L")
            words = " ".join(tui.text.replace("\n", " ").split())
            assert "Demo needs " in words
            asked, _, rest = words.partition("Demo needs ")[2].partition(": L goes on past it, ")
            assert set(asked.replace(" and ", ", ").split(", ")) == {"next step", "product", "lost reason", "notes"}
            assert "else it is asked for now" in rest
            await tui.press("k")
            assert tui.text.splitlines()[-4:-2] == strip


@pytest.mark.parametrize("key", ["enter", "s", "w", "x", "H", "L"])
async def test_a_key_on_an_empty_stage_says_so(drive: Drive, key: str) -> None:
    async with drive() as tui:
        await tui.press("slash", *"orbis", "enter", "h")
        assert tui.board.place.card is None
        before = tui.board.place.stage
        await tui.press(key)
        assert tui.status.startswith(" no deal here")
        assert tui.app.main.pane is tui.board
        assert tui.app.screen is tui.app.main
        await tui.press("l")
        assert "no deal here" not in tui.status
        assert tui.board.place.stage == before + 1


async def test_what_is_said_again_and_again_is_kept_once(drive: Drive) -> None:
    async with drive() as tui:
        tui.app.main.say("first")
        for _ in range(5):
            tui.app.main.say("the folder is gone", "late")
        assert [text for _, text, _ in tui.app.main.said][-2:] == ["first", "the folder is gone"]
