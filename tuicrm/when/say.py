"""Dates and times said back to people: the echo of what was understood, and the few cells of a card."""

from __future__ import annotations

from datetime import date, datetime

from tuicrm.when.moment import Moment, Reading, zone_named
from tuicrm.when.names import WEEKDAYS, short_date


def understood(value: date | datetime | Moment, reading: Reading) -> str:
    """Return the echo of a date, instant or moment: `Fri 9 Oct 2026 10:00 Europe/Berlin (in 23 hours)`."""
    if isinstance(value, datetime):
        wall = value.astimezone(zone_named(reading.zone))
        value = Moment(wall.date(), wall.time().replace(microsecond=0), reading.zone)
    elif isinstance(value, date):
        value = Moment(value)
    if value.time is None:
        return f"{say_date(value.date)} ({days_away((value.date - reading.today).days)})"
    zone = value.zone or reading.zone
    return f"{say_date(value.date)} {value.time:%H:%M} {zone} ({_distance(value, reading)})"


def say_date(day: date, *, this_year: int = 0) -> str:
    """Return `Fri 9 Oct 2026`; in `this_year`, which then goes without saying, `Fri 9 Oct`."""
    return f"{WEEKDAYS[day.weekday()][:3]} {say_day(day, this_year=this_year)}"


def say_day(day: date, *, this_year: int = 0) -> str:
    """Return `9 Oct 2026`, without a weekday; in `this_year` `9 Oct`."""
    return short_date(day.year, day.month, day.day).removesuffix(f" {this_year}")


def say_instant(at: datetime, zone: str, *, this_year: int = 0) -> str:
    """Return an instant as it is in a zone: `Fri 9 Oct 2026 10:00`; in `this_year` without the year."""
    wall = at.astimezone(zone_named(zone))
    return f"{say_date(wall.date(), this_year=this_year)} {wall:%H:%M}"


def days_away(days: int) -> str:
    """Say how far a day is: `yesterday`, `in 5 days`, `2 months ago`."""
    if -1 <= days <= 1:
        return {-1: "yesterday", 0: "today", 1: "tomorrow"}[days]
    size = abs(days)
    if size < 60:
        return _away(size, "day", days > 0)
    return _away(size // 30, "month", days > 0) if size < 730 else _away(size // 365, "year", days > 0)


def relative(value: date | Moment, reading: Reading) -> str:
    """Return how far a day is, for a card: `today`, `in 3d`, `late 8d`; far ones in months or years."""
    if isinstance(value, Moment):
        value = (
            value.date
            if value.time is None
            else value.instant(reading.zone).astimezone(zone_named(reading.zone)).date()
        )
    days = (value - reading.today).days
    if days == 0:
        return "today"
    size = abs(days)
    amount = f"{size}d" if size < 100 else f"{size // 30}mo" if size < 730 else f"{size // 365}y"
    return f"in {amount}" if days > 0 else f"late {amount}"


def _distance(moment: Moment, reading: Reading) -> str:
    """Say how far a wall time is: minutes and hours within two days, then days."""
    instant = moment.instant(reading.zone)
    minutes = round((instant - reading.now).total_seconds() / 60)
    if minutes == 0:
        return "now"
    size = abs(minutes)
    if size < 90:
        return _away(size, "minute", minutes > 0)
    if size < 48 * 60:
        return _away(round(size / 60), "hour", minutes > 0)
    return days_away((instant.astimezone(zone_named(reading.zone)).date() - reading.today).days)


def _away(count: int, unit: str, ahead: bool) -> str:
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"in {words}" if ahead else f"{words} ago"
