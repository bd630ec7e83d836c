"""What dates are read against, and the stored form of a date or of a wall time with its zone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import total_ordering
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True, slots=True)
class Reading:
    """What words such as "tomorrow" and figures such as 10/11/2026 are read against."""

    now: datetime
    """An aware time in the user's zone."""
    order: str = "ymd"
    """Order of day and month in figures: dmy or mdy; ymd or an empty text where the team has not said."""
    zone: str = "UTC"
    """IANA name of the user's zone."""
    week_start: int = 0
    """First day of the week, Monday being 0."""
    year_start: int = 1
    """First month of the fiscal year, by which quarters and years go."""

    @classmethod
    def at(cls, now: datetime, zone: str, *, order: str = "ymd", week_start: int = 0) -> Reading:
        """Return the reading for an aware instant of any zone, seen from the user's zone."""
        return cls(now.astimezone(zone_named(zone)), order, zone, week_start)

    @property
    def today(self) -> dt.date:
        """The user's date."""
        return self.now.date()


@total_ordering
@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a wall time with its zone, which survives a change of the clocks; sorts by the wall."""

    date: dt.date
    time: dt.time | None = None
    zone: str | None = None

    def __str__(self) -> str:
        """Return the stored form: `2026-10-09`, or RFC 9557 as in `2026-10-09T10:00[Europe/Berlin]`."""
        if self.time is None:
            return self.date.isoformat()
        clock = self.time.isoformat("seconds" if self.time.second else "minutes")
        return f"{self.date.isoformat()}T{clock}" + (f"[{self.zone}]" if self.zone else "")

    def __lt__(self, other: Moment) -> bool:
        return self._key() < other._key()

    def _key(self) -> tuple[dt.date, bool, dt.time, str]:
        return self.date, self.time is not None, self.time or dt.time.min, self.zone or ""

    @classmethod
    def parse(cls, stored: str) -> Moment:
        """Read the stored form back, exactly; raises Invalid."""
        day, _, rest = stored.partition("T")
        clock, _, zone = rest.partition("[")
        try:
            if len(day) != 10 or not stored.isascii() or (zone and not zone.endswith("]")):
                raise ValueError
            moment = cls(
                dt.date.fromisoformat(day),
                dt.time.fromisoformat(clock) if rest else None,
                zone_named(zone[:-1]).key if zone else None,
            )
            if str(moment) != stored:
                raise ValueError
        except ValueError:
            from tuicrm.when.refusal import quoted

            raise Invalid(
                f"{quoted(stored)} is no stored date: 2026-10-09 or 2026-10-09T10:00[Europe/Berlin] would be right."
            ) from None
        return checked(moment)

    def instant(self, default_zone: str) -> datetime:
        """Return the UTC time: a day begins at midnight, a skipped wall time moves on, a doubled one is the first."""
        wall = datetime.combine(self.date, self.time or dt.time.min, zone_named(self.zone or default_zone))
        return wall.astimezone(UTC)


def checked(moment: Moment) -> Moment:
    """Return the moment if its year is in the supported range; raises Invalid."""
    checked_date(moment.date)
    return moment


def checked_date(day: dt.date) -> dt.date:
    """Return the date if its year is in the supported range; raises Invalid."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    raise Invalid(f"{day.isoformat()} is out of range: a year from {FIRST_YEAR} to {LAST_YEAR} would be right.")


def zone_named(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name, whatever its case; raises Invalid, naming the nearest."""
    if zone := known_zone(name):
        return zone
    from zoneinfo import ZoneInfo, available_timezones

    from tuicrm.text import nearest
    from tuicrm.when.refusal import quoted

    names = available_timezones()
    wanted = name.strip().lower().replace(" ", "_")
    for known in names:
        if known.lower() == wanted:
            return ZoneInfo(known)
    guess = nearest(name, sorted(names)) if len(name) < 40 else None
    raise Invalid(
        f"{quoted(name)} is no time zone: {f'did you mean {guess}?' if guess else 'use one such as Europe/Berlin.'}"
    )


def known_zone(name: str) -> ZoneInfo | None:
    """Return the time zone of an exact IANA name, or None."""
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
