"""The keys that change fields of records, add to them and delete them."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Any

from tests.tui.test_forms import form, named, to
from tuicrm.tui.forms.screen import FormScreen
from tuicrm.tui.screens.find import Entry, Find, _completed, _last, fitting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    import pytest

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def held(session: Session, ids: list[str]) -> list[dict[str, Any]]:
    """Return deals by id."""
    return [session.ws.get("deal", one) or {} for one in ids]


async def test_the_owner_of_five_deals_takes_six_keystrokes(drive: Drive, session: Session) -> None:
    bob = next(key for key, one in session.ws.all("user").items() if one.get("handle") == "bob")
    async with drive() as tui:
        await tui.press("J", "J", "J", "J")
        ids = [key for _, key in tui.board.targets()]
        assert len(ids) == 5
        await tui.press("O", *"bob", "enter")
        assert "gave 5 deals to Bob Ray: u undoes" in tui.status
        assert {one["owner"] for one in held(session, ids)} == {bob}
        await tui.press("u")
        assert {one["owner"] for one in held(session, ids)} == {session.me}


async def test_tags_come_and_go_with_those_in_use_at_hand(drive: Drive, session: Session) -> None:
    from tuicrm.store.changes import Write

    other = session.ws.new_id()
    session.ws.commit([Write("company", other, {"name": "X", "tags": ["important one"]})], by="ann", note="")
    async with drive() as tui:
        ids = [key for _, key in tui.board.targets()]
        session.ws.commit([Write("deal", ids[0], {"tags": ["cold"]})], by="ann", note="")
        await tui.press("t", *"+hot -co", "tab")
        assert "now: cold" in tui.text
        await tui.press("enter")
        assert held(session, ids)[0]["tags"] == ["hot"]
        await tui.press("t", *"impor", "down", "enter", "enter")
        assert sorted(held(session, ids)[0]["tags"]) == ["hot", "important one"]


async def test_a_closing_date_in_words_is_echoed_and_is_one_step(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("J")
        ids = [key for _, key in tui.board.targets()]
        before = [one.get("expected_close") for one in held(session, ids)]
        await tui.press("C", *"in 3 weeks")
        assert "Thu 29 Oct 2026" in tui.status
        await tui.press("enter")
        assert {one["expected_close"] for one in held(session, ids)} == {"2026-10-29"}
        assert "2 deals: expected close" in tui.status
        await tui.press("u")
        assert [one.get("expected_close") for one in held(session, ids)] == before


async def test_what_is_deleted_can_be_undone_and_says_what_names_it(drive: Drive, session: Session) -> None:
    async with drive(size=(120, 40)) as tui:
        await tui.press("l", "l")
        deal = tui.board.targets()[0][1]
        assert held(session, [deal])[0]["name"] == "Acme renewal"
        await tui.press("D")
        assert session.ws.get("deal", deal) is None
        assert "removed Acme renewal" in tui.status
        assert "1 follow-up" in tui.status
        await tui.press("u")
        assert session.ws.get("deal", deal) is not None


async def test_what_is_added_to_a_record_is_linked_to_it(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "l")
        deal = tui.board.targets()[0][1]
        await tui.press("A", "3")
        assert "New follow-up for Acme renewal" in tui.text
        await tui.press(*"send terms", "tab", *"tomorrow 10", "enter")
        followup = next(one for one in session.ws.all("followup").values() if one.get("subject") == "send terms")
        assert followup["deal"] == deal
        assert followup["contacts"] == [named(session, "contact", "Jane Roe")["id"]]
        await tui.press("A", "2", *"Tom New", "enter")
        tom = named(session, "contact", "Tom New")
        assert tom["company"] == named(session, "company", "Acme GmbH")["id"]
        assert tom["id"] in held(session, [deal])[0]["contacts"]
        await tui.press("u")
        assert session.ws.get("contact", tom["id"]) is None
        assert tom["id"] not in held(session, [deal])[0]["contacts"]
        assert session.ws.get("followup", followup["id"]) is not None


def editor(tmp_path: Path, text: str) -> str:
    """Return the command of an editor that says what it was given and writes a text."""
    script = tmp_path / "my editor.sh"
    script.write_text(
        f'#!/bin/sh\ncp "$2" "{tmp_path}/given"\nstat -c "%a %n" "$2" > "{tmp_path}/stat"\nprintf "{text}" > "$2"\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return f'"{script}" --wait'


async def test_notes_are_written_in_the_users_editor(
    drive: Drive, session: Session, env: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    from textual.app import App

    @contextmanager
    def suspended(app: App[int]) -> Iterator[None]:
        yield

    monkeypatch.setattr(App, "suspend", suspended)
    env["EDITOR"] = editor(tmp_path, "one\\ntwo\\n")
    async with drive() as tui:
        deal = tui.board.targets()[0][1]
        await tui.press("E")
        assert held(session, [deal])[0]["notes"] == "one\ntwo"
        mode, path = (tmp_path / "stat").read_text().split(maxsplit=1)
        assert mode == "600"
        assert str(session.ws.root) not in path
        env["EDITOR"] = editor(tmp_path, "three\\nfour\\n")
        await tui.press("e")
        await to(tui, "notes")
        await tui.press("ctrl+g")
        assert "four" in tui.text
        await tui.press("ctrl+o")
        assert not isinstance(tui.app.screen, FormScreen)
        assert held(session, [deal])[0]["notes"] == "three\nfour"
        assert (tmp_path / "given").read_text() == "one\ntwo"


async def test_notes_of_several_at_once_are_refused(drive: Drive, session: Session, env: dict[str, str]) -> None:
    env["EDITOR"] = "/nowhere/editor"
    async with drive() as tui:
        await tui.press("J", "E")
        assert "notes are written one record at a time: Esc clears the marks" in tui.text
        assert not any(one.get("notes") == "one" for one in session.ws.all("deal").values())


async def test_notes_in_the_form_keep_their_lines(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        deal = tui.board.targets()[0][1]
        await tui.press("e")
        await to(tui, "notes")
        await tui.press(*"first", "enter", *"second", "tab", "shift+tab")
        assert "second" in tui.text
        held_slot = form(tui).slot
        assert held_slot is not None
        assert held_slot.name == "notes"
        await tui.press("ctrl+o")
        assert held(session, [deal])[0]["notes"] == "first\nsecond"


async def test_a_gate_asks_for_just_what_is_missing(drive: Drive, session: Session) -> None:
    from tuicrm.tui.forms.gates import ask_missing

    got: list[dict[str, list[str]]] = []
    async with drive() as tui:
        deal = tui.board.targets()[0][1]
        assert ask_missing(tui.board, ("lost_reason", "next_step"), [deal], "Proposal needs these", got.append)
        await tui.settle()
        assert [slot.name for slot in form(tui).sheet.slots] == ["next_step", "lost_reason"]
        assert "Proposal needs these" in tui.text
        await tui.press("enter")
        assert "is needed" in tui.text
        await tui.press(*"send it", "tab", *"pri", "down", "enter", "enter")
        assert got == [{"next_step": ["send it"], "lost_reason": ["price"]}]
        assert not ask_missing(tui.board, ("items",), [deal], "needs items", got.append)


async def test_the_finder_narrows_creates_and_cancels(drive: Drive) -> None:
    answers: list[Any] = []
    entries = [Entry("1", "Ann Lee", "ann"), Entry("2", "Joanna", "jo"), Entry("3", "Bob", "bob")]
    async with drive(size=(40, 12)) as tui:
        tui.app.push_screen(Find("Whom?", entries, create="add"), answers.append)
        await tui.press(*"ann", "enter")
        tui.app.push_screen(Find("Whom?", entries, create="add"), answers.append)
        await tui.press(*"zoe", "enter")
        tui.app.push_screen(Find("Whom?", entries), answers.append)
        await tui.press(*"zoe", "enter", "escape")
        assert [(one.key, one.text) if one else None for one in answers] == [("1", "Ann Lee"), ("", "zoe"), None]
    assert [one.key for one in fitting(entries, "ann")] == ["1", "2"]


def test_the_last_word_of_a_line_is_completed() -> None:
    assert _last("+hot -co") == "co"
    assert _last("big deal, -old o") == "old o"
    assert _completed("+hot -co", "cold") == "+hot -cold "
    assert _completed("hot imp", "important one") == "hot, important one, "
    assert _completed("a, -b", "bee") == "a, -bee, "
