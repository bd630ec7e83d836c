"""Commands that decide about records that may be one thing: the pair under the cursor."""

from __future__ import annotations

from tuicrm.tui.commands.command import DUPLICATES, Command

HERE = (DUPLICATES,)

PAIRING: tuple[Command, ...] = (
    Command(
        "duplicate.merge",
        ("I",),
        "merge",
        "It is one and the same: merge them, the left one stays",
        HERE,
        "tuicrm duplicate merge REF REF",
    ),
    Command(
        "duplicate.swap",
        ("plus",),
        "swap",
        "Swap the sides: the other one stays",
        HERE,
        "tuicrm duplicate merge REF REF",
    ),
    Command(
        "duplicate.take",
        ("number_sign",),
        "take",
        "Choose the field that the other side gives its value of",
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
