"""From text to a date, an instant or a wall time: ISO forms first, then words."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tuicrm.errors import Invalid
from tuicrm.when.moment import Moment, Reading, checked, checked_date, zone_named
from tuicrm.when.names import WEEKDAYS, short_date
from tuicrm.when.refusal import not_understood, quoted
from tuicrm.when.tokens import Said, Tokens

_ISO = (
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d{1,9})?"
    r" ?(Z|[+-]\d{2}(?::?\d{2})?)?(?:\[([A-Za-z0-9_/+-]{1,60})\])?"
)
_ZONE = r"(.*\S) +(UTC|[A-Za-z_]+/[A-Za-z0-9_/+-]+)"


def parse_date(text: str, reading: Reading) -> date:
    """Read a day; a time that comes with it is left out, a date without a year is the next such day. Raises Invalid."""
    return _read(text, reading, past=False).date


def parse_moment(text: str, reading: Reading) -> Moment:
    """Read a day, or a wall time in the user's zone or the one named after it; looks ahead. Raises Invalid."""
    return _read(text, reading, past=False)


def parse_instant(text: str, reading: Reading) -> datetime:
    """Read a time that has been, as UTC: a date alone is its start, one without a year the last such day.

    Raises Invalid.
    """
    return _read(text, reading, past=True).instant(reading.zone)


def _read(text: str, reading: Reading, *, past: bool) -> Moment:
    try:
        return checked(_iso(text, reading) or _words(text, reading, past))
    except (OverflowError, ValueError):
        raise not_understood(text) from None


def _iso(text: str, reading: Reading) -> Moment | None:
    """Read ISO 8601 and RFC 9557; a time with an offset becomes the user's wall time."""
    import re

    plain = text.strip()
    if len(plain) == 10 and plain.isascii() and plain[4] == plain[7] == "-":
        return Moment(date.fromisoformat(plain))
    found = re.fullmatch(_ISO, plain, re.ASCII)
    if not found:
        return None
    day, clock = date.fromisoformat(found[1]), time.fromisoformat(found[2])
    checked_date(day)
    zone = zone_named(found[4]) if found[4] else zone_named(reading.zone)
    if found[3]:
        offset = "+00:00" if found[3] == "Z" else found[3]
        wall = datetime.fromisoformat(f"{found[1]}T{found[2]}{offset}").astimezone(zone)
        day, clock = wall.date(), wall.time()
    return Moment(day, clock, zone.key)


def _words(text: str, reading: Reading, past: bool) -> Moment:
    """Read phrases in any order until nothing is left."""
    import re
    from dataclasses import replace

    from tuicrm.when.phrases import read_phrase

    zone, rest = reading.zone, text
    if len(text) <= 200 and (found := re.fullmatch(_ZONE, text.strip(), re.ASCII)):
        there, rest = zone_named(found[2]), found[1]
        zone = there.key
        reading = replace(reading, now=reading.now.astimezone(there), zone=zone)
    tokens, said = Tokens(rest), Said()
    while not tokens.done:
        if not read_phrase(tokens, said, reading, past):
            raise not_understood(text)
    day = _settle(text, said, reading, past)
    return Moment(day) if said.time is None else Moment(day, said.time, zone)


def _settle(text: str, said: Said, reading: Reading, past: bool) -> date:
    """Find the day where only a weekday or a time was given, and check a weekday against the date."""
    today = reading.today
    if said.date is not None:
        if said.weekday is not None and said.date.weekday() != said.weekday:
            day = said.date
            raise Invalid(
                f"{quoted(text)} does not agree with itself: {short_date(day.year, day.month, day.day)} is a "
                f"{WEEKDAYS[day.weekday()]}."
            )
        return said.date
    if said.weekday is not None:
        if past:
            return today - timedelta(days=(today.weekday() - said.weekday - 1) % 7 + 1)
        return today + timedelta(days=(said.weekday - today.weekday() - 1) % 7 + 1)
    if said.time is None:
        raise not_understood(text)
    # The clock alone: the next time it shows that, or the last one when looking back.
    reached = said.time <= reading.now.time()
    return today + timedelta(days=(0 if reached else -1) if past else (1 if reached else 0))
