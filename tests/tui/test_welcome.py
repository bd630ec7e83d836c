"""The first run, by keys: a workspace made, fetched, filled from a file, or looked around in."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.edit import add
from tuicrm.crm.opening import create_workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

SIGNS = {"/": "slash", ".": "full_stop", "-": "minus", "_": "underscore", " ": "space", ":": "colon"}
FILE = "name,e-mails,Company\nJane Roe,jane@acme.example,Acme\nTom Ek,nonsense,\nMax Lund,max@moe.example,Moe\n"


def typed(text: str) -> list[str]:
    """Return the keys of a text."""
    return [SIGNS.get(one, one) for one in text]


async def until(tui: Driver, text: str) -> None:
    """Wait until a text is on the screen."""
    for _ in range(100):
        await tui.settle()
        if text in tui.text:
            return
        await tui.pilot.pause(0.05)
    raise AssertionError(f"{text!r} does not show:\n{tui.text}")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to be in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)
    return folder


@pytest.fixture
def remote(tmp_path: Path, env: dict[str, str]) -> Path:
    """Return the repository of a team in which nobody is called ann."""
    session = create_workspace(tmp_path / "origin", name="North", currency="EUR", user="kim", env=env)
    session.commit(add(session, "user", {"name": ["Lee Ray"], "handle": ["lee"]}))
    session.ws.close()
    who = ("-c", "user.name=Kim", "-c", "user.email=kim@acme.example")
    for words in (["add", "."], ["commit", "-qm", "start"]):
        subprocess.run(["git", *who, *words], cwd=tmp_path / "origin", check=True)
    return tmp_path / "origin"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 20), (40, 12)])
async def test_every_choice_says_what_it_does(drive: Drive, here: Path, size: tuple[int, int]) -> None:
    async with drive(size, on=None) as tui:
        words = " ".join(tui.text.split())
        assert "There is no workspace in" in words
        if size[1] >= 24:
            for name in ("Create a workspace here", "another folder", "Clone", "Import a CSV", "sample", "Quit"):
                assert name in words
            assert "from the URL of its git repository" in words


async def test_a_workspace_in_another_folder(drive: Drive, here: Path) -> None:
    async with drive(on=None) as tui:
        await tui.press("j", "enter", "ctrl+u", *typed("sub/north"), "enter", "enter", "enter")
        await until(tui, "No open deals in Sales yet.")
        assert (here / "sub" / "north" / "tuicrm.json").is_file()


async def test_a_team_s_workspace_is_cloned_and_asks_who_one_is(drive: Drive, here: Path, remote: Path) -> None:
    async with drive(on=None) as tui:
        await tui.press("3", *typed(str(remote)), "enter", "enter")
        await until(tui, "Who are you?")
        assert "kim (kim)" in tui.text
        await tui.press("2")
        await until(tui, "Sales")
        assert tui.app.session is not None
        assert tui.app.session.me
        assert tui.app.main.about == (("North", "muted"), ("lee", "muted"))
        assert (here / "origin" / "tuicrm.json").is_file()


async def test_one_may_be_nobody_of_the_team(drive: Drive, here: Path, remote: Path) -> None:
    async with drive(on=None) as tui:
        await tui.press("3", *typed(str(remote)), "enter", "enter")
        await until(tui, "Who are you?")
        await tui.press("escape")
        await until(tui, "No open deals in Sales yet.")
        assert tui.app.main.about == (("North", "muted"), ("ann", "muted"))


@pytest.mark.parametrize(
    ("url", "says", "enters"),
    [("ext::sh -c x", "is no URL to clone from", 1), ("nowhere", "cannot be reached", 2)],
)
async def test_what_cannot_be_cloned_says_why(drive: Drive, here: Path, url: str, says: str, enters: int) -> None:
    async with drive(on=None) as tui:
        await tui.press("3", *typed(url), *["enter"] * enters)
        await until(tui, says)
        assert list(here.iterdir()) == []
        assert "Welcome to tuicrm" in tui.text


async def test_a_file_fills_a_fresh_workspace(drive: Drive, here: Path) -> None:
    (here / "people.csv").write_text(FILE)
    (here / "notes").mkdir()
    async with drive(on=None) as tui:
        await tui.press("4", "enter", "enter")
        await until(tui, "Import a file")
        await until(tui, "people.csv")
        assert "notes/" in tui.text
        await tui.press("p", "tab", "enter")
        await until(tui, "to import")
        words = " ".join(tui.text.split())
        assert "[2 contacts]" in words
        assert "e-mails > e-mails jane@acme.example" in words
        assert "0 contacts to import" in words
        assert "3 cannot be taken" in words
        await tui.press("c")
        await until(tui, "2 contacts to import")
        assert "creates company Acme, company Moe" in " ".join(tui.text.split())
        assert "line 3: emails: 'nonsense' is not an e-mail address" in " ".join(tui.text.split())
        await tui.press("enter")
        await until(tui, "imported 2 contacts")
        assert (here / "people.rejected.csv").read_text().count("nonsense") >= 1
        assert "people.rejected.csv" in tui.text
        await tui.press("enter")
        assert tui.app.session is not None
        assert {one["name"] for one in tui.app.session.ws.all("contact").values()} == {"Jane Roe", "Max Lund"}
        await tui.press("u")
        assert not tui.app.session.ws.all("contact")


async def test_the_import_dialog_goes_a_step_back_at_a_time(drive: Drive, here: Path) -> None:
    (here / "people.csv").write_text(FILE)
    (here / "bad.csv").write_bytes(b"")
    async with drive() as tui:
        await tui.app.run_action("data_import")
        await until(tui, "people.csv")
        await tui.press(*typed("bad.csv"), "enter")
        await until(tui, "bad.csv is empty")
        await tui.press("ctrl+u", *typed("people.csv"), "enter")
        await until(tui, "[2 contacts]")
        await tui.press("3")
        await until(tui, "[3 deals]")
        await tui.press("4")
        await until(tui, "[4 products]")
        await tui.press("escape")
        await until(tui, "completes")
        await tui.press("escape")
        await tui.settle()
        assert "Import a file" not in tui.text
        assert tui.board.has_focus


async def test_a_column_of_another_name_is_mapped_by_hand(drive: Drive, here: Path) -> None:
    (here / "people.csv").write_text("Who,email\nZoe Zed,zoe@acme.example\n")
    async with drive() as tui:
        await tui.app.run_action("data_import")
        await tui.press(*typed("people.csv"), "enter")
        await until(tui, "Who > Who (new field)")
        await tui.press("x")
        await until(tui, "not used: Who")
        await tui.press("m", "W", "tab", "n", "a", "enter")
        await until(tui, "no field 'na'")
        await tui.press("m", "W", "tab", "n", "a", "tab", "enter")
        await until(tui, "1 contact to import")
        assert "Who > name" in tui.text
        await tui.press("enter")
        await until(tui, "imported 1 contact")


@pytest.mark.parametrize("size", [(120, 40), (60, 20), (40, 12), (30, 8)])
async def test_the_import_dialog_fits(drive: Drive, here: Path, size: tuple[int, int]) -> None:
    (here / "people.csv").write_text(FILE)
    async with drive(size) as tui:
        await tui.app.run_action("data_import")
        await tui.press(*typed("people.csv"), "enter")
        for _ in range(100):
            await tui.settle()
            if not tui.app.screen.working:  # type: ignore[attr-defined]
                break
        if size[0] >= 40:
            assert "Esc" in tui.text
        await tui.press("j", "k", "c")
        await tui.settle()
        assert tui.text
