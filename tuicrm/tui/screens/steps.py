"""What was done, newest first: to see what undo would take back, and to go back and forth."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import short
from tuicrm.tui.screens.dialog import Dialog
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, tzinfo

    from tuicrm.crm.undo import Step
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.stepping import StepKeys

WIDEST = 76
AROUND = 6
"""Cells and lines that the box takes for itself."""
HEADS = 1


class Steps(Dialog[None]):
    """`u` and Enter undo the latest step, `U` does one again; both may be pressed as often as there are steps."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", show=False, id="step.undo"),
        Binding("U,ctrl+r", "redo", show=False, id="step.redo"),
        Binding("enter", "undo", show=False),
    ]

    def __init__(self, program: StepKeys) -> None:
        super().__init__()
        self.stepping = program
        self.at = -1
        self.note: Span = ("", "muted")
        self.steps: list[Step] = []
        self._load()

    def _load(self) -> None:
        """Read the steps; the cursor goes to the one that undo would take back."""
        from tuicrm.crm.undo import list_steps

        desk = self.stepping.desk
        with desk.lock:
            self.steps = list_steps(desk.session)[::-1]
        self.at = next((at for at, one in enumerate(self.steps) if not one.undone), max(0, len(self.steps) - 1))

    def lines(self) -> list[Line]:
        keys = self.stepping.keymap
        width, height = min(WIDEST, self.app.size.width - AROUND), max(3, self.app.size.height - AROUND)
        undo, redo = keys.shown("step.undo") or "Enter", keys.shown("step.redo")
        heads = wrapped((("What you did here ", "head"), (f"{undo} undoes, {redo} redoes, Esc closes", "muted")), width)
        foot = wrapped((self.note,), width) if self.note[0] else []
        room = max(1, height - len(heads) - len(foot))
        with self.stepping.desk.lock:
            session = self.stepping.desk.session
            rows = step_lines(self.steps, self.at, width, session.reading.now.tzinfo, session.today)
        top = max(0, min(self.at - room // 2, len(rows) - room))
        shown = rows[top : top + room] or [(("  nothing that could be undone", "muted"),)]
        return [*heads, *shown, *foot]

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), max(0, len(self.steps) - 1))
        self.box.put(self.lines())

    def action_undo(self) -> None:
        """Undo the latest step; why it cannot be undone is said."""
        done = self.stepping.undo_step()
        self._after(done.said, failed=done.failed)

    def action_redo(self) -> None:
        """Redo the last undone step."""
        done = self.stepping.redo_step()
        self._after(done.said, failed=done.failed)

    def _after(self, said: str, *, failed: bool) -> None:
        self.note = (said, "late" if failed else "good")
        self._load()
        self.box.put(self.lines())


def step_lines(steps: Sequence[Step], at: int, width: int, zone: tzinfo | None, today: date) -> list[Line]:
    """Return a line for each step: when, whether it is undone, what was done."""
    from datetime import UTC, datetime

    made: list[Line] = []
    for place, one in enumerate(steps):
        moment = datetime.fromtimestamp(one.at_ms / 1000, UTC).astimezone(zone)
        when = f"{moment:%H:%M}" if moment.date() == today else f"{moment.day} {moment:%b}"
        sign, state = (">" if place == at else " "), ("undone " if one.undone else "")
        text = short(f"{sign}{when:>6} {state}{one.note}", width)
        made.append(((text, "cursor" if place == at else "muted" if one.undone else "text"),))
    return made
