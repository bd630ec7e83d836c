"""Dates, repeat rules and durations found among the words of a line."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tuicrm.crm.quick.model import Option, Slot
from tuicrm.crm.quick.vocabulary import BEFORE_DATES
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session
    from tuicrm.when import Moment

LONGEST = 7
_GLUE = frozenset(
    (
        *("in", "at", "on", "by", "the", "of", "next", "this", "last", "coming", "past", "previous", "end", "start"),
        *("beginning", "half", "from", "now", "and", "after", "before", "ago", "a", "an", "st", "nd", "rd", "th"),
    )
)
UNSURE = frozenset({"may", "march", "mar", "sun", "sat", "mon", "jan", "now", "tom", "april", "june", "august"})
"""Words that are names or other words as well: alone they are dates only at the end, or after a word such as `on`."""


@lru_cache(maxsize=1)
def _words() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that may stand in a date, and those that it cannot do without where there is no digit."""
    from tuicrm.when.hours import PARTS_OF_DAY
    from tuicrm.when.names import MONTH_BY_WORD, NUMBER_BY_WORD, UNIT_BY_WORD, WEEKDAY_BY_WORD

    days = {"today", "tod", "tomorrow", "tom", "tmr", "tmrw", "yesterday", "yday", "now"}
    days |= {"eod", "eow", "eom", "eoq", "eoy"}
    named = {*days, *PARTS_OF_DAY, *MONTH_BY_WORD, *(one for one in WEEKDAY_BY_WORD if len(one) > 2)}
    telling = frozenset(named | {one for one in UNIT_BY_WORD if len(one) > 2})
    return frozenset(telling | _GLUE | set(NUMBER_BY_WORD) | set(UNIT_BY_WORD)), telling


