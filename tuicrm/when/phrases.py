"""The grammar of dates in words: each rule reads one phrase at the head of the tokens, or leaves them alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tuicrm.when.hours import PARTS_OF_DAY, read_time
from tuicrm.when.moment import Reading
from tuicrm.when.names import MONTH_BY_WORD, NUMBER_BY_WORD, UNIT_BY_WORD, WEEKDAY_BY_WORD
from tuicrm.when.numeric import full_year, in_order
from tuicrm.when.tokens import Said, Tokens, shift, unit_span

MAX_COUNT = 100_000
_DAYS = {"today": 0, "tod": 0, "tomorrow": 1, "tom": 1, "tmr": 1, "tmrw": 1, "yesterday": -1, "yday": -1}
_OFFSETS = {"next": 1, "coming": 1, "this": 0, "last": -1, "past": -1, "previous": -1}
_ENDS = {"eod": "day", "eow": "week", "eom": "month", "eoq": "quarter", "eoy": "year"}


def read_phrase(tokens: Tokens, said: Said, reading: Reading, past: bool) -> bool:
    """Read one phrase into what was said; False when nothing fits."""
    tokens.skip_fillers()
    if tokens.done:
        return True
    if said.time is None and read_time(tokens, said, reading):
        return True
    if said.date is not None:
        return said.weekday is None and _bare_weekday(tokens, said)
    if tokens.take("now"):
        said.date, said.time = reading.today, reading.now.time().replace(tzinfo=None, microsecond=0)
        return True
    return (
        _named_day(tokens, said, reading)
        or _figures(tokens, said, reading, past)
        or _month_name(tokens, said, reading, past)
        or _span(tokens, said, reading)
        or _end_of(tokens, said, reading)
        or _with_offset(tokens, said, reading, past)
        or (said.weekday is None and _bare_weekday(tokens, said))
    )


def _named_day(tokens: Tokens, said: Said, reading: Reading) -> bool:
    """Read `tomorrow`, `day after tomorrow`, `tonight`."""
    for words, offset in (
        (("day", "after", "tomorrow"), 2),
        (("day", "before", "yesterday"), -2),
        (("last", "night"), -1),
    ):
        if tokens.take(*words):
            said.date, said.hour_may_follow = reading.today + timedelta(days=offset), True
            said.time = time(PARTS_OF_DAY["tonight"]) if "night" in words else said.time
            return True
    if word := tokens.take_any(*_DAYS):
        said.date, said.hour_may_follow = reading.today + timedelta(days=_DAYS[word]), True
        return True
    return False


def _figures(tokens: Tokens, said: Said, reading: Reading, past: bool) -> bool:
    """Read `2026-12-01`, `1.12.2026`, `10/11/2026`, `1.12.`."""
    parts = [tokens.peek(index) for index in range(5)]
    sign = parts[1]
    if sign not in ("-", "/", ".") or not (parts[0].isdigit() and parts[2].isdigit()) or parts[3] != sign:
        return False
    order = "dmy" if sign == "." else reading.order
    if not parts[4].isdigit() or tokens.peek(5) == ":":
        if sign != "." or len(parts[0]) > 2 or len(parts[2]) > 2:
            return False
        tokens.at += 4
        said.date = _dated(int(parts[0]), int(parts[2]), None, reading.today, past)
        return said.date is not None
    tokens.at += 5
    try:
        if len(parts[0]) == 4:
            said.date = date(int(parts[0]), int(parts[2]), int(parts[4]))
        elif len(parts[4]) in (2, 4) and max(len(parts[0]), len(parts[2])) <= 2:
            said.date = in_order(int(parts[0]), int(parts[2]), full_year(parts[4]), order)[0]
    except ValueError:
        return False
    return said.date is not None


def _month_name(tokens: Tokens, said: Said, reading: Reading, past: bool) -> bool:
    """Read `1 dec`, `1st of december 2027`, `dec 1, 2027`, `december 2026` (its first day), `the 15th`."""
    start = tokens.at
    day, ending = tokens.number(), ""
    if day is not None:
        ending = tokens.take_any("st", "nd", "rd", "th")
        tokens.take(".")
        tokens.take("of")
    month = MONTH_BY_WORD.get(tokens.peek())
    if month is None:
        said.date = _day_of_month(day, reading.today, past) if day and ending else None
        tokens.at = start if said.date is None else tokens.at
        return said.date is not None
    tokens.at += 1
    tokens.take(".")
    if day is None and len(tokens.peek()) <= 2 and tokens.peek(1) not in (":", "am", "pm", "h"):
        day = tokens.number()
        tokens.take_any("st", "nd", "rd", "th")
    year = _year(tokens)
    if day is None and year is None and month == reading.today.month:
        year = reading.today.year
    said.date = _dated(day or 1, month, year, reading.today, past)
    return said.date is not None


def _day_of_month(day: int, today: date, past: bool) -> date | None:
    """Return the next such day of a month, or the last one when looking back."""
    for offset in range(4):
        month = shift(today.replace(day=1), "month", -offset if past else offset)
        found = _date_or_none(month.year, month.month, day)
        if found and (found <= today if past else found >= today):
            return found
    return None


def _year(tokens: Tokens) -> int | None:
    """Read a year of four digits, after an optional comma, slash or dash."""
    ahead = 1 if tokens.peek() in (",", "-", "/") else 0
    word = tokens.peek(ahead)
    if len(word) != 4 or not word.isdigit():
        return None
    tokens.at += ahead + 1
    return int(word)


def _dated(day: int, month: int, year: int | None, today: date, past: bool) -> date | None:
    """Return the date; without a year the next such date, or the last one when looking back."""
    if year is not None:
        return _date_or_none(year, month, day)
    # Eight years hold a 29 February whatever the century.
    for offset in range(9):
        found = _date_or_none(today.year + (-offset if past else offset), month, day)
        if found and (found <= today if past else found >= today):
            return found
    return None


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _span(tokens: Tokens, said: Said, reading: Reading) -> bool:
    """Read `in 3 days`, `2w`, `in 1h 30min`, `3 days ago`, `a week from now`."""
    start = tokens.at
    sign = 1
    forward = bool(tokens.take_any("in", "+")) or tokens.take("after")
    amounts: list[tuple[int, str]] = []
    while (amount := _amount(tokens)) is not None:
        amounts.append(amount)
        tokens.take("and")
    if amounts and not forward:
        sign = -1 if tokens.take("ago") else 1
        for words in (("from", "now"), ("from", "today")):
            tokens.take(*words)
    day = reading.now
    for count, unit in amounts:
        if unit in ("minute", "hour"):
            day = _later(day, timedelta(**{f"{unit}s": sign * count}))
        else:
            day = datetime.combine(shift(day.date(), unit, sign * count), day.timetz())
    if not amounts:
        tokens.at = start
        return False
    said.date, said.hour_may_follow = day.date(), True
    if any(unit in ("minute", "hour") for _, unit in amounts):
        said.time = day.time().replace(second=0, microsecond=0)
    return True


def _later(day: datetime, delta: timedelta) -> datetime:
    """Add real time, whatever the clocks do in between."""
    from datetime import UTC

    return (day.astimezone(UTC) + delta).astimezone(day.tzinfo)


def _amount(tokens: Tokens) -> tuple[int, str] | None:
    """Read `3 days`, `a week`, `half an hour`."""
    if tokens.take("half", "an", "hour"):
        return 30, "minute"
    word, unit = tokens.peek(), UNIT_BY_WORD.get(tokens.peek(1))
    count = int(word) if word.isdigit() and len(word) <= 6 else NUMBER_BY_WORD.get(word)
    if unit is None or count is None or count > MAX_COUNT:
        return None
    tokens.at += 2
    return count, unit


def _end_of(tokens: Tokens, said: Said, reading: Reading) -> bool:
    """Read `end of next month`, `eom`, `start of the quarter`, `end of june`."""
    if word := tokens.take_any(*_ENDS):
        said.date = unit_span(reading.today, _ENDS[word], 0, reading.week_start, reading.year_start)[1]
        said.date -= timedelta(days=1)
        return True
    start = tokens.at
    edge = tokens.take_any("end", "start", "beginning")
    if not edge:
        return False
    tokens.take("of")
    tokens.take("the")
    offset = _OFFSETS.get(tokens.peek(), 0)
    tokens.at += tokens.peek() in _OFFSETS
    unit = UNIT_BY_WORD.get(tokens.peek(), "")
    if unit not in ("", "minute", "hour"):
        tokens.at += 1
        span = unit_span(reading.today, unit, offset, reading.week_start, reading.year_start)
    elif tokens.peek() in MONTH_BY_WORD and _month_name(tokens, said, reading, past=False) and said.date:
        span = unit_span(said.date, "month", 0, 0)
    else:
        tokens.at = start
        return False
    said.date = span[1] - timedelta(days=1) if edge == "end" else span[0]
    return True


def _with_offset(tokens: Tokens, said: Said, reading: Reading, past: bool) -> bool:
    """Read `next tuesday` (of the week after this one), `this friday`, `last monday`, `next month` (its first day)."""
    offset = _OFFSETS.get(tokens.peek())
    if offset is None:
        return False
    word = tokens.peek(1)
    if word in WEEKDAY_BY_WORD:
        tokens.at += 2
        week = unit_span(reading.today, "week", 0 if offset < 0 else offset, reading.week_start)[0]
        said.date = week + timedelta(days=(WEEKDAY_BY_WORD[word] - reading.week_start) % 7)
        if offset < 0 and said.date >= reading.today:
            said.date -= timedelta(days=7)
        if offset == 0 and said.date < reading.today and not past:
            said.date += timedelta(days=7)
        said.hour_may_follow = True
        return True
    unit = UNIT_BY_WORD.get(word, "")
    if unit not in ("week", "month", "quarter", "year") or len(word) < 2 or offset == 0:
        return False
    tokens.at += 2
    said.date = unit_span(reading.today, unit, offset, reading.week_start, reading.year_start)[0]
    if unit == "week" and tokens.peek() in WEEKDAY_BY_WORD:
        said.date += timedelta(days=(WEEKDAY_BY_WORD[tokens.peek()] - reading.week_start) % 7)
        tokens.at += 1
        said.hour_may_follow = True
    if unit == "week" and said.weekday is not None:
        said.date += timedelta(days=(said.weekday - reading.week_start) % 7)
    return True


def _bare_weekday(tokens: Tokens, said: Said) -> bool:
    """Read `tuesday`, which the rest of the text may make precise."""
    weekday = WEEKDAY_BY_WORD.get(tokens.peek())
    if weekday is None:
        return False
    tokens.at += 1
    tokens.take(".")
    said.weekday, said.hour_may_follow = weekday, said.time is None
    return True
