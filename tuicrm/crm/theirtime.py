"""What time it is where a phone number is from, for the countries that have one time of day."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

_LONGEST = 3
_ZONES = {
    "20": "Africa/Cairo",
    "27": "Africa/Johannesburg",
    "30": "Europe/Athens",
    "31": "Europe/Amsterdam",
    "32": "Europe/Brussels",
    "33": "Europe/Paris",
    "36": "Europe/Budapest",
    "39": "Europe/Rome",
    "40": "Europe/Bucharest",
    "41": "Europe/Zurich",
    "43": "Europe/Vienna",
    "44": "Europe/London",
    "45": "Europe/Copenhagen",
    "46": "Europe/Stockholm",
    "47": "Europe/Oslo",
    "48": "Europe/Warsaw",
    "49": "Europe/Berlin",
    "51": "America/Lima",
    "57": "America/Bogota",
    "60": "Asia/Kuala_Lumpur",
    "63": "Asia/Manila",
    "65": "Asia/Singapore",
    "66": "Asia/Bangkok",
    "81": "Asia/Tokyo",
    "82": "Asia/Seoul",
    "84": "Asia/Ho_Chi_Minh",
    "86": "Asia/Shanghai",
    "90": "Europe/Istanbul",
    "91": "Asia/Kolkata",
    "92": "Asia/Karachi",
    "94": "Asia/Colombo",
    "98": "Asia/Tehran",
    "212": "Africa/Casablanca",
    "213": "Africa/Algiers",
    "216": "Africa/Tunis",
    "233": "Africa/Accra",
    "234": "Africa/Lagos",
    "254": "Africa/Nairobi",
    "352": "Europe/Luxembourg",
    "353": "Europe/Dublin",
    "354": "Atlantic/Reykjavik",
    "356": "Europe/Malta",
    "358": "Europe/Helsinki",
    "359": "Europe/Sofia",
    "370": "Europe/Vilnius",
    "371": "Europe/Riga",
    "372": "Europe/Tallinn",
    "381": "Europe/Belgrade",
    "385": "Europe/Zagreb",
    "386": "Europe/Ljubljana",
    "420": "Europe/Prague",
    "421": "Europe/Bratislava",
    "852": "Asia/Hong_Kong",
    "880": "Asia/Dhaka",
    "886": "Asia/Taipei",
    "961": "Asia/Beirut",
    "965": "Asia/Kuwait",
    "966": "Asia/Riyadh",
    "971": "Asia/Dubai",
    "972": "Asia/Jerusalem",
    "973": "Asia/Bahrain",
    "974": "Asia/Qatar",
    "977": "Asia/Kathmandu",
    "994": "Asia/Baku",
    "995": "Asia/Tbilisi",
}
"""Calling code to zone. Countries of several zones are left out (1, 7, 34, 55, 61, 62, 351)."""


def time_there(phone: str, now: datetime) -> str:
    """Return the time of day, as `11:04`, where a number such as +49 30 555 is from; empty where nobody can say."""
    code = _code(phone)
    if not code:
        return ""
    from tuicrm.when.moment import known_zone

    zone = known_zone(_ZONES[code])
    return now.astimezone(zone).strftime("%H:%M") if zone is not None else ""


def _code(phone: str) -> str:
    if not phone.lstrip().startswith("+"):
        return ""
    digits = "".join(one for one in phone if one.isdigit() and one.isascii())
    return next((digits[:size] for size in range(_LONGEST, 1, -1) if digits[:size] in _ZONES), "")
