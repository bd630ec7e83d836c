"""Line items and quotes by keys: none of it in sight until it is used, and a quote wins its deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import pipelines
from tuicrm.crm.plan import Plan
from tuicrm.store.changes import Write
from tuicrm.tui.screens.items import Items
from tuicrm.tui.screens.quoted import Quoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def deal(session: Session, name: str) -> dict[str, Any]:
    return next(one for one in session.ws.all("deal").values() if one.get("name") == name)


def emptied(session: Session, name: str) -> None:
    """Take the items of a deal of the sample away."""
    session.commit(Plan((Write("deal", deal(session, name)["id"], {"items": None}),), "emptied"))


async def test_items_are_typed_in_a_line_each_and_the_value_follows_on_demand(drive: Drive, session: Session) -> None:
    emptied(session, "Quint")
    before = deal(session, "Quint")["value"]
    async with drive() as tui:
        await tui.press("l", "enter")
        assert "PRODUCTS" not in tui.text
        assert "QUOTES" not in tui.text
        await tui.press("ctrl+p", *"line items")
        await tui.press("enter")
        assert isinstance(tui.app.screen, Items)
        assert "no items yet" in tui.text
        await tui.press("a", *"20 Seats @ 49.99 -10% old friend", "enter")
        assert "899.82  20 Seats @ 49.99 -10% old friend" in tui.text
        await tui.press("a", *"Training @ 5 USD", "enter")
        assert "is in USD, but the deal is in" in tui.text
        await tui.press("escape")
        assert isinstance(tui.app.screen, Items)
        assert deal(session, "Quint")["value"] == before
        await tui.press("v")
        assert deal(session, "Quint")["value"] == "899.82"
        await tui.press("D")
        assert "no items yet" in tui.text
        await tui.press("escape", "u")
        assert len(deal(session, "Quint")["items"]) == 1


async def test_a_quote_is_made_read_and_accepted(drive: Drive, session: Session) -> None:
    session.commit(pipelines.edit_stage(session, pipelines.default(session), "won", checks=["contract signed"]))
    async with drive(size=(100, 40)) as tui:
        await tui.press("l", "enter", "ctrl+p", *"make a quote")
        await tui.press("enter")
        assert "a quote is made of line items" in tui.text
        await tui.press("a", *"2 Seat @ 40.5", "enter", "escape", "ctrl+p", *"make a quote")
        await tui.press("enter")
        assert isinstance(tui.app.screen, Quoted)
        assert "Quote Q-" in tui.text
        await tui.press("escape")
        (quote,) = session.ws.all("quote").values()
        page = tui.app.main.pane
        page.go(page.page.rows.find(f"quote {quote['id']}"))  # type: ignore[union-attr]
        await tui.press("e")
        assert f"Edit {quote['number']}" in tui.text
        assert "valid until" in tui.text
        await tui.press("escape", "enter", "s")
        (quote,) = session.ws.all("quote").values()
        assert quote["status"] == "sent"
        assert "QUOTES" in tui.text
        row = next(line for line in tui.text.splitlines() if quote["number"] in line)
        assert "sent" in row
        page.go(page.page.rows.find(f"quote {quote['id']}"))  # type: ignore[union-attr]
        await tui.press("enter")
        assert f"{quote['number']}: sent" in tui.text
        before = deal(session, "Quint")["value"]
        await tui.press("w")
        assert "the deal's value becomes EUR 81" in tui.text
        await tui.press("1")
        assert "1 [ ] contract signed" in tui.text
        await tui.press("1")
        (quote,) = session.ws.all("quote").values()
        assert quote["status"] == "accepted"
        assert (deal(session, "Quint")["stage"], deal(session, "Quint")["value"]) == ("won", "81.00")
        await tui.press("u")
        (quote,) = session.ws.all("quote").values()
        assert quote["status"] == "sent"
        assert (deal(session, "Quint")["stage"], deal(session, "Quint")["value"]) == ("qualified", before)


async def test_a_quote_is_edited_and_written_to_a_file(drive: Drive, session: Session, tmp_path: Path) -> None:
    async with drive(size=(100, 40)) as tui:
        await tui.press("l", "enter", "ctrl+p", *"line items", "enter", "a", *"2 Seat @ 40.5", "enter", "escape")
        await tui.press("ctrl+p", *"make a quote", "enter", "e")
        assert "Edit Q-" in tui.text
        await tui.press("escape")
        for name, begins in (("offer.pdf", b"%PDF-"), ("offer.html", b"<!DOCTYPE html>")):
            await tui.press("ctrl+p", *"latest quote", "enter", "p")
            await tui.press("ctrl+a", "ctrl+k", *str(tmp_path / name), "enter")
            await tui.until(lambda: "wrote" in tui.text)
            assert (tmp_path / name).read_bytes().startswith(begins)
            await tui.press("escape")
        await tui.press("ctrl+p", *"latest quote", "enter", "p", *".docx", "enter")
        assert "a quote is written as .txt, .md, .html, .pdf" in tui.text
        await tui.press("ctrl+p", *"latest quote", "enter", "s", "ctrl+p", *"latest quote", "enter")
        assert "e edits" not in tui.text
        await tui.press("e")
        assert isinstance(tui.app.screen, Quoted)


async def test_a_quote_is_declined_and_the_deal_goes_or_stays(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("l", "enter", "ctrl+p", *"line items", "enter", "a", *"2 Seat @ 40.5", "enter", "escape")
        await tui.press("ctrl+p", *"make a quote", "enter", "x")
        assert "1 price" in tui.text
        place = tui.text.partition("another reason")[0].splitlines()[-1].split()[-1]
        await tui.press(place, *"odd", "enter")
        assert "the deal stays open" in tui.text
        await tui.press("2")
        (quote,) = session.ws.all("quote").values()
        assert (quote["status"], quote["reason"]) == ("declined", "odd")
        assert deal(session, "Quint")["lost_reason"] == "odd"
