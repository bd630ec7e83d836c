"""How much activity a team asks of each person in a week: `call 20, meeting 5`."""

from __future__ import annotations

from tuicrm.errors import Invalid
from tuicrm.records.kinds.activity import LOGGED

SETTING = "activity_targets"
MOST = 10_000


def parse_targets(text: str, name: str = SETTING, span: str = "a week", most: int = MOST) -> dict[str, int]:
    """Return the target of each kind of activity for a span of days; raises Invalid naming what is wrong."""
    found: dict[str, int] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        said, _, count = part.rpartition(" ")
        kind = _kind(said.strip().lower(), part, name)
        if not (count.isascii() and count.isdecimal() and len(count) < 9 and 0 < int(count) <= most):
            raise Invalid(
                f"{name}: {part!r} is no target: write a kind and a number for {span}, as in call 20", field=name
            )
        found[kind] = int(count)
    return found


def _kind(said: str, part: str, name: str) -> str:
    for kind in LOGGED:
        if said in (kind, f"{kind}s"):
            return kind
    raise Invalid(f"{name}: {part!r} names no kind of activity; use {', '.join(LOGGED)}, as in call 20", field=name)


def targets_text(found: dict[str, int]) -> str:
    """Return targets as the setting holds them."""
    return ", ".join(f"{kind} {count}" for kind, count in found.items())
