"""The list of what gave way: both values side by side, decided about by one key, and undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.tui.losers import LATER, deal, lose, lose_some, lose_two
from tuicrm.crm.conflicts import conflicts, count
from tuicrm.crm.edit import edit, remove
from tuicrm.tui.compare import Side, apart, compared
from tuicrm.tui.panes.conflicts import Conflicts
from tuicrm.tui.safe import cells

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


@pytest.fixture
def acme(session: Session) -> dict[str, Any]:
    """Return a deal, the two fields of which somebody else has changed too."""
    return lose_two(session)


async def opened(tui: Driver) -> Conflicts:
    """Open the list by its key."""
    await tui.press("exclamation_mark")
    await tui.until(lambda: "gave way" in tui.text)
    await tui.press("enter")
    pane = tui.app.main.pane
    assert isinstance(pane, Conflicts)
    await tui.until(lambda: bool(pane.inbox))
    await tui.settle()
    return pane


async def test_they_are_counted_in_the_status_line_and_lead_to_the_list(drive: Drive, acme: dict[str, Any]) -> None:
    async with drive() as tui:
        await tui.until(lambda: "!2 conflicts" in tui.status)
        await opened(tui)
        lines = tui.text.splitlines()
        assert "Conflicts | 2 to decide | view 1: to decide" in lines[1]
        assert "deal Acme renewal" in tui.text
        row = next(line for line in lines if line.startswith(">"))
        assert "next step" in row
        assert "call Jane" in row
        assert "send the quote" in row
        head = next(line for line in lines if "STANDS NOW" in line)
        assert head.index("Y STANDS NOW  you, Thu 8 Oct") < head.index("R GAVE WAY  Thu 8 Oct 08:59")
        assert "Y keeps the first, R brings the second back, T types another" in tui.text
        await tui.press("j")
        values = next(line for line in tui.text.splitlines() if "EUR 12,000" in line and "│" in line)
        assert values.index("EUR 12,000") < values.index("│") < values.index("USD 15,000")


async def test_one_key_keeps_what_stands(drive: Drive, session: Session, acme: dict[str, Any]) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("Y")
        assert "Acme renewal: next step is call Jane" in tui.text
        assert deal(session, "Acme renewal")["next_step"] == "call Jane"
        assert count(session) == 1
        await tui.until(lambda: "!1 conflict" in tui.status or tui.app.main.note is not None)
        await tui.press("j")
        await tui.until(lambda: "!1 conflict " in f"{tui.status} ")


async def test_one_key_brings_back_what_gave_way_and_undo_takes_it_back(
    drive: Drive, session: Session, acme: dict[str, Any]
) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("j", "R")
        held = deal(session, "Acme renewal")
        assert (held["value"], held["currency"]) == ("15000.00", "USD")
        assert count(session) == 1
        assert "u undoes" in tui.text
        await tui.press("u")
        held = deal(session, "Acme renewal")
        assert (held["value"], held["currency"]) == ("12000.00", "EUR")
        assert count(session) == 2
        await tui.until(lambda: "2 to decide" in tui.text)


async def test_another_value_is_typed(drive: Drive, session: Session, acme: dict[str, Any]) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("j", "T")
        await tui.press("ctrl+u", *"13k", "enter")
        assert "Acme renewal: value is EUR 13,000: u undoes" in tui.text
        assert deal(session, "Acme renewal")["value"] == "13000.00"
        assert count(session) == 1


async def test_a_typed_value_that_cannot_be_read_changes_nothing(
    drive: Drive, session: Session, acme: dict[str, Any]
) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("j", "T", "ctrl+u", *"bananas", "enter")
        assert "bananas" in tui.text
        assert count(session) == 2
        await tui.press("T", "escape")
        assert count(session) == 2
        assert tui.app.main.pane is not None
        assert tui.app.main.pane.has_focus


@pytest.mark.parametrize("word", ["lost", "Current", "mine", "theirs"])
async def test_what_is_typed_is_a_value_whatever_it_says(
    drive: Drive, session: Session, acme: dict[str, Any], word: str
) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("T", "ctrl+u", *word, "enter")
        assert deal(session, "Acme renewal")["next_step"] == word
        assert count(session) == 1


async def test_the_marked_ones_are_decided_in_one_step(drive: Drive, session: Session, acme: dict[str, Any]) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("asterisk")
        assert "2 marked. Esc clears" in tui.status
        await tui.press("T")
        assert "one at a time" in tui.status
        await tui.press("R")
        assert count(session) == 0
        assert deal(session, "Acme renewal")["next_step"] == "send the quote"
        await tui.until(lambda: "No conflicts to decide about." in tui.text)
        await tui.press("Y")
        assert "no conflict here" in tui.status
        await tui.press("u")
        assert count(session) == 2


async def test_decided_ones_can_be_looked_up(drive: Drive, session: Session, acme: dict[str, Any]) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("asterisk", "Y")
        await tui.until(lambda: "No conflicts to decide about." in tui.text)
        await tui.press("v", "2")
        await tui.until(lambda: "decided; u undoes" in tui.text)
        assert "0 to decide | view 2: decided as well" in tui.text
        await tui.press("R")
        assert "decided already" in tui.status
        assert len(conflicts(session, resolved=True)) == 2


async def test_enter_opens_the_record(drive: Drive, acme: dict[str, Any]) -> None:
    async with drive() as tui:
        await opened(tui)
        await tui.press("enter")
        assert tui.app.main.pane is not None
        assert tui.app.main.pane.targets() == [("deal", acme["id"])]
        await tui.press("escape")
        assert isinstance(tui.app.main.pane, Conflicts)
        await tui.press("escape")
        assert tui.app.main.stack == [tui.board]


async def test_who_deleted_what_was_edited_is_said(drive: Drive, session: Session) -> None:
    found = deal(session, "Orbis")
    lose(session, "deal", found["id"], "_del", "bob")
    async with drive() as tui:
        await opened(tui)
        assert "deleted by bob" in tui.text
        await tui.press("T")
        assert "one deleted it, another changed it" in tui.text
        assert "Y keeps it, R deletes it after all" in tui.text
        assert "back" not in tui.text
        await tui.press("R")
        assert "Orbis: deleted after all: u undoes" in tui.text
        assert session.ws.get("deal", found["id"]) is None
        await tui.press("u")
        assert session.ws.get("deal", found["id"]) is not None


async def test_of_a_record_in_the_trash_nothing_is_brought_back(drive: Drive, session: Session) -> None:
    found = deal(session, "Orbis")
    lose(session, "deal", found["id"], "next_step", "call")
    session.commit(remove(session, "deal", [found]))
    async with drive(size=(140, 40)) as tui:
        await opened(tui)
        await tui.press("R")
        assert "is in the trash" in tui.text
        assert count(session) == 1
        await tui.press("Y")
        assert count(session) == 0


async def test_long_texts_are_shown_from_where_they_differ_and_joined_in_the_editor(
    drive: Drive, session: Session, env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = deal(session, "Orbis")
    same = "\n".join(f"line {at}" for at in range(20))
    session.commit(edit(session, "deal", [found], {"notes": [f"{same}\nours"]}))
    lose(session, "deal", found["id"], "notes", f"{same}\ntheirs\nand more")
    given: list[str] = []

    def edited(app: object, text: str) -> str:
        given.append(text)
        return "both"

    monkeypatch.setattr("tuicrm.tui.editor.edit_text", edited)
    async with drive() as tui:
        await opened(tui)
        assert "… 20 lines alike" in tui.text
        line = next(line for line in tui.text.splitlines() if "ours" in line and "│" in line)
        assert line.index("ours") < line.index("│") < line.index("theirs")
        await tui.press("T")
        assert deal(session, "Orbis")["notes"] == "both"
        assert given == [f"{same}\nours\n\n{same}\ntheirs\nand more"]
        assert count(session) == 0


async def test_they_come_by_themselves_and_the_cursor_stays(
    drive: Drive, session: Session, acme: dict[str, Any]
) -> None:
    async with drive() as tui:
        pane = await opened(tui)
        await tui.press("j")
        before = pane.listing.cursor
        lose(session, "company", acme["company"], "phone", "+49 30 1", at=LATER + 1000)
        tui.app.changed()
        await tui.until(lambda: "3 to decide" in tui.text)
        assert pane.listing.cursor == before
        await tui.press("comma")
        assert "+49 30 1" in tui.text.partition("STANDS NOW")[2]


@pytest.mark.parametrize("size", [(30, 12), (40, 12), (60, 18), (80, 24), (200, 50)])
async def test_any_text_on_any_screen(drive: Drive, session: Session, size: tuple[int, int]) -> None:
    nasty = "\x1b]0;x\x07[/][@click=app.exit]x[/]\u202e" + "字" * 60
    found = deal(session, "Orbis")
    for at in range(30):
        lose(session, "deal", found["id"], "next_step", f"{at} {nasty}", at=LATER + at)
    lose(session, "gadget", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "name/x", nasty)
    lose(session, "deal", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "stage", nasty)
    async with drive(size=size) as tui:
        pane = await opened(tui)
        await tui.press("G", "k", "pagedown", "g", "minus", "minus", "j", "T", "escape")
        assert "\x1b" not in tui.text
        assert "\u202e" not in tui.text
        assert len(pane.inbox) == 32
        heading = "STANDS NOW" if size[1] > 12 else "STANDS"
        assert heading in tui.text


def test_side_by_side_fills_exactly_the_room() -> None:
    one, other = Side("Y", "STANDS NOW", "a\nb", "ann"), Side("R", "GAVE WAY", "字" * 50, "")
    for width in (1, 20, 55, 56, 80):
        for height in (1, 2, 3, 8):
            made = compared(one, other, width, height)
            assert len(made) == height
            if width > 20:
                assert all(sum(cells(text) for text, _ in line) <= width for line in made)
    assert compared(one, other, 80, 0) == []
    text = ["".join(part for part, _ in line) for line in compared(one, other, 80, 3)]
    assert text[0].startswith(" Y STANDS NOW  ann")
    assert text[2].startswith(" … 1 more lines") is False


async def test_both_values_are_shown_where_there_is_little_room(drive: Drive, acme: dict[str, Any]) -> None:
    async with drive(size=(40, 12)) as tui:
        await opened(tui)
        assert "Y STANDS NOW  call Jane" in tui.text
        assert "R GAVE WAY  send the quote" in tui.text


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        ("call", "call Jane", ("call", "call Jane")),
        ("The budget is signed off by Tom", "The budget is open", ("… signed off by Tom", "… open")),
        ("", "x", ("", "x")),
        ("x" * 40, "x" * 50, ("x" * 40, "x" * 50)),
    ],
)
def test_in_a_row_is_room_for_what_differs(one: str, other: str, shown: tuple[str, str]) -> None:
    assert apart(one, other) == shown


async def test_the_cursor_goes_from_conflict_to_conflict(drive: Drive, session: Session) -> None:
    lose_some(session)
    async with drive() as tui:
        pane = await opened(tui)
        seen = []
        for _ in range(7):
            assert pane.current is not None
            seen.append(pane.current.label)
            await tui.press("j")
        assert seen == ["next step", "value", "notes", "deleted", "phone", "phone", "phone"]
        await tui.press(*"kkkkkkk")
        assert pane.current is not None
        assert pane.current.label == "next step"
        for key, label in (("G", "phone"), ("g", "next step"), ("pagedown", "phone"), ("pageup", "next step")):
            await tui.press(key)
            assert pane.current is not None
            assert pane.current.label == label
        await tui.press("minus", "j", "k")
        assert pane.current is None
        assert "folded" in tui.text
