"""What keys do to records, the same in every pane."""

from __future__ import annotations

from tuicrm.tui.acting.checking import CheckKeys
from tuicrm.tui.acting.copying import CopyKeys
from tuicrm.tui.acting.deals import DealKeys
from tuicrm.tui.acting.fields import FieldKeys
from tuicrm.tui.acting.followups import FollowupKeys
from tuicrm.tui.acting.logging import LogKeys
from tuicrm.tui.acting.verifying import VerifyKeys


class Acting(DealKeys, CheckKeys, LogKeys, FollowupKeys, FieldKeys, CopyKeys, VerifyKeys):
    """All of them."""
