"""Changing the colours while the program runs; what was chosen is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.tui import themes
from tuicrm.tui.program import Program

if TYPE_CHECKING:
    from collections.abc import Sequence


class ThemeKeys(Program, inherit_bindings=False):
    """The part of the application that changes its colours."""

    def themes(self) -> Sequence[str]:
        """Return the names of the themes there are."""
        return themes.names(self.env)

    def keep_theme(self, name: str) -> None:
        """Use a theme from here on, in later runs too."""
        from tuicrm.crm.memory import remember

        try:
            self.use_theme(name)
        except Invalid as error:
            self.main.say(str(error), "late")
            return
        remember(self.env, themes.REMEMBERED, name)
        pinned = self.env.get("TUICRM_THEME", "")
        self.main.say(f"theme {name}" + (f"; TUICRM_THEME={pinned} decides at the next start" if pinned else ""))

    def action_theme_choose(self) -> None:
        """Choose the colours."""
        from tuicrm.tui.screens.themes import ChooseTheme

        names = self.themes()

        def chosen(place: int | None) -> None:
            if place is not None:
                self.keep_theme(names[place])

        self.push_screen(ChooseTheme(names, self.theme, self.use_theme), chosen)
