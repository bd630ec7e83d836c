"""What happens that rules wait for, and a rule at work on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.records.kinds.rule import TIMED

if TYPE_CHECKING:
    from datetime import datetime

    from tuicrm.crm.rules.model import Rule
    from tuicrm.store.changes import Change

Record = dict[str, Any]
BIRTH = "created"
"""The instance of what happens to a record but once: that it is made."""


class Event(NamedTuple):
    """Something that rules may wait for."""

    trigger: str
    kind: str
    id: str
    about: str
    """The field or the stage; empty for what is created."""
    instance: str
    """What tells this time from every other one: every clone says the same."""
    ms: int
    """When it happened, in milliseconds since 1970."""
    fresh: bool = False
    """Whether it happens in this very step, so that no rule can have run for it before."""
    depth: int = 0
    parent: Run | None = None

    @property
    def listened(self) -> tuple[str, str, str]:
        """What rules wait for: trigger, kind, field or stage."""
        return (self.trigger, self.kind, self.about)


@dataclass
class Run:
    """One rule at work on one record."""

    rule: Rule
    kind: str
    record: Record
    """The record as the rules before have left it; each action replaces it."""
    entry: str
    """The id of the entry that tells of it; everything else that it makes is named after it."""
    event: Event
    now: datetime
    """What dates in words are relative to."""
    did: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    """Longer texts, for the entry's body."""
    assigned: str = ""
    back: list[Change] = field(default_factory=list)
    """The changes that would take it back."""

    @property
    def first(self) -> Run:
        """The run with which it began, where rules set each other off."""
        return self if self.event.parent is None else self.event.parent.first

    @property
    def timed(self) -> bool:
        """Whether time set it off, here and on other clones alike."""
        return self.first.event.trigger in TIMED
