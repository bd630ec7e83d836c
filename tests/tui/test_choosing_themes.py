"""Colours are changed while the program runs, remembered, and may come from the user's own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.memory import config_folder, recall
from tuicrm.errors import Invalid
from tuicrm.tui import themes
from tuicrm.tui.app import TuicrmApp

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

OWN = """
dark = false
[colours]
primary = "#003366"
accent = "#663300"
foreground = "#000000"
background = "#fffff0"
success = "#005500"
warning = "#664400"
error = "#990000"
[variables]
muted = "#444444"
rule = "#888888"
cursor = "#003366"
cursor-text = "#ffffff"
rotting = "#660066"
"""


def own(env: dict[str, str], text: str = OWN, name: str = "paper") -> None:
    folder = config_folder(env) / "themes"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


async def test_a_theme_is_seen_while_choosing_and_remembered(drive: Drive, env: dict[str, str]) -> None:
    own(env)
    async with drive() as tui:
        before = tui.app.looks("text")
        tui.app.action_theme_choose()
        await tui.settle()
        assert [line for line in tui.text.splitlines() if "paper" in line]
        await tui.press("G")
        assert tui.app.theme == "paper"
        assert tui.app.looks("text") != before
        await tui.press("enter")
        assert "theme paper" in tui.status
    assert recall(env, themes.REMEMBERED) == "paper"
    assert TuicrmApp(None, env=env).theme == "paper"


async def test_escape_brings_the_old_colours_back(drive: Drive, env: dict[str, str]) -> None:
    async with drive() as tui:
        before = tui.app.theme, tui.app.looks("text")
        tui.app.action_theme_choose()
        await tui.settle()
        await tui.press("G", "escape")
        assert (tui.app.theme, tui.app.looks("text")) == before
    assert recall(env, themes.REMEMBERED) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OWN.replace('error = "#990000"', ""), "lacks error in [colours]"),
        (OWN.replace("#444444", "greyish"), "muted = 'greyish' is no colour"),
        (OWN + "[colours.more]\nx = 1\n", "must hold colours in quotes"),
        ("not toml", "cannot be read"),
        (OWN.replace('"#003366"', "3"), "must hold colours in quotes"),
    ],
)
def test_a_theme_that_is_wrong_is_named(env: dict[str, str], text: str, said: str) -> None:
    own(env, text)
    with pytest.raises(Invalid) as held:
        themes.load("paper", env)
    assert said in str(held.value)


async def test_a_remembered_theme_that_is_gone_does_not_keep_anyone_out(
    session: Session, drive: Drive, env: dict[str, str]
) -> None:
    from tuicrm.crm.memory import remember

    remember(env, themes.REMEMBERED, "paper")
    async with drive() as tui:
        assert tui.app.theme == themes.DEFAULT
        assert "there is no theme called 'paper'" in tui.text
