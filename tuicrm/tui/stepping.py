"""Undo and redo, whichever pane or command made the step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.program import Program

if TYPE_CHECKING:
    from tuicrm.tui.desk import Done


class StepKeys(Program, inherit_bindings=False):
    """The keys that go back and forth in what was done."""

    def _own(self, done: Done) -> Done:
        """Say how undoing ended, and let every pane look again."""
        self.tell(done, undo=False)
        if done.changed:
            self.changed()
        return done

    def undo_step(self) -> Done:
        """Take back the user's last step, and say so."""
        from tuicrm.crm.undo import undo

        return self._own(self.desk.write(undo, nothing="nothing to undo"))

    def redo_step(self) -> Done:
        """Do again what was undone last, and say so."""
        from tuicrm.crm.undo import redo

        return self._own(self.desk.write(redo, nothing="nothing to redo"))

    def action_step_undo(self) -> None:
        """Undo the last step."""
        if self._desk is not None:
            self.undo_step()

    def action_step_redo(self) -> None:
        """Redo the last undone step."""
        if self._desk is not None:
            self.redo_step()

    def action_step_history(self) -> None:
        """List the steps."""
        if self._desk is not None:
            from tuicrm.tui.screens.steps import Steps

            self.push_screen(Steps(self))
