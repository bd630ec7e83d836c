"""Commands that decide about conflicts: the marked ones, else the one under the cursor."""

from __future__ import annotations

from tuicrm.tui.commands.command import CONFLICTS, Command

HERE = (CONFLICTS,)

DECIDING: tuple[Command, ...] = (
    Command(
        "conflict.keep",
        ("Y",),
        "keep",
        "Yes, keep what stands now",
        HERE,
        "tuicrm conflict resolve REF --keep current",
    ),
    Command(
        "conflict.restore",
        ("R",),
        "bring back",
        "Bring back what gave way",
        HERE,
        "tuicrm conflict resolve REF --keep lost",
    ),
    Command(
        "conflict.type",
        ("T",),
        "another",
        "Type a third value",
        HERE,
        "tuicrm conflict resolve REF --value VALUE",
    ),
)
