"""The registry of commands: what follows from it agrees with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tuicrm.tui.app import TuicrmApp
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import ANYWHERE, COMMANDS, PIPELINE, PLACES, RECORD, commands_in, hints, shown
from tuicrm.tui.keys_page import main
from tuicrm.tui.layouts import translate
from tuicrm.tui.panes.pipeline import Pipeline
from tuicrm.tui.panes.record import RecordPane

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

FORBIDDEN = {
    "ctrl+s",
    "ctrl+q",
    "ctrl+a",
    "ctrl+b",
    "ctrl+h",
    "ctrl+i",
    "ctrl+j",
    "ctrl+m",
    "ctrl+enter",
    "shift+enter",
}
KEPT_FREE = {"semicolon", "apostrophe", "left_square_bracket", "right_square_bracket", "grave_accent", "W", "b"}


@pytest.mark.parametrize(("place", "owner"), [(ANYWHERE, TuicrmApp), (PIPELINE, Pipeline), (RECORD, RecordPane)])
def test_every_command_has_its_action(place: str, owner: type) -> None:
    for one in commands_in(place):
        assert callable(getattr(owner, f"action_{one.action}")), one.id


def test_one_key_means_one_thing() -> None:
    for place in PLACES:
        held = [key for one in commands_in(place) for key in one.keys]
        held += [key for one in commands_in(ANYWHERE) for key in one.keys] if place != ANYWHERE else []
        assert len(held) == len(set(held))
    meanings: dict[str, str] = {}
    for one in COMMANDS:
        for key in one.keys:
            assert meanings.setdefault(key, one.id) == one.id


def test_keys_that_terminals_swallow_stay_unbound() -> None:
    bound = {key for one in COMMANDS for key in one.keys}
    assert not bound & (FORBIDDEN | KEPT_FREE)
    assert not any(key.startswith(("alt+", "f1", "f2")) for key in bound)


def test_bindings_carry_the_ids_of_the_commands() -> None:
    ids = {getattr(one, "id", None) for place in PLACES for one in bindings_for(place)}
    assert ids == {one.id for one in COMMANDS if one.keys}


def test_hints_end_with_help() -> None:
    assert hints(PIPELINE)[-1] == ("?", "keys")
    assert shown("shift+right") == "Shift+→"


def test_the_page_of_keys_is_up_to_date(tmp_path: Path) -> None:
    target = tmp_path / "keys.md"
    assert main([str(target), "--check"]) == 1
    assert main([str(target)]) == 0
    assert main([str(target), "--check"]) == 0
    page = Path(__file__).parents[2] / "docs" / "keys.md"
    assert page.read_text(encoding="utf-8") == target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("о", "j"),
        ("л", "k"),
        ("Д", "L"),
        ("ξ", "j"),
        ("ן", "i"),
        ("ت", "j"),
        ("۱", "1"),
        ("؟", "?"),
        ("j", ""),
        ("é", ""),
    ],
)
def test_letters_of_other_layouts_stand_for_the_key_at_their_place(typed: str, key: str) -> None:
    assert translate(typed) == key


def test_the_locale_tells_persian_from_arabic() -> None:
    assert translate("ط", {"LANG": "fa_IR.UTF-8"}) == "x"
    assert translate("ز", {"LANG": "ar_EG.UTF-8"}) == "."


async def test_the_board_obeys_a_russian_keyboard(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("д", "о")
        assert tui.board.place.stage == 1
        assert tui.board.place.rows[1] == 1
