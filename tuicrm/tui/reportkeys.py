"""The commands that show a report, made from the registry of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.report.registry import LINES
from tuicrm.tui.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable


class ReportKeys(Program, inherit_bindings=False):
    """One action for each report."""


def _showing(name: str) -> Callable[[ReportKeys], None]:
    return lambda self: self.open_report(name)


for _name in LINES:
    setattr(ReportKeys, f"action_report_{_name}", _showing(_name))
