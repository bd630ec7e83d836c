"""A moment keeps its wall time and zone; the clock and the zone can be fixed; distances read well."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.errors import Invalid, UsageProblem
from tuicrm.when import Moment, Reading, clock, relative, understood

READING = Reading.at(datetime(2026, 10, 8, 9, 4, tzinfo=UTC), "Europe/Berlin")
MOMENTS = st.builds(
    lambda day, clock, zone: Moment(day, clock, zone if clock else None),
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.none() | st.times().map(lambda clock: clock.replace(microsecond=0)),
    st.sampled_from([None, "UTC", "Europe/Berlin", "America/New_York", "Asia/Tehran"]),
)


@given(MOMENTS)
def test_the_stored_form_round_trips(moment: Moment) -> None:
    assert Moment.parse(str(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_moments_sort_by_day_and_wall_time(one: Moment, other: Moment) -> None:
    assert (one < other) + (other < one) + (one == other) == 1
    assert (one.date >= other.date) or one < other


def test_the_stored_forms() -> None:
    assert str(Moment(date(2026, 10, 9))) == "2026-10-09"
    assert str(Moment(date(2026, 10, 9), time(10), "Europe/Berlin")) == "2026-10-09T10:00[Europe/Berlin]"


@pytest.mark.parametrize(
    "stored",
    [
        "", "tomorrow", "2026-10-9", "20261009", "2026-10-09T", "2026-10-09T10", "2026-10-09T10:00Z", "2026-02-30",
        "2026-10-09T10:00[Mars/Base]", "2026-10-09[Europe/Berlin]", "2026-10-09T10:00[Europe/Berlin", "1899-01-01",
        "2026-10-09T10:00[europe/berlin]", "2026-10-09T10:00[../../etc/passwd]", "۲۰۲۶-۱۰-۰۹", "2026-10-09T10:00[]",
    ],
)  # fmt: skip
def test_only_the_stored_form_is_read_back(stored: str) -> None:
    with pytest.raises(Invalid):
        Moment.parse(stored)


def test_a_skipped_wall_time_moves_on_and_a_doubled_one_is_the_first() -> None:
    assert Moment.parse("2026-03-29T02:30[Europe/Berlin]").instant("UTC") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert Moment.parse("2026-10-25T02:30[Europe/Berlin]").instant("UTC") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_begins_at_midnight_where_the_user_is() -> None:
    assert Moment.parse("2026-10-09").instant("Asia/Tokyo") == datetime(2026, 10, 8, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stored", "card", "echo"),
    [
        ("2026-10-08", "today", "Thu 8 Oct 2026 (today)"),
        ("2026-10-09", "in 1d", "Fri 9 Oct 2026 (tomorrow)"),
        ("2026-10-07", "late 1d", "Wed 7 Oct 2026 (yesterday)"),
        ("2026-09-30", "late 8d", "Wed 30 Sep 2026 (8 days ago)"),
        ("2027-06-30", "in 8mo", "Wed 30 Jun 2027 (in 8 months)"),
        ("2030-01-01", "in 3y", "Tue 1 Jan 2030 (in 3 years)"),
        ("2026-10-09T10:00[Europe/Berlin]", "in 1d", "Fri 9 Oct 2026 10:00 Europe/Berlin (in 23 hours)"),
        ("2026-10-08T11:05[Europe/Berlin]", "today", "Thu 8 Oct 2026 11:05 Europe/Berlin (in 1 minute)"),
        ("2026-10-08T11:04[Europe/Berlin]", "today", "Thu 8 Oct 2026 11:04 Europe/Berlin (now)"),
        ("2026-10-09T04:00[Asia/Tokyo]", "today", "Fri 9 Oct 2026 04:00 Asia/Tokyo (in 10 hours)"),
    ],
)
def test_distances(stored: str, card: str, echo: str) -> None:
    assert relative(Moment.parse(stored), READING) == card
    assert understood(Moment.parse(stored), READING) == echo


def test_dates_and_instants_are_echoed_too() -> None:
    assert understood(date(2026, 10, 9), READING) == "Fri 9 Oct 2026 (tomorrow)"
    assert understood(datetime(2026, 10, 9, 8, tzinfo=UTC), READING).startswith("Fri 9 Oct 2026 10:00 Europe/Berlin")
    assert relative(date(2026, 10, 11), READING) == "in 3d"


def test_the_clock_can_be_fixed() -> None:
    assert clock.now({"TUICRM_NOW": "2026-10-08T11:00:00+02:00"}) == datetime(2026, 10, 8, 9, tzinfo=UTC)
    assert clock.now({"TUICRM_NOW": "2026-10-08"}) == datetime(2026, 10, 8, tzinfo=UTC)
    assert abs((clock.now({}) - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize("text", ["soon", "2026-13-01", "0001-01-01T00:00+05:00", "9999-01-01", "\x1b[2J"])
def test_a_bad_fixed_clock_is_a_usage_problem(text: str) -> None:
    with pytest.raises(UsageProblem, match="TUICRM_NOW") as refused:
        clock.now({"TUICRM_NOW": text})
    assert str(refused.value).isprintable()


def test_the_zone_of_the_machine(tmp_path: Path) -> None:
    etc = str(tmp_path)
    assert clock.local_zone({"TZ": "Asia/Tokyo"}, etc) == "Asia/Tokyo"
    assert clock.local_zone({"TZ": ":Asia/Tokyo"}, etc) == "Asia/Tokyo"
    assert clock.local_zone({"TZ": "no/such"}, etc) == "UTC"
    assert clock.local_zone({}, etc) == "UTC"
    (tmp_path / "localtime").symlink_to("/usr/share/zoneinfo/America/New_York")
    assert clock.local_zone({}, etc) == "America/New_York"
    (tmp_path / "timezone").write_text("Europe/Berlin\n", encoding="utf-8")
    assert clock.local_zone({}, etc) == "Europe/Berlin"
    (tmp_path / "timezone").write_bytes(b"\xff\xfe")
    assert clock.local_zone({}, etc) == "America/New_York"
