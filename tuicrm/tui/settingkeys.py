"""The editors of what a team has set up: lead statuses, score rules, sequences, answers, templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.stepping import StepKeys

if TYPE_CHECKING:
    from tuicrm.tui.screens.itemedit import ItemEditor


class SettingKeys(StepKeys, inherit_bindings=False):
    """The part of the application that opens them from the palette."""

    def action_status_edit(self) -> None:
        """Edit the statuses of leads."""
        from tuicrm.tui.screens.leadedit import StatusEditor

        self._edit(StatusEditor)

    def action_score_edit(self) -> None:
        """Edit what gives leads points."""
        from tuicrm.tui.screens.leadedit import ScoreEditor

        self._edit(ScoreEditor)

    def action_sequence_edit(self) -> None:
        """Edit the sequences."""
        from tuicrm.tui.screens.sequenceedit import SequenceEditor

        self._edit(SequenceEditor)

    def _edit(self, editor: type[ItemEditor]) -> None:
        if self._desk is not None:
            self.push_screen(editor(self))

    def action_answer_show(self) -> None:
        """List the answers."""
        self._list("answer")

    def action_template_show(self) -> None:
        """List the templates."""
        self._list("template")

    def _list(self, kind: str) -> None:
        if self._desk is not None:
            from tuicrm.tui.screens.kindlist import KindList

            self.push_screen(KindList(self, kind))
