"""Dates and times in a query: a value in words is a span of time, and records are before, in or after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.touches import at_ms, id_ms, text_ms
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to, but without, `end`: as dates and as milliseconds since 1970."""

    start: str
    end: str
    start_ms: int
    end_ms: int
    timed: bool
    """Whether a time of the day was said, so that days are too coarse to compare."""


def span(session: Session, text: str) -> Span:
    """Read a day, a period or a time in words; raises Invalid."""
    from tuicrm.when import parse_moment, parse_period

    reading = session.reading
    try:
        moment = parse_moment(text, reading)
    except Invalid:
        moment = None
    if moment is None or moment.time is None:
        first, end = parse_period(text, reading)
        return Span(first.isoformat(), end.isoformat(), _ms(session, first), _ms(session, end), False)
    first, end = parse_period(moment.date.isoformat(), reading)
    ms = int(moment.instant(session.zone).timestamp() * 1000)
    length = 1000 if moment.time.second else 60_000
    return Span(first.isoformat(), end.isoformat(), ms, ms + length, True)


def tester(session: Session, kind: str, field: Field, op: str, wanted: Span) -> Callable[[Record], bool]:
    """Return the test whether a record's date or time stands so to the span; empty fields never do."""
    from tuicrm.records.values import Instant, When

    if isinstance(field.type, Instant):
        return _compared(_moment_reader(session, kind, field), _stands(op, wanted.start_ms, wanted.end_ms))
    read = derive.computed(session, kind, field.name) or (lambda record: record.get(field.name))
    if isinstance(field.type, When):
        return _wall_tester(session, read, op, wanted)
    if field.name == "opened_on" and kind == "deal":
        read = _opened_reader(session)
    return _compared(_day_reader(read), _stands(op, wanted.start, wanted.end))


def _compared(read: Callable[[Record], Any], test: Callable[[Any], bool]) -> Callable[[Record], bool]:
    def fits(record: Record) -> bool:
        value = read(record)
        return bool(value) and test(value)

    return fits


def _stands(op: str, start: Any, end: Any) -> Callable[[Any], bool]:
    """Return the test how one value stands to the half-open span from `start` to `end`."""
    tests: dict[str, Callable[[Any], bool]] = {
        ":": lambda value: start <= value < end,
        "=": lambda value: start <= value < end,
        "<": lambda value: value < start,
        "<=": lambda value: value < end,
        ">": lambda value: value >= end,
        ">=": lambda value: value >= start,
    }
    return tests[op]


def _day_reader(read: Callable[[Record], Any]) -> Callable[[Record], str]:
    def day(record: Record) -> str:
        value = read(record)
        return value[:10] if isinstance(value, str) else ""

    return day


def _opened_reader(session: Session) -> Callable[[Record], str]:
    from datetime import date

    facts = derive.deals(session)
    return lambda deal: date.fromordinal(facts.opened(deal)).isoformat()


def _moment_reader(session: Session, kind: str, field: Field) -> Callable[[Record], int]:
    name = field.name
    if name == "created_at":
        return lambda record: id_ms(record["id"])
    if name == "updated_at":
        return derive.updated_ms
    if name == "at" and kind == "activity":
        return at_ms
    if name == "last_activity_at":
        return derive.deals(session).last_activity

    def read(record: Record) -> int:
        value = record.get(name)
        return text_ms(value) if isinstance(value, str) else 0

    return read


def _wall_tester(session: Session, read: Callable[[Record], Any], op: str, wanted: Span) -> Callable[[Record], bool]:
    """Days compare as dates; a time of the day, or a wall in another zone, compares as a moment."""
    here = f"[{session.zone}]"
    by_day, by_moment = _stands(op, wanted.start, wanted.end), _stands(op, wanted.start_ms, wanted.end_ms)

    def fits(record: Record) -> bool:
        value = read(record)
        if not isinstance(value, str) or not value:
            return False
        if not wanted.timed and (len(value) == 10 or value.endswith(here)):
            return by_day(value[:10])
        moment = derive.wall_ms(session, value)
        return bool(moment) and by_moment(moment)

    return fits


def _ms(session: Session, day: date) -> int:
    """Return the midnight that begins a day, in milliseconds since 1970."""
    from datetime import datetime, time

    return int(datetime.combine(day, time(), session.reading.now.tzinfo).timestamp() * 1000)
