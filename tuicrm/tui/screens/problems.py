"""What waits for a decision, what is wrong with the data and what to do about it, and the messages of this session."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tuicrm.errors import TuicrmError
from tuicrm.tui.screens.dialog import Dialog
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.tui.program import Program
    from tuicrm.tui.safe import Line

WIDEST = 76
AROUND = 6
MOST = 50
"""Problems that are listed; the command lists them all."""


class Looked(Message):
    """The data was looked through."""

    def __init__(self, problems: Sequence[str], conflicts: int) -> None:
        super().__init__()
        self.problems = problems
        self.conflicts = conflicts


class Problems(Dialog[bool]):
    """What needs somebody first, then messages, the latest first; answers True where the conflicts are to be shown."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "take", show=False)]

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.of = program
        self.problems: Sequence[str] | None = None if program.session is not None else ()
        """None while the data is being looked through."""
        self.conflicts = 0

    def on_mount(self) -> None:
        """Show the messages; the data is looked through in a thread."""
        super().on_mount()
        if self.problems is None:
            self.run_worker(self._look, thread=True, group="problems", exit_on_error=False)

    def _look(self) -> None:
        from tuicrm.crm.conflicts import count

        conflicts = 0
        try:
            with self.of.desk.lock:
                conflicts = count(self.of.desk.session)
                found = [str(one) for one in self.of.desk.session.ws.problems()]
        except TuicrmError as error:
            found = [str(error)]
        self.post_message(Looked(found, conflicts))

    def on_looked(self, event: Looked) -> None:
        """Show what was found."""
        self.problems, self.conflicts = event.problems, event.conflicts
        self.box.put(self.lines())

    def action_take(self) -> None:
        """Go on to the conflicts."""
        if self.conflicts:
            self.dismiss(True)

    def lines(self) -> list[Line]:
        from datetime import UTC, datetime

        width = min(WIDEST, self.app.size.width - AROUND)
        made: list[Line] = []
        if self.conflicts:
            waiting = f"! {self.conflicts:,} value{'' if self.conflicts == 1 else 's'} gave way to a later change"
            made += [(("Conflicts ", "head"), ("to decide about: Enter shows them", "muted")), ((waiting, "late"),), ()]
        made.append((("Problems ", "head"), ("in the data; Esc closes", "muted")))
        if self.problems is None:
            made.append((("  looking through the files …", "muted"),))
        elif not self.problems:
            made.append((("  none", "muted"),))
        else:
            made += [(("! ", "late"), (one, "text")) for one in self.problems[:MOST]]
            if len(self.problems) > MOST:
                made.append(((f"  and {len(self.problems) - MOST} more", "muted"),))
            made.append((("  tuicrm doctor says more, tuicrm doctor --fix mends what can be mended", "muted"),))
        made += [(), (("Messages ", "head"), ("since the start, the latest first", "muted"))]
        for at, text, look in reversed(self.of.main.said):
            moment = datetime.fromtimestamp(at, UTC).astimezone()
            made.append(((f"{moment:%H:%M} ", "muted"), (text, look)))
        if not self.of.main.said:
            made.append((("  none", "muted"),))
        return [part for line in made for part in wrapped(line, width)]
