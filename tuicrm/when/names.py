"""Names of days, months, units and numbers, as they are typed and as they are shown."""

from __future__ import annotations

MONTHS = ("January February March April May June July August September October November December").split()  # noqa: SIM905
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905

MONTH_BY_WORD = {name[:size].lower(): index for index, name in enumerate(MONTHS, 1) for size in (3, 4, len(name))}
WEEKDAY_BY_WORD = {name[:size].lower(): index for index, name in enumerate(WEEKDAYS) for size in (3, 4, len(name))}
WEEKDAY_BY_WORD |= {"tues": 1, "weds": 2, "thurs": 3, "mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}

UNIT_BY_WORD = {
    word: unit
    for unit, words in {
        "minute": "min mins minute minutes",
        "hour": "h hr hrs hour hours",
        "day": "d day days",
        "week": "w wk wks week weeks",
        "month": "mo month months",
        "quarter": "q qtr quarter quarters",
        "year": "y yr yrs year years",
    }.items()
    for word in words.split()
}
"""A bare m is left out: it could be minutes or months."""

NUMBER_BY_WORD = {
    word: number
    for number, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)  # noqa: SIM905
} | {"a": 1, "an": 1}
ORDINAL_BY_WORD = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}


def short_date(year: int, month: int, day: int) -> str:
    """Return `9 Oct 2026`."""
    return f"{day} {MONTHS[month - 1][:3]} {year}"


def ordinal(number: int) -> str:
    """Return `1st`, `2nd`, `15th`."""
    ending = "th" if 11 <= number % 100 <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
