"""Still right? One key says that somebody's details are; who was not looked at for long is asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.config import set_value
from tuicrm.crm.freshness import stale
from tuicrm.crm.lookup import find

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.tui.conftest import Driver
    from tuicrm.crm.session import Session

    Drive = Callable[..., AbstractAsyncContextManager[Driver]]


def _verified(session: Session, name: str) -> Any:
    return find(session, "contact", name).get("last_verified")


async def test_a_key_in_the_contacts_verifies_and_undo_takes_it_back(session: Session, drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("5", "i")
        held = session.ws.all("contact").values()
        (name,) = (one["name"] for one in held if one.get("last_verified") == "2026-10-08")
        assert f"still right: {name}" in tui.status
        await tui.press("u")
        assert _verified(session, name) is None


async def test_a_key_verifies_all_that_are_marked_as_one_step(session: Session, drive: Drive) -> None:
    async with drive() as tui:
        await tui.press("5", "J", "i")
        held = [one for one in session.ws.all("contact").values() if one.get("last_verified") == "2026-10-08"]
        assert len(held) == 2
        await tui.press("u")
        assert not any(one.get("last_verified") == "2026-10-08" for one in session.ws.all("contact").values())


async def test_the_record_says_that_mail_comes_back_and_takes_the_key(session: Session, drive: Drive) -> None:
    from tuicrm.crm.freshness import bounced

    session.commit(bounced(session, [find(session, "contact", "Jane Roe")]))
    async with drive() as tui:
        tui.app.open_record("contact", str(find(session, "contact", "Jane Roe")["id"]))
        await tui.settle()
        assert "~ BOUNCED: e-mails come back" in tui.text
        await tui.press("m")
        assert "~Jane Roe is marked as bounced" in tui.text
        await tui.press("escape", "i")
        assert _verified(session, "Jane Roe") == "2026-10-08"
        assert "still marked as bounced" in " ".join(tui.text.split())


async def test_the_list_marks_who_cannot_be_reached(session: Session, drive: Drive) -> None:
    from tuicrm.crm.freshness import bounced

    first = min((str(one["name"]) for one in session.ws.all("contact").values()), key=str.casefold)
    session.commit(bounced(session, [find(session, "contact", first)]))
    async with drive() as tui:
        await tui.press("5")
        await tui.until(lambda: f"~{first}" in tui.text)
        assert "~BOUNCED: e-mails come back" in tui.text


async def test_a_few_are_asked_about_among_the_follow_ups(session: Session, drive: Drive) -> None:
    session.commit(set_value(session, "stale_days", "3"))
    async with drive(size=(100, 50)) as tui:
        await tui.press("3")
        await tui.until(lambda: "STILL RIGHT?" in tui.text)
        asked = stale(session, mine=True)
        assert len(asked) > 5
        assert f"STILL RIGHT? (5 of {len(asked)})" in tui.text
        await tui.press("G", "i")
        await tui.until(lambda: f"STILL RIGHT? (5 of {len(asked) - 1})" in tui.text)
        assert _verified(session, str((session.ws.get("contact", asked[4].id) or {})["name"])) == "2026-10-08"
        assert not any(one.get("done_at") == "2026-10-08" for one in session.ws.all("followup").values())


async def test_nobody_is_asked_about_where_that_is_switched_off(session: Session, drive: Drive) -> None:
    session.commit(set_value(session, "stale_days", "0"))
    async with drive(size=(100, 50)) as tui:
        await tui.press("3")
        from tuicrm.crm.talks import ready

        await tui.until(lambda: ready(session))
        await tui.settle()
        assert "STILL RIGHT?" not in tui.text
        assert stale(session) == []
