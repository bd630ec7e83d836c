"""Calendars: events as meetings, to-dos as follow-ups, whatever their zones and rules."""

from __future__ import annotations

import time

import pytest

from tests.exchange.readers import only, read, texts
from tuicrm.errors import Invalid

CUSTOM = """BEGIN:VTIMEZONE
TZID:Ours
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0430
TZOFFSETTO:+0330
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0330
TZOFFSETTO:+0430
END:DAYLIGHT
END:VTIMEZONE"""


def calendar(*parts: str) -> str:
    """Return a calendar of components."""
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""])


def event(*lines: str, uid: str = "e1") -> str:
    """Return one event."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"])


def todo(*lines: str) -> str:
    """Return one to-do."""
    return "\n".join(["BEGIN:VTODO", "UID:t1", *lines, "END:VTODO"])


def times(data: str) -> list[str]:
    """Return when the meetings of a calendar are."""
    return [texts(one, "at") for one in read(data).items]


def test_an_event_is_a_meeting_with_its_people() -> None:
    parsed = read(
        calendar(
            event(
                "DTSTART;TZID=Europe/Berlin:20261001T100000",
                "DTEND;TZID=Europe/Berlin:20261001T113000",
                "SUMMARY:Review\\, part 2",
                "DESCRIPTION:First line\\nsecond",
                "LOCATION:Room 5",
                "ORGANIZER;CN=Me:mailto:me@us.example",
                'ATTENDEE;CN="Roe, Jane":MAILTO:jane@acme.example',
                "CATEGORIES:sales,demo",
                "X-OTHER:1",
                "BEGIN:VALARM",
                "TRIGGER:nonsense",
                "END:VALARM",
            )
        ),
        own=frozenset({"me@us.example"}),
    )
    one = only(parsed, "activity")
    assert (texts(one, "type"), texts(one, "subject")) == ("meeting", "Review, part 2")
    assert texts(one, "at") == "2026-10-01T08:00:00Z"
    assert texts(one, "duration") == "90"
    assert texts(one, "body") == "First line\nsecond\nPlace: Room 5"
    assert texts(one, "contacts") == "jane@acme.example"
    assert one.loose == {"contacts"}
    assert texts(one, "tags") == "sales | demo"
    assert texts(one, "external_id") == "e1"
    assert parsed.ignored == {"VALARM": 1, "X-OTHER": 1}


@pytest.mark.parametrize(
    ("start", "at"),
    [
        ("DTSTART:20261001T100000Z", "2026-10-01T10:00:00Z"),
        ("DTSTART:20261001T100000", "2026-10-01T08:00:00Z"),
        ("DTSTART;TZID=America/New_York:20261001T100000", "2026-10-01T14:00:00Z"),
        ("DTSTART;TZID=W. Europe Standard Time:20261001T100000", "2026-10-01T08:00:00Z"),
        ("DTSTART;TZID=Ours:20261001T100000", "2026-10-01T05:30:00Z"),
        ("DTSTART;TZID=Ours:20261201T100000", "2026-12-01T06:30:00Z"),
        ("DTSTART;TZID=Nowhere/Land:20261001T100000", "2026-10-01T08:00:00Z"),
        ("DTSTART;VALUE=DATE:20261001", "2026-09-30T22:00:00Z"),
    ],
)
def test_zones_known_declared_unknown_and_none(start: str, at: str) -> None:
    assert times(calendar(event(start), CUSTOM)) == [at]


def test_a_series_is_taken_up_to_now_with_the_next_its_clock_time_kept() -> None:
    weekly = event(
        "DTSTART;TZID=Europe/Berlin:20260914T100000",
        "RRULE:FREQ=WEEKLY;COUNT=20",
        "EXDATE;TZID=Europe/Berlin:20260921T100000",
        "RDATE;TZID=Europe/Berlin:20260916T090000",
        "SUMMARY:Weekly",
    )
    moved = event(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260928T100000",
        "DTSTART;TZID=Europe/Berlin:20260929T150000",
        "SUMMARY:Moved",
    )
    gone = event("RECURRENCE-ID:20261005T080000Z", "DTSTART:20261005T080000Z", "STATUS:CANCELLED")
    parsed = read(calendar(weekly, moved, gone))
    assert [(texts(one, "at"), texts(one, "subject"), texts(one, "external_id")) for one in parsed.items] == [
        ("2026-09-14T08:00:00Z", "Weekly", "e1/20260914T080000Z"),
        ("2026-09-16T07:00:00Z", "Weekly", "e1/20260916T070000Z"),
        ("2026-10-12T08:00:00Z", "Weekly", "e1/20261012T080000Z"),
        ("2026-09-29T13:00:00Z", "Moved", "e1/20260928T080000Z"),
    ]
    assert parsed.ignored == {"cancelled events": 1}


def test_a_series_keeps_its_hour_when_the_clocks_change() -> None:
    rule = event("DTSTART;TZID=Europe/Berlin:20260327T100000", "RRULE:FREQ=DAILY;UNTIL=20260330T215959Z")
    expected = ["2026-03-27T09:00:00Z", "2026-03-28T09:00:00Z", "2026-03-29T08:00:00Z", "2026-03-30T08:00:00Z"]
    assert times(calendar(rule)) == expected


def test_the_end_of_a_series_is_read_in_its_own_zone() -> None:
    rule = event("DTSTART;TZID=America/Los_Angeles:20260901T100000", "RRULE:FREQ=DAILY;UNTIL=20260904T065959Z")
    assert [at[:10] for at in times(calendar(rule))] == ["2026-09-01", "2026-09-02", "2026-09-03"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;BYHOUR=1,2;BYMINUTE=1,2,3;BYSECOND=1,2,3",
        "FREQ=NEVER",
        "RSCALE=CHINESE;FREQ=YEARLY",
    ],
)
def test_a_rule_that_says_nothing_sane_leaves_the_first_meeting(rule: str) -> None:
    parsed = read(calendar(event("DTSTART:20260101T100000Z", f"RRULE:{rule}")))
    assert [texts(one, "at") for one in parsed.items] == ["2026-01-01T10:00:00Z"]
    assert any("RRULE" in name for name in parsed.ignored)


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "FREQ=DAILY", "FREQ=YEARLY;BYDAY=MO"])
def test_an_endless_rule_from_long_ago_is_bounded_and_soon_done(rule: str) -> None:
    start = time.perf_counter()
    parsed = read(calendar(event("DTSTART:19000101T100000Z", f"RRULE:{rule}")))
    assert time.perf_counter() - start < 20
    assert 1 <= len(parsed.items) <= 501
    if rule == "FREQ=DAILY":
        assert texts(parsed.items[-1], "at") == "2026-10-10T10:00:00Z"
        assert "at most the latest 500" in parsed.said[0]


def test_a_todo_is_a_follow_up() -> None:
    one = only(
        read(
            calendar(
                todo(
                    "SUMMARY:Send quote",
                    "DUE;TZID=America/New_York:20261201T100000",
                    "RRULE:FREQ=MONTHLY;INTERVAL=2;WKST=MO",
                    "PRIORITY:1",
                    "ATTENDEE:mailto:jane@acme.example",
                    "CREATED:20260901T080000Z",
                )
            )
        ),
        "followup",
    )
    assert texts(one, "subject") == "Send quote"
    assert texts(one, "due") == "2026-12-01T10:00[America/New_York]"
    assert texts(one, "repeat") == "FREQ=MONTHLY;INTERVAL=2"
    assert texts(one, "priority") == "high"
    assert texts(one, "contacts") == "jane@acme.example"
    assert texts(one, "source_created_at") == "2026-09-01T08:00:00Z"
    assert "done_at" not in one.typed


@pytest.mark.parametrize(
    ("lines", "due", "done"),
    [
        (["DUE;VALUE=DATE:20261001", "COMPLETED:20261002T080000Z"], "2026-10-01", "2026-10-02T08:00:00Z"),
        (["DUE:20261001T080000Z", "STATUS:COMPLETED"], "2026-10-01T10:00[Europe/Berlin]", "2026-10-09T12:00:00Z"),
        (["DTSTART:20261001T100000", "DURATION:PT2H"], "2026-10-01T12:00[Europe/Berlin]", ""),
        ([], "", ""),
    ],
)
def test_when_a_todo_is_due_and_done(lines: list[str], due: str, done: str) -> None:
    one = only(read(calendar(todo("SUMMARY:x", *lines))), "followup")
    assert (texts(one, "due"), texts(one, "done_at")) == (due, done)


def test_a_broken_event_stops_no_other_and_is_told() -> None:
    data = calendar(event("SUMMARY:no start"), event("DTSTART:yesterday"), event("DTSTART:20261001T100000Z", "odd"))
    parsed = read(data + "BEGIN:VCALENDAR\n" + event("DTSTART:20261001T100000Z").removesuffix("END:VEVENT"))
    assert [one.where for one in parsed.items] == ["event 3"]
    assert [where for where, _ in parsed.broken] == ["event 4", "event 1", "event 2"]
    with pytest.raises(Invalid, match="no calendar"):
        read("name,email\n", "icalendar")


def test_letters_cut_by_folding_and_other_encodings() -> None:
    cut = calendar(event("DTSTART:20261001T100000Z", "SUMMARY:J#rg")).encode().replace(b"#", b"\xc3\r\n \xb6")
    old = calendar(event("DTSTART:20261001T100000Z", "SUMMARY:J#rg")).encode().replace(b"#", b"\xf6")
    for raw in (cut, old):
        assert texts(only(read(raw), "activity"), "subject") == "J\u00f6rg"
