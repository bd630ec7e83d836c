"""Text about time cut into words, numbers and signs, and the spans of calendar units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, time, timedelta

from tuicrm.when.refusal import not_understood

MAX_LENGTH = 100
_FILLERS = frozenset({"on", "by", ",", "the"})
_TOKEN = r"[a-z]+|\d+|[^\sa-z\d]"


@dataclass(slots=True)
class Said:
    """What has been read so far of a date in words."""

    date: date | None = None
    time: time | None = None
    weekday: int | None = None
    """A weekday given without a word such as next, which the date must agree with if there is one."""
    hour_may_follow: bool = False
    """Whether a bare number would be an hour, as after a weekday."""


class Tokens:
    """The tokens of a text and how many of them are read; `take` moves on, `peek` looks ahead."""

    def __init__(self, text: str) -> None:
        from tuicrm.text import fold

        if len(text) > MAX_LENGTH:
            raise not_understood(text)
        self.text = text
        plain = fold(text).replace("a.m.", "am").replace("p.m.", "pm")
        self.items: list[str] = re.findall(_TOKEN, plain, re.ASCII)
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        """Return a token further on, or an empty text after the end."""
        index = self.at + ahead
        return self.items[index] if index < len(self.items) else ""

    def take(self, *words: str) -> bool:
        """Read these words if they come next."""
        if tuple(self.items[self.at : self.at + len(words)]) != words:
            return False
        self.at += len(words)
        return True

    def take_any(self, *words: str) -> str:
        """Read one of these words if it comes next, and return it."""
        word = self.peek()
        if word and word in words:
            self.at += 1
            return word
        return ""

    def skip_fillers(self) -> None:
        """Pass over words that say nothing."""
        while self.peek() in _FILLERS:
            self.at += 1

    def number(self, digits: int = 2) -> int | None:
        """Read a number of at most this many digits."""
        word = self.peek()
        if not word.isdigit() or len(word) > digits:
            return None
        self.at += 1
        return int(word)

    @property
    def done(self) -> bool:
        """Whether everything is read."""
        return self.at >= len(self.items)


def unit_start(day: date, unit: str, week_start: int, year_start: int = 1) -> date:
    """Return the first day of the week, month, quarter or year that holds a day; years begin with a month."""
    if unit == "week":
        return day - timedelta(days=(day.weekday() - week_start) % 7)
    if unit == "month":
        return day.replace(day=1)
    if unit not in ("quarter", "year"):
        return day
    into = (day.month - year_start) % (3 if unit == "quarter" else 12)
    year, month = divmod(day.year * 12 + day.month - 1 - into, 12)
    return date(year, month + 1, 1)


def shift(day: date, unit: str, count: int) -> date:
    """Return the day so many units on; a month without that day gives its last. Raises OverflowError, ValueError."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    from dateutil.relativedelta import relativedelta

    months = count * {"month": 1, "quarter": 3, "year": 12}[unit]
    moved: date = day + relativedelta(months=months)
    return moved


def unit_span(day: date, unit: str, offset: int, week_start: int, year_start: int = 1) -> tuple[date, date]:
    """Return the unit that holds a day, or one so many units away, as a half-open span."""
    start = shift(unit_start(day, unit, week_start, year_start), unit, offset)
    return start, shift(start, unit, 1)
