"""The values that joining two lines of one record leaves behind; what the lines had in common is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.store.join import is_dead, join
from tuicrm.store.leaves import ABSENT, RESERVED, flatten, same, top, versions, weight
from tuicrm.store.tombstone import ALIVE, DELETION, floors_by_field, tombstone
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tuicrm.store.leaves import Record


class Outdone(NamedTuple):
    """A value that gave way in a record: of a path that was cleared ABSENT, of a deletion who deleted."""

    id: str
    path: str
    version: str
    value: Any

    @property
    def key(self) -> tuple[str, str, str, bytes]:
        """What tells it from others: two values may have one version, and 1 is not true although they are equal."""
        return self.id, self.path, self.version, weight(self.value)


def outdone(one: Record, other: Record) -> list[Outdone]:
    """Return the values of two lines that their join does not show, but for what a purge erased.

    Those of the record's birth are among them: somebody may have typed one into a line, where it takes that version.
    """
    joined = join(one, other)
    found = {each.key: each for each in hidden((one, other), joined, of_birth=True)}
    for part, whole in ((one, other), (other, one)):
        if is_dead(part) and not is_dead(joined) and _deletion(part) not in ("", _deletion(whole)):
            by = (tombstone(part) or {}).get("by")
            gone = Outdone(joined["id"], DELETION, _deletion(part), str(by or ""))
            found[gone.key] = gone
    return list(found.values())


def hidden(parts: Iterable[Record], joined: Record, *, of_birth: bool = False) -> Iterator[Outdone]:
    """Yield the values of lines that a join of them does not show, deletions aside.

    Unless asked for, those from its birth are left out where another version came after them.
    """
    born, final, shown = rank(joined["id"]), versions(joined), flatten(joined)
    erased = floors_by_field(tombstone(joined)) is not None
    for part in parts:
        values = flatten(part)
        for path, version in versions(part).items():
            value = values.get(path, ABSENT)
            if same(value, shown.get(path, ABSENT)) or top(path) == ALIVE or top(path) in RESERVED:
                continue
            is_tie = final.get(path) == version
            if version and (version != born or is_tie or of_birth) and not (erased and path not in final):
                yield Outdone(part["id"], path, version, value)


def _deletion(record: Record) -> str:
    return rank((tombstone(record) or {}).get("v"))
