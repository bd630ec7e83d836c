"""Repeat rules in words, stored as RFC 5545 text, and the occurrence that comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tuicrm.errors import Invalid
from tuicrm.when.moment import LAST_YEAR, Moment, Reading
from tuicrm.when.names import MONTHS, ORDINAL_BY_WORD, WEEKDAYS, ordinal
from tuicrm.when.refusal import quoted
from tuicrm.when.repeat_words import CODES, FREQUENCIES, WORKDAYS, in_words, refused_rule
from tuicrm.when.tokens import MAX_LENGTH

_UNITS = {frequency: unit for unit, frequency in FREQUENCIES.items()}
_PARTS = {
    "FREQ": "DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9]\d{0,2}",
    "BYMONTH": r"(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*",
    "BYMONTHDAY": r"-?(?:[1-9]|[12]\d|3[01])(?:,-?(?:[1-9]|[12]\d|3[01]))*",
    "BYDAY": r"(?:-?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:-?[1-5])?(?:MO|TU|WE|TH|FR|SA|SU))*",
    "BYSETPOS": r"-?(?:[1-9]|[12]\d|3[01])",
}
"""Parts of a stored rule, in canonical order. Ends (COUNT, UNTIL) have no place: a follow-up repeats until closed."""


def parse_repeat(text: str) -> str:
    """Read `every 2 weeks`, `monthly on the 15th`, `every weekday` or an RRULE; returns canonical RFC 5545 text.

    Raises Invalid.
    """
    parts = _raw(text) if "=" in text[:MAX_LENGTH] else in_words(text)
    rule = ";".join(
        [
            f"{name}={parts[name]}"
            for name in _PARTS
            if parts.get(name) and parts[name] != ("1" if name == "INTERVAL" else "")
        ]
    )
    if _after(rule, Moment(_ORIGIN.date()), 0) is None:
        raise Invalid(f"{quoted(text)} never comes round: a rule such as every month on the 15th would be right.")
    return rule


def say_repeat(rule: str) -> str:
    """Return a stored rule in words, `every 2 weeks`; a rule that no words fit is returned as it is."""
    parts = dict(part.partition("=")[::2] for part in rule.split(";"))
    count, unit = int(parts.get("INTERVAL", "1")), _UNITS.get(parts.get("FREQ", ""), "")
    by = tuple(name for name in ("BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS") if name in parts)
    if unit == "month" and count == 3:
        count, unit = 1, "quarter"
    every = f"every {unit}" if count == 1 else f"every {count} {unit}s"
    if not by:
        said = every
    elif by == ("BYDAY",) and parts["BYDAY"] == WORKDAYS and every == "every week":
        said = "every weekday"
    elif by == ("BYDAY",):
        said = _say_days(every, unit, parts["BYDAY"])
    elif by == ("BYMONTHDAY",) and unit in ("month", "quarter"):
        day = parts["BYMONTHDAY"]
        said = f"{every} on the {'last day' if day == '-1' else ordinal(int(day))}" if day.lstrip("-").isdigit() else ""
    elif by == ("BYMONTH", "BYMONTHDAY") and unit == "year" and parts["BYMONTH"].isdigit():
        said = f"{every} on {parts['BYMONTHDAY']} {MONTHS[int(parts['BYMONTH']) - 1]}"
    else:
        said = ""
    try:
        return said if said and parse_repeat(said) == rule else rule
    except Invalid:
        return rule


def next_occurrence(rule: str, after: Moment, reading: Reading) -> Moment:
    """Return the first occurrence later than a moment: the wall time and zone stay, whatever the clocks do.

    A month without the wanted day gives its last. Raises Invalid.
    """
    found = _after(parse_repeat(rule), after, reading.week_start)
    if found is None:
        raise Invalid(f"{quoted(rule)} has no occurrence after {after.date.isoformat()}.")
    return replace(after, date=found.date())


def anchor_repeat(rule: str, start: Moment) -> str:
    """Return the rule with the day of its start written in, where a shorter month would otherwise move it for good."""
    day = start.date.day
    if day <= 28 or "BY" in rule:
        return rule
    if "FREQ=MONTHLY" in rule:
        return parse_repeat(f"{rule};BYMONTHDAY={day}")
    return parse_repeat(f"{rule};BYMONTH=2;BYMONTHDAY=29") if "FREQ=YEARLY" in rule and start.date.month == 2 else rule


_ORIGIN = datetime(2024, 1, 1, tzinfo=UTC)


def _after(rule: str, after: Moment, week_start: int) -> datetime | None:
    """Return the first day of a canonical rule that is later than a moment's."""
    from dateutil import rrule

    start = datetime(after.date.year, after.date.month, after.date.day, tzinfo=UTC)
    parts = dict(part.split("=") for part in rule.split(";"))
    options: dict[str, Any] = {"interval": int(parts.get("INTERVAL", "1")), "wkst": week_start}
    if "BYMONTH" in parts:
        options["bymonth"] = _numbers(parts["BYMONTH"])
    if "BYMONTHDAY" in parts:
        options["bymonthday"] = _numbers(parts["BYMONTHDAY"])
    if "BYDAY" in parts:
        options["byweekday"] = [
            rrule.weekday(CODES.index(code[-2:]), int(code[:-2]) if code[:-2] else None)
            for code in parts["BYDAY"].split(",")
        ]
    if "BYSETPOS" in parts:
        options["bysetpos"] = int(parts["BYSETPOS"])
    _keep_short_months(options, parts["FREQ"], after)
    # Without an end a rule that never comes round would be searched up to the year 9999.
    until = datetime(LAST_YEAR, 12, 31, tzinfo=UTC)
    found: datetime | None = rrule.rrule(getattr(rrule, parts["FREQ"]), dtstart=start, until=until, **options).after(
        start
    )
    return found


