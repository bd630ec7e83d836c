"""What one day asks for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tuicrm.crm.agenda import agenda

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.agenda import Item
    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def titles(items: list[Item]) -> list[str]:
    return [item.title for item in items]


def fill(session: Session, put: Put) -> None:
    bob = next(one["id"] for one in session.ws.all("user").values() if one["handle"] == "bob")
    acme, jane = put("company", name="Acme"), put("contact", name="Jane Roe")
    deal = put(
        *("deal",),
        **{"name": "Renewal", "company": acme, "stage": "demo", "value": "12000.00", "currency": "EUR"},
        **{"owner": session.me, "expected_close": "2026-10-08"},
    )
    put("deal", name="past", stage="demo", expected_close="2026-10-01", owner=session.me)
    put("deal", name="won", stage="won", expected_close="2026-10-01", owner=session.me)
    put("deal", name="bobs", stage="demo", expected_close="2026-10-08", owner=bob)
    put("followup", subject="late", due="2026-10-05", deal=deal, owner=session.me)
    put("followup", subject="any time", due="2026-10-08", contacts=[jane], repeat="FREQ=DAILY")
    put("followup", subject="at ten", due="2026-10-08T10:00[Europe/Berlin]", owner=session.me)
    put("followup", subject="tomorrow", due="2026-10-09", owner=session.me)
    put("followup", subject="undated", owner=session.me)
    put("followup", subject="done", due="2026-10-08", done_at="2026-10-08T07:00:00Z", owner=session.me)
    put("followup", subject="slept", due="2026-10-08", snoozed_until="2026-10-10", owner=session.me)
    put("followup", subject="bobs", due="2026-10-08", owner=bob)
    put("activity", type="meeting", subject="demo", at="2026-10-08T12:30:00Z", owner=session.me, deal=deal)
    put("activity", type="meeting", subject="night before", at="2026-10-07T21:30:00Z", owner=session.me)
    put("activity", type="call", subject="no meeting", owner=session.me)


def test_a_day_of_my_own(session: Session, put: Put) -> None:
    fill(session, put)
    day = agenda(session)
    assert day.day == "2026-10-08"
    assert titles(day.late) == ["late"]
    assert titles(day.today) == ["at ten", "any time"]
    assert titles(day.meetings) == ["demo"]
    assert titles(day.closes) == ["past", "Renewal"]


def test_lines_say_when_who_and_what_it_is_worth(session: Session, put: Put) -> None:
    fill(session, put)
    day = agenda(session)
    late, ten, loose = day.late[0], day.today[0], day.today[1]
    assert (late.day, late.text, late.deal, late.value_text, late.owner_name) == (
        *("2026-10-05", "late 3d", "Renewal", "12k"),
        "Ann Lee",
    )
    assert (ten.time, ten.text, ten.who) == ("10:00", "today", "")
    assert (loose.time, loose.who, loose.repeats, loose.owner_name) == ("", "Jane Roe", True, "")
    assert (day.meetings[0].time, day.closes[0].text, day.closes[1].who) == ("14:30", "late 7d", "Acme")


def test_everyone_s_day_has_what_others_own(session: Session, put: Put) -> None:
    fill(session, put)
    day = agenda(session, everyone=True)
    assert "bobs" in titles(day.today)
    assert "bobs" in titles(day.closes)


def test_another_day_counts_from_there(session: Session, put: Put) -> None:
    fill(session, put)
    day = agenda(session, date(2026, 10, 9))
    assert titles(day.today) == ["tomorrow"]
    assert [(item.title, item.text) for item in day.late] == [
        ("late", "late 4d"),
        ("at ten", "late 1d"),
        ("any time", "late 1d"),
    ]


def test_an_empty_workspace_asks_for_nothing(session: Session) -> None:
    day = agenda(session)
    assert [day.late, day.today, day.meetings, day.closes] == [[], [], [], []]
