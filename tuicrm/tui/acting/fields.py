"""What keys change in records: fields, owner, tags."""

from __future__ import annotations

from tuicrm.tui.acting.targets import Targets


class FieldKeys(Targets):
    """What keys change in records: fields, owner, tags."""
