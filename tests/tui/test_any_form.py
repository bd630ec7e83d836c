"""Every form of every kind, whatever its record holds, at any size: it opens, it is harmless, it loses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.style import Style

from tests.tui.test_safety import EVIL, unsafe
from tuicrm.crm.echo import can_type
from tuicrm.records.registry import KINDS
from tuicrm.store.changes import Remove, Write
from tuicrm.tui.forms import open_form
from tuicrm.tui.forms.picture import Look, clicked, draw, scrolled
from tuicrm.tui.forms.screen import FormScreen
from tuicrm.tui.forms.sheet import Sheet
from tuicrm.tui.safe import strip

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]

storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
odd = st.recursive(
    storable | st.integers(-9, 9) | st.booleans(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(storable, inner, max_size=2),
    max_leaves=4,
)


def put(session: Session, kind: str, fields: dict[str, Any]) -> str:
    """Store a record as it is, and return its id."""
    key = session.ws.new_id()
    session.ws.commit([Write(kind, key, {"name": "x", **fields})], by="ann", note="")
    return key


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.data())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_form_is_drawn_for_any_record_at_any_size(session: Session, kind: str, data: st.DataObject) -> None:
    names = [one.name for one in KINDS[kind].all_fields if can_type(one)]
    key = put(session, kind, data.draw(st.dictionaries(st.sampled_from(names), odd)))
    try:
        draws_harmlessly(session, kind, key, data)
    finally:
        # A `field` record declares fields of the forms that come after it.
        session.ws.commit([Remove(kind, key)], by="ann", note="")


def draws_harmlessly(session: Session, kind: str, key: str, data: st.DataObject) -> None:
    """Draw the form of a record at any size and place."""
    sheet = Sheet(session, kind, ids=[key])
    assert not sheet.dirty
    assert not sheet.draft()
    if data.draw(st.booleans()):
        sheet.unfold()
    width, height = data.draw(st.integers(1, 130)), data.draw(st.integers(1, 50))
    look = Look(sheet, "Edit", at=data.draw(st.integers(0, len(sheet.slots) - (not sheet.folded))))
    look.top = scrolled(look, height)
    lines, place = draw(look, width, height)
    made = [strip(line, width, lambda name: Style.null()) for line in lines]
    assert not any(unsafe(one.text) for one in made)
    if height > 6:
        assert len(lines) == height
        assert (place is not None) == (look.slot is not None)
    if place is not None and height > 6:
        assert clicked(look, place.y, height) == look.at


@pytest.mark.parametrize("kind", sorted(KINDS))
async def test_texts_from_outside_are_harmless_in_every_field(drive: Drive, session: Session, kind: str) -> None:
    names = [one.name for one in session.kind(kind).all_fields if can_type(one)]
    fields: dict[str, Any] = {name: EVIL[place % len(EVIL)] for place, name in enumerate(names)}
    key = put(session, kind, fields)
    before = session.ws.get(kind, key)
    async with drive() as tui:
        open_form(tui.app, kind, record_id=key)
        await tui.settle()
        await tui.press("ctrl+n")
        screen = tui.app.screen
        assert isinstance(screen, FormScreen)
        for place in range(len(screen.sheet.slots)):
            screen.go(place)
            await tui.pilot.pause()
            assert not any(unsafe(line) for line in tui.text.split("\n")), screen.slot
        await tui.press("ctrl+f", "escape")
        assert not screen.sheet.dirty
        await tui.press("escape")
        assert tui.app.is_running
    assert session.ws.get(kind, key) == before


@pytest.mark.parametrize("size", [(40, 12), (60, 15), (200, 60), (20, 6)])
async def test_a_form_works_at_any_size(drive: Drive, session: Session, size: tuple[int, int]) -> None:
    async with drive(size=size) as tui:
        open_form(tui.app, "company")
        await tui.press(*"Small screen", "tab", *"small.example", "enter")
        assert any(one.get("domain") == "small.example" for one in session.ws.all("company").values())
        open_form(tui.app, "deal")
        await tui.press(*"Half")
        await tui.pilot.resize_terminal(90, 30)
        await tui.settle()
        assert "Half" in tui.text
        await tui.press("escape")
