"""What goes on beside the panes: the count of what is late, word of what falls due, and what teammates changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import followups
from tuicrm.crm.edit import add
from tuicrm.crm.session import Session
from tuicrm.crm.since import last_look
from tuicrm.store.local import Local
from tuicrm.tui.app import TuicrmApp
from tuicrm.tui.overdue import Notify, notification

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def counted(tui: Driver) -> None:
    """Wait until what is late has been counted again."""
    assert tui.app.overdue is not None
    tui.app.overdue.look()
    await tui.settle()


def top(tui: Driver) -> str:
    return tui.text.splitlines()[0]


async def test_late_ones_are_counted_behind_the_name_of_the_pane(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await counted(tui)
        assert "3 Follow-ups !4" in top(tui)
        await tui.press("3", "d", "escape")
        await counted(tui)
        assert "3 Follow-ups !3" in top(tui)
        session.commit(followups.done(session, list(session.ws.all("followup").values())))
        await counted(tui)
        assert "[3 Follow-ups]" in top(tui)


async def test_a_change_counts_by_itself(drive: Drive) -> None:
    async with drive() as tui:
        await counted(tui)
        await tui.press("3", "r", *"fri", "enter")
        for _ in range(100):
            if "!3" in top(tui):
                break
            await tui.pilot.pause(0.05)
        assert "3 Follow-ups !3" in top(tui)


async def test_a_count_that_stays_the_same_draws_nothing(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    async with drive() as tui:
        await counted(tui)
        drawn: list[Any] = []
        monkeypatch.setattr(tui.app.main, "bars", lambda: drawn.append(1))
        await counted(tui)
        assert drawn == []


async def test_one_that_wakes_up_is_shown_and_counted(drive: Drive, session: Session, env: dict[str, str]) -> None:
    late = next(one for one in session.ws.all("followup").values() if one["subject"] == "chase budget")
    session.commit(followups.snooze(session, [late], "today 17:00"))
    async with drive() as tui:
        await tui.press("3")
        await counted(tui)
        assert "3 Follow-ups !3" in top(tui)
        env["TUICRM_NOW"] = "2026-10-08T17:30:00Z"
        tui.app._poll()
        await counted(tui)
        await tui.settle()
        assert "3 Follow-ups !4" in top(tui)
        assert "chase budget" in tui.text


@pytest.mark.parametrize("wanted", [True, False])
async def test_word_of_what_falls_due_only_where_it_is_asked_for(
    drive: Drive, env: dict[str, str], tmp_path: Path, wanted: bool
) -> None:
    if wanted:
        (tmp_path / ".config" / "tuicrm").mkdir(parents=True)
        (tmp_path / ".config" / "tuicrm" / "config.toml").write_text("[notify]\ndue = true\n")
    async with drive() as tui:
        await counted(tui)
        env["TUICRM_NOW"] = "2026-10-08T10:01:00Z"
        tui.app._poll()
        await counted(tui)
        assert ("due now: demo prep, Ola Berg and 1 more" in tui.status) == wanted
        await tui.press("j")
        await counted(tui)
        assert "due now" not in tui.text


def test_only_what_is_plainly_true_is_on() -> None:
    assert Notify.of({}) == Notify()
    assert Notify.of({"due": True, "bell": "yes", "desktop": 1}) == Notify(due=True)


def test_a_notification_carries_no_escape_from_data() -> None:
    assert notification("call \x1b]0;x\x07 Bob\n", {}).count("\x1b") == 1
    assert notification("call", {"TMUX": "/tmp/x"}).startswith("\x1bPtmux;\x1b\x1b]9;call")


@pytest.fixture
def bob(session: Session) -> Session:
    """Return the session of another user on this machine, and let Ann have looked the day before."""
    other = Session(session.ws, user="bob", now=session.now)
    moment = (session.now - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    Local(session.ws.private).set("looked_at ann", moment)
    return other


async def told(tui: Driver) -> None:
    assert tui.app.lately is not None
    if tui.app.lately.moment is not None:
        tui.app.lately.look()
    await tui.settle()


async def test_the_first_time_nothing_is_said_and_the_end_is_remembered(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await told(tui)
        assert tui.app.main.note is None
        assert last_look(session) is None
        tui.app.action_since_show()
        await tui.settle()
        assert "first time here" in tui.text
    assert last_look(session) == datetime(2026, 10, 8, 9, 0, tzinfo=UTC)


async def test_what_a_teammate_did_is_said_and_listed_and_opened(drive: Drive, session: Session, bob: Session) -> None:
    plan = add(bob, "company", {"name": ["Freshly Added"]})
    bob.commit(plan)
    async with drive() as tui:
        await told(tui)
        assert "since yesterday: P, then since, shows them" in tui.status
        assert "by " in tui.status
        tui.app.action_since_show()
        await tui.settle()
        shown = tui.text
        assert "Since yesterday" in shown
        assert "bob (1)" in shown
        assert "added company Freshly Added" in shown
        assert last_look(session) == session.now
        await tui.press("G", "g", "enter")
        assert tui.app.main.pane is not None
        assert tui.app.main.pane.targets() == [("company", plan.ids[0])]


async def test_the_list_fits_any_screen_and_may_hold_any_text(drive: Drive, bob: Session) -> None:
    for at in range(60):
        bob.commit(add(bob, "company", {"name": [f"[red]{at}\u202e عربی {'x' * 90}"]}))
    async with drive(size=(30, 12)) as tui:
        tui.app.action_since_show()
        await tui.settle()
        await tui.press(*["j"] * 30, "pagedown", "G", "k")
        await tui.pilot.resize_terminal(90, 30)
        await tui.settle()
        assert "Enter opens, Esc closes" in tui.text
        await tui.press("escape")
        assert isinstance(tui.app, TuicrmApp)
        assert tui.app.screen is tui.app.main


async def test_nothing_new_is_said_as_well(drive: Drive, session: Session, bob: Session) -> None:
    Local(bob.ws.private).set("looked_at ann", "2026-10-08T09:00:00Z")
    async with drive() as tui:
        tui.app.action_since_show()
        await tui.settle()
        assert "nothing was changed by others since 09:00" in tui.status
