"""The one place that reads the real clock and the machine's time zone."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tuicrm.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Mapping


def now(env: Mapping[str, str]) -> datetime:
    """Return the present as an aware UTC time, or what TUICRM_NOW fixes it to; raises UsageProblem.

    TUICRM_NOW without an offset is taken as UTC.
    """
    fixed = env.get("TUICRM_NOW", "")
    if not fixed:
        return datetime.now(UTC)
    try:
        instant = datetime.fromisoformat(fixed.strip())
        instant = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        instant = datetime.min.replace(tzinfo=UTC)
    from tuicrm.when.moment import FIRST_YEAR, LAST_YEAR

    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        from tuicrm.when.refusal import quoted

        raise UsageProblem(f"TUICRM_NOW is {quoted(fixed)}: an instant such as 2026-10-08T09:00:00Z would be right.")
    return instant


def local_zone(env: Mapping[str, str], etc: str = "/etc") -> str:
    """Return the IANA name of the machine's zone: from TZ, /etc/timezone or the /etc/localtime link, else UTC."""
    if "TZ" in env:
        return _known(env["TZ"].removeprefix(":")) or "UTC"
    try:
        with open(os.path.join(etc, "timezone"), encoding="utf-8") as file:
            found = _known(file.readline(200))
    except (OSError, UnicodeDecodeError):
        found = ""
    return found or _linked(os.path.join(etc, "localtime")) or "UTC"


def _linked(path: str) -> str:
    """Name the zone that a link into the zone database points to."""
    for target in (_readlink(path), os.path.realpath(path)):
        _, mark, name = target.partition("zoneinfo/")
        if mark and (found := _known(name)):
            return found
    return ""


def _readlink(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _known(name: str) -> str:
    """Return a zone's name if the database knows it, else an empty text."""
    from tuicrm.when.moment import known_zone

    name = name.strip().rpartition("zoneinfo/")[2]
    return name if name and known_zone(name) else ""
