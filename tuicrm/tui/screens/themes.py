"""Choosing the colours: each theme is shown as the cursor passes it, Enter keeps it, Esc brings the old one back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.tui.screens.choose import Choose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class ChooseTheme(Choose):
    """A list of themes; `show` puts one to use at once and says what is wrong with it by raising Invalid."""

    def __init__(self, names: Sequence[str], present: str, show: Callable[[str], None]) -> None:
        held = list(names)
        super().__init__("Colours", held, at=held.index(present) if present in held else 0)
        self._present = present
        self._show = show

    def action_step(self, by: int) -> None:
        """Show the next theme, or the one before."""
        super().action_step(by)
        self._try(self.texts[self.at])

    def action_cancel(self) -> None:
        """Back to the colours that were."""
        self._try(self._present)
        super().action_cancel()

    def _try(self, name: str) -> None:
        try:
            self._show(name)
        except Invalid as error:
            self.heading = str(error)
            self.box.put(self.lines())
