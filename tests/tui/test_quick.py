"""Quick add by keys: what is typed is understood while typing, saved with Enter, and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events

from tuicrm.crm.edit import add
from tuicrm.crm.opening import open_session

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

SIGNS = {" ": "space", ":": "colon", "#": "number_sign", "@": "at", "*": "asterisk", "!": "exclamation_mark"}


def typed(text: str) -> list[str]:
    """Return the keys of a text."""
    return [SIGNS.get(one, one) for one in text]


def newest(session: Session, kind: str) -> dict[str, object]:
    """Return the record made last, as another program reads it."""
    records = session.ws.all(kind)
    return dict(records[max(records)])


async def test_a_line_becomes_a_follow_up_and_can_be_undone(drive: Drive, session: Session) -> None:
    before = len(session.ws.all("followup"))
    async with drive() as tui:
        await tui.press("colon", *typed("call jane tomorrow 10am re acme renewal"))
        lines = tui.text.splitlines()
        assert lines[3] == " : call jane tomorrow 10am re acme renewal"
        assert [line.split()[0] for line in lines[5:11]] == ["Follow-up", "what", "when", ">", "deal", "owner"]
        assert "Fri 9 Oct 2026 10:00" in tui.text
        assert "or new 'jane'" in tui.text
        await tui.press("enter")
        assert tui.status.startswith(" added follow-up call Jane Roe: u undoes")
        assert newest(session, "followup")["subject"] == "call Jane Roe"
        assert tui.app.main.pane is tui.board
        assert tui.board.has_focus
        await tui.press("u")
        assert len(session.ws.all("followup")) == before


async def test_down_takes_another_candidate_and_up_another_field(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("colon", *typed("mailed tom re acme"))
        assert "> who            Tom Winter" in tui.text
        await tui.press("down")
        assert "> who            Tom Ek" in tui.text
        await tui.press(*typed(" today"))
        assert "> who            Tom Ek" in tui.text
        await tui.press("up")
        assert "> deal           Acme renewal" in tui.text
        await tui.press("enter")
        entry = newest(session, "activity")
        contact = session.ws.get("contact", entry["contacts"][0])  # type: ignore[index]
        assert contact is not None
        assert contact["name"] == "Tom Ek"


async def test_escape_keeps_the_text_for_the_next_time(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("colon", *typed("deal Zeta 12k"), "escape")
        assert "Zeta 12k" not in tui.text
        assert tui.board.has_focus
        await tui.press("l", "colon")
        assert " : deal Zeta 12k" in tui.text
        await tui.press(*typed("0"), "enter")
        assert tui.status.startswith(" added deal Zeta: u undoes") or "Zeta" in tui.status
        await tui.press("colon")
        assert " : call" not in tui.text
        assert "Zeta" not in tui.text.splitlines()[3]


async def test_tab_opens_the_form_and_shift_tab_changes_the_kind(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("colon", *typed("call jane 12k friday"))
        kinds = []
        for _ in range(5):
            kinds.append(tui.text.splitlines()[5].split()[0])
            await tui.press("shift+tab")
        assert kinds == ["Follow-up", "Call", "Deal", "Contact", "Company"]
        await tui.press("tab")
        assert "New follow-up" in tui.text
        assert "call Jane Roe 12k" in tui.text


async def test_the_name_of_a_list_goes_there(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("colon", *typed("follow-ups"))
        assert "Go to the follow-ups" in tui.text
        await tui.press("enter")
        assert "[3 Follow-ups" in tui.text.splitlines()[0]
        await tui.press("colon", *typed("deals"), "enter")
        assert tui.text.startswith(" [1 Pipeline]")


async def test_typing_survives_what_others_write_and_a_resize(
    drive: Drive, session: Session, env: dict[str, str]
) -> None:
    async with drive() as tui:
        await tui.press("colon", *typed("call max"), "left", "left")
        other = open_session(session.ws.root, env)
        other.commit(add(other, "contact", {"name": ["Maximilian Zed"]}))
        other.ws.close()
        for _ in range(50):
            await tui.pilot.pause(0.1)
            if "Maximilian" in tui.text:
                break
        assert "Maximilian" in tui.text
        await tui.pilot.resize_terminal(60, 20)
        await tui.settle()
        assert " : call max" in tui.text
        await tui.press("k")
        assert " : call mkax" in tui.text


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 12), (40, 6), (20, 5)])
async def test_it_fits_every_screen(drive: Drive, size: tuple[int, int]) -> None:
    async with drive(size) as tui:
        await tui.press("colon", *typed("called jane: wants SOC2 next 3d #hot *zed"))
        assert " : " in tui.text
        assert "hot *zed" in tui.text
        if size[0] >= 40:
            assert "wants SOC2" in tui.text
        if size[1] >= 12:
            assert "Jane Roe" in tui.text
            assert any(
                "*zed" in line for line in tui.text.splitlines() if "not understood" in line or "unclear" in line
            )
            assert "Enter saves" in tui.text


async def test_what_cannot_be_saved_says_why_and_stays(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("colon", *typed("contact @acme"), "enter")
        assert "name: a contact needs one" in tui.text
        assert " : contact @acme" in tui.text
        await tui.press("enter", *typed(" Zoe"), "enter")
        assert newest(session, "contact")["name"] == "Zoe"


async def test_nothing_typed_closes(drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("colon")
        await tui.until(lambda: "call jane tomorrow 10am re acme renewal" in tui.text)
        await tui.press("enter")
        await tui.until(lambda: tui.board.has_focus and "call jane tomorrow" not in tui.text)


async def test_keys_that_come_faster_than_the_screen_are_in_the_line(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        tui.app.post_message(events.Key("colon", ":"))
        for one in "task zoom in":
            tui.app.post_message(events.Key(SIGNS.get(one, one), one))
        tui.app.post_message(events.Key("enter", None))
        for _ in range(5):
            await tui.settle()
        assert newest(session, "followup")["subject"] == "zoom in"
        assert tui.board.has_focus


@pytest.mark.parametrize(
    "text", ["call \x1b[2J jane", "deal a\u202eb 12k", "[/b] task [red]x", "note \ufffe #\u200b", "😀" * 90]
)
async def test_no_text_steers_the_terminal(drive: Drive, text: str) -> None:
    async with drive() as tui:
        await tui.press("colon")
        tui.app.typing_into.value = text  # type: ignore[union-attr]
        await tui.settle()
        assert not {"\x1b", "\u202e", "\u200b", "\ufffe"} & set(tui.text)
        await tui.press("down", "up", "shift+tab", "escape")
        assert tui.board.has_focus


async def test_a_key_writes_little(drive: Drive) -> None:
    """What a letter changes is drawn again, not the bar: the lines of the preview that stay are not touched."""
    async with drive() as tui:
        await tui.press("colon", *typed("call jane re acme renewal tomorro"))
        preview = tui.app.main.query_one("#quick-preview")
        before = tui.text.splitlines()
        await tui.press("w")
        after = tui.text.splitlines()
        differ = [at for at, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]]
        assert len(differ) <= 4
        assert preview.size.height == 12
