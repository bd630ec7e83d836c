"""Two contents in one: per data file whole where only one side changed it, else record by record."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.store import codec
from tuicrm.store.carrying import since
from tuicrm.store.join import join
from tuicrm.store.segments import DATA, home
from tuicrm.sync.content import is_data, kind_of
from tuicrm.sync.ledger import KIND, entry
from tuicrm.sync.losing import lost
from tuicrm.sync.objects import FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.store.codec import Segment
    from tuicrm.store.leaves import Record
    from tuicrm.sync.content import Content, Contents
    from tuicrm.sync.losing import Lost


class Merged(NamedTuple):
    """Data files as they are to be, where they are not as in the first content's files: bytes, or the blob to take."""

    files: dict[str, bytes | str]
    edits: int
    """How many edits went to the ledger, as people see them: a value and its currency are one."""


class Merging:
    """One merge; `ours` is what this clone says, `theirs` the remote's tip, `bases` what both go back to."""

    def __init__(self, contents: Contents, ours: Content, theirs: Content, bases: Sequence[Content]) -> None:
        self._contents = contents
        self._ours = ours
        self._theirs = theirs
        self._bases = bases
        self._whole: dict[str, str] = {}
        self._parsed: dict[str, Segment] = {}
        self._lost: list[Lost] = [*ours.found, *theirs.found]

    def run(self, also: Iterable[Lost] = ()) -> Merged:
        """Join all files that differ; `also` are values that gave way on this machine before."""
        for path in sorted(_apart(self._ours, self._theirs)):
            self._merge(path)
        return self._told(also)

    def onto(self, synced: Content, also: Iterable[Lost] = ()) -> Merged:
        """Put what changed here since the last sync on top of a remote whose history was rewritten, and only that."""
        ours, theirs = self._ours, self._theirs
        for path in sorted(_apart(ours, theirs) | _apart(synced, ours)):
            before, here = self._records(synced, path), self._records(ours, path)
            there = self._contents.segment(theirs, path)
            records = dict(there.records)
            for id_, record in here.items():
                delta = since(before.get(id_), record)
                if delta is not None:
                    known = records.get(id_)
                    joined = records[id_] = delta if known is None else join(known, delta)
                    if known is not None:
                        self._note(path, joined, [known, delta], [before.get(id_)])
            self._parsed[path] = codec.Segment(records, there.bad, True)
        return self._told(also)

    def _records(self, content: Content, path: str) -> dict[str, Record]:
        return self._contents.segment(content, path).records

    def _merge(self, path: str) -> None:
        """Take a file from the side that alone changed it, since what that side says includes what was there before."""
        for side, other in ((self._theirs, self._ours), (self._ours, self._theirs)):
            if any(_same_at(path, other, base) for base in self._bases) or _absent(path, other):
                held = side.over.get(path)
                if held is not None:
                    self._parsed[path] = held
                elif path in side.files:
                    self._whole[path] = side.files[path][1]
                return
        self._join(path)

    def _join(self, path: str) -> None:
        ours, theirs = self._contents.segment(self._ours, path), self._contents.segment(self._theirs, path)
        bases = [self._contents.segment(base, path) for base in self._bases]
        records: dict[str, Record] = dict(ours.records)
        for id_, there in theirs.records.items():
            here = records.get(id_)
            before = [base.records.get(id_) for base in bases]
            if here is None or here in before:
                records[id_] = there
            elif here != there and there not in before:
                joined = records[id_] = join(here, there)
                self._note(path, joined, [here, there], before)
        self._parsed[path] = codec.Segment(records, _bad(ours, theirs, bases), True)

    def _note(self, path: str, joined: Record, parts: Sequence[Record], bases: Sequence[Record | None]) -> None:
        self._lost += lost(kind_of(path), joined, parts, bases)

    def _told(self, also: Iterable[Lost]) -> Merged:
        """Add the ledger's entries, and say which files are not as ours are."""
        from tuicrm.crm.losers import part_of

        edits: set[tuple[str, str, str, str]] = set()
        for one in (*self._lost, *also):
            if one.kind != KIND:
                record = entry(one)
                segment = self._ledger_at(f"{DATA}/{KIND}/{home(KIND, record['id'])}")
                if record["id"] not in segment.records:
                    segment.records[record["id"]] = record
                    edits.add((one.kind, one.id, one.version, part_of(one.kind, one.path)))
        files: dict[str, bytes | str] = {
            path: blob for path, blob in self._whole.items() if self._ours.files.get(path, ("", ""))[1] != blob
        }
        for path, segment in self._parsed.items():
            files[path] = codec.dump(segment.records.values(), [line.raw for line in segment.bad])
        return Merged(files, len(edits))

    def _ledger_at(self, path: str) -> Segment:
        """Return the merged ledger file, parsed and free to be added to."""
        held = self._parsed.get(path)
        if held is None:
            blob = self._whole.pop(path, "")
            held = self._contents.raw((FILE, blob)) if blob else self._contents.segment(self._ours, path)
        self._parsed[path] = codec.Segment(dict(held.records), held.bad, True)
        return self._parsed[path]


def _apart(one: Content, other: Content) -> set[str]:
    """Return the data files that two contents do not surely hold alike."""
    paths = {path for path in {**one.files, **other.files} if one.files.get(path) != other.files.get(path)}
    return set(filter(is_data, {*one.over, *other.over, *paths}))


def _same_at(path: str, one: Content, other: Content) -> bool:
    if path in one.over or path in other.over:
        return False
    return one.files.get(path) == other.files.get(path)


def _absent(path: str, content: Content) -> bool:
    return path not in content.over and path not in content.files


def _bad(ours: Segment, theirs: Segment, bases: Sequence[Segment]) -> list[codec.BadLine]:
    """Return the unreadable lines to keep: those on both sides, and those that one side added."""
    before = {line.raw for base in bases for line in base.bad}
    mine, others = ({line.raw: line for line in side.bad} for side in (ours, theirs))
    kept = [raw for raw in {**mine, **others} if (raw in mine and raw in others) or raw not in before]
    return [{**mine, **others}[raw] for raw in sorted(kept)]
