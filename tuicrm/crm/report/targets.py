"""How much activity a team asks of each person in a week: `call 20, meeting 5`."""

from __future__ import annotations

from tuicrm.errors import Invalid
from tuicrm.records.kinds.activity import LOGGED

SETTING = "activity_targets"
MOST = 10_000


def parse_targets(text: str) -> dict[str, int]:
    """Return the target of each kind of activity; raises Invalid naming what is wrong."""
    found: dict[str, int] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, count = part.rpartition(" ")
        kind = _kind(name.strip().lower(), part)
        if not (count.isascii() and count.isdecimal() and 0 < int(count[:6]) <= MOST and len(count) < 6):
            raise Invalid(
                f"{SETTING}: {part!r} is no target: write a kind and a number for a week, as in call 20", field=SETTING
            )
        found[kind] = int(count)
    return found


def _kind(name: str, part: str) -> str:
    for kind in LOGGED:
        if name in (kind, f"{kind}s"):
            return kind
    raise Invalid(
        f"{SETTING}: {part!r} names no kind of activity; use {', '.join(LOGGED)}, as in call 20", field=SETTING
    )


def targets_text(found: dict[str, int]) -> str:
    """Return targets as the setting holds them."""
    return ", ".join(f"{kind} {count}" for kind, count in found.items())
