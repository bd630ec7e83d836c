"""Repeat rules in words, stored as RFC 5545 text, and the occurrence that comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tuicrm.errors import Invalid
from tuicrm.when.moment import Moment, Reading, checked
from tuicrm.when.names import (
    MONTH_BY_WORD,
    MONTHS,
    NUMBER_BY_WORD,
    ORDINAL_BY_WORD,
    UNIT_BY_WORD,
    WEEKDAY_BY_WORD,
    WEEKDAYS,
    ordinal,
)
from tuicrm.when.refusal import quoted
from tuicrm.when.tokens import MAX_LENGTH, Tokens

_CODES = [name[:2].upper() for name in WEEKDAYS]
_WORKDAYS = ",".join(_CODES[:5])
_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_UNITS = {frequency: unit for unit, frequency in _FREQUENCIES.items()}
_ADVERBS = {
    "daily": "every day",
    "weekly": "every week",
    "biweekly": "every 2 weeks",
    "fortnightly": "every 2 weeks",
    "monthly": "every month",
    "bimonthly": "every 2 months",
    "quarterly": "every quarter",
    "yearly": "every year",
    "annually": "every year",
    "weekdays": "every weekday",
    "workdays": "every weekday",
}
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
    parts = _raw(text) if "=" in text[:MAX_LENGTH] else _in_words(text)
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
    if unit == "month" and count % 3 == 0:
        count, unit = count // 3, "quarter"
    every = f"every {unit}" if count == 1 else f"every {count} {unit}s"
    if not by:
        said = every
    elif by == ("BYDAY",) and parts["BYDAY"] == _WORKDAYS and every == "every week":
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
    return checked(replace(after, date=found.date()))


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
    """Return the first day of a canonical rule that is later than a moment's, within a lifetime."""
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
            rrule.weekday(_CODES.index(code[-2:]), int(code[:-2]) if code[:-2] else None)
            for code in parts["BYDAY"].split(",")
        ]
    if "BYSETPOS" in parts:
        options["bysetpos"] = int(parts["BYSETPOS"])
    _keep_short_months(options, parts["FREQ"], after)
    # A rule may skip years, at most 999; without an end an impossible one would search up to the year 9999.
    until = start.replace(year=min(start.year + max(41, options["interval"] + 9), 9990), day=1)
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
            raise _refused(text)
        parts[name] = value
    if "FREQ" not in parts or (parts["FREQ"] in ("DAILY", "WEEKLY") and re.search(r"\d", parts.get("BYDAY", ""))):
        raise _refused(text)
    if parts["FREQ"] == "WEEKLY" and "BYMONTHDAY" in parts:
        raise _refused(text)
    return parts


def _in_words(text: str) -> dict[str, str]:
    """Read a rule in words."""
    if len(text) > MAX_LENGTH:
        raise _refused(text)
    tokens = Tokens(text)
    if tokens.peek() in _ADVERBS:
        tokens.items[:1] = _ADVERBS[tokens.peek()].split()
    tokens.take("every") or tokens.take("each")
    parts = _days(tokens) or _ordinal_weekday(tokens) or _interval(tokens)
    if parts is None or not tokens.done:
        raise _refused(text)
    return parts


def _interval(tokens: Tokens) -> dict[str, str] | None:
    """Read `2 weeks`, `other day`, `month on the 15th`, `15th`, `year on 1 december`."""
    if tokens.peek(1) in ("st", "nd", "rd", "th"):
        parts, unit = {"FREQ": "MONTHLY"}, "month"
    else:
        count = 2 if tokens.take("other") else tokens.number(3)
        if count is None and tokens.peek() in NUMBER_BY_WORD:
            count = NUMBER_BY_WORD[tokens.peek()]
            tokens.at += 1
        count = 1 if count is None else count
        unit = UNIT_BY_WORD.get(tokens.peek(), "")
        tokens.at += 1
        if unit == "quarter":
            unit, count = "month", count * 3
        if unit not in _FREQUENCIES or not 1 <= count <= 999:
            return None
        parts = {"FREQ": _FREQUENCIES[unit], "INTERVAL": str(count)}
    tokens.skip_fillers()
    if tokens.done or unit == "day":
        return parts
    if unit == "week":
        days = _days(tokens)
        return parts | {"BYDAY": days["BYDAY"]} if days else None
    if unit == "month":
        weekday = _ordinal_weekday(tokens)
        return parts | {"BYDAY": weekday["BYDAY"]} if weekday else _month_day(tokens, parts)
    return _year_day(tokens, parts)


