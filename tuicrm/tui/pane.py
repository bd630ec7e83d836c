"""What a pane is: the part of the screen between the bars, with its own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from tuicrm.tui.commands import hints

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from tuicrm.tui.app import TuicrmApp
    from tuicrm.tui.desk import Desk
    from tuicrm.tui.main import Main
    from tuicrm.tui.safe import Line


class Pane(Widget, can_focus=True):
    """A pane has the focus while it is shown, so that its bindings are the ones that work."""

    PLACE: ClassVar[str] = ""
    """Where the registry says its commands apply."""
    TAB: ClassVar[tuple[str, str]] = ("", "")
    """Its key and name in the row of panes; empty for one that is opened from another."""

    @property
    def program(self) -> TuicrmApp:
        """The app, by its own type."""
        from tuicrm.tui.app import TuicrmApp

        assert isinstance(self.app, TuicrmApp)
        return self.app

    @property
    def main(self) -> Main:
        """The screen that the pane is on."""
        return self.program.main

    @property
    def desk(self) -> Desk:
        """The session behind the screens."""
        return self.program.desk

    async def _on_key(self, event: events.Key) -> None:
        # Bindings are looked up here already: bubbling up to the app first takes three more turns of the loop.
        note = self.main.note
        if await self.app._check_bindings(event.key):
            event.stop()
            event.prevent_default()
        self.main.hush(note)

    def header(self) -> list[Line]:
        """Return the lines between the row of panes and the pane."""
        return []

    def strip_lines(self) -> list[Line]:
        """Return the two lines about what is selected; none where nothing ever is."""
        return []

    def hints(self) -> list[tuple[str, str]]:
        """Return (key, label) pairs for the last line."""
        return hints(self.PLACE)

    def standing(self) -> str:
        """Return what the status line says while there is no message."""
        return ""

    def changed(self) -> None:
        """Look again: the workspace has changed."""

    def leave(self) -> bool:
        """Undo one step of selecting or filtering; False where there is nothing to leave but the pane itself."""
        return False

    def pick(self, heading: str, texts: list[str], at: int, take: Callable[[int], None]) -> None:
        """Let one of a list be chosen."""
        from tuicrm.tui.screens.choose import Choose

        def chosen(place: int | None) -> None:
            if place is not None:
                take(place)

        self.app.push_screen(Choose(heading, texts, at=at), chosen)
