"""Sync from the TUI with real repositories: two people, the bare repository between them, and `tuicrm sync` itself."""

from __future__ import annotations

import os
import sys
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks.terminal import Terminal
from tests.sync.repos import Team
from tests.tui.conftest import Driver
from tuicrm.crm.conflicts import count
from tuicrm.crm.edit import edit
from tuicrm.crm.opening import open_session
from tuicrm.tui.app import TuicrmApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.sync.repos import Clone
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

SECONDS = 60.0


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


@asynccontextmanager
async def opened(clone: Clone, size: tuple[int, int] = (100, 24)) -> AsyncIterator[Driver]:
    """Open the program on somebody's clone."""
    env = {**clone.env, "TERM": "xterm-256color"}
    app = TuicrmApp(open_session(clone.root, env), env=env)
    async with app.run_test(size=size) as pilot:
        driver = Driver(app, pilot)
        await pilot.pause()
        await driver.settle()
        yield driver
    assert app.session is not None
    app.session.ws.close()


async def sync(tui: Driver) -> None:
    """Sync, and wait until it has ended and what it brought is shown."""
    await tui.pilot.press("S")
    syncing = tui.app.syncing
    assert syncing is not None
    # The process takes about a second, several on a busy machine.
    for _ in range(int(SECONDS / 0.1)):
        if not syncing.running:
            break
        await tui.pilot.pause(0.1)
    assert not syncing.running
    await tui.settle()
    await tui.pilot.pause()


