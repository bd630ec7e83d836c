"""iCalendar files: events as meetings, to-dos as follow-ups."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.exchange import fitting
from tuicrm.exchange.calendarparts import ODD, Part, parts
from tuicrm.exchange.calendartimes import EACH, instant, listed, occurrences, value, wall
from tuicrm.exchange.items import Item, Parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.exchange.formats import Context

ALL = 50_000
"""At most so many occurrences are taken from one file."""
_PEOPLE = frozenset({"contacts"})
_READ = frozenset(
    {
        *("SUMMARY", "DESCRIPTION", "DTSTART", "DTEND", "DURATION", "DUE", "UID", "RECURRENCE-ID", "RRULE", "RDATE"),
        *("EXDATE", "ATTENDEE", "ORGANIZER", "LOCATION", "CATEGORIES", "STATUS", "PRIORITY", "COMPLETED", "URL"),
        *("PERCENT-COMPLETE", "CREATED", "LAST-MODIFIED", "DTSTAMP", "SEQUENCE", "TRANSP", "CLASS"),
    }
)
_LONGEST = 100_000
"""Minutes beyond which a duration says nothing about a meeting."""


def read_calendar(data: bytes, context: Context) -> Parsed:
    """Return the meetings and follow-ups of a calendar; what recurs is taken up to now, with the next that comes."""
    import warnings

    with warnings.catch_warnings():
        # The library tells the programmer when it has to guess a zone.
        warnings.simplefilter("ignore")
        return _read(data, context)


def _read(data: bytes, context: Context) -> Parsed:
    parsed = Parsed()
    events: list[Part] = []
    found = False
    for part in parts(data, parsed.ignored):
        found = True
        if part.problem:
            parsed.broken.append((part.where, part.problem))
        elif part.name == "VEVENT":
            events.append(part)
        else:
            _take(parsed, part, _todo(part, parsed, context))
    if not found and b"BEGIN:" not in data[:4096].upper().replace(b"\0", b""):
        raise Invalid("the file holds no calendar: nothing begins with BEGIN:VCALENDAR")
    _events(events, parsed, context)
    return parsed


def _take(parsed: Parsed, part: Part, items: Iterator[Item]) -> None:
    """Add what a part makes; where it cannot be read, say why."""
    try:
        parsed.items.extend(items)
    except Invalid as problem:
        parsed.broken.append((part.where, problem.message))
        return
    for name in part.component:
        if name.upper() not in _READ:
            parsed.ignore(name.upper())


def _events(events: list[Part], parsed: Parsed, context: Context) -> None:
    """Add the events, the exceptions of a series in place of what they move."""
    moved: dict[str, set[datetime]] = {}
    for part in events:
        uid, at = _text(part.component, "UID"), value(part.component, "RECURRENCE-ID")
        if isinstance(at, date):
            try:
                moved.setdefault(uid, set()).add(instant(at, context))
            except Invalid:
                continue
    for part in events:
        room = ALL - len(parsed.items)
        if room <= 0:
            parsed.said.append(f"only the first {ALL:,} meetings are taken")
            return
        gone = moved.get(_text(part.component, "UID"), set())
        _take(parsed, part, _meetings(part, gone, parsed, context, room))


def _meetings(part: Part, moved: set[datetime], parsed: Parsed, context: Context, room: int) -> Iterator[Item]:
    component = part.component
    if _text(component, "STATUS").upper() == "CANCELLED":
        parsed.ignore("cancelled events")
        return
    start = value(component, "DTSTART")
    if not isinstance(start, date):
        raise Invalid("it has no start that can be read")
    uid = _text(component, "UID")
    typed = _event_texts(component, start, context)
    own = value(component, "RECURRENCE-ID")
    if isinstance(own, date):
        yield _meeting(part, typed, start, f"{uid}/{_stamp(instant(own, context))}" if uid else "", context)
    elif component.get("RRULE") is None and component.get("RDATE") is None:
        yield _meeting(part, typed, start, uid, context)
    else:
        instant(start, context)
        whens = _whens(component, start, parsed, context)
        if len(whens) >= EACH and not any("latest" in said for said in parsed.said):
            parsed.said.append(f"of an event that recurs, at most the latest {EACH} meetings up to now are taken")
        for when in whens[-room:]:
            at = instant(when, context)
            if at not in moved:
                yield _meeting(part, typed, when, f"{uid}/{_stamp(at)}" if uid else "", context)


def _whens(component: Any, start: date, parsed: Parsed, context: Context) -> list[date]:
    """Return when an event took place; only the first time where its rule cannot be read."""
    try:
        return occurrences(component, start, context)
    except Invalid:
        parsed.ignore("RRULE that cannot be read")
        return [start]


def _meeting(part: Part, typed: dict[str, list[str]], when: date, key: str, context: Context) -> Item:
    at = instant(when, context)
    return Item(
        "activity",
        fitting.filled({**typed, "at": [f"{at:%Y-%m-%dT%H:%M:%SZ}"], "external_id": [key]}),
        part.where,
        _PEOPLE,
    )


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _event_texts(component: Any, start: date, context: Context) -> dict[str, list[str]]:
    """Return what all occurrences of an event have in common."""
    about = _text(component, "DESCRIPTION", lines=True)
    place, url = _text(component, "LOCATION"), _text(component, "URL")
    return {
        "type": ["meeting"],
        "subject": [_text(component, "SUMMARY") or fitting.one_line(about.partition("\n")[0])[:200] or "Meeting"],
        "body": [fitting.notes(about, f"Place: {place}" if place else "", f"Web: {url}" if url else "")],
        "duration": [_minutes(component, start)],
        "contacts": _people(component, context),
        "tags": _tags(component),
    }


def _minutes(component: Any, start: date) -> str:
    """Return how long an event takes; nothing for whole days."""
    if not isinstance(start, datetime):
        return ""
    length, end = value(component, "DURATION"), value(component, "DTEND")
    try:
        if not isinstance(length, timedelta) and isinstance(end, datetime):
            length = end - start
    except ODD:
        return ""
    minutes = int(length.total_seconds() // 60) if isinstance(length, timedelta) else 0
    return str(minutes) if 0 < minutes <= _LONGEST else ""


def _todo(part: Part, parsed: Parsed, context: Context) -> Iterator[Item]:
    component = part.component
    status = _text(component, "STATUS").upper()
    if status == "CANCELLED":
        parsed.ignore("cancelled to-dos")
        return
    about = _text(component, "DESCRIPTION", lines=True)
    subject = _text(component, "SUMMARY")
    if subject and about:
        parsed.ignore("DESCRIPTION of a to-do")
    due = value(component, "DUE")
    start, length = value(component, "DTSTART"), value(component, "DURATION")
    if not isinstance(due, date) and isinstance(start, date):
        due = start + length if isinstance(length, timedelta) else start
    uid, own = _text(component, "UID"), value(component, "RECURRENCE-ID")
    key = f"{uid}/{_stamp(instant(own, context))}" if uid and isinstance(own, date) else uid
    typed = {
        "subject": [subject or fitting.one_line(about.partition("\n")[0])[:200] or "To do"],
        "due": [wall(due, context) if isinstance(due, date) else ""],
        "repeat": [_repeat(component, parsed)],
        "priority": [_priority(_text(component, "PRIORITY"))],
        "contacts": _people(component, context),
        "done_at": [_done(component, status, context)],
        "tags": _tags(component),
        "external_id": [key],
        "source_created_at": [_made(component, context)],
    }
    yield Item("followup", fitting.filled(typed), part.where, _PEOPLE)


def _repeat(component: Any, parsed: Parsed) -> str:
    """Return a rule where follow-ups can say it; one with an end they cannot."""
    from tuicrm.when import parse_repeat

    if component.get("RRULE") is None:
        return ""
    try:
        text = component["RRULE"].to_ical().decode().upper()
        return parse_repeat(";".join(one for one in text.split(";") if not one.startswith("WKST=")))
    except (Invalid, *ODD):
        parsed.ignore("RRULE that follow-ups cannot say")
        return ""


def _priority(text: str) -> str:
    number = int(text) if text.isdecimal() and len(text) < 4 else 0
    return "" if not 1 <= number <= 9 else "high" if number < 5 else "normal" if number == 5 else "low"


def _done(component: Any, status: str, context: Context) -> str:
    done = value(component, "COMPLETED")
    if not isinstance(done, date) and (status == "COMPLETED" or _text(component, "PERCENT-COMPLETE") == "100"):
        done = value(component, "LAST-MODIFIED") or value(component, "DTSTAMP") or context.now
    return f"{instant(done, context):%Y-%m-%dT%H:%M:%SZ}" if isinstance(done, date) else ""


def _made(component: Any, context: Context) -> str:
    made = value(component, "CREATED")
    if not isinstance(made, date) or made.year < 1971:
        return ""
    at = instant(made, context)
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at <= context.now else ""


def _text(component: Any, name: str, *, lines: bool = False) -> str:
    """Return the first text of a property."""
    text = next((str(one) for one in listed(component, name)), "")
    return fitting.storable(text).strip() if lines else fitting.one_line(text)


def _people(component: Any, context: Context) -> list[str]:
    """Return the addresses of who takes part, without the team's own."""
    found = [str(one) for name in ("ORGANIZER", "ATTENDEE") for one in listed(component, name)]
    return [one for one in fitting.emails(found, []) if one.lower() not in context.own]


def _tags(component: Any) -> list[str]:
    found: list[str] = []
    for one in listed(component, "CATEGORIES"):
        found.extend(str(text) for text in getattr(one, "cats", ()))
    return fitting.tags(found)
