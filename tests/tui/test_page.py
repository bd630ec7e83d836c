"""The page of a record as such: lazily drawn, kept in place when it is read again, safe whatever it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.crm.history import history
from tuicrm.store.changes import Write
from tuicrm.tui.pages import read_page
from tuicrm.tui.pages.links import target
from tuicrm.tui.panes.record import RecordPane

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

MANY = 3000


def acme(session: Session) -> str:
    """Return the id of a deal of the sample workspace."""
    return next(str(one["id"]) for one in session.ws.all("deal").values() if one.get("name") == "Acme renewal")


def talk(session: Session, count: int, deal: str) -> None:
    """Log many calls, long ago."""
    held = [
        Write(
            "activity",
            session.ws.new_id(1_700_000_000_000 + number * 60_000),
            {"type": "call", "subject": f"Thing {number}", "body": "one two " * 20, "deal": deal},
        )
        for number in range(count)
    ]
    session.ws.commit(held, by="ann", note="talk")


def test_every_entry_of_the_history_is_on_the_timeline(session: Session) -> None:
    for kind in ("deal", "company", "contact", "followup", "user"):
        for key in list(session.ws.all(kind))[:40]:
            page = read_page(session, (kind, key))
            assert page is not None
            items = [one for one in page.timeline.items if not isinstance(one, int)]
            told = history(session, kind, key)
            assert sorted(one.id for one in items) == sorted(one.id for one in told)
            assert [one.at for one in items] == sorted((one.at for one in items), reverse=True)


def pane_of(tui: Driver) -> RecordPane:
    """Return the record view."""
    pane = tui.app.main.pane
    assert isinstance(pane, RecordPane)
    return pane


async def test_a_long_history_is_put_into_words_where_it_is_seen(drive: Drive, session: Session) -> None:
    talk(session, MANY, acme(session))
    async with drive() as tui:
        await tui.press("l", "l", "enter")
        page = pane_of(tui).page
        assert page is not None
        assert len(page.rows) > MANY
        assert len(page.rows._made) < 100
        assert "older" in tui.text
        await tui.press("G")
        assert "Thing 0" in tui.text
        await tui.press("k", "k", "k", "pageup", "g", "j")
        assert len(page.rows._made) < 200


async def test_a_change_from_outside_leaves_cursor_and_scroll(drive: Drive, session: Session) -> None:
    talk(session, 300, acme(session))
    async with drive() as tui:
        await tui.press("l", "l", "enter", *["tab"] * 4, *["pagedown"] * 3, "j")
        before = tui.text.splitlines()[2:-5]
        right = [line.partition("│")[2] for line in before]
        call = {"type": "call", "subject": "just now", "deal": acme(session), "at": "2026-10-08T08:59:00Z"}
        session.ws.commit([Write("activity", session.ws.new_id(), call)], by="bob", note="call")
        tui.app.changed()
        await tui.settle()
        assert [line.partition("│")[2] for line in tui.text.splitlines()[2:-5]] == right
        await tui.press("g")
        assert "just now" in tui.text


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (200, 60)])
async def test_down_reaches_the_end_and_up_the_beginning(drive: Drive, session: Session, size: tuple[int, int]) -> None:
    talk(session, 9, acme(session))
    async with drive(size) as tui:
        await tui.press("l", "l", "enter")
        await tui.counted()
        pane = pane_of(tui)
        assert pane.page is not None
        begun, end = tui.text, pane.page.rows.after(len(pane.page.rows), -1)
        for there, back in (("j", "k"), ("pagedown", "pageup")):
            presses = 0
            while (pane.at != end or pane.history.hidden_below) and presses < 100:
                await tui.pilot.press(there)
                presses += 1
            assert pane.at == end
            while pane.at >= 0 and presses < 200:
                await tui.pilot.press(back)
                presses += 1
            await tui.settle()
            assert tui.text == begun


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_an_address_that_is_linked_to_is_harmless(text: str) -> None:
    for name in ("phones", "emails", "website", "domain", "anything"):
        found = target(name, text)
        assert found.isascii()
        assert found.isprintable()
        assert " " not in found


def test_addresses() -> None:
    assert target("phones", "+49305550142x7") == "tel:+49305550142"
    assert target("emails", "jane@acme.example") == "mailto:jane@acme.example"
    assert target("website", "acme.example/über") == "https://acme.example/%C3%BCber"
    assert target("contract", "https://acme.example/a b") == "https://acme.example/a%20b"
    assert target("title", "CTO") == ""


async def test_links_reach_the_terminal_and_nothing_of_them_is_raw(drive: Drive, session: Session) -> None:
    jane = next(one for one in session.ws.all("contact").values() if one.get("name") == "Jane Roe")
    async with drive() as tui:
        tui.app.open_record("contact", str(jane["id"]))
        await tui.settle()
        segments = [one for strip in tui.app.screen._compositor.render_strips() for one in strip]
        links = {one.style.link for one in segments if one.style is not None and one.style.link}
        assert f"tel:{next(iter(jane['phones']))}" in links
        assert f"mailto:{next(iter(jane['emails']))}" in links
        assert not any("  " in one.text for one in segments if one.style is not None and one.style.link)


async def test_the_preview_follows_the_cursor(drive: Drive) -> None:
    async with drive((200, 60)) as tui:
        await tui.pilot.pause(0.5)
        await tui.settle()
        shown = "\n".join(line[147:] for line in tui.text.splitlines())
        assert "HISTORY" in shown
        await tui.press("p")
        assert "HISTORY" not in tui.text
