"""The list of things to do: groups, order, what comes back by itself, and that it is worked out once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm import edit
from tuicrm.crm.config import set_value
from tuicrm.crm.query import compile_query
from tuicrm.crm.talks import talks
from tuicrm.crm.theirtime import time_there
from tuicrm.crm.todo import behind, said_repeat, todo
from tuicrm.crm.worklist import GROUPS, worklist
from tuicrm.errors import Invalid
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session


def subjects(session: Session, group: str, **how: Any) -> list[str]:
    found = worklist(session, **how).groups[group]
    return [str((session.ws.get("followup", key) or {})["subject"]) for key in found]


@pytest.mark.parametrize(
    ("due", "group"),
    [
        ("2026-10-07", "late"),
        ("2026-10-07T23:59[Europe/Berlin]", "late"),
        ("2026-10-08", "today"),
        ("2026-10-08T08:00[Europe/Berlin]", "today"),
        ("2026-10-09", "week"),
        ("2026-10-11", "week"),
        ("2026-10-12", "later"),
        ("", "undated"),
        ("2026-10-09T03:00[Asia/Tokyo]", "today"),
        ("no day", "undated"),
    ],
)
def test_each_is_in_the_group_of_its_day(session: Session, put: Callable[..., str], due: str, group: str) -> None:
    put("followup", subject="call", due=due)
    assert {key for key, ids in worklist(session).groups.items() if ids} == {group}


@pytest.mark.parametrize(
    ("start", "last"), [("monday", "2026-10-11"), ("sunday", "2026-10-10"), ("saturday", "2026-10-09")]
)
def test_the_week_ends_where_the_team_says(session: Session, put: Callable[..., str], start: str, last: str) -> None:
    session.commit(set_value(session, "week_start", start))
    for day in range(9, 16):
        put("followup", subject=f"2026-10-{day:02}", due=f"2026-10-{day:02}")
    assert max(subjects(session, "week")) == last


def test_done_ones_are_not_listed_and_snoozed_ones_stand_apart(session: Session, put: Callable[..., str]) -> None:
    put("followup", subject="done", due="2026-10-01", done_at="2026-10-02T00:00:00Z")
    put("followup", subject="asleep", due="2026-10-01", snoozed_until="2026-10-09")
    put("followup", subject="awake", due="2026-10-01", snoozed_until="2026-10-08")
    found = worklist(session)
    assert subjects(session, "late") == ["awake"]
    assert subjects(session, "snoozed") == ["asleep"]
    assert (found.count, found.late) == (2, 1)


def test_one_that_is_snoozed_until_an_hour_comes_back_by_itself(session: Session, put: Callable[..., str]) -> None:
    put("followup", subject="call", due="2026-10-08", snoozed_until="2026-10-08T14:00[Europe/Berlin]")
    assert subjects(session, "snoozed") == ["call"]
    session.at(datetime(2026, 10, 8, 11, 59, tzinfo=UTC))
    assert subjects(session, "snoozed") == ["call"]
    session.at(datetime(2026, 10, 8, 12, 0, tzinfo=UTC))
    assert subjects(session, "today") == ["call"]


def test_today_goes_by_the_clock_and_the_whole_day_comes_last(session: Session, put: Callable[..., str]) -> None:
    for name, due in (("any", "2026-10-08"), ("four", "2026-10-08T16:00[Europe/Berlin]")):
        put("followup", subject=name, due=due)
    put("followup", subject="nine", due="2026-10-08T08:00[Europe/London]")
    assert subjects(session, "today") == ["nine", "four", "any"]


def test_other_orders(session: Session, put: Callable[..., str]) -> None:
    small = put("deal", name="small", value="100.00", currency="EUR")
    big = put("deal", name="big", value="9000.00", currency="EUR")
    put("followup", subject="a", due="2026-10-01", priority="low", deal=small)
    put("followup", subject="b", due="2026-10-02")
    put("followup", subject="c", due="2026-10-03", priority="high", deal=big)
    assert subjects(session, "late") == ["a", "b", "c"]
    assert subjects(session, "late", order="priority") == ["c", "b", "a"]
    assert subjects(session, "late", order="value") == ["c", "a", "b"]


def test_mine_are_those_of_nobody_too(session: Session, put: Callable[..., str]) -> None:
    bob = next(key for key, one in session.ws.all("user").items() if one.get("handle") == "bob")
    put("followup", subject="bob's", due="2026-10-01", owner=bob)
    put("followup", subject="ann's", due="2026-10-02", owner=session.me)
    put("followup", subject="nobody's", due="2026-10-03")
    assert subjects(session, "late", mine=True) == ["ann's", "nobody's"]
    assert subjects(session, "late", where="owner:bob") == ["bob's"]
    with pytest.raises(Invalid):
        worklist(session, "ownr:bob")


def test_it_is_worked_out_once_until_something_changes(session: Session, put: Callable[..., str]) -> None:
    put("followup", subject="call", due="2026-10-08")
    first = worklist(session)
    assert worklist(session) is first
    session.at(session.now + timedelta(hours=1))
    assert worklist(session) is first
    session.at(session.now + timedelta(days=1))
    assert subjects(session, "late") == ["call"]
    put("followup", subject="mail", due="2026-10-09")
    assert subjects(session, "today") == ["mail"]


DUES = st.one_of(
    st.just(""),
    st.dates(date(2026, 9, 1), date(2026, 12, 1)).map(date.isoformat),
    st.integers(0, 479).map(lambda hour: f"2026-10-{hour // 24 + 1:02}T{hour % 24:02}:30[Asia/Tokyo]"),
    st.text(max_size=12),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dues=st.lists(st.tuples(DUES, DUES), max_size=8))
def test_every_undone_one_is_in_one_group(fresh: Callable[[], Session], dues: list[tuple[str, str]]) -> None:
    session = fresh()
    writes = [
        Write("followup", session.ws.new_id(), {"subject": "x", "due": due, "snoozed_until": until})
        for due, until in dues
    ]
    session.ws.commit(writes, by="ann", note="")
    found = worklist(session).groups
    assert list(found) == [key for key, _ in GROUPS]
    assert sorted(key for ids in found.values() for key in ids) == sorted(session.ws.all("followup"))
    late = compile_query(session, "followup", "is:late")
    assert {key for key, one in session.ws.all("followup").items() if late(one)} == set(found["late"])
    for key, ids in found.items():
        for one in ids:
            todo(session, session.ws.all("followup")[one], key)


def test_a_line_says_when_what_who_and_how_much(session: Session, put: Callable[..., str]) -> None:
    deal = put("deal", days_ago=90, name="Quint", value="9000.00", currency="EUR", stage="lead")
    who = put("contact", name="Kim Vos")
    key = put("followup", subject="chase", due="2026-10-07T14:00[Europe/Berlin]", deal=deal, contacts=[who])
    one = todo(session, session.ws.all("followup")[key], "late")
    assert (one.due, one.what, one.who, one.deal, one.rotting, one.value) == (
        "Wed 7 Oct 14h",
        "chase",
        "Kim Vos",
        "Quint",
        True,
        "9k",
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=WEEKLY;INTERVAL=2", "every 2w"),
        ("FREQ=WEEKLY", "every week"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "every Mon, Thu"),
        ("nonsense", "nonsense"),
    ],
)
def test_repeats_in_few_cells(rule: str, said: str) -> None:
    assert said_repeat(rule) == said


def test_what_is_known_of_whom_it_is_for(session: Session, put: Callable[..., str]) -> None:
    firm = put("company", name="Quint BV")
    who = put("contact", name="Kim Vos", title="Finance", company=firm, phones={"+31205550177": {"rank": 1}})
    key = put("followup", subject="chase", due="2026-10-07", contacts=[who])
    put("activity", days_ago=9, type="call", outcome="reached", contacts=[who], subject="hello")
    put("activity", days_ago=8, type="call", outcome="no_answer", contacts=[who])
    put("activity", days_ago=7, type="call", outcome="left_message", contacts=[who])
    put("activity", days_ago=1, type="change", field="stage", contacts=[who])
    one = behind(session, session.ws.all("followup")[key])
    assert (one.who, one.role, one.phone, one.there) == ("Kim Vos", "Finance, Quint BV", "+31205550177", "11:00")
    assert (one.missed, one.last) == (2, "left message, 1 Oct")
    put("activity", days_ago=0.5, type="meeting", contacts=[who], subject="met")
    one = behind(session, session.ws.all("followup")[key])
    assert (one.missed, one.last) == (0, "meeting: met, 7 Oct")


def test_the_index_of_talks_grows_with_the_log_and_forgets_what_is_removed(
    session: Session, put: Callable[..., str]
) -> None:
    who = put("contact", name="Kim")
    first = put("activity", days_ago=3, type="call", outcome="busy", contacts=[who])
    second = put("activity", days_ago=2, type="call", outcome="busy", contacts=[who])
    assert (talks(session).missed(who), (talks(session).last(who) or {})["id"]) == (2, second)
    session.commit(edit.remove(session, "activity", [session.ws.all("activity")[second]]))
    assert (talks(session).missed(who), (talks(session).last(who) or {})["id"]) == (1, first)


def test_the_time_there_is_said_only_where_the_number_tells() -> None:
    now = datetime(2026, 10, 8, 9, tzinfo=UTC)
    assert [time_there(one, now) for one in ("+49 30 1", "+353 1 234", "+98 21 8", "+91 22 1")] == [
        "11:00",
        "10:00",
        "12:30",
        "14:30",
    ]
    assert [time_there(one, now) for one in ("+1 212 555", "030 55", "", "+7 495 1")] == [""] * 4
