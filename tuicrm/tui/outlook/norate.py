"""What the forecast pane shows in place of figures while a rate between currencies is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from tuicrm.crm.periods import Period
    from tuicrm.tui.safe import Line


@dataclass(frozen=True)
class NoRate:
    """Why there are no figures for a period: an amount cannot be converted to the base currency."""

    period: Period
    said: str
    """Which rate is missing."""
    way_out: str
    """The command that sets it."""

    def lines(self, width: int) -> list[Line]:
        """Return both as lines that fit."""
        texts = ((self.said[:1].upper() + self.said[1:], "late"), (self.way_out, "text"))
        return [line for text, look in texts for line in wrapped(((f"  {text}", look),), width - 1)]
