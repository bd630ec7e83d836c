"""Commands that show a report: one for each that there is."""

from __future__ import annotations

from tuicrm.crm.report.registry import LINES
from tuicrm.tui.commands.command import ALL, Command

DASHBOARD = "dashboard"

REPORTING: tuple[Command, ...] = tuple(
    Command(f"report.{name}", (), name if name == DASHBOARD else f"{name} report", line, ALL, f"tuicrm report {name}")
    for name, line in LINES.items()
)
