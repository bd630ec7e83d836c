"""What keys log about records: calls, e-mails, meetings, notes."""

from __future__ import annotations

from tuicrm.tui.acting.targets import Targets


class LogKeys(Targets):
    """What keys log about records: calls, e-mails, meetings, notes."""
