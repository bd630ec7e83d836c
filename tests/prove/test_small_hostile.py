"""Hostile data in small: a sample of what `make prove` tries, and that each sort of defect would be noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.prove import hostile, hostile_files, hostile_hand, hostile_screens, hostile_surfaces
from tests.prove.hostile_desk import Desk, Told
from tests.prove.hostile_doors import attempt, doors, tree
from tests.prove.hostile_values import VALUES, harm

if TYPE_CHECKING:
    from pathlib import Path

    from tests.prove.hostile_doors import Ids

SMALL = 0.008


def test_no_hostile_value_gets_through_or_lost() -> None:
    told = hostile.run(SMALL, seed=20)
    assert told.failures == []
    assert told.runs > 30
    assert len(told.doors) > 20
    assert len(told.surfaces) > 10
    assert 0 < told.refused < told.runs


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a workspace with something of everything."""
    desk = Desk(tmp_path_factory.mktemp("hostile"))
    desk.set_up()
    return desk


@pytest.fixture
def desk(base: Desk, tmp_path: Path) -> Desk:
    """Return a copy of it."""
    made = Desk(tmp_path / "desk")
    made.like(base.home)
    return made


def looked(desk: Desk, value: str, *path: str) -> list[str]:
    """Fill a field with a value, look at it with one command on a terminal, and return what failed."""
    told, ids = Told(), desk.ids()
    surface = next(one for one in hostile_surfaces.surfaces(tree()) if one.path == path and one.terminal)
    desk.run("company", "edit", f"--city={VALUES[value]}", f"--name={VALUES[value]}", "--", ids["company"][0])
    desk.keep()
    hostile_surfaces.look(desk, told, value, VALUES[value], surface, ids, "a command")
    return told.failures


def test_a_text_that_is_not_cleaned_is_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked(desk, "csi clear", "company", "list") == []
    monkeypatch.setattr("tuicrm.text._clean_one", lambda line: line)
    assert "U+001B" in looked(desk, "csi clear", "company", "list")[0]


def brought(desk: Desk, value: str, name: str) -> list[str]:
    """Bring a value in through one door, and return what failed."""
    told = Told()
    door = next(one for one in doors(tree()) if one.name == name)
    attempt(desk, told, door, value, VALUES[value], desk.ids())
    return told.failures


def test_a_value_that_is_taken_and_cut_is_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert brought(desk, "markdown", "company add --notes") == []
    monkeypatch.setattr("tuicrm.records.types.LongText.parse", lambda self, text, ctx: text[:-1])
    assert "nowhere to be found" in brought(desk, "markdown", "company add --notes")[0]


def test_a_crash_is_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuicrm.records.types.LongText.parse", lambda self, text, ctx: text[10**9])
    assert "exit code 1" in brought(desk, "html", "company add --notes")[0]


def written(desk: Desk, value: str) -> list[str]:
    told, ids = Told(), desk.ids()
    desk.run("company", "edit", f"--city={VALUES[value]}", "--", ids["company"][0])
    desk.run("quote", "edit", f"--terms={VALUES[value]}", "--", ids["quote"][0])
    few: Ids = {kind: held for kind, held in ids.items() if kind in ("company", "quote")}
    desk.keep()
    hostile_files.write_all(desk, told, value, VALUES[value], {**few, "template": []}, "a command")
    return told.failures


def test_formulas_and_markup_that_get_out_are_noticed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tuicrm.cli.sheet.defused", lambda cell, **_: cell)
    monkeypatch.setattr("tuicrm.exchange.exporting.defused", lambda cell, **_: cell)
    monkeypatch.setattr("tuicrm.crm.quotes.page.escape", lambda text: text)
    assert any("begins a formula" in one for one in written(desk, "formula"))
    assert any("in the page" in one for one in written(desk, "html"))


@pytest.mark.parametrize("value", ["csi clear", "c1 csi", "bidi override", "zero width", "combining flood"])
def test_what_does_harm_is_known(value: str) -> None:
    assert harm(VALUES[value])
    assert not harm("Bakı, می‌خواهم, 👩‍💻 ◌́, é")


def test_a_spoilt_line_holds_what_spoils_it(desk: Desk) -> None:
    ((file, line),) = hostile_hand.spoilt(desk, "company", ["name", "city"], b"NaN")
    assert line.count(b"NaN") == 2
    assert line in file.read_bytes()
    assert desk.run("doctor").code == 8


def test_a_sequence_that_the_program_never_sends_is_seen() -> None:
    sent = b"\x1b[1;2H\x1b[31mx\x1b]0;title\x07\x1bPq\x1b\\\x1b]52;c;eA==\x1b\\\x1b[5i"
    assert hostile_screens.shapes(sent) - hostile_screens.USUAL == {"OSC 0", "ESC P", "OSC 52", "CSI  i"}


def test_what_enter_copies_is_told_from_what_a_value_smuggles_into_the_clipboard() -> None:
    sent = b"a\x1b]52;c;UFdORUQ=\x07b\x1b]52;c;KzQ5IDMwIDEyMw==\x07c\x1b]52;c;not base64\x07"
    rest, copies = hostile_screens.without_copies(sent)
    assert copies == [hostile_screens.SMUGGLED, "+49 30 123"]
    assert hostile_screens.shapes(rest) == {"OSC 52"}
