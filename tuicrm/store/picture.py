"""What this process knows of a workspace: the kinds it has read, the journal up to a point, and how to catch up."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from tuicrm.errors import Busy
from tuicrm.store import codec, files, gitlock, journal, lock, private, quarantine, segments
from tuicrm.store.pending import Pending, settle
from tuicrm.store.quiet import quiet_gc
from tuicrm.store.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tuicrm.store.checkpoint import Written
    from tuicrm.store.codec import Segment
    from tuicrm.store.journal import Batch, Cursor, Entry
    from tuicrm.store.leaves import Record
    from tuicrm.store.private import Private

    Key = tuple[str, str]
    Read = dict[str, tuple[Segment, segments.Stamp] | None]

_TRIES = 8
_PAUSE = 0.002
_PATIENCE = 2.0
_SCAN_EVERY = 0.8
_SCAN_SHARE = 40


class Picture:
    """Records by kind, kept equal to files joined with journal. `outside` collects what others changed."""

    def __init__(self, root: str, place: Private) -> None:
        self.root = root
        self.place = place
        self.shelves: dict[str, Shelf] = {}
        self.pending = Pending()
        self.cursor: Cursor = journal.Cursor()
        self.outside: set[Key] = set()
        self.revision = 0
        self._index: tuple[int, ...] | None = None
        self._next_scan = 0.0
        self._waiting_since = 0.0
        self._waited = False

    @property
    def _journal_path(self) -> str:
        return f"{self.place.path}/{private.JOURNAL}"

    def shelf(self, kind: str) -> Shelf:
        """A kind's records, read on first use."""
        found = self.shelves.get(kind)
        if found is None:
            self.settle(load=kind)
            found = self.shelves[kind]
        return found

    def refresh(self) -> None:
        """Catch up with other processes; a few stat calls when nothing has happened."""
        self.place.look()
        found = files.stat_path(self._journal_path)
        seen = () if found is None else (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        index = gitlock.stamp(self.place)
        now = time.monotonic()
        scan = index != self._index or (now >= self._next_scan and bool(self.shelves))
        if seen == self.cursor.stamp and not scan:
            return
        if gitlock.git_is_busy(self.place):
            # A pull half way would be shown as it is now; git's work is short, so look again later.
            self._waiting_since = self._waiting_since or now
            if now - self._waiting_since < _PATIENCE:
                return
        self._waiting_since = 0.0
        self.settle(scan=scan)

    def settle(self, *, load: str = "", scan: bool = False) -> None:
        """Read what is missing and what changed, as one consistent state."""
        busy = False
        for attempt in range(_TRIES):
            with self._folder() as folder:
                if self._try(folder, load=load, scan=scan):
                    self._waited = False
                    return
            busy = gitlock.git_is_busy(self.place)
            # Once is enough: an editor open for a commit message holds git's lock for minutes.
            if busy and self._waited:
                break
            time.sleep(_PAUSE * 1.5**attempt)
        self._waited = busy
        with self._folder() as folder, contextlib.ExitStack() as stack:
            if folder >= 0:
                # Where no lock can be had, a writer at work is no reason to show nothing.
                with contextlib.suppress(OSError, Busy):
                    stack.enter_context(lock.held(folder, shared=True, where=self.root))
            while not self._try(folder, load=load, scan=scan, force=True):
                continue

    def catch_up(self, folder: int, keys: Iterable[Key] = ()) -> None:
        """The same under the workspace's lock, for the files of these records only; cuts a torn tail."""
        only: dict[str, set[str]] = {}
        for kind, id_ in keys:
            if kind in self.shelves:
                only.setdefault(kind, set()).add(segments.home(kind, id_))
        while not self._try(folder, only=only, force=True):
            continue

    @contextlib.contextmanager
    def _folder(self) -> Iterator[int]:
        """The private folder, -1 while there is none."""
        with contextlib.ExitStack() as stack:
            try:
                folder = stack.enter_context(self.place.opened())
            except FileNotFoundError:
                folder = -1
            yield folder

    def _try(
        self,
        folder: int,
        *,
        load: str = "",
        scan: bool = False,
        only: Mapping[str, set[str]] | None = None,
        force: bool = False,
    ) -> bool:
        """One reading; False when it may mix two states and was thrown away."""
        index, busy = gitlock.stamp(self.place), gitlock.git_is_busy(self.place)
        before = journal.generation(folder, self._journal_path) if folder >= 0 else ""
        restart = before != self.cursor.generation
        scan = scan or restart
        forced = self._owing_files() if restart else {}
        with quiet_gc():
            read = self._read_kinds(load, scan, only or {}, forced)
            # Before the journal: whoever has let go of the lock by then has given the journal its next generation.
            busy = busy or gitlock.git_is_busy(self.place) or gitlock.stamp(self.place) != index
            batch = self._read_journal(folder)
            if batch.restarted and not restart:
                self.cursor = journal.Cursor()
                return False
            if batch.cursor.generation != before:
                return False
            if busy and not force:
                return False
            if not self._install(batch, read):
                return False
        if batch.torn and only is not None:
            journal.cut_torn(folder, batch)
        if scan or len(self.shelves) <= 1:
            self._index = None if busy else index
        return True

    def _owing_files(self) -> dict[str, set[str]]:
        """Files of loaded kinds that the journal read so far speaks of; a new journal means that they changed."""
        return {
            kind: {segments.home(kind, id_) for id_ in owing}
            for kind, owing in self.pending.kinds.items()
            if kind in self.shelves
        }

    def _read_journal(self, folder: int) -> Batch:
        if folder < 0:
            return journal.Batch(journal.Cursor(), [], restarted=self.cursor.generation != "")
        return journal.read(folder, self.cursor, self._journal_path)

    def _read_kinds(
        self, load: str, scan: bool, only: Mapping[str, set[str]], forced: Mapping[str, set[str]]
    ) -> dict[str, tuple[Shelf | None, Read]]:
        """Per kind either a whole reading, still without the journal's share, or the files that changed."""
        started = time.monotonic()
        found: dict[str, tuple[Shelf | None, Read]] = {}
        for kind, shelf in self.shelves.items():
            names = only.get(kind, set())
            if not scan and not names:
                continue
            with segments.Folder(self.root, kind) as folder:
                if scan:
                    changed = shelf.stale(folder.names()) | forced.get(kind, set())
                    shelf.refused = folder.refused
                else:
                    changed = {name for name in names if shelf.is_stale(name, folder.stamp(name))}
                if changed:
                    found[kind] = (None, {name: _read(folder, name) for name in sorted(changed)})
            if changed and shelf.strays:
                found[kind] = (self._read_whole(kind), {})
        if scan:
            now = time.monotonic()
            self._next_scan = now + max(_SCAN_EVERY, _SCAN_SHARE * (now - started))
        if load:
            found[load] = (self._read_whole(load), {})
        return found

    def _read_whole(self, kind: str) -> Shelf:
        shelf = Shelf(kind)
        with segments.Folder(self.root, kind) as folder:
            names = folder.names()
            for name in names:
                if (found := _read(folder, name)) is not None:
                    shelf.add(name, *found)
            shelf.refused = folder.refused
        return shelf

    def _install(self, batch: Batch, read: Mapping[str, tuple[Shelf | None, Read]]) -> bool:
        """Take in a reading as a whole; False when a kind must be read as a whole first."""
        pending = Pending() if batch.restarted else self.pending
        pending.add(batch.entries)
        before = len(self.outside)
        complete = True
        for kind, (whole, parts) in read.items():
            owing = pending.of(kind)
            known = self.shelves.get(kind)
            if whole is not None:
                whole.fill(owing)
                self.shelves[kind] = whole
                changed = set() if known is None else known.differing(whole)
                if known is not None:
                    whole.remember(known)
            else:
                assert known is not None
                reread = known.reread(parts, owing)
                complete = complete and reread is not None
                changed = reread or set()
            self.outside.update((kind, id_) for id_ in changed)
            self._set_aside(kind, self.shelves[kind], parts)
        self.pending = pending
        self._replay(batch.entries)
        self.cursor = batch.cursor
        if len(self.outside) != before or read:
            self.revision += 1
        if not complete:
            self._next_scan = 0.0
        return complete

    def _replay(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            shelf, id_ = self.shelves.get(entry.kind), entry.delta["id"]
            if shelf is not None:
                record = settle(shelf.get(id_), self.pending.of(entry.kind)[id_])
                if record is not None and shelf.put(record):
                    self.outside.add((entry.kind, id_))

    def current(self, kind: str, id_: str) -> Record | None:
        """A record of any kind, dead or alive; of a kind that is not loaded, only the record's own file is read."""
        shelf = self.shelves.get(kind)
        if shelf is not None:
            return shelf.get(id_)
        with segments.Folder(self.root, kind) as folder:
            found = _read(folder, segments.home(kind, id_))
        record = None if found is None else found[0].records.get(id_)
        return settle(record, self.pending.of(kind).get(id_))

    def last_seen(self, kind: str, id_: str) -> Record | None:
        """The last state of a record that was here before and is not now."""
        shelf = self.shelves.get(kind)
        return None if shelf is None else shelf.vanished.get(id_)

    def took(self, entries: Iterable[Entry], records: Mapping[Key, Record], cursor: Cursor) -> None:
        """Take in a transaction of this process, which the journal now holds."""
        self.pending.add(entries)
        for (kind, _), record in records.items():
            shelf = self.shelves.get(kind)
            if shelf is not None:
                shelf.put(record)
        self.cursor = cursor
        self.revision += 1

    def checkpointed(self, written: Written, cursor: Cursor) -> None:
        """Take in what a checkpoint of this process wrote."""
        self.pending = Pending()
        self.cursor = cursor
        for kind, parts in written.items():
            shelf = self.shelves.get(kind)
            changed = set() if shelf is None else shelf.reread(parts, {})
            if changed is None:
                self._next_scan = 0.0
            elif changed:
                self.outside.update((kind, id_) for id_ in changed)
                self.revision += 1

    def _set_aside(self, kind: str, shelf: Shelf, parts: Read) -> None:
        for name in parts or shelf.bad:
            if name in shelf.bad:
                quarantine.keep(self.place, f"{kind}/{name}", [line.raw for line in shelf.bad[name]])


def _read(folder: segments.Folder, name: str) -> tuple[Segment, segments.Stamp] | None:
    found = folder.read(name)
    return None if found is None else (codec.load(found[0]), found[1])