async def test_what_a_teammate_did_comes_and_what_was_done_here_goes(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = bob.add("deal", name="Bobs deal", value="5000.00", currency="EUR")
    bob.sync()
    async with opened(ann) as tui:
        assert "Bobs deal" not in tui.text
        company = ann.add("company", name="From here")
        await sync(tui)
        assert "sent 1 company; came: 1 deal. P, then synced, lists what came" in " ".join(tui.text.split())
        await tui.press("v", "2")
        await tui.until(lambda: "Bobs deal" in tui.text)
        tui.app.action_sync_changes()
        await tui.settle()
        assert "added deal Bobs deal" in tui.text
        await tui.press("escape", "j")
        await tui.until(lambda: "sync ok" in tui.status)
    bob.sync()
    assert company in bob.records("company")
    assert deal in ann.records("deal")


def say_next(deals: list[dict[str, Any]], text: str, session: Session) -> Plan:
    """Write the next step of deals."""
    return edit(session, "deal", deals, {"next_step": [text]})


async def test_edits_during_a_sync_are_kept_and_go_with_the_next_one(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Shared", next_step="none")
    ann.sync()
    bob.sync()
    bob.edit("deal", deal, value="5000.00", currency="EUR")
    for at in range(20):
        bob.add("deal", name=f"Deal {at}")
    bob.sync()
    async with opened(ann) as tui:
        desk, typed = tui.app.desk, 0
        await tui.pilot.press("S")
        assert tui.app.syncing is not None
        while tui.app.syncing.running:
            typed += 1
            held = desk.deals([deal])
            done = desk.write(partial(say_next, held, f"{typed}"))
            assert done.changed
            await tui.pilot.pause(0.01)
        assert typed > 3
        await sync(tui)
    bob.sync()
    for one in (ann, bob):
        assert len(one.records("deal")) == 21
        assert (one.get("deal", deal)["next_step"], one.get("deal", deal)["value"]) == (f"{typed}", "5000.00")
    assert ann.hash() == bob.hash()


async def test_what_gave_way_is_shown_and_brought_back_for_everybody(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    deal = ann.add("deal", name="Acme renewal", next_step="none")
    ann.sync()
    bob.sync()
    ann.edit("deal", deal, next_step="ann calls")
    bob.edit("deal", deal, next_step="bob writes")
    bob.sync()
    async with opened(ann) as tui:
        await sync(tui)
        assert "1 value gave way (! decides)" in " ".join(tui.text.split())
        await tui.press("j")
        await tui.until(lambda: "!1 conflict" in tui.status)
        await tui.press("exclamation_mark")
        await tui.until(lambda: "Enter shows them" in tui.text)
        await tui.press("enter")
        await tui.until(lambda: "ann calls" in tui.text)
        assert "bob writes" in tui.text
        # Who wrote what stands now is known from the commits alone.
        await tui.until(lambda: "STANDS NOW  Bob Ray, " in tui.text)
        assert "GAVE WAY  you, " in tui.text
        await tui.press("R")
        assert ann.get("deal", deal)["next_step"] == "ann calls"
        await sync(tui)
    bob.sync()
    assert bob.get("deal", deal)["next_step"] == "ann calls"
    session = bob.session()
    assert count(session) == 0
    session.ws.close()


async def test_who_wrote_what_stays_known_while_others_are_decided(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    one, other = (ann.add("company", name=name, phone="1") for name in ("Acme", "Beta"))
    ann.sync()
    bob.sync()
    for company in (one, other):
        bob.edit("company", company, phone="2")
        ann.edit("company", company, phone="3")
    bob.sync()
    ann.sync()
    async with opened(ann) as tui:
        tui.app.action_conflicts_show()
        for key in ("j", "k"):
            await tui.until(lambda: "GAVE WAY  Bob Ray, " in tui.text)
            await tui.press(key)
        before = tui.text.count("Bob Ray")
        await tui.press("Y")
        await tui.until(lambda: "1 to decide" in tui.text)
        assert tui.text.count("Bob Ray") == before - 1


async def test_a_remote_that_is_gone_is_said_and_nothing_is_lost(team: Team) -> None:
    (ann,) = team.clones("ann")
    team.remote.rename(team.folder / "elsewhere.git")
    async with opened(ann) as tui:
        company = ann.add("company", name="Kept")
        await sync(tui)
        # Where the notice breaks its lines depends on how long the folder's name is.
        notice = " ".join(tui.text.split())
        assert "not synced: " in notice
        assert "there is no repository there" in notice
        await tui.press("j")
        assert "sync: offline" in tui.status
        (team.folder / "elsewhere.git").rename(team.remote)
        await sync(tui)
        assert "1 company" in tui.text or "nothing came" in tui.text
    bob = team.join("bob")
    assert company in bob.records("company")


async def test_without_a_remote_it_commits_and_says_how_to_name_one(team: Team) -> None:
    ann = team.alone("ann")
    async with opened(ann) as tui:
        await sync(tui)
        assert "there is no remote yet: `tuicrm sync --remote URL` names one" in " ".join(tui.text.split())
    assert ann.head


async def test_what_only_the_user_can_decide_is_said(team: Team) -> None:
    (ann,) = team.clones("ann")
    ann.git("checkout", "--quiet", "--detach")
    async with opened(ann) as tui:
        await sync(tui)
        assert "not synced: no branch is checked out" in " ".join(tui.text.split())
        await tui.press("j")
        assert "sync: asks you" in tui.status


async def test_one_that_is_stopped_is_finished_by_the_next(team: Team) -> None:
    ann, bob = team.clones("ann", "bob")
    company = ann.add("company", name="Stays")
    async with opened(ann) as tui:
        await tui.pilot.press("S", "ctrl+c")
        assert tui.app.syncing is not None
        for _ in range(int(SECONDS / 0.1)):
            if not tui.app.syncing.running:
                break
            await tui.pilot.pause(0.1)
        await tui.settle()
        assert "sync stopped" in tui.text
        await sync(tui)
    bob.sync()
    assert company in bob.records("company")


@pytest.mark.parametrize("wanted", [True, False])
def test_at_the_exit_where_that_is_wanted(team: Team, wanted: bool) -> None:
    ann, bob = team.clones("ann", "bob")
    folder = team.home("ann") / ".config" / "tuicrm"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f"[sync]\nat_exit = {str(wanted).lower()}\n")
    company = ann.add("company", name="Goes at the end")
    line = [sys.executable, "-m", "tuicrm", "--workspace", str(ann.root)]
    with Terminal(line, env={**ann.env, "TERM": "xterm-256color"}) as terminal:
        terminal.until(b"weighted")
        terminal.settle(0.5)
        os.write(terminal.fd, b"q")
        terminal.until(b"\x1b[?1049l")
        if wanted:
            terminal.until(b"sent 1 company")
        assert terminal.ended() == 0
        assert (b"syncing before leaving" in bytes(terminal.written)) == wanted
    bob.sync()
    assert (company in bob.records("company")) == wanted
