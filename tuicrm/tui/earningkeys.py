"""Territories, targets and commissions, which the palette shows where the team has any."""

from __future__ import annotations

from tuicrm.tui.program import Program


class EarningKeys(Program, inherit_bindings=False):
    """The part of the application that shows what people should reach, and what they earn."""

    def action_territory_show(self) -> None:
        """List the territories."""
        self._list("territory")

    def action_target_show(self) -> None:
        """List the targets."""
        self._list("target")

    def action_commission_show(self) -> None:
        """List the commission plans."""
        self._list("commission")

    def _list(self, kind: str) -> None:
        if self._desk is not None:
            from tuicrm.tui.screens.kindlist import KindList

            self.push_screen(KindList(self, kind))

    def action_commission_statement(self) -> None:
        """Show one's own statement."""
        if self._desk is not None:
            from tuicrm.tui.screens.earnings import Earnings

            self.push_screen(Earnings(self))
