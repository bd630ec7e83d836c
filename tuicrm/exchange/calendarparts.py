"""The parts of an iCalendar file, each read on its own: a broken one breaks no other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError, OSError)
"""What the library raises at input that its authors did not think of; zones are looked up as files."""
WANTED = ("VEVENT", "VTODO")
_WHOLE = ("VTIMEZONE", "VJOURNAL", "VFREEBUSY", "VALARM", "VAVAILABILITY", "VPOLL")
_ZONE_RULE = re.compile(
    r"RRULE:(?:(?:FREQ=YEARLY|INTERVAL=[1-9]|(?:BYMONTH|BYDAY|BYMONTHDAY|UNTIL|COUNT|WKST)=[-+,\w]*);?)+", re.IGNORECASE
)
"""The rules that real zones have; others could keep the library busy for ever."""
_MOST_LINES = 5000


@dataclass(frozen=True, slots=True)
class Part:
    """One event or to-do: the library's component, or what is wrong with it."""

    name: str
    number: int
    component: Any = None
    problem: str = ""

    @property
    def where(self) -> str:
        """Where in the file it stands, for people."""
        return f"{'event' if self.name == 'VEVENT' else 'to-do'} {self.number}"


def text_of(data: bytes) -> str:
    """Return the text of a file, whatever its encoding."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    plain = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return plain.decode("cp1252", "replace")


def parts(data: bytes, ignored: dict[str, int]) -> Iterator[Part]:
    """Yield the events and to-dos of a file, its time zones known; other components are counted in `ignored`."""
    from icalendar.timezone import tzp

    # A zone that another file declared under the same name is not this file's.
    tzp.use_default()
    # Zones first: a file may declare them last.
    blocks = list(_blocks(_lines(data)))
    for name, lines, closed in blocks:
        if name == "VTIMEZONE" and closed:
            _learn_zone(lines)
    numbers = dict.fromkeys(WANTED, 0)
    for name, whole, closed in blocks:
        if name not in WANTED:
            if name != "VTIMEZONE":
                ignored[name] = ignored.get(name, 0) + 1
            continue
        numbers[name] += 1
        if closed:
            yield _part(name, numbers[name], _without_alarms(whole, ignored))
        else:
            yield Part(name, numbers[name], problem=f"it has no END:{name}")


def _lines(data: bytes) -> list[str]:
    """Return the lines of a file, unfolded before they are decoded: some programs fold inside of a letter."""
    plain = text_of(data).encode("utf-8", "replace") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data
    lines = re.sub(rb"[\r\n]+", b"\n", plain.replace(b"\0", b""))
    return [text_of(line) for line in re.sub(rb"\n[ \t]", b"", lines).split(b"\n")]


def _blocks(lines: list[str]) -> Iterator[tuple[str, list[str], bool]]:
    """Yield the components that matter, with their lines, and whether they are closed; alarms are parts of theirs."""
    name, held = "", []
    for line in lines:
        key, _, value = line.partition(":")
        word = value.strip().upper()
        if key.strip().upper() == "BEGIN":
            if not name and word in (*WANTED, *_WHOLE):
                name, held = word, [line]
                continue
            if name in WANTED and word in WANTED:
                yield name, held, False
                name, held = word, [line]
                continue
        if not name:
            continue
        held.append(line)
        if key.strip().upper() == "END" and word == name:
            yield name, held, True
            name = ""
        elif key.strip().upper() == "END" and word == "VCALENDAR":
            yield name, held, False
            name = ""
    if name:
        yield name, held, False


def _without_alarms(lines: list[str], ignored: dict[str, int]) -> list[str]:
    """Return the lines of a component without those of the parts inside it, which are counted in `ignored`."""
    kept, inside = lines[:1], ""
    for line in lines[1:]:
        key, _, value = line.partition(":")
        word, name = key.strip().upper(), value.strip().upper()
        if word == "BEGIN" and not inside:
            inside = name
            ignored[name] = ignored.get(name, 0) + 1
        elif word == "END" and inside == name:
            inside = ""
        elif not inside:
            kept.append(line)
    return [*kept, lines[-1]] if inside else kept


def _learn_zone(lines: list[str]) -> None:
    from icalendar import Timezone

    rules = [line for line in lines if line.upper().startswith("RRULE")]
    if len(lines) > _MOST_LINES or not all(_ZONE_RULE.fullmatch(line.strip()) for line in rules):
        return
    try:
        Timezone.from_ical("\r\n".join(lines))
    except ODD:
        # Times in a zone that nobody understands are read as those of the user's.
        return


def _part(name: str, number: int, lines: list[str]) -> Part:
    from icalendar import Event, Todo

    try:
        component = (Event if name == "VEVENT" else Todo).from_ical("\r\n".join([*lines, ""]))
    except ODD as problem:
        from tuicrm.exchange.fitting import one_line

        return Part(name, number, problem=f"it cannot be read: {one_line(str(problem))[:120]}")
    return Part(name, number, component)
