"""What others write appears by itself; failures are sentences; an empty place says what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region

from tuicrm.crm.deals import move
from tuicrm.crm.opening import open_session
from tuicrm.crm.undo import undo
from tuicrm.errors import Busy, ReadOnly
from tuicrm.tui.columns import Columns
from tuicrm.tui.panes.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    import pytest

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_a_change_from_elsewhere_appears_and_the_cursor_stays(
    drive: Drive, session: Session, env: dict[str, str]
) -> None:
    other = open_session(session.ws.root, env)
    async with drive() as tui:
        await tui.press("l", "l", "j", "j")
        card = tui.board.place.card
        assert card is not None
        quint = next(one for one in other.ws.all("deal").values() if one.get("name") == "Quint")
        other.commit(move(other, [quint], "demo"))
        tui.app._poll()
        await tui.settle()
        assert "Quint" in tui.stage("Demo")
        assert tui.board.place.card is not None
        assert tui.board.place.card.id == card.id
    other.ws.close()


async def test_nothing_is_repainted_while_nothing_changes(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    async with drive() as tui:
        painted: list[Region] = []
        monkeypatch.setattr(Columns, "refresh", lambda self, *regions, **_: painted.extend(regions))
        for _ in range(5):
            tui.app._poll()
            await tui.settle()
        assert painted == []


async def test_a_cursor_key_repaints_two_cards(drive: Drive, monkeypatch: pytest.MonkeyPatch) -> None:
    async with drive((120, 40)) as tui:
        painted: list[Region] = []
        monkeypatch.setattr(Columns, "refresh", lambda self, *regions, **_: painted.extend(regions))
        await tui.press("j")
        assert len(painted) == 4
        assert {region.height for region in painted} == {1}
        assert {region.width for region in painted} == {19}


async def test_failures_are_sentences(drive: Drive, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    async with drive() as tui:
        for error in (Busy("another program is writing"), ReadOnly("the folder cannot be written")):

            def fail(*_: object, error: Exception = error, **__: object) -> None:
                raise error

            monkeypatch.setattr(session.ws, "commit", fail)
            await tui.press("l", "L")
            assert str(error) in tui.status
            assert "Quint" in tui.stage("Qualified")
            await tui.press("h")


async def test_an_offer_of_undo_goes_when_others_change_something(
    drive: Drive, session: Session, env: dict[str, str]
) -> None:
    other = open_session(session.ws.root, env)
    async with drive() as tui:
        await tui.press("l", "L")
        tui.app._poll()
        await tui.settle()
        assert "moved Quint to Demo: u undoes" in tui.status
        other.ws.refresh()
        undone = undo(other)
        assert undone is not None
        other.commit(undone)
        tui.app._poll()
        await tui.settle()
        assert "Quint" in tui.stage("Qualified")
        assert "undoes" not in tui.text
        await tui.press("H", "H")
        assert "the first stage already" in tui.status
        quint = next(one for one in other.ws.all("deal").values() if one.get("name") == "Quint")
        other.commit(move(other, [quint], "demo"))
        tui.app._poll()
        await tui.settle()
        assert "the first stage already" in tui.status
    other.ws.close()


async def test_the_welcome_screen_makes_a_workspace(
    drive: Drive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fresh"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with drive(on=None) as tui:
        assert isinstance(tui.app.main.pane, Welcome)
        assert "There is no workspace in" in tui.text
        await tui.press("1", "enter", "enter")
        await tui.settle()
        assert (folder / "tuicrm.json").is_file()
        assert "No open deals in Sales yet." in tui.text
        assert "tuicrm deal add" in tui.text


async def test_the_welcome_screen_opens_the_sample(drive: Drive, tmp_path: Path) -> None:
    async with drive(on=None) as tui:
        await tui.press("5")
        await tui.settle()
        assert "42 open" in tui.text
        assert (tmp_path / ".local/share/tuicrm/demo/tuicrm.json").is_file()


async def test_every_size_works(drive: Drive) -> None:
    async with drive((60, 24)) as tui:
        await tui.press("l", "l", "l", "l")
        lines = tui.text.splitlines()
        assert "Lead 9" in lines[2]
        assert "Verbal 2" in lines[2]
        assert ">Negotiation" in lines[3]
        assert lines[3].count("│") == 3
    async with drive((40, 12)) as tui:
        await tui.press("l")
        assert ">Qualified" in tui.text
        assert ">~ Quint" in tui.text
    async with drive((200, 60)) as tui:
        assert "Hansa Kontor" in tui.text
        await tui.pilot.resize_terminal(80, 24)
        await tui.settle()
        assert "Hansa Kontor" not in "\n".join(tui.text.splitlines()[2:18])
        await tui.pilot.resize_terminal(20, 6)
        await tui.settle()
        await tui.press("j", "l", "enter", "escape")
        assert tui.app.is_running
