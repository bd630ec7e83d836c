"""The record under the cursor in short, beside a list: read in a thread once the keys have settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tuicrm.errors import TuicrmError
from tuicrm.tui.lines import Wrapped
from tuicrm.tui.linking import Linking

if TYPE_CHECKING:
    from textual.timer import Timer

    from tuicrm.crm.session import Session
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.program import Program
    from tuicrm.tui.safe import Line

SETTLE_SECONDS = 0.25


class Preview(Linking, Wrapped):
    """`show(ref)` follows the cursor of a list; `changed()` reads again; `toggle()` shows or hides it.

    Docked at the right of the widget that it is mounted in, 52 cells and a rule wide; hidden until it is toggled.
    """

    class Came(Message):
        """The lines about a record were read."""

        def __init__(self, lines: list[Line], asked: int) -> None:
            super().__init__()
            self.lines = lines
            self.asked = asked

    def __init__(self) -> None:
        super().__init__()
        self.add_class("preview")
        self._ref: Ref | None = None
        self._asked = 0
        self._timer: Timer | None = None

    @property
    def is_shown(self) -> bool:
        """Whether it is to be seen."""
        return self.has_class("-shown")

    def toggle(self, on: bool | None = None) -> None:
        """Show it or hide it (None: the other of both)."""
        self.set_class(not self.is_shown if on is None else on, "-shown")
        if self.is_shown:
            self.changed()

    def show(self, ref: Ref | None) -> None:
        """Take note of the record under the cursor; its lines follow when the keys have settled."""
        if ref == self._ref:
            return
        self._ref = ref
        if self.is_shown:
            self._soon()

    def changed(self) -> None:
        """Read again: the workspace has changed."""
        if self.is_shown:
            self._soon()

    def _soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SETTLE_SECONDS, self._read)

    def _read(self) -> None:
        from tuicrm.tui.program import Program

        assert isinstance(self.app, Program)
        self._asked += 1
        program, ref, asked, height = self.app, self._ref, self._asked, self.size.height
        if ref is None:
            self.put([])
            return
        self.run_worker(
            lambda: self._build(program, ref, asked, height), thread=True, group="preview", exit_on_error=False
        )

    def _build(self, program: Program, ref: Ref, asked: int, height: int) -> None:
        from tuicrm.tui.pages.short import short_lines

        try:
            with program.desk.lock:
                lines = short_lines(program.desk.session, _subject(program.desk.session, ref), height)
        except TuicrmError as error:
            lines = [((str(error), "late"),)]
        self.post_message(self.Came(lines, asked))

    def on_preview_came(self, message: Preview.Came) -> None:
        """Show the lines, unless the cursor has gone on."""
        message.stop()
        if message.asked == self._asked:
            self.put(message.lines)

    def line(self, y: int) -> Line:
        return (("│ ", "rule"), *super().line(y))


def _subject(session: Session, ref: Ref) -> Ref:
    """Return what a follow-up or an entry of the log is about; there is little to say of itself."""
    from tuicrm.crm.about import about

    record = session.ws.get(*ref) if ref[0] in ("followup", "activity") else None
    return about(session, ref[0], record).subject if record is not None else ref
