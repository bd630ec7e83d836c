"""Quick add: one line of typed text understood as a deal, a contact, a follow-up or something that happened."""

from __future__ import annotations

from tuicrm.crm.quick.model import Understood
from tuicrm.crm.quick.understanding import understand, warm

__all__ = ["Understood", "understand", "warm"]
