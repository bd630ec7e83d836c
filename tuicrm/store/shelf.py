"""The records of one kind in memory: live ones and dead ones by id, and the state of the files they came from."""

from __future__ import annotations

from bisect import bisect_left
from operator import itemgetter
from typing import TYPE_CHECKING

from tuicrm.records.merged import MERGED_INTO
from tuicrm.store import segments
from tuicrm.store.join import is_dead, join
from tuicrm.store.pending import settle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tuicrm.store.codec import BadLine, Segment
    from tuicrm.store.leaves import Record
    from tuicrm.store.pending import Owed
    from tuicrm.store.quarantine import Problem

_ID = itemgetter("id")


class Shelf:
    """One loaded kind. `stamps` are the files as last read, `untidy` those to be rewritten at the next checkpoint.

    `forwards` is what merged records say of where they went, `touched` the ids placed or dropped since a first reading.
    `vanished` holds the last state of records whose lines went away, as while git moves files; that says nothing yet.
    """

    __slots__ = (
        *("_rows", "_unsorted", "bad", "dead", "forwards", "kind", "live"),
        *("refused", "stamps", "strays", "touched", "untidy", "vanished"),
    )

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.live: dict[str, Record] = {}
        self.dead: dict[str, Record] = {}
        self.forwards: dict[str, str] = {}
        self.touched: list[str] = []
        self.stamps: dict[str, segments.Stamp] = {}
        self.bad: dict[str, list[BadLine]] = {}
        self.refused: list[Problem] = []
        self.untidy: set[str] = set()
        self.strays = False
        self.vanished: dict[str, Record] = {}
        self._unsorted = False
        self._rows: list[Record] = []

    def add(self, name: str, segment: Segment, stamp: segments.Stamp) -> None:
        """Take in one file of a first reading; `fill` ends it."""
        self._note(name, segment, stamp)
        self.strays = self.strays or not segments.all_at_home(self.kind, name, segment)
        self._rows.extend(segment.records.values())

    def fill(self, owing: Mapping[str, Owed]) -> None:
        """End a first reading: bring ids in order, add what the journal owes, part the dead from the living."""
        rows, self._rows = self._rows, []
        rows.sort(key=_ID)
        self.live = dict(zip(map(_ID, rows), rows, strict=True))
        if len(self.live) != len(rows):
            self.live = _joined(rows)
        for record in [record for record in self.live.values() if MERGED_INTO in record]:
            self._lead(record["id"], record)
        for id_ in {record["id"] for record in rows if "_del" in record}:
            self._place(self.live.pop(id_))
        for id_, owed in owing.items():
            self._place(settle(self.get(id_), owed) or owed.delta)

    def is_stale(self, name: str, stamp: segments.Stamp | None) -> bool:
        """Whether a file, found with this stamp (None: not found), must be read again."""
        return self.stamps.get(name) != stamp

    def stale(self, there: Mapping[str, segments.Stamp]) -> set[str]:
        """The files to be read again, given all that are there; those that vanished are among them."""
        known = self.stamps
        if there == known:
            return set()
        return {name for name, stamp in there.items() if known.get(name) != stamp} | (known.keys() - there.keys())

    def _note(self, name: str, segment: Segment, stamp: segments.Stamp) -> None:
        self.stamps[name] = stamp
        self.bad.pop(name, None)
        if segment.bad:
            self.bad[name] = segment.bad
        if segment.canonical:
            self.untidy.discard(name)
        else:
            self.untidy.add(name)

    def get(self, id_: str) -> Record | None:
        """A record, dead or alive."""
        return self.live.get(id_) or self.dead.get(id_)

    def put(self, record: Record) -> bool:
        """Take in a record's state; False where it is the one already here."""
        if self.get(record["id"]) == record:
            return False
        self._place(record)
        return True

    def _place(self, record: Record) -> None:
        id_ = record["id"]
        buried = "_del" in record and is_dead(record)
        into, other = (self.dead, self.live) if buried else (self.live, self.dead)
        other.pop(id_, None)
        if id_ not in into and not buried and into and id_ < next(reversed(into)):
            self._unsorted = True
        into[id_] = record
        self._lead(id_, record)

    def _lead(self, id_: str, record: Record | None) -> None:
        """Note that a record is another one now (None: gone), and where it leads."""
        self.touched.append(id_)
        into = (record or {}).get(MERGED_INTO)
        if isinstance(into, str) and into:
            self.forwards[id_] = into
        elif self.forwards:
            self.forwards.pop(id_, None)

    def _drop(self, id_: str) -> None:
        self._lead(id_, None)
        for held in (self.live, self.dead):
            if id_ in held:
                self.vanished[id_] = held.pop(id_)

    def in_order(self) -> dict[str, Record]:
        """The live records, oldest id first."""
        if self._unsorted:
            ordered = {id_: self.live[id_] for id_ in sorted(self.live)}
            self.live.clear()
            self.live.update(ordered)
            self._unsorted = False
        return self.live

    def reread(
        self, read: Mapping[str, tuple[Segment, segments.Stamp] | None], owing: Mapping[str, Owed]
    ) -> set[str] | None:
        """Take in files that changed (None: gone); the ids that differ, or None: read the whole kind again."""
        if not all(segments.all_at_home(self.kind, name, found[0]) for name, found in read.items() if found):
            self.strays = True
        if self.strays:
            return None
        gone = self._living_in(read)
        changed = set()
        for name, found in read.items():
            if found is None:
                self.stamps.pop(name, None)
                self.bad.pop(name, None)
                self.untidy.discard(name)
                continue
            segment, stamp = found
            self._note(name, segment, stamp)
            gone.difference_update(segment.records)
            for id_, record in segment.records.items():
                if self.put(settle(record, owing.get(id_)) or record):
                    changed.add(id_)
        for id_ in gone:
            owed = owing.get(id_)
            if owed is None:
                self._drop(id_)
                changed.add(id_)
            elif self.put(owed.delta):
                changed.add(id_)
        return changed

    def differing(self, other: Shelf) -> set[str]:
        """The ids whose records differ between two readings of the kind."""
        ids = {*self.live, *self.dead, *other.live, *other.dead}
        return {id_ for id_ in ids if self.get(id_) != other.get(id_) or (id_ in self.live) != (id_ in other.live)}

    def remember(self, earlier: Shelf) -> None:
        """Keep what an earlier reading of the kind held and this one does not."""
        self.vanished = {
            id_: record
            for held in (earlier.vanished, earlier.live, earlier.dead)
            for id_, record in held.items()
            if id_ not in self.live and id_ not in self.dead
        }

    def _living_in(self, names: Iterable[str]) -> set[str]:
        """The ids in memory that belong in these files."""
        if self.kind not in segments.BY_DAY:
            wanted = {name[: -len(segments.SUFFIX)] for name in names}
            return {id_ for ids in (self.live, self.dead) for id_ in ids if id_[-2:] in wanted}
        ids = sorted([*self.live, *self.dead])
        found: set[str] = set()
        for name in names:
            low, high = segments.day_bounds(name)
            found.update(ids[bisect_left(ids, low) : bisect_left(ids, high)])
        return found


def _joined(rows: Iterable[Record]) -> dict[str, Record]:
    """Rows in the order of their ids, those of one record joined."""
    found: dict[str, Record] = {}
    for record in rows:
        id_ = record["id"]
        found[id_] = join(found[id_], record) if id_ in found else record
    return found
