"""The grammar of times of day."""

from __future__ import annotations

from datetime import time

from tuicrm.when.moment import Reading
from tuicrm.when.names import MONTH_BY_WORD, UNIT_BY_WORD
from tuicrm.when.tokens import Said, Tokens

PARTS_OF_DAY = {"noon": 12, "midday": 12, "midnight": 0, "morning": 9, "afternoon": 15, "evening": 18, "tonight": 20}


def read_time(tokens: Tokens, said: Said, reading: Reading) -> bool:
    """Read `10am`, `10:30`, `14h30`, `noon`, `at 9`; a part of the day also stands for its usual hour."""
    start = tokens.at
    at = bool(tokens.take_any("at", "@", "t"))
    this = tokens.take("this")
    if not this:
        tokens.take("in", "the")
    if (word := tokens.peek()) in PARTS_OF_DAY:
        tokens.at += 1
        said.time = time(PARTS_OF_DAY[word])
        if (this or word == "tonight") and said.date is None:
            said.date = reading.today
        return True
    lone = not at and said.date is None and said.weekday is None
    hour = None if this or (lone and _few_hours(tokens)) else tokens.number()
    found = None if hour is None else _clock(tokens, hour, bare=at or said.hour_may_follow)
    if found is None:
        tokens.at = start
        return False
    said.time, said.hour_may_follow = found, False
    return True


def _few_hours(tokens: Tokens) -> bool:
    """Tell whether `2h` comes next: up to six it is a span, since nobody means the small hours; `14h` is a time."""
    return tokens.peek() in "123456" and tokens.peek(1) == "h" and not tokens.peek(2).isdigit()


def _clock(tokens: Tokens, hour: int, *, bare: bool) -> time | None:
    """Read what follows the hour; a bare hour counts only where one is expected."""
    minute = second = 0
    marked = False
    if tokens.peek() in (":", "h") and tokens.peek(1).isdigit() and len(tokens.peek(1)) == 2:
        minute, marked = int(tokens.peek(1)), True
        tokens.at += 2
        if tokens.peek() == ":" and tokens.peek(1).isdigit():
            second = int(tokens.peek(1))
            tokens.at += 2
    elif tokens.peek() == "h" and tokens.peek(1) not in ("ago", "from"):
        tokens.at += 1
        marked = True
    if half := tokens.take_any("am", "pm", "a", "p"):
        if not 1 <= hour <= 12:
            return None
        hour, marked = hour % 12 + (12 if half[0] == "p" else 0), True
    elif (
        bare
        and not marked
        and (tokens.peek() in UNIT_BY_WORD or tokens.peek() in MONTH_BY_WORD or tokens.peek() in ("/", ".", "-"))
    ):
        return None
    if not (marked or bare) or hour > 23 or minute > 59 or second > 59:
        return None
    return time(hour, minute, second)
