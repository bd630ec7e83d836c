"""What keys do to follow-ups: add, done, reschedule, snooze."""

from __future__ import annotations

from tuicrm.tui.acting.targets import Targets


class FollowupKeys(Targets):
    """What keys do to follow-ups: add, done, reschedule, snooze."""