def _keep_short_months(options: dict[str, Any], frequency: str, after: Moment) -> None:
    """Let the last day stand for a wanted day that a month lacks."""
    days = options.get("bymonthday")
    if "byweekday" in options or "bysetpos" in options or frequency not in ("MONTHLY", "YEARLY"):
        return
    if (
        frequency == "YEARLY"
        and days is None
        and "bymonth" not in options
        and (after.date.month, after.date.day) == (2, 29)
    ):
        options["bymonth"], days = [2], [29]
    if days is None and frequency == "MONTHLY" and "bymonth" not in options:
        days = [after.date.day]
    if (
        days is None
        or len(days) != 1
        or days[0] < 29
        or (frequency == "YEARLY" and len(options.get("bymonth", ())) != 1)
    ):
        return
    options["bymonthday"], options["bysetpos"] = list(range(28, days[0] + 1)), -1


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def _raw(text: str) -> dict[str, str]:
    """Check a rule that is RFC 5545 text already."""
    import re

    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _, value = part.partition("=")
        if name in parts or name not in _PARTS or not re.fullmatch(_PARTS[name], value, re.ASCII):
            raise refused_rule(text)
        parts[name] = value
    if "FREQ" not in parts or (parts["FREQ"] in ("DAILY", "WEEKLY") and re.search(r"\d", parts.get("BYDAY", ""))):
        raise refused_rule(text)
    if parts["FREQ"] == "WEEKLY" and "BYMONTHDAY" in parts:
        raise refused_rule(text)
    return parts


def _say_days(every: str, unit: str, days: str) -> str:
    """Say the weekdays of a rule."""
    codes = days.split(",")
    names = [WEEKDAYS[CODES.index(code[-2:])] for code in codes]
    if unit == "week" and not any(code[:-2] for code in codes):
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"every {listed}" if every == "every week" else f"{every} on {listed}"
    ranks = {str(rank): word for word, rank in ORDINAL_BY_WORD.items()}
    rank = ranks.get(codes[0][:-2], "") if len(codes) == 1 else ""
    return f"{every} on the {rank} {names[0]}" if rank else ""
