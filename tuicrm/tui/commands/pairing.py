"""Commands that decide about records that may be one thing: the pair under the cursor."""

from __future__ import annotations

from tuicrm.tui.commands.command import DUPLICATES, Command

HERE = (DUPLICATES,)

PAIRING: tuple[Command, ...] = (
    Command(
        "duplicate.merge",
        ("Y",),
        "merge",
        "Yes, they are one: merge them, the left one stays",
        HERE,
        "tuicrm duplicate merge REF REF",
    ),
    Command(
        "duplicate.swap", ("F",), "swap", "Swap the sides: the other one stays", HERE, "tuicrm duplicate merge REF REF"
    ),
    Command(
        "duplicate.take",
        ("T",),
        "take",
        "Take the value of a field from the other side",
        HERE,
        "tuicrm duplicate merge REF REF --take NAMES",
    ),
    Command(
        "duplicate.dismiss",
        ("X",),
        "not the same",
        "They are not the same: keep both, and do not ask again",
        HERE,
        "tuicrm duplicate dismiss REF REF",
    ),
)
