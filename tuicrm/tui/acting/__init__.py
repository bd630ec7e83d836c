"""What keys do to records, the same in every pane."""

from __future__ import annotations

from tuicrm.tui.acting.copying import CopyKeys
from tuicrm.tui.acting.fields import FieldKeys
from tuicrm.tui.acting.leads import LeadKeys
from tuicrm.tui.acting.logging import LogKeys
from tuicrm.tui.acting.verifying import VerifyKeys


class Acting(LeadKeys, LogKeys, FieldKeys, CopyKeys, VerifyKeys):
    """All of them."""