def _month_day(tokens: Tokens, parts: dict[str, str]) -> dict[str, str] | None:
    """Read `15th`, `last day`, `1`."""
    if tokens.take("last", "day"):
        tokens.take("of", "the", "month")
        return parts | {"BYMONTHDAY": "-1"}
    day = tokens.number()
    tokens.take_any("st", "nd", "rd", "th")
    tokens.take("of", "the", "month")
    return parts | {"BYMONTHDAY": str(day)} if day and day <= 31 else None


def _year_day(tokens: Tokens, parts: dict[str, str]) -> dict[str, str] | None:
    """Read `1 december`, `december 1st`."""
    day = tokens.number()
    tokens.take_any("st", "nd", "rd", "th")
    tokens.take("of")
    month = MONTH_BY_WORD.get(tokens.peek())
    tokens.at += 1
    if day is None:
        day = tokens.number()
        tokens.take_any("st", "nd", "rd", "th")
    return parts | {"BYMONTH": str(month), "BYMONTHDAY": str(day)} if month and day and day <= 31 else None


def _days(tokens: Tokens) -> dict[str, str] | None:
    """Read `weekday`, `monday`, `mon, wed and fri`."""
    if tokens.take_any("weekday", "weekdays", "workday", "workdays"):
        return {"FREQ": "WEEKLY", "BYDAY": _WORKDAYS}
    found: set[int] = set()
    while (day := WEEKDAY_BY_WORD.get(tokens.peek(), WEEKDAY_BY_WORD.get(tokens.peek().removesuffix("s")))) is not None:
        found.add(day)
        tokens.at += 1
        while tokens.take_any(",", "and", "&", "on"):
            pass
    return {"FREQ": "WEEKLY", "BYDAY": ",".join([_CODES[day] for day in sorted(found)])} if found else None


def _ordinal_weekday(tokens: Tokens) -> dict[str, str] | None:
    """Read `first monday of the month`, `last friday`."""
    tokens.skip_fillers()
    rank = ORDINAL_BY_WORD.get(tokens.peek())
    day = WEEKDAY_BY_WORD.get(tokens.peek(1))
    if rank is None or day is None:
        return None
    tokens.at += 2
    tokens.take_any("of", "in")
    tokens.take_any("the", "every", "each")
    tokens.take("month")
    return {"FREQ": "MONTHLY", "BYDAY": f"{rank}{_CODES[day]}"}


def _say_days(every: str, unit: str, days: str) -> str:
    """Say the weekdays of a rule."""
    codes = days.split(",")
    names = [WEEKDAYS[_CODES.index(code[-2:])] for code in codes]
    if unit == "week" and not any(code[:-2] for code in codes):
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        return f"every {listed}" if every == "every week" else f"{every} on {listed}"
    ranks = {str(rank): word for word, rank in ORDINAL_BY_WORD.items()}
    rank = ranks.get(codes[0][:-2], "") if len(codes) == 1 else ""
    return f"{every} on the {rank} {names[0]}" if rank else ""


def _refused(text: str) -> Invalid:
    return Invalid(
        f"{quoted(text)} is no repeat rule I understand: write one such as daily, every 2 weeks, every monday, "
        "every month on the 15th, every weekday or an RRULE without an end."
    )
