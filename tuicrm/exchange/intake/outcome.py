"""What comes of an intake: for each post what was made, found or left, and the one step that writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan

if TYPE_CHECKING:
    from tuicrm.store.changes import Change

MADE, FOUND, AGAIN, PASSED, LEFT = "made", "found", "again", "passed", "left"
"""Somebody fresh; somebody known; a post that was taken before; mail that nobody wrote to us; what cannot be taken."""


@dataclass
class Taken:
    """What came of one post."""

    what: str
    where: str = ""
    why: str = ""
    """Of posts that are not taken: the reason."""
    kind: str = ""
    id: str = ""
    """Who it is from."""
    name: str = ""
    source: str = ""
    activities: list[str] = field(default_factory=list)
    """The entries of the log that it made, the touch last."""
    kept: list[str] = field(default_factory=list)
    """Questions that no field answers to, kept in the text of the entry."""
    dropped: list[str] = field(default_factory=list)
    """Questions of machines, left out."""
    more: list[str] = field(default_factory=list)
    """What else came of it: a lead is back on the list, a sequence has ended."""

    def facts(self, *, dry_run: bool) -> dict[str, Any]:
        """Return it as JSON shows it; what is not written has no id."""
        unwritten: dict[str, Any] = {}
        if dry_run and self.what in (MADE, FOUND):
            unwritten = {"activities": [], **({"id": ""} if self.what == MADE else {})}
        return {name: getattr(self, name) for name in FACTS} | unwritten

    def said(self) -> str:
        """Return it in one sentence."""
        place = f"{self.where}: " if self.where else ""
        if self.what == MADE:
            return f"{place}made the lead {self.name}, from {self.source}"
        if self.what == FOUND:
            return f"{place}found the {self.kind} {self.name}, and noted the touch from {self.source}"
        return f"{place}{'left: ' if self.what == LEFT else 'nothing to do: '}{self.why}"


FACTS = ("where", "what", "why", "kind", "id", "name", "source", "activities", "kept", "dropped", "more")
NAMES = ("intake", "format", "dry_run", "made", "found", "again", "passed", "left", "posts")


@dataclass
class Outcome:
    """What comes of an intake."""

    name: str
    form: str
    """What it turned out to be."""
    taken: list[Taken] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def count(self, what: str) -> int:
        """Return how many posts came to this."""
        return sum(one.what == what for one in self.taken)

    @property
    def left(self) -> list[Taken]:
        """The posts that cannot be taken."""
        return [one for one in self.taken if one.what == LEFT]

    def plan(self) -> Plan:
        """Return the one step that writes everything."""
        held = [one for one in self.taken if one.what in (MADE, FOUND)]
        who = held[0].name if len(held) == 1 else f"{len(held)} posts"
        made = self.count(MADE)
        leads = f", {made} {'lead' if made == 1 else 'leads'} made" if made else ""
        note = f"took in {who} from {self.name}{leads}"
        return Plan(tuple(self.changes), note, ids=tuple(dict.fromkeys(one.id for one in held)))

    def facts(self, *, dry_run: bool) -> dict[str, Any]:
        """Return it as JSON shows it."""
        counts = {what: self.count(what) for what in (MADE, FOUND, AGAIN, PASSED, LEFT)}
        posts = [one.facts(dry_run=dry_run) for one in self.taken]
        return {"intake": self.name, "format": self.form, "dry_run": dry_run, **counts, "posts": posts}

    def reasons(self) -> str:
        """Return why posts were left, a line for each."""
        return "\n".join(f"{one.where}: {one.why}" if one.where else one.why for one in self.left)
