"""Themes: all load, all are readable, the right one is chosen."""

from __future__ import annotations

import pytest
from textual.color import Color

from tuicrm.errors import Invalid, UsageProblem
from tuicrm.tui import run, themes
from tuicrm.tui.app import TuicrmApp

TEXT = ("foreground", "muted", "primary", "accent", "error", "warning", "success", "rotting")
DRAWN = [name for name in themes.names() if name != themes.PLAIN]


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours, as the accessibility guidelines define it."""

    def light(colour: Color) -> float:
        parts = [part / 255 for part in colour.rgb]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_there_are_the_five() -> None:
    assert themes.names() == ["ansi", "colour-blind", "dark", "high-contrast", "light"]


@pytest.mark.parametrize("name", DRAWN)
def test_text_and_signs_can_be_read(name: str) -> None:
    held = themes.load(name)
    colours = {**held.variables, **{key: getattr(held, key) for key in themes.COLOURS}}
    ground = Color.parse(colours["background"])
    for key in TEXT:
        assert contrast(Color.parse(colours[key]), ground) >= 4.5, key
    assert contrast(Color.parse(colours["cursor-text"]), Color.parse(colours["cursor"])) >= 4.5
    assert contrast(Color.parse(colours["cursor"]), ground) >= (2 if name == "dark" else 3)


def test_the_plain_theme_uses_only_the_terminals_colours() -> None:
    held = themes.load(themes.PLAIN)
    used = [getattr(held, key) for key in themes.COLOURS] + list(held.variables.values())
    assert held.ansi
    assert all(one.startswith("ansi_") for one in used)


def test_the_choice_of_theme() -> None:
    assert themes.chosen({"TERM": "xterm-256color"}) == "dark"
    assert themes.chosen({"TERM": "linux"}) == "ansi"
    assert themes.chosen({"TERM": "linux", "COLORTERM": "truecolor"}) == "dark"
    assert themes.chosen({"TERM": "xterm-256color"}, remote=True) == "ansi"
    assert themes.chosen({"TUICRM_THEME": "light"}, remote=True) == "light"
    with pytest.raises(Invalid, match="there is no theme called 'purple'; there are ansi, colour-blind"):
        themes.load("purple")
    with pytest.raises(Invalid):
        themes.load("../dark")


@pytest.mark.parametrize("name", themes.names())
async def test_the_program_opens_in_every_theme(name: str) -> None:
    app = TuicrmApp(None, env={"TUICRM_THEME": name})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.theme == name
        assert app.looks("cursor").bgcolor is not None


def test_without_a_terminal_it_says_so() -> None:
    with pytest.raises(UsageProblem, match="needs a terminal"):
        run(None, env={})


async def test_where_one_types_is_seen_on_any_ground_of_the_terminal() -> None:
    app = TuicrmApp(None, env={"TUICRM_THEME": themes.PLAIN})
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("1")
        await pilot.pause()
        assert app.focused is not None
        style = app.focused.get_component_rich_style("input--cursor")
        assert style.reverse
        assert (style.color, style.bgcolor) == (app.looks("text").color, app.looks("text").bgcolor)
