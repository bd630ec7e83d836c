"""The grammar of repeat rules in words."""

from __future__ import annotations

from tuicrm.errors import Invalid
from tuicrm.when.names import MONTH_BY_WORD, NUMBER_BY_WORD, ORDINAL_BY_WORD, UNIT_BY_WORD, WEEKDAY_BY_WORD, WEEKDAYS
from tuicrm.when.refusal import quoted
from tuicrm.when.tokens import MAX_LENGTH, Tokens

CODES = [name[:2].upper() for name in WEEKDAYS]
WORKDAYS = ",".join(CODES[:5])
FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
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


def in_words(text: str) -> dict[str, str]:
    """Read a repeat rule in words into its parts by RFC 5545 name; raises Invalid."""
    if len(text) > MAX_LENGTH:
        raise refused_rule(text)
    tokens = Tokens(text)
    if tokens.peek() in _ADVERBS:
        tokens.items[:1] = _ADVERBS[tokens.peek()].split()
    tokens.take("every") or tokens.take("each")
    parts = _days(tokens) or _ordinal_weekday(tokens) or _interval(tokens)
    if parts is None or not tokens.done:
        raise refused_rule(text)
    return parts


def _interval(tokens: Tokens) -> dict[str, str] | None:
    """Read `2 weeks`, `other day`, `month on the 15th`, `15th`, `year on 1 december`, `december 1`."""
    if tokens.peek(1) in ("st", "nd", "rd", "th"):
        parts, unit = {"FREQ": "MONTHLY"}, "month"
    elif tokens.peek() in MONTH_BY_WORD:
        return _year_day(tokens, {"FREQ": "YEARLY"})
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
        if unit not in FREQUENCIES or not 1 <= count <= 999:
            return None
        parts = {"FREQ": FREQUENCIES[unit], "INTERVAL": str(count)}
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
        return {"FREQ": "WEEKLY", "BYDAY": WORKDAYS}
    found: set[int] = set()
    while (day := WEEKDAY_BY_WORD.get(tokens.peek(), WEEKDAY_BY_WORD.get(tokens.peek().removesuffix("s")))) is not None:
        found.add(day)
        tokens.at += 1
        while tokens.take_any(",", "and", "&", "on"):
            pass
    return {"FREQ": "WEEKLY", "BYDAY": ",".join([CODES[day] for day in sorted(found)])} if found else None


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
    return {"FREQ": "MONTHLY", "BYDAY": f"{rank}{CODES[day]}"}


def refused_rule(text: str) -> Invalid:
    """Return the error for text that says no repeat rule."""
    return Invalid(
        f"{quoted(text)} is no repeat rule I understand: write one such as daily, every 2 weeks, every monday, "
        "every month on the 15th, every weekday or an RRULE without an end."
    )
