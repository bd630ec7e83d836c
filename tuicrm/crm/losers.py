"""The ledger of values that gave way, as it is stored, and which of its entries were one edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.shapes import word
from tuicrm.records.registry import groups

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Record = dict[str, Any]

_CLOSING = ("pipeline", "stage", "closed_on", "lost_reason")
"""What one move of a deal writes."""


class Loser(NamedTuple):
    """One entry of the ledger."""

    id: str
    kind: str
    record: str
    path: str
    version: str
    value: Any
    """The leaf that lost: a value, MEMBER or ABSENT; of a deletion, who deleted."""
    resolved: bool


class Edit(NamedTuple):
    """Entries of one record and version that only make sense together, the leading one first."""

    losers: tuple[Loser, ...]

    @property
    def first(self) -> Loser:
        """The entry that stands for all of them."""
        return self.losers[0]

    @property
    def resolved(self) -> bool:
        """Whether somebody has decided about all of them."""
        return all(one.resolved for one in self.losers)

    @property
    def leaves(self) -> dict[str, Any]:
        """What lost: leaf path to its value, MEMBER or ABSENT."""
        return {one.path: one.value for one in self.losers}


def edits(session: Session) -> list[Edit]:
    """Return all entries of the ledger, those of one edit together, in the order of their ids."""
    held = list(session.ws.all("conflict").values())
    known: tuple[list[Record], list[Edit]] = session.kept.get("losers", ([], []))
    # Records are replaced, never changed in place, so equal lists compare by identity, in about a millisecond.
    if known[0] != held:
        known = session.kept["losers"] = (held, _edits(held))
    return known[1]


def _edits(held: list[Record]) -> list[Edit]:
    found: dict[tuple[str, str, str, str], list[Loser]] = {}
    for record in held:
        loser = _loser(record)
        if loser is not None:
            part = part_of(loser.kind, loser.path)
            found.setdefault((loser.kind, loser.record, loser.version, part), []).append(loser)
    return [Edit(tuple(sorted(losers, key=_rank))) for losers in found.values()]


def _loser(record: Record) -> Loser | None:
    """Return an entry of the ledger; None for a line that somebody has damaged."""
    from tuicrm.store.segments import is_kind

    of, about, path = (word(record.get(name)) for name in ("of", "record", "field"))
    if not (is_kind(of) and about and path):
        return None
    value = _value(record)
    return Loser(record["id"], of, about, path, word(record.get("version")), value, bool(record.get("resolved")))


def _value(record: Record) -> Any:
    from tuicrm.store.leaves import ABSENT, MEMBER

    form, value = record.get("form"), record.get("value")
    if form == "absent":
        return ABSENT
    if form == "member":
        return MEMBER
    if form == "json":
        import json

        try:
            return json.loads(word(value))
        except (ValueError, RecursionError):
            return word(value)
    return word(value)


def group_of(kind: str, field: str) -> tuple[str, ...]:
    """Return the fields of a kind that one edit of `field` decides about; the field alone where there are no others."""
    if kind == "deal" and field in _CLOSING:
        return _CLOSING
    return next((group for group in groups(kind) if field in group), (field,))


def part_of(kind: str, path: str) -> str:
    """Return what tells the parts of one version's edit apart: a group of fields, an entry of a map, else the leaf."""
    from tuicrm.store.leaves import key_of

    names = path.split("/")
    return group_of(kind, key_of(path))[0] if len(names) == 1 else "/".join(names[:2])


_LEADING = ("stage", "value")
"""Fields that stand for their group."""


def _rank(loser: Loser) -> tuple[bool, int, str]:
    group = group_of(loser.kind, loser.path)
    return (loser.path not in _LEADING, group.index(loser.path) if loser.path in group else 0, loser.path)
