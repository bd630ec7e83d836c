"""Copying: what reaches the terminal is base64 in OSC 52, wrapped for what lies between, and nothing of the data."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.copyable import copyable
from tuicrm.store.changes import Write
from tuicrm.tui import clipboard

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def osc(text: str) -> str:
    """Return the sequence that sets the clipboard."""
    return f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what is written to the terminal beside the screen's own updates, and what tmux is given."""
    from textual.drivers.headless_driver import HeadlessDriver

    found: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "write", lambda self, data: found.append(data) if "]52;" in data else None)
    monkeypatch.setattr(clipboard, "hand_to_tmux", lambda text, env: found.append(f"tmux {text}"))
    return found


def jane(session: Session) -> dict[str, object]:
    """Return a contact of the sample workspace."""
    return next(one for one in session.ws.all("contact").values() if one.get("name") == "Jane Roe")


async def test_a_digit_chooses_what_is_copied(drive: Drive, session: Session, sent: list[str]) -> None:
    phone = next(iter(jane(session)["phones"]))  # type: ignore[call-overload]
    async with drive() as tui:
        await tui.press("5", "slash", *"jane", "enter", "y")
        for word in ("phone", "e-mail", "name", "id"):
            assert word in tui.text
        await tui.press("1")
        assert sent == [osc(phone)]
        assert tui.status.startswith(f" Copied {phone}")


async def test_the_field_under_the_cursor_is_copied_at_once(drive: Drive, session: Session, sent: list[str]) -> None:
    async with drive() as tui:
        await tui.press("5", "slash", *"jane", "enter", "enter", "j", "j", "y")
        await tui.press("j", "enter")
        assert sent == [osc(next(iter(jane(session)[name]))) for name in ("phones", "emails")]  # type: ignore[call-overload]


async def test_inside_tmux_and_screen_it_is_wrapped(
    drive: Drive, session: Session, sent: list[str], env: dict[str, str]
) -> None:
    env["TMUX"] = "/tmp/tmux-0/default,1,0"  # only its being there counts
    async with drive() as tui:
        await tui.press("5", "slash", *"jane", "enter", "enter", "j", "y")
        wrapped = f"\x1bPtmux;\x1b{osc('CTO')}\x1b\\"
        assert sent == [osc("CTO"), wrapped, "tmux CTO"]
    pieces = list(clipboard.sequences("x" * 500, {"STY": "1.pts"}))[1:]
    assert len(pieces) > 1
    assert all(one.startswith("\x1bP") and one.endswith("\x1b\\") for one in pieces)
    assert "".join(one[2:-2] for one in pieces) == osc("x" * 500)


async def test_nothing_of_the_data_is_sent_as_it_is(drive: Drive, session: Session, sent: list[str]) -> None:
    key = str(jane(session)["id"])
    evil = "CTO\x1b]0;owned\x07\x9b2J"
    session.ws.commit([Write("contact", key, {"title": evil})], by="ann", note="evil")
    async with drive() as tui:
        await tui.press("5", "slash", *"jane", "enter", "enter", "j", "y")
    assert sent == [osc("CTO␛]0;owned␇<U+009B>2J")]


async def test_too_much_is_not_sent(drive: Drive, session: Session, sent: list[str]) -> None:
    session.ws.commit([Write("contact", str(jane(session)["id"]), {"title": "x" * 60_000})], by="ann", note="long")
    async with drive() as tui:
        await tui.press("5", "slash", *"jane", "enter", "enter", "j", "y")
        assert "too long to copy" in tui.status
    assert sent == []


def test_of_several_records_each_sort_of_thing_once(session: Session) -> None:
    refs = [("contact", key) for key in list(session.ws.all("contact"))[:3]]
    found = {one.label: one.text for one in copyable(session, refs)}
    assert found["e-mail"].count(", ") == 2
    assert found["name"].count("\n") == 2
    assert copyable(session, [("contact", "gone")]) == []


def test_a_deal_offers_the_numbers_of_its_people(session: Session) -> None:
    deal = next(one for one in session.ws.all("deal").values() if one.get("name") == "Acme renewal")
    found = [(one.label, one.text) for one in copyable(session, [("deal", deal["id"])])]
    assert ("value", "EUR 12,000.00") in found or ("value", "EUR 12,000") in found
    assert ("phone", next(iter(jane(session)["phones"]))) in found  # type: ignore[call-overload]
