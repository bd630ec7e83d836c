"""The list of rules, which the palette opens."""

from __future__ import annotations

from tuicrm.tui.stepping import StepKeys


class RuleKeys(StepKeys, inherit_bindings=False):
    """The part of the application that shows rules."""

    def action_rules_show(self) -> None:
        """List the rules."""
        if self._desk is not None:
            from tuicrm.tui.screens.rules import Rules

            self.push_screen(Rules(self))
