"""Follow-ups and meetings as iCalendar (RFC 5545): to-dos and events that keep their UID from export to export."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word, words
from tuicrm.errors import Invalid
from tuicrm.exchange.contentlines import plain
from tuicrm.exchange.uids import uuid_of
from tuicrm.records.types import ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from icalendar import Calendar, Component

    from tuicrm.crm.session import Session
    from tuicrm.when import Moment

Record = dict[str, Any]
KINDS = ("followup", "activity")
MEETING = "meeting"
PRODUCT = "-//tuicrm//tuicrm//EN"
_PRIORITIES = {"high": 1, "normal": 5, "low": 9}
_STEP = 500
_MORNING = timedelta(hours=9)
"""When a day's to-do rings."""


def calendar(
    session: Session,
    kind: str,
    records: Sequence[Record],
    *,
    as_events: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Return follow-ups as to-dos (as events where asked for), the meetings of activities as events."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    for count, one in enumerate(records):
        if progress is not None and count % _STEP == 0:
            progress(count, len(records))
        if kind == "followup":
            made.add_component(followup(session, one, as_event=as_events))
        elif one.get("type") == MEETING:
            made.add_component(meeting(session, one))
    _add_zones(made)
    data: bytes = made.to_ical()
    return data


def _add_zones(made: Calendar) -> None:
    """Say what the zones mean that dates name, which the format asks for."""
    made.add_missing_timezones()
    # Zones first: some programs read a file in one go.
    made.subcomponents.sort(key=lambda one: one.name != "VTIMEZONE")


def followup(session: Session, record: Record, *, as_event: bool = False) -> Component:
    """Return a follow-up as a to-do; as an event only where it has a date to stand at."""
    from icalendar import Event, Todo

    due = _moment(record.get("due"))
    is_event = as_event and due is not None
    made = Event() if is_event else Todo()
    _common(session, "followup", record, made, word(record.get("subject")), _told(session, record))
    if due is not None:
        at = _date_of(due)
        rule = _rule(record.get("repeat"))
        # A rule counts from the start, so a to-do that comes back has one; it is the day that it is due.
        if is_event or rule is not None:
            made.add("dtstart", at)
        if not is_event:
            made.add("due", at)
        if rule is not None:
            made.add("rrule", rule)
    if word(record.get("priority")) in _PRIORITIES:
        made.add("priority", _PRIORITIES[record["priority"]])
    done = _instant(record.get("done_at"))
    if not is_event:
        made.add("status", "COMPLETED" if record.get("done_at") else "NEEDS-ACTION")
        if done is not None:
            made.add("completed", done)
    if due is not None and not record.get("done_at"):
        made.add_component(_alarm(session, record, due, relates_to_end=not is_event))
    return made


def meeting(session: Session, record: Record) -> Component:
    """Return a logged or planned meeting as an event, those with an e-mail address as its attendees."""
    from icalendar import Event

    from tuicrm.crm.touches import at_ms

    made = Event()
    body = word(record.get("body"))
    told = "\n\n".join(filter(None, [body, _told(session, record)]))
    _common(session, "activity", record, made, word(record.get("subject")) or MEETING.title(), told)
    made.add("dtstart", datetime.fromtimestamp(at_ms(record) // 1000, UTC))
    minutes = record.get("duration")
    if isinstance(minutes, int) and not isinstance(minutes, bool) and 0 < minutes <= 1_000_000:
        made.add("duration", timedelta(minutes=minutes))
    made.add("status", "CONFIRMED")
    for name, address in _attendees(session, record):
        made.add("attendee", f"mailto:{plain(address)}", parameters={"CN": _parameter(name)} if name else {})
    owner = session.ws.get("user", word(record.get("owner"))) or {}
    if word(owner.get("email")):
        name = _parameter(word(owner.get("name")))
        made.add("organizer", f"mailto:{plain(word(owner['email']))}", parameters={"CN": name} if name else {})
    return made


def _common(session: Session, kind: str, record: Record, made: Component, summary: str, told: str) -> None:
    from tuicrm.crm.derive import updated_ms
    from tuicrm.crm.touches import id_ms

    created = datetime.fromtimestamp(id_ms(record["id"]) // 1000, UTC)
    changed = datetime.fromtimestamp(max(updated_ms(record), id_ms(record["id"])) // 1000, UTC)
    made.add("uid", uuid_of(record["id"]))
    made.add("dtstamp", changed)
    made.add("created", created)
    made.add("last-modified", changed)
    made.add("summary", plain(summary))
    if told:
        made.add("description", plain(told))
    if words(record.get("tags")):
        made.add("categories", list(map(plain, words(record["tags"]))))


def _told(session: Session, record: Record) -> str:
    """Return what a record is about, a line for each, as calendars have no other place for it."""
    from tuicrm.crm.lookup import name_of

    people = [name_of(session, "contact", one) for one in words(record.get("contacts"))]
    lines = [("With", ", ".join(filter(None, people)))]
    lines += [(kind.title(), name_of(session, kind, word(record.get(kind)))) for kind in ("company", "deal")]
    return "\n".join(f"{label}: {text}" for label, text in lines if text)


def _attendees(session: Session, record: Record) -> Iterator[tuple[str, str]]:
    for key in words(record.get("contacts")):
        contact = session.ws.get("contact", key) or {}
        for address in ranked(contact.get("emails"))[:1]:
            yield word(contact.get("name")), address


def _alarm(session: Session, record: Record, due: Moment, *, relates_to_end: bool) -> Component:
    """Return what rings when a follow-up is due; a day's in the morning, a snoozed one when it wakes up."""
    from icalendar import Alarm

    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", plain(word(record.get("subject"))))
    snoozed = _moment(record.get("snoozed_until"))
    if snoozed is not None:
        wakes = snoozed.instant(session.zone) + (timedelta() if snoozed.time else _MORNING)
        made.add("trigger", wakes)
    else:
        offset = timedelta() if due.time else _MORNING
        made.add("trigger", offset, parameters={"RELATED": "END"} if relates_to_end else {})
    return made


def _moment(stored: Any) -> Moment | None:
    from tuicrm.when import Moment

    try:
        return Moment.parse(stored) if isinstance(stored, str) and stored else None
    except Invalid:
        return None


def _date_of(moment: Moment) -> date:
    """Return a moment as the format has it: a date, a wall time with its zone, or one that floats."""
    from zoneinfo import ZoneInfo

    if moment.time is None:
        return moment.date
    zone = ZoneInfo(moment.zone) if moment.zone else None
    return datetime.combine(moment.date, time(moment.time.hour, moment.time.minute, moment.time.second), zone)


def _instant(stored: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(word(stored))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else None


def _rule(stored: Any) -> Any:
    """Return a stored repeat rule; None for one that somebody has damaged."""
    from icalendar import vRecur

    from tuicrm.when import parse_repeat

    try:
        return vRecur.from_ical(parse_repeat(stored)) if isinstance(stored, str) and "=" in stored else None
    except (Invalid, ValueError):
        return None


def _parameter(text: str) -> str:
    """Return a text that a parameter can hold: no quotes, no line breaks, no backslash, which readers trip over."""
    return " ".join(plain(text).replace('"', "'").replace("\\", "/").split())
