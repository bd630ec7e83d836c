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

    def action_pipeline_edit(self) -> None:
        """Edit the stages of the pipeline that the board shows."""
        from tuicrm.tui.panes.pipeline import Pipeline
        from tuicrm.tui.screens.pipelineedit import PipelineEditor

        if self._desk is None:
            return
        board = self.main.pane.place.board if isinstance(self.main.pane, Pipeline) else None
        held = self.desk.pipelines()
        if board is not None or held:
            self.push_screen(PipelineEditor(self, board.pipeline_id if board is not None else held[0]))

    def action_step_redo(self) -> None:
        """Redo the last undone step."""
        if self._desk is not None:
            self.redo_step()

    def action_step_history(self) -> None:
        """List the steps."""
        if self._desk is not None:
            from tuicrm.tui.screens.steps import Steps

            self.push_screen(Steps(self))
