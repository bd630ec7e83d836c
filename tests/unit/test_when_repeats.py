"""Repeat rules: words in, RFC 5545 stored, the next occurrence always later and at the same wall time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.errors import Invalid
from tuicrm.when import Moment, Reading, anchor_repeat, next_occurrence, parse_repeat, say_repeat

READING = Reading.at(datetime(2026, 10, 8, 9, 4, tzinfo=UTC), "Europe/Berlin")
RULES = [
    ("daily", "FREQ=DAILY", "every day"),
    ("every other day", "FREQ=DAILY;INTERVAL=2", "every 2 days"),
    ("weekly", "FREQ=WEEKLY", "every week"),
    ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2", "every 2 weeks"),
    ("2w", "FREQ=WEEKLY;INTERVAL=2", "every 2 weeks"),
    ("fortnightly", "FREQ=WEEKLY;INTERVAL=2", "every 2 weeks"),
    ("every monday", "FREQ=WEEKLY;BYDAY=MO", "every Monday"),
    ("fri, mon and wed", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "every Monday, Wednesday and Friday"),
    ("every 2 weeks on tue", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "every 2 weeks on Tuesday"),
    ("every weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
    ("monthly", "FREQ=MONTHLY", "every month"),
    ("every month on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15", "every month on the 15th"),
    ("every ۱۵th", "FREQ=MONTHLY;BYMONTHDAY=15", "every month on the 15th"),
    ("monthly on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
    ("every first monday of the month", "FREQ=MONTHLY;BYDAY=1MO", "every month on the first Monday"),
    ("last friday of the month", "FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday"),
    ("every quarter", "FREQ=MONTHLY;INTERVAL=3", "every quarter"),
    ("every 6 months", "FREQ=MONTHLY;INTERVAL=6", "every 6 months"),
    ("yearly", "FREQ=YEARLY", "every year"),
    ("every december 1", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1", "every year on 1 December"),
    ("rrule:interval=1;freq=weekly", "FREQ=WEEKLY", "every week"),
    (
        "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1",
    ),
]


@pytest.mark.parametrize(("text", "rule", "words"), RULES)
def test_rules_in_words(text: str, rule: str, words: str) -> None:
    assert parse_repeat(text) == rule
    assert say_repeat(rule) == words
    assert parse_repeat(words) == rule


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "every", "every 0 days", "every 1000 days", "every hour", "every month on the 32nd", "every x day",
        "FREQ=HOURLY", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;UNTIL=20270101", "INTERVAL=2", "FREQ=DAILY;FREQ=DAILY", "=",
        "FREQ=WEEKLY;BYDAY=1MO", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30,31", "FREQ=DAILY;BYMONTH=13", "every " * 200,
    ],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_repeat(text)
    assert len(str(refused.value)) < 250


def _days(rule: str, start: str, count: int) -> list[str]:
    moment, found = Moment.parse(start), []
    for _ in range(count):
        moment = next_occurrence(rule, moment, READING)
        found.append(str(moment))
    return found


def test_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert _days("FREQ=MONTHLY;BYMONTHDAY=31", "2026-01-31", 4) == [
        "2026-02-28",
        "2026-03-31",
        "2026-04-30",
        "2026-05-31",
    ]
    assert _days("FREQ=MONTHLY", "2026-01-31", 1) == ["2026-02-28"]
    assert _days("FREQ=YEARLY", "2024-02-29", 1) == ["2025-02-28"]


def test_an_anchored_rule_comes_back_to_its_day() -> None:
    rule = anchor_repeat("FREQ=MONTHLY", Moment.parse("2026-01-31"))
    assert _days(rule, "2026-01-31", 3) == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert anchor_repeat("FREQ=MONTHLY", Moment.parse("2026-01-15")) == "FREQ=MONTHLY"
    leap = anchor_repeat("FREQ=YEARLY", Moment.parse("2024-02-29"))
    assert _days(leap, "2027-02-28", 1) == ["2028-02-29"]


def test_weeks_and_weekdays() -> None:
    assert _days("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-10-09", 2) == ["2026-10-12", "2026-10-13"]
    assert _days("FREQ=WEEKLY;INTERVAL=2", "2026-10-08", 2) == ["2026-10-22", "2026-11-05"]


def test_the_wall_time_stays_when_the_clocks_change() -> None:
    before = Moment.parse("2026-10-24T10:00[Europe/Berlin]")
    after = next_occurrence("FREQ=DAILY", before, READING)
    assert str(after) == "2026-10-25T10:00[Europe/Berlin]"
    assert (after.instant("UTC") - before.instant("UTC")).total_seconds() == 25 * 3600


@given(
    st.sampled_from([rule for _, rule, _ in RULES]),
    st.dates(date(1900, 1, 1), date(2190, 12, 31)),
    st.none() | st.just(time(9, 30)),
)
def test_the_next_occurrence_is_strictly_later(rule: str, day: date, clock: time | None) -> None:
    after = Moment(day, clock, "Europe/Berlin" if clock else None)
    found = next_occurrence(rule, after, READING)
    assert found > after
    assert (found.time, found.zone) == (after.time, after.zone)


def test_the_end_of_the_calendar_is_a_clear_sentence() -> None:
    with pytest.raises(Invalid, match="no occurrence after"):
        next_occurrence("FREQ=YEARLY", Moment.parse("2199-06-01"), READING)
