"""What an import will do, worked out before anything is written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session
    from tuicrm.exchange.items import Item
    from tuicrm.exchange.names import Missing
    from tuicrm.records.field import Field, Kind
    from tuicrm.store.changes import Change

Record = dict[str, Any]


@dataclass
class Import:
    """What comes of a file's items, and the changes that do it."""

    kind: Kind
    """What the file is mostly full of."""
    created: list[tuple[Item, Record]] = field(default_factory=list)
    updated: list[tuple[Item, Record, dict[str, Any]]] = field(default_factory=list)
    """The item, the record as it is, and the fields that change."""
    skipped: list[tuple[Item, str]] = field(default_factory=list)
    rejected: list[tuple[Item, str]] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    """Records that items named and nothing answered to, to be created along."""
    lacking: dict[str, set[str]] = field(default_factory=dict)
    """By kind, or `stage`: names that items gave, which nothing answers to and nothing was created for."""
    linked: list[tuple[Item, Record]] = field(default_factory=list)
    """Records that items told along, as the company of a deal, to be created."""
    stages: dict[str, dict[str, str]] = field(default_factory=dict)
    """By pipeline id: stages to be added, key to name."""
    fields: list[tuple[Kind, Field]] = field(default_factory=list)
    """Fields that the team gets."""
    said: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    """References that were left out since nothing answers to them, how often."""
    changes: list[Change] = field(default_factory=list)

    @property
    def made(self) -> Iterator[tuple[Item, Record]]:
        """All records that the file tells and that are created."""
        yield from self.created
        yield from self.linked

    def counts(self, session: Session) -> list[tuple[Kind, int]]:
        """Return how many records of each kind are created, the file's own kind first."""
        found = Counter(item.kind for item, _ in self.made)
        names = [self.kind.name, *sorted(name for name in found if name != self.kind.name)]
        return [(session.kind(name), found[name]) for name in names if found[name] or name == self.kind.name]

    def told(self, session: Session) -> str:
        """Return `3 contacts and 2 companies`, with what changes: `, 1 changed`."""
        counts = [f"{count:,} {kind.one if count == 1 else kind.many}" for kind, count in self.counts(session)]
        together = " and ".join([", ".join(counts[:-1]), counts[-1]] if len(counts) > 1 else counts)
        return f"{together}, {len(self.updated):,} changed" if self.updated else together

    def plan(self, session: Session, source: str) -> Plan:
        """Return the one step that writes everything."""
        ids = [record["id"] for _, record in self.created] + [record["id"] for _, record, _ in self.updated]
        return Plan(tuple(self.changes), f"imported {self.told(session)} from {source}", ids=tuple(ids), settled=True)
