"""The log of the team by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.daylog import DayLog, daylog
from tuicrm.crm.edit import edit, remove
from tuicrm.crm.touches import at_ms
from tuicrm.errors import Invalid
from tuicrm.store.changes import Write
from tuicrm.when import zone_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Acme = dict[str, str]


def subjects(session: Session, log: DayLog) -> list[list[str]]:
    """Return the subjects of each day."""
    held = session.ws.all("activity")
    return [[str(held[key]["subject"]) for _, key in day.refs] for day in log.days]


def test_the_latest_day_and_the_latest_entry_come_first(session: Session, put: Callable[..., str]) -> None:
    for days, subject in ((0.1, "b"), (0, "a"), (3, "d"), (2.9, "c")):
        put("activity", days_ago=days, type="note", subject=subject)
    log = daylog(session)
    assert subjects(session, log) == [["a", "b"], ["c", "d"]]
    assert [date.fromordinal(day.ordinal).isoformat() for day in log.days] == ["2026-10-08", "2026-10-05"]
    assert log.count == 4


def test_a_day_ends_at_midnight_in_the_zone_of_the_team(session: Session) -> None:
    for clock in ("2026-10-24T21:59:00Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:00Z", "2026-10-25T23:00:00Z"):
        ms = int(datetime.fromisoformat(clock).timestamp() * 1000)
        session.ws.commit(
            [Write("activity", session.ws.new_id(ms), {"type": "note", "subject": clock[8:16]})], by="ann", note=""
        )
    # Clocks go back on the 25th, a day of 25 hours.
    assert subjects(session, daylog(session)) == [["25T23:00"], ["25T22:59", "24T22:00"], ["24T21:59"]]


def test_automatic_entries_are_shown_to_who_asks_for_them(session: Session, put: Callable[..., str]) -> None:
    put("activity", type="call", subject="call")
    put("activity", type="change", subject="change", field="stage")
    for where, expected in (
        ("", ["call"]),
        ("owner:none", ["call"]),
        ("type:change", ["change"]),
        ("field:stage", ["change"]),
        ("type:any", ["change", "call"]),
    ):
        days = subjects(session, daylog(session, where))
        assert [sorted(day) for day in days] == [sorted(expected)], where


def test_what_was_cached_follows_every_change(session: Session, acme: Acme, put: Callable[..., str]) -> None:
    first = put("activity", days_ago=2, type="call", subject="first", contacts=[acme["contact"]])
    assert subjects(session, daylog(session, "jane")) == [["first"]]
    put("activity", type="call", subject="second", contacts=[acme["contact"]])
    assert subjects(session, daylog(session, "contacts:jane")) == [["second"], ["first"]]
    put("activity", type="call", subject="third", contacts=[acme["contact"]])
    assert subjects(session, daylog(session, "contacts:jane")) == [["third", "second"], ["first"]] or subjects(
        session, daylog(session, "contacts:jane")
    ) == [["second", "third"], ["first"]]
    held = session.ws.all("activity")[first]
    session.commit(edit(session, "activity", [held], {"subject": ["changed"]}))
    assert subjects(session, daylog(session, "contacts:jane"))[1] == ["changed"]
    session.commit(edit(session, "contact", [session.ws.all("contact")[acme["contact"]]], {"name": ["Anna"]}))
    assert daylog(session, "contacts:jane").count == 0
    session.commit(remove(session, "activity", [session.ws.all("activity")[first]]))
    assert daylog(session, "contacts:anna").count == 2


def test_a_query_that_is_none_is_refused(session: Session) -> None:
    with pytest.raises(Invalid):
        daylog(session, "nofield:1")


MOMENTS = st.datetimes(datetime(2026, 3, 1), datetime(2026, 11, 30)).map(lambda one: one.replace(tzinfo=UTC))  # noqa: DTZ001
AT = st.none() | MOMENTS.map(lambda one: one.isoformat()[:19] + "Z") | st.just("no time")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(MOMENTS, AT), max_size=12))
def test_the_log_agrees_with_a_plain_sort(fresh: Callable[[], Session], rows: list[tuple[datetime, Any]]) -> None:
    session = fresh()
    made = [
        Write("activity", session.ws.new_id(int(one.timestamp() * 1000)), {"type": "note", "subject": "x", "at": at})
        for one, at in rows
    ]
    session.ws.commit(made, by="ann", note="")
    zone = zone_named(session.zone)
    days: dict[date, list[int]] = {}
    for record in session.ws.all("activity").values():
        ms = at_ms(record)
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
        days.setdefault(moment.astimezone(zone).date(), []).append(ms)
    held = session.ws.all("activity")
    found = [(date.fromordinal(day.ordinal), [at_ms(held[key]) for _, key in day.refs]) for day in daylog(session).days]
    assert found == [(day, sorted(days[day], reverse=True)) for day in sorted(days, reverse=True)]
    session.ws.close()
