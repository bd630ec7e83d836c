"""The times of calendars as the fields of records want them, and when a recurring event took place."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.exchange.calendarparts import ODD
from tuicrm.when.moment import FIRST_YEAR, LAST_YEAR, known_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.exchange.formats import Context

EACH = 500
"""At most so many occurrences of one event are taken, the latest."""
_STEPS = 100_000
"""So many occurrences are gone through, from the first, to find the latest."""
_CYCLES = 400 * 19
"""The calendar repeats every 400 years: gone through near its end, no rule is searched for occurrences for long."""
_RULE = re.compile(r"[A-Z0-9=;,:+-]+", re.IGNORECASE)


def listed(component: Any, name: str) -> list[Any]:
    """Return the values that a component has of a property, without those that the library could not read."""
    from icalendar.prop import vBroken

    held = component.get(name)
    return [one for one in (held if isinstance(held, list) else [held]) if one is not None and type(one) is not vBroken]


def value(component: Any, name: str) -> Any:
    """Return the date, time or duration of a property; None where there is none that can be read."""
    found = next((getattr(one, "dt", None) for one in listed(component, name)), None)
    return found if isinstance(found, (date, timedelta)) else None


def instant(when: date, context: Context) -> datetime:
    """Return a date or time as UTC: without a zone it is the user's, a day begins at midnight; raises Invalid."""
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise Invalid(f"the year {when.year} is out of range")
    zone = known_zone(context.zone) or UTC
    whole = when if isinstance(when, datetime) else datetime(when.year, when.month, when.day, tzinfo=zone)
    try:
        return (whole if whole.tzinfo else whole.replace(tzinfo=zone)).astimezone(UTC)
    except ODD:
        raise Invalid("it has a time that does not exist in its zone") from None


def wall(when: date, context: Context) -> str:
    """Return a date or time as a due date: the wall time with its zone stays, one in UTC becomes the user's."""
    if not isinstance(when, datetime):
        if not FIRST_YEAR <= when.year <= LAST_YEAR:
            raise Invalid(f"the year {when.year} is out of range")
        return when.isoformat()
    at = instant(when, context)
    key = getattr(when.tzinfo, "key", "")
    if when.tzinfo is None:
        own, zone = when, context.zone
    elif key and key.upper() not in ("UTC", "ETC/UTC", "GMT") and known_zone(key):
        own, zone = when, key
    else:
        own, zone = at.astimezone(known_zone(context.zone) or UTC), context.zone
    # Seconds have no place in the wall time of a reminder.
    return f"{own:%Y-%m-%dT%H:%M}[{zone}]"


def occurrences(component: Any, start: date, context: Context) -> list[date]:
    """Return when a recurring event took place, the latest up to now, and when it will next; raises Invalid."""
    out: set[datetime] = set()
    for one in _dates(component, "EXDATE"):
        with suppress(Invalid):
            out.add(instant(one, context))
    found: dict[datetime, date] = {}
    for one in (*_dates(component, "RDATE"), *_ruled(component, start, context)):
        with suppress(Invalid):
            key = instant(one, context)
            if key not in out:
                found.setdefault(key, one)
    keys = sorted(found)
    past = [key for key in keys if key <= context.now][-EACH:]
    return [found[key] for key in (*past, *[key for key in keys if key > context.now][:1])]


def _dates(component: Any, name: str) -> list[date]:
    made: list[date] = []
    for group in listed(component, name):
        for one in getattr(group, "dts", ()):
            when = one.dt[0] if isinstance(one.dt, tuple) else one.dt
            if isinstance(when, date):
                made.append(when)
    return made


def _ruled(component: Any, start: date, context: Context) -> Iterator[date]:
    """Yield what the rule gives, its start first, in the event's own zone, so that clocks may change."""
    from collections import deque
    from itertools import islice

    from dateutil.rrule import rrulestr

    zone = start.tzinfo if isinstance(start, datetime) else None
    naive = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime(start.year, start.month, start.day)  # noqa: DTZ001
    own = zone or known_zone(context.zone) or UTC
    end = context.now.astimezone(own).replace(tzinfo=None)
    rule, count = _rule(component, naive, end, own)
    yield start
    if not rule:
        return
    past: deque[datetime] = deque(maxlen=EACH)
    try:
        for late in islice(rrulestr(rule, dtstart=naive.replace(year=naive.year + _CYCLES)), count):
            one = late.replace(year=late.year - _CYCLES)
            past.append(one)
            if one > end:
                break
    except ODD:
        raise Invalid("its recurrence rule cannot be read") from None
    for one in past:
        yield one.replace(tzinfo=zone) if isinstance(start, datetime) else one.date()


def _rule(component: Any, start: datetime, end: datetime, own: tzinfo) -> tuple[str, int]:
    """Return the rule with an end, and how often it comes at most: nothing is searched for up to the year 9999.

    Raises Invalid.
    """
    if component.get("RRULE") is None:
        return "", 0
    rules = listed(component, "RRULE")
    if len(rules) != 1:
        raise Invalid("it has several recurrence rules, or one that cannot be read")
    try:
        text = rules[0].to_ical().decode()
    except ODD:
        raise Invalid("its recurrence rule cannot be read") from None
    known = dict(part.partition("=")[::2] for part in text.upper().split(";"))
    if not _RULE.fullmatch(text) or known.get("FREQ") not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise Invalid("it recurs more than daily, or by a rule that cannot be read")
    if not known.get("INTERVAL", "1").lstrip("0").isdecimal():
        raise Invalid("its recurrence rule has no interval")
    if any("," in known.get(name, "") for name in ("BYHOUR", "BYMINUTE", "BYSECOND")):
        raise Invalid("it recurs several times a day")
    count = known.pop("COUNT", "")
    last = end + timedelta(days=366 * 4)
    if until := known.get("UNTIL", ""):
        last = min(last, _until(until, own))
    last = max(last, start)
    known["UNTIL"] = f"{last.replace(year=last.year + _CYCLES):%Y%m%dT%H%M%S}"
    steps = min(int(count), _STEPS) if count.isdecimal() and len(count) < 9 else _STEPS
    return ";".join(f"{name}={one}" for name, one in known.items()), steps


def _until(text: str, own: tzinfo) -> datetime:
    """Return the end of a rule in the event's own time; a day ends with its last second. Raises Invalid."""
    try:
        if len(text) == 8:
            return datetime.strptime(text, "%Y%m%d") + timedelta(hours=23, minutes=59, seconds=59)  # noqa: DTZ007
        at = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        return at.replace(tzinfo=UTC).astimezone(own).replace(tzinfo=None) if text.endswith("Z") else at
    except ODD:
        raise Invalid("its recurrence rule has no end that exists") from None
