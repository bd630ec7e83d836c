"""The status of a lead: a key of the team's statuses, read and shown by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.records.types import Choice, Parsing, Stored

if TYPE_CHECKING:
    from collections.abc import Sequence

OPEN, QUALIFIED, UNQUALIFIED = MEANINGS = ("open", "qualified", "unqualified")


class Status(NamedTuple):
    """One status that leads may have."""

    key: str
    name: str
    meaning: str
    """`open`, `qualified` or `unqualified`."""
    criteria: str
    """What has to hold for it, in the team's words; empty where nobody wrote it."""
    order: str = ""


USUAL = (
    Status("new", "new", OPEN, "Nobody has talked to them yet.", "4"),
    Status("working", "working", OPEN, "Somebody is in touch, or tries to be.", "c"),
    Status(
        "qualified",
        "qualified",
        QUALIFIED,
        "They have a need that we can meet, a budget, and somebody who decides. It becomes a deal.",
        "k",
    ),
    Status("unqualified", "unqualified", UNQUALIFIED, "Not a customer for us: the reason says why.", "s"),
)
"""The statuses of a workspace that set up none."""


class StatusChoice(Choice):
    """One of the team's statuses, by key or name; words that files brought stay as they are."""

    name = "lead status"

    def __init__(self, statuses: Sequence[Status] = USUAL) -> None:
        super().__init__(*(one.key for one in statuses), open_ended=True)
        self.statuses = {one.key: one for one in statuses}

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.text import fold

        wanted = fold(text.strip())
        named = [one.key for one in self.statuses.values() if fold(one.name) == wanted]
        if not named and wanted not in self.statuses and wanted:
            named = [one.key for one in self.statuses.values() if fold(one.name).startswith(wanted)]
        return named[0] if len(named) == 1 else super().parse(text, ctx)

    def doubt(self, value: Stored) -> str:
        """Return that the team has no such status, and which it has."""
        if value in self.statuses:
            return ""
        return f"is none of the team's statuses: {', '.join(one.name for one in self.statuses.values())}"

    def text(self, value: Stored) -> str:
        found = self.statuses.get(str(value))
        return found.name if found else str(value)
