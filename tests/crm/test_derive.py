"""What follows from stored records: status, chances, ages, rotting, what is next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.crm import derive
from tuicrm.crm.derive import Days, deals
from tuicrm.crm.nexts import lateness, next_followup, nexts
from tuicrm.crm.touches import Touches
from tuicrm.store.changes import Remove, Write

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def deal_of(session: Session, key: str) -> dict[str, Any]:
    record = session.ws.get("deal", key)
    assert record is not None
    return record


@pytest.mark.parametrize(
    ("fields", "status", "chance", "weighted"),
    [
        ({"stage": "demo", "value": "1000.00"}, "open", 30, "300"),
        ({"stage": "demo", "value": "1000.00", "probability": 45}, "open", 45, "450"),
        ({"stage": "won", "value": "1000.00"}, "won", 100, "1000"),
        ({"stage": "lost", "value": "1000.00"}, "lost", 0, "0"),
        ({"stage": "gone", "value": "1000.00"}, "open", 0, "0"),
        ({"stage": "demo", "pipeline": "01KV3B3SE0YSC5XMTFWMX0AAAA", "value": "0.10"}, "open", 30, "0.03"),
        ({"stage": "demo"}, "open", 30, None),
        ({"stage": "demo", "value": "NaN"}, "open", 30, None),
    ],
)
def test_status_and_weighted_value_follow_the_stage(
    session: Session, put: Put, fields: dict[str, Any], status: str, chance: int, weighted: str | None
) -> None:
    deal, facts = deal_of(session, put("deal", **fields)), deals(session)
    assert (facts.status(deal), facts.probability(deal)) == (status, chance)
    assert facts.weighted(deal) == (None if weighted is None else Decimal(weighted))


def test_age_runs_from_the_opening_to_the_closing(session: Session, put: Put) -> None:
    facts = deals(session)
    assert facts.age_days(deal_of(session, put("deal", stage="demo", days_ago=34))) == 34
    assert facts.age_days(deal_of(session, put("deal", stage="demo", opened_on="2026-10-01"))) == 7
    closed = put("deal", stage="won", opened_on="2026-09-01", closed_on="2026-09-11")
    assert facts.age_days(deal_of(session, closed)) == 10


def test_the_day_is_that_of_the_zone(session: Session, put: Put) -> None:
    # 22:30 UTC on the 7th is the 8th in Berlin.
    key = put("deal", stage="demo", days_ago=10.5 / 24)
    assert deals(session).age_days(deal_of(session, key)) == 0
    key = put("deal", stage="demo", days_ago=11.5 / 24)
    assert deals(session).age_days(deal_of(session, key)) == 1


def test_days_in_a_stage_count_from_the_last_change_of_stage(session: Session, put: Put) -> None:
    key = put("deal", stage="demo", days_ago=34)
    assert deals(session).stage_days(deal_of(session, key)) == 34
    put("activity", type="change", field="stage", before="lead", after="demo", deal=key, days_ago=6)
    put("activity", type="change", field="value", before="", after="5", deal=key, days_ago=2)
    assert deals(session).stage_days(deal_of(session, key)) == 6


@pytest.mark.parametrize(
    ("stage", "made", "touched", "rotting"),
    [
        ("demo", 21, {}, False),
        ("demo", 22, {}, True),
        ("demo", 50, {"type": "call", "days_ago": 21}, False),
        ("demo", 50, {"type": "call", "days_ago": 22}, True),
        ("demo", 50, {"type": "call", "at": "2026-10-01T10:00:00Z", "days_ago": 40}, False),
        ("demo", 50, {"type": "change", "field": "stage", "days_ago": 5}, False),
        ("demo", 50, {"type": "change", "field": "owner", "days_ago": 5}, True),
        ("lead", 15, {}, True),
        ("won", 500, {}, False),
        ("gone", 500, {}, False),
    ],
)
def test_a_deal_rots_when_nothing_happened_for_longer_than_its_stage_allows(
    session: Session, put: Put, stage: str, made: int, touched: dict[str, Any], rotting: bool
) -> None:
    key = put("deal", stage=stage, days_ago=made)
    if touched:
        put("activity", deal=key, **touched)
    assert deals(session).rotting(deal_of(session, key)) is rotting


def test_derived_values_move_on_with_the_clock(session: Session, put: Put) -> None:
    key = put("deal", stage="demo", days_ago=20)
    assert not deals(session).rotting(deal_of(session, key))
    session.at(session.now + timedelta(days=2))
    assert deals(session).rotting(deal_of(session, key))


def test_the_log_is_followed_when_it_grows_changes_and_shrinks(session: Session, put: Put) -> None:
    key = put("deal", stage="demo", days_ago=90)
    read = lambda: deals(session).untouched_days(deal_of(session, key))  # noqa: E731
    assert read() == 90
    old = put("activity", type="call", deal=key, days_ago=30)
    assert read() == 30
    put("activity", type="call", deal=key, days_ago=40)
    assert read() == 30
    late = put("activity", type="email", deal=key, days_ago=3)
    assert read() == 3
    session.ws.commit([Remove("activity", late)], by="ann", note="")
    assert read() == 30
    session.ws.commit([Write("activity", old, {"deal": None})], by="ann", note="")
    assert read() == 40


def test_a_log_that_only_grew_is_read_from_where_it_ended() -> None:
    class Counted(dict[str, Any]):
        reads = 0

        def get(self, *args: Any) -> Any:
            Counted.reads += 1
            return super().get(*args)

    log: list[dict[str, Any]] = [Counted(id=f"01KV3B3SE0{place:016d}", deal="d", type="call") for place in range(1000)]
    index = Touches()
    index.follow(log)
    first, Counted.reads = Counted.reads, 0
    index.follow([*log, Counted(id="01KV3B3SE1AAAAAAAAAAAAAAAA", deal="d", type="call")])
    assert 0 < Counted.reads * 100 < first
    assert index.talked("d") > 0


def test_the_next_follow_up_is_the_earliest_that_is_undone_and_awake(session: Session, put: Put) -> None:
    key, jane = put("deal", stage="demo"), put("contact", name="Jane")
    put("followup", subject="done", due="2026-10-01", deal=key, done_at="2026-10-01T08:00:00Z")
    put("followup", subject="slept", due="2026-10-02", deal=key, snoozed_until="2026-10-12")
    put("followup", subject="later", due="2026-10-20", deal=key)
    put("followup", subject="undated", deal=key, contacts=[jane])
    chosen = next_followup(session, "deal", key)
    assert chosen is not None
    assert chosen["subject"] == "later"
    assert lateness(session, chosen) == "later"
    assert lateness(session, next_followup(session, "contact", jane)) == "later"
    assert lateness(session, next_followup(session, "company", "nobody")) == "none"
    assert len(nexts(session).all_of("deal", key)) == 3
    session.at(datetime(2026, 10, 12, 9, tzinfo=UTC))
    woken = next_followup(session, "deal", key)
    assert woken is not None
    assert woken["subject"] == "slept"
    assert lateness(session, woken) == "late"


@pytest.mark.parametrize(
    ("until", "asleep"),
    [
        ("2026-10-09", True),
        ("2026-10-08", False),
        ("2026-10-08T11:30[Europe/Berlin]", True),
        ("2026-10-08T10:30[Europe/Berlin]", False),
        ("nonsense", False),
    ],
)
def test_a_snooze_ends_with_its_day_or_time(session: Session, put: Put, until: str, asleep: bool) -> None:
    key = put("deal", stage="demo")
    put("followup", subject="x", due="2026-10-01", deal=key, snoozed_until=until)
    assert (next_followup(session, "deal", key) is None) is asleep


def test_heavy_fields_are_exactly_those_that_read_the_log(session: Session, put: Put) -> None:
    record = deal_of(session, put("deal", stage="demo", value="1.00"))
    plain, asked = session.ws.all, set()

    def spy(kind: str) -> Any:
        asked.add(kind)
        return plain(kind)

    session.ws.all = spy  # type: ignore[method-assign]
    heavy = set()
    for field in session.kind("deal").all_fields:
        read = derive.computed(session, "deal", field.name)
        asked.clear()
        # A session of its own, so that nothing is remembered from the field before.
        session.remember("x", dict)
        session._cache.clear()
        if read is not None:
            derive.computed(session, "deal", field.name)(record)  # type: ignore[misc]
        if asked & {"activity", "followup"}:
            heavy.add(field.name)
    assert heavy == derive.HEAVY


@given(
    moment=st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    zone=st.sampled_from(["Europe/Berlin", "Asia/Tehran", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "UTC"]),
)
def test_days_agree_with_the_calendar_of_every_zone(moment: datetime, zone: str) -> None:
    from zoneinfo import ZoneInfo

    ms = int(moment.timestamp() * 1000)
    expected = datetime.fromtimestamp(ms // 1000, ZoneInfo(zone)).toordinal()
    assert Days(ZoneInfo(zone)).of(ms) == expected


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_is_written_as_the_calendar_has_it(moment: datetime) -> None:
    ms = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert derive.instant_of(ms) == moment.isoformat()[:19] + "Z"
