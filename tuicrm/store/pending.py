"""What the journal holds and the data files do not have yet, joined per record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.store.join import is_dead, join
from tuicrm.store.leaves import ABSENT, flatten, same, versions
from tuicrm.store.tombstone import ALIVE, DELETION, has_erased, tombstone
from tuicrm.store.ulid import rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tuicrm.store.journal import Entry
    from tuicrm.store.leaves import Record


class Owed:
    """One record's share: the joined delta, every version that it replaced by path, and what it hides itself.

    `hidden`, by path and version: values that had given way to somebody else's when the next one was written over that.
    `outlived` is the version of a deletion that had given way to somebody else's value when the record was edited next.
    """

    __slots__ = ("delta", "hidden", "outlived", "replaced")

    def __init__(self, delta: Record) -> None:
        self.delta = delta
        self.outlived = ""
        self.hidden: dict[tuple[str, str], Any] | None = None
        self.replaced: dict[str, set[str]] | None = None

    def add(self, entry: Entry) -> None:
        if entry.delta is not self.delta:
            if entry.replaced:
                self._hide(entry.replaced, entry.delta)
            if is_dead(self.delta) and not _knew_of_deletion(entry):
                self.outlived = _deletion(self.delta)
            self.delta = join(self.delta, entry.delta)
        if entry.replaced:
            known = self.replaced = self.replaced or {}
            for path, version in entry.replaced.items():
                known.setdefault(path, set()).add(version)

    def _hide(self, replaced: Mapping[str, str], delta: Record) -> None:
        own = versions(self.delta)
        over = [path for path, version in replaced.items() if version and own.get(path, version) != version]
        if over:
            held, written = flatten(self.delta), flatten(delta)
            hidden = self.hidden = self.hidden or {}
            for path in over:
                if rank(own[path]) < rank(replaced[path]) and not same(
                    held.get(path, ABSENT), written.get(path, ABSENT)
                ):
                    hidden[path, own[path]] = held.get(path, ABSENT)


class Loser:
    """A value that a join left behind although nobody had seen it when the winner was written, as far as is known."""

    __slots__ = ("id", "kind", "known", "path", "value", "version")

    def __init__(self, kind: str, id_: str, path: str, version: str, value: Any, *, known: bool = True) -> None:
        self.kind = kind
        self.id = id_
        self.path = path
        self.version = version
        self.value = value
        self.known = known


class Pending:
    """The journal's content by kind and id."""

    __slots__ = ("kinds",)

    def __init__(self) -> None:
        self.kinds: dict[str, dict[str, Owed]] = {}

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            owing = self.kinds.setdefault(entry.kind, {})
            id_ = entry.delta["id"]
            owed = owing.get(id_)
            if owed is None:
                owed = owing[id_] = Owed(entry.delta)
            owed.add(entry)

    def of(self, kind: str) -> dict[str, Owed]:
        return self.kinds.get(kind, {})

    def clear(self) -> None:
        self.kinds = {}


def settle(found: Record | None, owed: Owed | None) -> Record | None:
    """A record as it is: what its file says, joined with what the journal says."""
    if owed is None:
        return found
    return owed.delta if found is None else join(found, owed.delta)


def losers(kind: str, found: Record, owed: Owed) -> list[Loser]:
    """The conflicts of a replay: leaves whose version in the file is neither one replaced nor the journal's own.

    And deletions, on either side, that gave way to what the other one holds. What was erased is no conflict: naming it
    would bring it back.
    """
    lost = _losers(kind, found, owed)
    if not lost or ("_del" not in found and "_del" not in owed.delta):
        return lost
    joined = join(found, owed.delta)
    return [one for one in lost if one.path == DELETION or not has_erased(joined, one.path, one.version)]


def _losers(kind: str, found: Record, owed: Owed) -> list[Loser]:
    ours, lost = versions(owed.delta), _deletions(kind, found, owed)
    lost += [Loser(kind, found["id"], path, version, value) for (path, version), value in (owed.hidden or {}).items()]
    if not ours:
        return lost
    theirs = versions(found)
    for path, version in ours.items():
        seen = theirs.get(path)
        if seen is None or seen in (owed.replaced or {}).get(path, ()):
            continue
        file_value, own_value = flatten(found).get(path, ABSENT), flatten(owed.delta).get(path, ABSENT)
        if file_value == own_value and type(file_value) is type(own_value):
            continue
        if rank(seen) > rank(version):
            lost.append(Loser(kind, found["id"], path, version, own_value))
        elif rank(seen) < rank(version):
            lost.append(Loser(kind, found["id"], path, seen, file_value))
        else:
            kept = flatten(join(found, owed.delta)).get(path, ABSENT)
            value = file_value if kept == own_value else own_value
            lost.append(Loser(kind, found["id"], path, version, value))
    return lost


def _deletions(kind: str, found: Record, owed: Owed) -> list[Loser]:
    delta = owed.delta
    if ("_del" not in found and "_del" not in delta) or ALIVE in versions(delta) or is_dead(join(found, delta)):
        return []
    lost, known = [], (owed.replaced or {}).get(DELETION, ())
    for one, other in ((found, delta), (delta, found)):
        version = _deletion(one)
        gave_way = is_dead(one) or (one is delta and version == owed.outlived)
        if version and gave_way and version != _deletion(other) and version not in known:
            lost.append(Loser(kind, one["id"], DELETION, version, str((tombstone(one) or {}).get("by") or "")))
    return lost


def _knew_of_deletion(entry: Entry) -> bool:
    return "_del" in entry.delta or DELETION in (entry.replaced or ()) or ALIVE in versions(entry.delta)


def _deletion(record: Record) -> str:
    return rank((tombstone(record) or {}).get("v"))
