"""Keys that the user gives to commands: what is refused and why, and that the rest works and is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.tui.commands import COMMANDS, PLACES, command
from tuicrm.tui.keymap import FORBIDDEN, Keymap, keymap, spelt
from tuicrm.tui.userconfig import config_file, read

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("W", "W"),
        ("w", "w"),
        ("?", "question_mark"),
        (".", "full_stop"),
        (" ", "space"),
        ("Ctrl+W", "ctrl+w"),
        ("shift+w", "W"),
        ("shift+up", "shift+up"),
        ("PgDn", "pagedown"),
        ("Esc", "escape"),
        ("é", "é"),
        ("super+x", ""),
        ("nokey", ""),
        ("ctrl+", ""),
        ("", ""),
        ("\x1b", ""),
    ],
)
def test_keys_are_read_as_people_write_them(written: str, key: str) -> None:
    assert spelt(written) == key


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"deal.wni": "W"}, ["deal.wni", "did you mean deal.win?"]),
        ({"something": "W"}, ["something", "docs/keys.md"]),
        ({"deal.win": "x"}, ["key x", "deal.win", "deal.lose"]),
        ({"deal.win": "u"}, ["key u", "deal.win", "step.undo"]),
        ({"step.undo": "j"}, ["key j", "step.undo", "cursor.down"]),
        ({"deal.win": 7}, ["deal.win", "in quotes"]),
        ({"deal.win": ["W", 7]}, ["deal.win", "in quotes"]),
        ({"deal.win": "nokey"}, ["deal.win", "'nokey'"]),
        ({"deal.win": "ctrl+s"}, ["deal.win", "'ctrl+s'", "terminals"]),
        ({"deal.win": "alt+w"}, ["deal.win", "'alt+w'", "terminals"]),
        ({"deal.win": "F5"}, ["deal.win", "'F5'", "terminals"]),
    ],
)
def test_what_cannot_be_used_is_said_and_the_rest_is_used(written: dict[str, Any], said: list[str]) -> None:
    held, problems = keymap({**written, "deal.stage": "T"})
    assert held.given == {"deal.stage": ("T",)}
    assert len(problems) == 1
    assert all(one in problems[0] for one in said)


def test_keys_may_change_places_be_several_or_none() -> None:
    held, problems = keymap({"deal.win": "x", "deal": {"lose": ["w", "ctrl+w"]}, "quick.add": []})
    assert problems == []
    assert held.given == {"deal.win": ("x",), "deal.lose": ("w", "ctrl+w"), "quick.add": ()}
    assert (held.shown("deal.lose"), held.shown("quick.add")) == ("w", "")
    assert held.of(command("step.undo")) == command("step.undo").keys


KEYS = st.sampled_from([*"wxujWTb?:", "ctrl+w", "ctrl+s", "up", "shift+up", "enter", "f1", "nokey"])


@given(st.dictionaries(st.sampled_from([one.id for one in COMMANDS]), st.lists(KEYS, max_size=3), max_size=8))
def test_no_key_ever_has_two_meanings_in_a_place(written: dict[str, list[str]]) -> None:
    held, problems = keymap(written)
    assert len(held.given) + len(problems) >= len(written)
    for place in PLACES:
        keys = [key for one in COMMANDS if {place, "anywhere"} & set(one.where) for key in set(held.of(one))]
        assert len(keys) == len(set(keys))
        assert not FORBIDDEN & set(keys)


def configure(env: dict[str, str], text: str) -> None:
    """Write the user's configuration."""
    path = config_file(env)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_no_file_is_no_problem(env: dict[str, str]) -> None:
    assert read(env).problems == ()
    assert Keymap(read(env).keys).for_toolkit() == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("theme = \n", "not valid TOML"),
        ("theme = 3\n", "in quotes"),
        ("keys = 3\n", "must be a table"),
        ('themes = "dark"\n', "did you mean theme?"),
        ("\xff = [", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_a_sentence_that_names_it(env: dict[str, str], text: str, said: str) -> None:
    configure(env, text)
    (problem,) = read(env).problems
    assert str(config_file(env)) in problem
    assert said in problem


def test_the_file_says_theme_and_keys(env: dict[str, str]) -> None:
    configure(env, '\ufefftheme = "light"\n[keys]\n"deal.win" = "W"\ndeal.lose = ["X"]\n')
    held = read(env)
    assert (held.theme, held.problems) == ("light", ())
    assert keymap(held.keys)[0].given == {"deal.win": ("W",), "deal.lose": ("X",)}
