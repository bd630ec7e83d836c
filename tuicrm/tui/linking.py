"""Widgets whose text may lead somewhere: hyperlinks, for the terminals that know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.lines import Drawn
from tuicrm.tui.pages.links import LINK

if TYPE_CHECKING:
    from rich.style import Style

NO_LINKS = ("linux", "dumb")
"""Terminals that might show the address of a link instead of keeping it to themselves."""


class Linking(Drawn):
    """A look may name an address, as `tuicrm.tui.pages.links` makes them."""

    def look(self, name: str) -> Style:
        base, _, address = name.partition(LINK)
        style = super().look(base)
        if not address or self.program.env.get("TERM") in NO_LINKS:
            return style
        from rich.style import Style

        return style + Style(link=address)
