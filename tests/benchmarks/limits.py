"""What limits the slowest actions, in words: written after looking at a profile, with the commit it was looked at."""

from __future__ import annotations

from typing import NamedTuple


class Looked(NamedTuple):
    """What somebody saw."""

    commit: str
    text: str


LIMITS: dict[str, Looked] = {}
"""By the action."""
