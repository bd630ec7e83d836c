"""Editing in forms, by keys: one record or several, while others write too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.tui.test_forms import form, named, to
from tuicrm.crm.edit import edit
from tuicrm.crm.opening import open_session
from tuicrm.store.changes import Write
from tuicrm.tui.forms import open_form
from tuicrm.tui.forms.screen import FormScreen

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_only_what_was_changed_is_written(drive: Drive, session: Session) -> None:
    deal = named(session, "deal", "Acme renewal")
    async with drive() as tui:
        open_form(tui.app, "deal", record_id=deal["id"])
        await tui.settle()
        await to(tui, "expected_close")
        await tui.press("ctrl+u", *"end of next month")
        assert "30 Nov 2026" in tui.text
        await tui.press("enter")
    after = session.ws.get("deal", deal["id"]) or {}
    assert after["expected_close"] == "2026-11-30"
    changed = {name for name in after if after[name] != deal.get(name)} - {"_v"}
    assert changed == {"expected_close"}
    assert set(after["_v"]) - set(deal.get("_v", {})) == {"expected_close"}


async def test_a_change_underneath_is_shown_and_only_ones_own_is_written(
    drive: Drive, session: Session, env: dict[str, str]
) -> None:
    deal = named(session, "deal", "Acme renewal")
    async with drive(size=(120, 40)) as tui:
        open_form(tui.app, "deal", record_id=deal["id"])
        await tui.settle()
        await to(tui, "value")
        await tui.press("ctrl+u", *"15k")
        mate = open_session(session.ws.root, env)
        with mate.ws:
            record = mate.ws.get("deal", deal["id"]) or {}
            mate.commit(edit(mate, "deal", [record], {"name": ["Acme, again"], "value": ["14k"], "source": ["web"]}))
        tui.app._poll()
        await tui.settle()
        form(tui).follow()
        await tui.settle()
        assert "Acme, again" in tui.text
        assert "changed meanwhile: 14,000" in tui.text
        assert "15k" in tui.text
        await tui.press("enter")
    after = session.ws.get("deal", deal["id"]) or {}
    assert (after["name"], after["value"], after["source"]) == ("Acme, again", "15000.00", "web")


async def test_a_form_for_several_follows_what_they_hold_and_keeps_what_is_typed(
    drive: Drive, session: Session, env: dict[str, str]
) -> None:
    ids = [named(session, "deal", name)["id"] for name in ("Acme renewal", "Fjord")]
    async with drive(size=(120, 40)) as tui:
        open_form(tui.app, "deal", records=ids)
        await tui.settle()
        await to(tui, "value")
        await tui.press(*"15k")
        await to(tui, "source")
        assert "zebra" not in tui.text
        mate = open_session(session.ws.root, env)
        with mate.ws:
            records = [mate.ws.get("deal", key) or {} for key in ids]
            mate.commit(edit(mate, "deal", records, {"next_step": ["zebra"], "source": ["web"]}))
        tui.app._poll()
        await tui.settle()
        form(tui).follow()
        await tui.settle()
        assert "zebra" in tui.text
        assert form(tui).line.placeholder == "(web)"
        await tui.press("enter")
    after = [session.ws.get("deal", key) or {} for key in ids]
    assert [(one["value"], one["next_step"], one["source"]) for one in after] == [("15000.00", "zebra", "web")] * 2


async def test_a_record_deleted_meanwhile_is_not_written(drive: Drive, session: Session) -> None:
    from tuicrm.store.changes import Remove

    deal = named(session, "deal", "Acme renewal")
    async with drive() as tui:
        open_form(tui.app, "deal", record_id=deal["id"])
        await tui.press(*" x")
        session.ws.commit([Remove("deal", deal["id"])], by="bob", note="")
        form(tui).follow()
        await tui.settle()
        assert "deleted meanwhile" in tui.text
        await tui.press("enter")
        assert "has been deleted" in tui.text
        assert isinstance(tui.app.screen, FormScreen)


async def test_a_form_for_several_records_writes_what_is_filled_in(drive: Drive, session: Session) -> None:
    async with drive() as tui:
        await tui.press("J", "J")
        ids = [key for _, key in tui.board.targets()]
        assert len(ids) == 3
        before = [dict(session.ws.get("deal", one) or {}) for one in ids]
        await tui.press("e")
        assert "Edit 3 deals" in tui.text
        assert "(they differ)" in tui.text
        await to(tui, "source")
        await tui.press(*"fair 2026", "enter")
        after = [session.ws.get("deal", one) or {} for one in ids]
        assert {one["source"] for one in after} == {"fair 2026"}
        assert [one["name"] for one in after] == [one["name"] for one in before]
        await tui.press("u")
    assert [(session.ws.get("deal", one) or {}).get("source") for one in ids] == [one.get("source") for one in before]


async def test_a_date_in_a_zone_of_its_own_survives_an_edit_of_something_else(drive: Drive, session: Session) -> None:
    key = session.ws.new_id()
    due = "2026-10-09T10:00[Asia/Tehran]"
    session.ws.commit([Write("followup", key, {"subject": "call", "due": due})], by="ann", note="")
    async with drive() as tui:
        open_form(tui.app, "followup", record_id=key)
        await tui.press(*" again", "enter")
    held = session.ws.get("followup", key) or {}
    assert (held["subject"], held["due"]) == ("call again", due)
