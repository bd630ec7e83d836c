"""Follow-ups: done, put off, set for another day, and coming back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.crm import followups
from tuicrm.crm.edit import add
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Acme = dict[str, str]


def made(session: Session, **typed: str) -> str:
    plan = add(session, "followup", {"subject": ["call"], **{name: [text] for name, text in typed.items()}})
    session.commit(plan)
    return plan.ids[0]


def held(session: Session, key: str) -> dict[str, Any]:
    record = session.ws.get("followup", key)
    assert record is not None
    return record


def others(session: Session, key: str) -> list[dict[str, Any]]:
    return [one for one in session.ws.all("followup").values() if one["id"] != key]


def test_done_is_done_now_and_shown_again_no_more(session: Session) -> None:
    key = made(session, due="yesterday", snoozed_until="tomorrow")
    session.commit(followups.done(session, [held(session, key)]))
    assert held(session, key)["done_at"] == "2026-10-08T09:00:00Z"
    assert "snoozed_until" not in held(session, key)
    assert others(session, key) == []


def test_what_is_done_already_stays_as_it_is_and_is_said(session: Session) -> None:
    key = made(session, due="yesterday", repeat="every day")
    session.commit(followups.done(session, [held(session, key)]))
    plan = followups.done(session, [held(session, key)])
    assert plan.changes == ()
    assert plan.said == ("call was done already, on Thu 8 Oct 2026",)
    assert plan.note == plan.said[0]


def test_a_repeating_one_comes_back_with_all_it_had(session: Session, acme: Acme) -> None:
    key = made(session, due="2026-10-08T16:00", repeat="every 2 weeks", deal="Acme renewal", priority="high")
    plan = followups.done(session, [held(session, key)])
    session.commit(plan)
    (again,) = others(session, key)
    first = held(session, key)
    assert again["due"] == "2026-10-22T16:00[Europe/Berlin]"
    assert {name: again[name] for name in ("deal", "contacts", "company", "priority", "repeat", "owner")} == {
        name: first[name] for name in ("deal", "contacts", "company", "priority", "repeat", "owner")
    }
    assert "done_at" not in again
    assert any("22 Oct 2026" in one for one in plan.said)


def test_a_repeat_keeps_its_wall_time_when_the_clocks_change(session: Session) -> None:
    key = made(session, due="2026-10-20T10:00", repeat="every week")
    session.commit(followups.done(session, [held(session, key)]))
    (again,) = others(session, key)
    assert again["due"] == "2026-10-27T10:00[Europe/Berlin]"


@pytest.mark.parametrize(
    ("due", "repeat", "again"),
    [
        ("2026-09-01", "every week", "2026-10-13"),
        ("2026-10-12", "every week", "2026-10-19"),
        ("2026-10-01", "every day", "2026-10-09"),
        ("2026-08-31", "every month", "2026-10-31"),
        ("1905-01-01", "every day", "2026-10-09"),
    ],
)
def test_a_late_repeat_skips_what_is_past(session: Session, due: str, repeat: str, again: str) -> None:
    key = made(session, due=due, repeat=repeat)
    session.commit(followups.done(session, [held(session, key)]))
    (following,) = others(session, key)
    assert following["due"] == again


def test_a_monthly_repeat_on_the_last_day_stays_there(session: Session) -> None:
    key = made(session, due="2026-10-31", repeat="every month")
    days = []
    for _ in range(5):
        session.at(datetime.fromisoformat(f"{held(session, key)['due']}T12:00:00Z").astimezone(UTC))
        known = set(session.ws.all("followup"))
        session.commit(followups.done(session, [held(session, key)]))
        (key,) = set(session.ws.all("followup")) - known
        days.append(held(session, key)["due"])
    assert days == ["2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"]


def test_done_with_what_comes_next(session: Session, acme: Acme) -> None:
    key = made(session, due="today", deal="Acme renewal")
    session.commit(followups.done(session, [held(session, key)], "send quote in 2 days"))
    (following,) = others(session, key)
    assert (following["subject"], following["due"], following["deal"]) == ("send quote", "2026-10-10", acme["deal"])


def test_snoozing_hides_until_a_day_to_come(session: Session) -> None:
    key = made(session, due="today")
    session.commit(followups.snooze(session, [held(session, key)], "next monday"))
    assert (held(session, key)["snoozed_until"], held(session, key)["due"]) == ("2026-10-12", "2026-10-08")
    for past in ("yesterday", "today", "today 10:30"):
        with pytest.raises(Invalid, match="is past"):
            followups.snooze(session, [held(session, key)], past)


def test_rescheduling_sets_the_date_and_ends_a_snooze(session: Session) -> None:
    key = made(session, due="yesterday", snoozed_until="next month")
    plan = followups.reschedule(session, [held(session, key)], "tuesday 10am")
    session.commit(plan)
    assert held(session, key)["due"] == "2026-10-13T10:00[Europe/Berlin]"
    assert "snoozed_until" not in held(session, key)
    assert any("13 Oct 2026" in one for one in plan.said)


def test_a_date_that_cannot_be_read_names_the_field(session: Session) -> None:
    key = made(session)
    with pytest.raises(Invalid) as caught:
        followups.reschedule(session, [held(session, key)], "some day")
    assert caught.value.field == "due"


def test_what_is_done_is_neither_snoozed_nor_rescheduled(session: Session) -> None:
    key = made(session, due="today")
    session.commit(followups.done(session, [held(session, key)]))
    for plan in (
        followups.snooze(session, [held(session, key)], "tomorrow"),
        followups.reschedule(session, [held(session, key)], "tomorrow"),
        followups.shift_days(session, [held(session, key)], 1),
    ):
        assert plan.changes == ()
        assert "done already" in plan.said[-1]


def test_a_day_earlier_or_later_keeps_the_wall_time(session: Session) -> None:
    timed, untimed, undated = made(session, due="2026-10-24T10:00"), made(session, due="2026-10-24"), made(session)
    records = [held(session, key) for key in (timed, untimed, undated)]
    session.commit(followups.shift_days(session, records, 2))
    assert [held(session, key)["due"] for key in (timed, untimed, undated)] == [
        "2026-10-26T10:00[Europe/Berlin]",
        "2026-10-26",
        "2026-10-10",
    ]


def test_several_at_once_are_one_step(session: Session) -> None:
    keys = [made(session, due="today") for _ in range(3)]
    plan = followups.done(session, [held(session, key) for key in keys])
    before = len(session.ws.undo_log())
    session.commit(plan)
    assert len(session.ws.undo_log()) == before + 1
    assert plan.note == "done: 3 follow-ups"