def _digit(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def spans(line: Line, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield the stretches of free words that might be a date, the longest first, then the later ones."""
    known, telling = _words()
    tokens = line.tokens[:end]
    found: list[tuple[int, int]] = []
    at = start
    while at < len(tokens):
        first = at
        while at < len(tokens) and tokens[at].free and (tokens[at].bare in known or _digit(tokens[at].bare)):
            at += 1
            if tokens[at - 1].ends in (":", ";"):
                break
        for left in range(first, at):
            found += [(left, right) for right in range(left + 1, min(at, left + LONGEST) + 1)]
        at = max(at, first + 1)
    for left, right in sorted(found, key=lambda one: (one[0] - one[1], -one[0])):
        if any(one.bare in telling or _digit(one.bare) for one in tokens[left:right]):
            yield left, right


def _is_unsure(line: Line, left: int, right: int) -> bool:
    """Tell whether a lone word such as `may` is rather a name than a date."""
    if right - left > 1 or line.tokens[left].bare not in UNSURE:
        return False
    before = line.tokens[left - 1].bare if left else ""
    last = all(not one.free for one in line.tokens[right:])
    return before not in (*BEFORE_DATES, "next", "in") and (left < 2 or not last)


def moment(session: Session, line: Line, name: str, start: int = 0, end: int | None = None) -> Slot | None:
    """Take the day or time to come that a line names."""

    def read(text: str) -> list[Option]:
        from tuicrm.when import parse_moment

        made = [_option(session, name, parse_moment(text, session.reading), text)]
        other = _other_order(session, text)
        return [*made, _option(session, name, other, "")] if other and str(other) != made[0].key else made

    return _taken(line, name, read, start, end)


def day(session: Session, line: Line, name: str) -> Slot | None:
    """Take the day to come that a line names, without a time."""

    def read(text: str) -> list[Option]:
        from dataclasses import replace

        from tuicrm.when import parse_moment

        found = replace(parse_moment(text, session.reading), time=None, zone=None)
        other = _other_order(session, text)
        made = [_option(session, name, found, text)]
        return [*made, _option(session, name, other, "")] if other and str(other) != made[0].key else made

    return _taken(line, name, read, 0, None)


def instant(session: Session, line: Line, start: int, end: int | None) -> Slot | None:
    """Take the time in the past that a line names."""

    def read(text: str) -> list[Option]:
        from datetime import time

        from tuicrm.records.values import instant_text
        from tuicrm.when import parse_instant, understood

        at = parse_instant(text, session.reading)
        if at > session.now:
            raise Invalid("what is to come has not happened")
        wall = at.astimezone(session.reading.now.tzinfo)
        said = understood(at if wall.time() != time.min else wall.date(), session.reading)
        return [Option(instant_text(at), said, (("at", instant_text(at)),))]

    return _taken(line, "at", read, start, end)


def _taken(line: Line, name: str, read: Callable[[str], list[Option]], start: int, end: int | None) -> Slot | None:
    for left, right in spans(line, start, end):
        if _is_unsure(line, left, right):
            continue
        text = " ".join(one.raw.strip(",;:.!()") or one.raw for one in line.tokens[left:right])
        try:
            options = read(text)
        except Invalid:
            continue
        while left > start and line.tokens[left - 1].free and line.tokens[left - 1].bare in BEFORE_DATES:
            left -= 1
        spoken = line.raw(left, right)
        line.take(left, right, name)
        return Slot(name, (*options, Option("", "none: it stays in the text", (), spoken)))
    return None


def _option(session: Session, name: str, found: Moment, text: str) -> Option:
    from tuicrm.when import note_on_order, understood

    said = (note_on_order(text, session.reading) if text else "") or understood(found, session.reading)
    return Option(str(found), said, ((name, str(found)),))


def _other_order(session: Session, text: str) -> Moment | None:
    """Return what 10/11/2026 would be with day and month the other way round, if it can be read both ways."""
    if "/" not in text:
        return None
    from dataclasses import replace

    from tuicrm.when import parse_moment

    reading = session.reading
    other = replace(reading, order="dmy" if reading.order == "mdy" else "mdy")
    try:
        return replace(parse_moment(text, other), time=None, zone=None)
    except Invalid:
        return None


@lru_cache(maxsize=256)
def _rule(text: str) -> tuple[str, str]:
    """Return a repeat rule as stored and in words; empty where the text is none."""
    from tuicrm.when import parse_repeat, say_repeat

    try:
        rule = parse_repeat(text)
    except Invalid:
        return "", ""
    return rule, say_repeat(rule)


def repeat(line: Line) -> Slot | None:
    """Take `every 2 weeks` wherever it stands, `weekly` where it is no part of a name."""
    adverbs = ("daily", "weekly", "biweekly", "fortnightly", "monthly", "bimonthly", "quarterly", "yearly", "annually")
    for at, one in enumerate(line.tokens):
        if not one.free:
            continue
        if one.bare in ("every", "each"):
            ends = range(line.run(at, LONGEST), at + 1, -1)
        elif one.bare in adverbs and at and (at + 1 == len(line) or not line.tokens[at + 1].free):
            ends = range(at + 1, at, -1)
        else:
            continue
        for end in ends:
            rule, said = _rule(line.bare(at, end))
            if rule:
                spoken = line.raw(at, end)
                line.take(at, end, "repeat")
                return Slot("repeat", (Option(rule, said, (("repeat", rule),)), Option("", "once", (), spoken)))
    return None


def due(session: Session, line: Line) -> list[Slot]:
    """Take when something is to be done and how often; what repeats begins on its rule's next day."""
    rule, when = repeat(line), moment(session, line, "due")
    if rule is not None and rule.chosen.key:
        when = _first(session, rule.chosen.key, when)
    return [one for one in (when, rule) if one]


def _first(session: Session, rule: str, when: Slot | None) -> Slot:
    """Return the day typed, else the rule's next one, at the time typed."""
    from tuicrm.when import Moment, next_occurrence, parse_moment

    first = next_occurrence(rule, Moment(session.today), session.reading)
    if when is None:
        return Slot("due", (_option(session, "due", first, ""),))
    try:
        # Only a bare time of day goes together with a date.
        first = parse_moment(f"{first} {when.options[-1].spoken}", session.reading)
    except Invalid:
        return when
    return Slot("due", (_option(session, "due", first, ""), *when.options))


def duration(line: Line, start: int, end: int) -> Slot | None:
    """Take `12m`, `45 min` or `1h` from the words before the colon."""
    import re

    for at in range(start, end):
        for to in (at + 2, at + 1):
            if to > end or not line.is_free(at, to):
                continue
            found = re.fullmatch(r"(\d{1,3}) ?(m|min|mins|minutes|h|hr|hours?)", line.bare(at, to))
            if found:
                minutes = int(found[1]) * (60 if found[2].startswith("h") else 1)
                spoken = line.raw(at, to)
                line.take(at, to, "duration")
                option = Option(str(minutes), f"{minutes} min", (("duration", str(minutes)),))
                return Slot("duration", (option, Option("", "none: it stays in the text", (), spoken)))
    return None
