"""What keys do to records, the same in every pane."""

from __future__ import annotations

from tuicrm.tui.acting.checking import CheckKeys
from tuicrm.tui.acting.fields import FieldKeys
from tuicrm.tui.acting.leads import LeadKeys
from tuicrm.tui.acting.letters import LetterKeys
from tuicrm.tui.acting.quotes import QuoteKeys
from tuicrm.tui.acting.selling import SellingKeys
from tuicrm.tui.acting.sequences import SequenceKeys
from tuicrm.tui.acting.touching import TouchKeys
from tuicrm.tui.acting.verifying import VerifyKeys


class Acting(LeadKeys, LetterKeys, CheckKeys, FieldKeys, VerifyKeys, SequenceKeys, QuoteKeys, SellingKeys, TouchKeys):
    """All of them."""
