"""What a pane is: the part of the screen between the bars, with its own keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.events import Key
from textual.widget import Widget

from tuicrm.tui.commands import hints

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.worker import Worker

    from tuicrm.tui.desk import Desk, Done
    from tuicrm.tui.main import Main
    from tuicrm.tui.program import Program
    from tuicrm.tui.safe import Line
    from tuicrm.tui.screens.ask import Ask

Ref = tuple[str, str]
"""The kind and the id of a record."""


class Pane(Widget, can_focus=True):
    """A pane has the focus while it is shown, so that its bindings are the ones that work."""

    PLACE: ClassVar[str] = ""
    """Where the registry says its commands apply."""
    _line: Ask | None = None
    """The line that one is asked to type into."""
    stale = False
    """Whether the workspace changed while the pane was out of sight."""

    @property
    def program(self) -> Program:
        """The app, by its own type."""
        from tuicrm.tui.program import Program

        assert isinstance(self.app, Program)
        return self.app

    @property
    def main(self) -> Main:
        """The screen that the pane is on."""
        return self.program.main

    @property
    def desk(self) -> Desk:
        """The session behind the screens."""
        return self.program.desk

    def _on_focus(self, event: events.Focus) -> None:
        self._take_focus(event, has=True)

    def _on_blur(self, event: events.Blur) -> None:
        self._take_focus(event, has=False)

    def _take_focus(self, event: events.Event, *, has: bool) -> None:
        """Note the focus; the toolkit would paint all of the pane again, which looks the same with it and without."""
        event.prevent_default()
        self.set_reactive(Widget.has_focus, has)

    async def _on_key(self, event: events.Key) -> None:
        line = self._opened()
        if line is not None:
            # Typed before what the key before has opened took the focus: it is meant for that.
            event.stop()
            event.prevent_default()
            line._forward_event(Key(event.key, event.character))
            return
        # Bindings are looked up here already: bubbling up to the app first takes three more turns of the loop.
        note = self.main.note
        if await self.app._check_bindings(event.key):
            event.stop()
            event.prevent_default()
        self.main.hush(note)

    def _opened(self) -> Widget | None:
        """Return what a key has opened above the pane; None while the pane itself is meant."""
        if self.app.screen is not self.screen:
            return self.app.screen
        front = self.main.pane
        if front is not None and front is not self:
            return front
        return self._line.field if self._line is not None else self.program.typing_into

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Say that work in the background failed for a reason that nobody thought of."""
        if event.worker.error is not None:
            self.main.say(self.program.worker_failed(event.worker), "late")

    def header(self) -> list[Line]:
        """Return the lines between the row of panes and the pane."""
        return []

    def strip_lines(self) -> list[Line]:
        """Return the two lines about what is selected; none where nothing ever is."""
        return []

    def hints(self) -> list[tuple[str, str]]:
        """Return (key, label) pairs for the last line."""
        return hints(self.PLACE, self.program.keymap.of)

    def standing(self) -> str:
        """Return what the status line says while there is no message."""
        return ""

    def changed(self) -> None:
        """Look again: the workspace has changed; a pane out of sight waits until it is shown."""

    def shown(self) -> None:
        """Take note of being in sight again."""
        if self.stale:
            self.stale = False
            self.changed()

    def leave(self) -> bool:
        """Undo one step of selecting or filtering; False where there is nothing to leave but the pane itself."""
        return False

    def targets(self) -> list[Ref]:
        """Return the records that keys act on: the marked ones, else the one under the cursor."""
        return []

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """Return the record so many places from another one in the list shown, and put the cursor there; or None."""
        return None

    def position(self, ref: Ref) -> str:
        """Return where a record is in the list shown, as `3 of 20`; empty where it is not."""
        return ""

    def wrote(self, refs: list[Ref], stage: str = "") -> None:
        """Show at once what a key has written; `stage` is where deals went, `-` where they left the board."""
        self.changed()

    def finish(self, done: Done, refs: list[Ref], stage: str = "") -> None:
        """Say how a write ended, and show what it changed here and in every other pane."""
        self.program.tell(done)
        if done.changed:
            self.wrote(refs, stage)
            self.program.changed(but=self)

    def ask(
        self,
        prompt: str,
        value: str = "",
        *,
        done: Callable[[str | None], None],
        typing: Callable[[str], None] | None = None,
    ) -> Ask:
        """Open a line to type into; `done` gets its text, or None where it was given up, with the pane in focus."""
        from tuicrm.tui.screens.ask import Ask

        def closed(text: str | None) -> None:
            if self._line is line:
                self._line = None
                self.main.foot()
            self.focus()
            done(text)

        line = self._line = Ask(prompt, value, done=closed, typing=typing)
        self.main.mount(line)
        self.main.foot()
        return line

    def keys_now(self) -> list[tuple[str, str]]:
        """Return the key hints of this moment: those of an open line, which takes every other key as text."""
        return self.hints() if self._line is None else [("Enter", "take"), ("Esc", "give up")]

    def pick(self, heading: str, texts: list[str], at: int, take: Callable[[int], None]) -> None:
        """Let one of a list be chosen."""
        from tuicrm.tui.screens.choose import Choose

        def chosen(place: int | None) -> None:
            if place is not None:
                take(place)

        self.app.push_screen(Choose(heading, texts, at=at), chosen)
