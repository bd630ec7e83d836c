"""What one has earned, which the palette shows where the team has commission plans."""

from __future__ import annotations

from tuicrm.tui.program import Program


class EarningKeys(Program, inherit_bindings=False):
    """The part of the application that shows commissions."""

    def action_commission_statement(self) -> None:
        """Show one's own statement."""
        if self._desk is not None:
            from tuicrm.tui.screens.earnings import Earnings

            self.push_screen(Earnings(self))
