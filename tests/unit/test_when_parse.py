"""Dates in words mean what people mean by them, and nonsense is refused in one sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.errors import Invalid
from tuicrm.text import clean_line
from tuicrm.when import (
    Moment,
    Reading,
    date_in_order,
    note_on_order,
    parse_date,
    parse_instant,
    parse_moment,
    parse_period,
    parse_repeat,
    understood,
)

THURSDAY = Reading.at(datetime(2026, 10, 8, 9, 4, tzinfo=UTC), "Europe/Berlin")
WORDS = """
    today tomorrow yesterday now next this last in ago end of start month week quarter year day days monday tue fri
    jan feb dec 1 2 10 31 15th 2026 2027 at noon am pm 10:30 14h 3d 2w every on the - / . : , + UTC Europe/Berlin from
    2026-12-01 10/11/2026 weekday first other morning half an hour and a 99999 0
"""
SAYINGS = st.lists(st.sampled_from(WORDS.split()), max_size=6).map(" ".join) | st.text(
    st.characters(exclude_categories=()), max_size=20
)


def _said(parse: Callable[..., object], text: str, against: object) -> str:
    """Return what is read, or why it is refused."""
    try:
        return str(parse(text, against))
    except Invalid as refused:
        return str(refused)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("today", "2026-10-08"),
        ("Tomorrow", "2026-10-09"),
        ("yesterday", "2026-10-07"),
        ("now", "2026-10-08T11:04"),
        ("tonight", "2026-10-08T20:00"),
        ("tomorrow morning", "2026-10-09T09:00"),
        ("this afternoon", "2026-10-08T15:00"),
        ("day after tomorrow 9:30pm", "2026-10-10T21:30"),
        ("tuesday", "2026-10-13"),
        ("thursday", "2026-10-15"),
        ("tue 10", "2026-10-13T10:00"),
        ("next tuesday 10am", "2026-10-13T10:00"),
        ("next friday", "2026-10-16"),
        ("this friday", "2026-10-09"),
        ("last monday", "2026-10-05"),
        ("tuesday next week", "2026-10-13"),
        ("in 3 days", "2026-10-11"),
        ("3d", "2026-10-11"),
        ("2w", "2026-10-22"),
        ("in two weeks", "2026-10-22"),
        ("in an hour", "2026-10-08T12:04"),
        ("2h", "2026-10-08T13:04"),
        ("in 1h 30min", "2026-10-08T12:34"),
        ("in 2 months at 3pm", "2026-12-08T15:00"),
        ("3 days ago", "2026-10-05"),
        ("14h ago", "2026-10-07T21:04"),
        ("a week from now", "2026-10-15"),
        ("end of month", "2026-10-31"),
        ("end of next month", "2026-11-30"),
        ("eom", "2026-10-31"),
        ("end of the quarter", "2026-12-31"),
        ("end of week", "2026-10-11"),
        ("end of june", "2027-06-30"),
        ("start of next quarter", "2027-01-01"),
        ("next month", "2026-11-01"),
        ("next week", "2026-10-12"),
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01 14:00", "2026-12-01T14:00"),
        ("2026-12-01T10:00Z", "2026-12-01T11:00"),
        ("2026-12-01T10:00:00.123+02:00", "2026-12-01T09:00"),
        ("1 dec", "2026-12-01"),
        ("1 jan", "2027-01-01"),
        ("8 oct", "2026-10-08"),
        ("29 feb", "2028-02-29"),
        ("dec 1 2027", "2027-12-01"),
        ("dec 1, 2027 10:00", "2027-12-01T10:00"),
        ("1st of December 2027", "2027-12-01"),
        ("december 2026", "2026-12-01"),
        ("the 15th", "2026-10-15"),
        ("1.12.2026", "2026-12-01"),
        ("1.12.", "2026-12-01"),
        ("10/11/2026", "2026-11-10"),
        ("10/25/2026", "2026-10-25"),
        ("24/12/26 9:15", "2026-12-24T09:15"),
        ("noon", "2026-10-08T12:00"),
        ("10am", "2026-10-09T10:00"),
        ("12am", "2026-10-09T00:00"),
        ("12pm", "2026-10-08T12:00"),
        ("9 p.m.", "2026-10-08T21:00"),
        ("14h", "2026-10-08T14:00"),
        ("14h30", "2026-10-08T14:30"),
        ("at 9", "2026-10-09T09:00"),
        ("10am tomorrow", "2026-10-09T10:00"),
        ("۱۰:۳۰", "2026-10-09T10:30"),
        ("۱ dec", "2026-12-01"),
        ("fri 9 oct 2026", "2026-10-09"),
    ],
)
def test_words_ahead(text: str, stored: str) -> None:
    zone = "[Europe/Berlin]" if "T" in stored else ""
    assert str(parse_moment(text, THURSDAY)) == stored + zone
    assert parse_date(text, THURSDAY) == date.fromisoformat(stored[:10])


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("yesterday 3pm", "2026-10-07T13:00"),
        ("yesterday", "2026-10-06T22:00"),
        ("tuesday", "2026-10-05T22:00"),
        ("thursday", "2026-09-30T22:00"),
        ("tue 10", "2026-10-06T08:00"),
        ("1 dec", "2025-11-30T23:00"),
        ("10am", "2026-10-08T08:00"),
        ("14h", "2026-10-07T12:00"),
        ("the 15th", "2026-09-14T22:00"),
        ("this morning", "2026-10-08T07:00"),
        ("1 hour ago", "2026-10-08T08:04"),
        ("2026-10-07T10:00Z", "2026-10-07T10:00"),
    ],
)
def test_words_looking_back(text: str, instant: str) -> None:
    assert parse_instant(text, THURSDAY) == datetime.fromisoformat(instant).replace(tzinfo=UTC)


def test_a_zone_may_be_named() -> None:
    assert str(parse_moment("tomorrow 10am America/New_York", THURSDAY)) == "2026-10-09T10:00[America/New_York]"
    assert str(parse_moment("2026-10-09T10:00[asia/tokyo]", THURSDAY)) == "2026-10-09T10:00[Asia/Tokyo]"
    with pytest.raises(Invalid, match="did you mean Europe/Berlin"):
        parse_moment("tomorrow 10am Europe/Berlln", THURSDAY)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "gibberish", "10", "10 11", "3m", "week", "next", "every", "31 feb", "2026-13-01", "2026-02-30",
        "13/25/2026", "1/2", "at 25", "13pm", "10:75", "tomorrow tomorrow", "in 999999999 days", "in 90000 years",
        "1 dec 10", "tomorrow x", "1899-12-31", "2200-01-01", "x" * 5000, "in", "-", "[/", "\x1b[2J", "1.5 days",
    ],
)  # fmt: skip
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_moment(text, THURSDAY)
    assert str(refused.value).isprintable()
    assert len(str(refused.value)) < 200


def test_a_weekday_must_agree_with_its_date() -> None:
    with pytest.raises(Invalid, match="9 Oct 2026 is a Friday"):
        parse_moment("mon 9 oct 2026", THURSDAY)


@given(SAYINGS)
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_date, parse_instant, parse_moment, parse_period, lambda said, _: parse_repeat(said)):
        said = _said(parse, text, THURSDAY)
        assert clean_line(said) == said
    assert note_on_order(text, THURSDAY).isprintable()


@given(SAYINGS)
def test_the_echo_without_its_distance_reads_back(text: str) -> None:
    try:
        moment = parse_moment(text, THURSDAY)
    except Invalid:
        return
    if moment.time is None or not moment.time.second:
        assert parse_moment(understood(moment, THURSDAY).partition(" (")[0], THURSDAY) == moment


@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC)))  # noqa: DTZ001
def test_iso_instants_read_back(instant: datetime) -> None:
    instant = instant.replace(microsecond=0)
    assert parse_instant(instant.isoformat().replace("+00:00", "Z"), Reading.at(instant, "UTC")) == instant


def test_order_of_day_and_month() -> None:
    american = Reading.at(THURSDAY.now, "Europe/Berlin", order="mdy")
    british = Reading.at(THURSDAY.now, "Europe/Berlin", order="dmy")
    assert parse_date("10/11/2026", american) == date(2026, 10, 11)
    assert parse_date("10/11/2026", british) == date(2026, 11, 10)
    assert parse_date("25/10/2026", american) == date(2026, 10, 25)
    assert note_on_order("10/11/2026", THURSDAY) == "read as 10 Nov 2026 (day first; set date_order to change)"
    assert note_on_order("10/11/2026", american) == "read as 11 Oct 2026 (month first, as date_order says)"
    assert "day first: no other order" in note_on_order("25/10/2026", american)
    assert [note_on_order(text, THURSDAY) for text in ("10/10/2026", "2026-10-11", "25/10/2026", "tomorrow")] == [
        ""
    ] * 4


def test_a_column_of_dates_is_read_strictly_in_one_order() -> None:
    assert date_in_order("10/20/2016", "mdy") == date(2016, 10, 20)
    assert date_in_order("3/1/2017 00:00:00", "mdy") == date(2017, 3, 1)
    assert date_in_order("3.1.17", "dmy") == date(2017, 1, 3)
    assert date_in_order("2017-03-01T10:00Z", "mdy") == date(2017, 3, 1)
    assert date_in_order("۲۰۱۷-۰۳-۰۱", "ymd") == date(2017, 3, 1)
    for text, order in (("20/10/2016", "mdy"), ("3/1/2017", "ymd"), ("tomorrow", "dmy"), ("", "dmy"), ("1/2", "dmy")):
        with pytest.raises(Invalid):
            date_in_order(text, order)


@given(st.text(max_size=20) | st.text("0123456789/-. T:", max_size=12), st.sampled_from(["dmy", "mdy", "ymd"]))
def test_any_cell_is_read_or_refused(text: str, order: str) -> None:
    said = _said(date_in_order, text, order)
    assert clean_line(said) == said


def test_hours_count_real_time_when_the_clocks_change() -> None:
    before = Reading.at(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "Europe/Berlin")
    assert parse_moment("in 3 hours", before).instant("UTC") == datetime(2026, 10, 25, 3, 30, tzinfo=UTC)
    assert parse_moment("tomorrow 9am", before) == Moment.parse("2026-10-26T09:00[Europe/Berlin]")
