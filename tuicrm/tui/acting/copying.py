"""What keys copy to the clipboard."""

from __future__ import annotations

from tuicrm.tui.acting.targets import Targets


class CopyKeys(Targets):
    """What keys copy to the clipboard."""
