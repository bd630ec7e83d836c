"""The list of rules, which the palette opens where the team has any."""

from __future__ import annotations

from tuicrm.tui.program import Program


class RuleKeys(Program, inherit_bindings=False):
    """The part of the application that shows rules."""

    def action_rules_show(self) -> None:
        """List the rules."""
        if self._desk is not None:
            from tuicrm.tui.screens.rules import Rules

            self.push_screen(Rules(self))
