"""What a pane shows in place of figures that cannot be worked out, as while a rate between currencies is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from tuicrm.crm.periods import Period
    from tuicrm.tui.safe import Line


@dataclass(frozen=True)
class NoFigures:
    """Why there are no figures for a period, and what to do about it."""

    period: Period
    said: str
    """What is wrong."""
    way_out: str
    """The command that helps; empty where none does."""

    def lines(self, width: int) -> list[Line]:
        """Return both as lines that fit."""
        texts = ((self.said[:1].upper() + self.said[1:], "late"), (self.way_out, "text"))
        return [line for text, look in texts if text for line in wrapped(((f"  {text}", look),), width - 1)]
