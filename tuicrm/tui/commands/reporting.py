"""Commands that show a report: one for each that there is."""

from __future__ import annotations

from tuicrm.crm.report.registry import LINES
from tuicrm.tui.commands.command import ALL, Command

DASHBOARD = "dashboard"
NEEDS = {"discounts": "product"}
"""What a team must use for a report to have anything to say."""

REPORTING: tuple[Command, ...] = tuple(
    Command(
        f"report.{name}",
        (),
        name if name == DASHBOARD else f"{name} report",
        line,
        ALL,
        f"tuicrm report {name}",
        needs=NEEDS.get(name, ""),
    )
    for name, line in LINES.items()
)
