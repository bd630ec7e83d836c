"""A workspace: the one door to stored records. Snapshots to read, transactions to write, changes since to follow."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tuicrm.errors import ReadOnly, TuicrmError
from tuicrm.store import files, gitlock, journal, lock, lost, manifest, segments, undolog
from tuicrm.store.changes import Receipt, UndoEntry
from tuicrm.store.forwards import Forwards
from tuicrm.store.handover import Handover
from tuicrm.store.private import JOURNAL, PLAIN
from tuicrm.store.quarantine import Problem
from tuicrm.store.quiet import quiet_gc
from tuicrm.store.stored import Stored
from tuicrm.store.transact import Draft, check_id, work_out
from tuicrm.store.ulid import Clock, ms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from tinydb import TinyDB
    from tinydb.table import Table

    from tuicrm.store.changes import Change
    from tuicrm.store.leaves import Record

    Groups = Callable[[str], tuple[tuple[str, ...], ...]]


def no_groups(kind: str) -> tuple[tuple[str, ...], ...]:
    """The fields that restamp together, for callers that declare none."""
    return ()


class Workspace(Handover):
    """One folder of records. Mappings that it returns are views of what it holds: read them, never keep or change them.

    Methods may be called from several threads, one at a time each; iterate a mapping on the thread that refreshes.
    """

    def __init__(self, root: Path, id_: str, name: str, clock: Clock, groups: Groups) -> None:
        super().__init__(root, id_, name, clock)
        self._groups = groups
        self._wrote = False
        self._noted: list[Problem] = []
        self._forwards = Forwards(self._picture)
        self._db: TinyDB | None = None

    @classmethod
    def create(
        cls, root: Path, *, name: str, id_: str = "", clock: Clock | None = None, groups: Groups = no_groups
    ) -> Workspace:
        """Start a workspace in a folder, made where missing; Invalid where one is already, ReadOnly.

        `id_` is that of a workspace which this one is again.
        """
        manifest.create(os.path.abspath(root), name, id_ or (clock or Clock()).new())
        workspace = cls.open(root, clock=clock, groups=groups)
        with workspace._writing():
            return workspace

    @classmethod
    def open(cls, root: Path, *, clock: Clock | None = None, groups: Groups = no_groups) -> Workspace:
        """The workspace in a folder; reads `tuicrm.json` only. NotFound, Damaged, or Invalid (later format)."""
        path = os.path.abspath(root)
        id_, name = manifest.read(path)
        return cls(Path(path), id_, name, clock or Clock(), groups)

    @property
    def revision(self) -> int:
        """Rises whenever anything in memory changes."""
        return self._picture.revision

    def all(self, kind: str) -> Mapping[str, Record]:
        """The live records of a kind by id, oldest id first; a merged one is left out, who names it names its other."""
        with self._reading():
            return MappingProxyType(self._forwards.live(kind))

    def dead(self, kind: str) -> Mapping[str, Record]:
        """The trash of a kind, without what was merged into a live record."""
        with self._reading():
            return MappingProxyType(self._forwards.dead(kind))

    def get(self, kind: str, id_: str) -> Record | None:
        """A live record, as `all` shows it."""
        with self._reading():
            return self._forwards.live(kind).get(id_)

    def forwards(self, kind: str) -> Mapping[str, str]:
        """By the id of each merged record, dead ones too, the id of the live one that it is now."""
        with self._reading():
            return MappingProxyType(dict(self._forwards.of(kind)))

    @property
    def stored(self) -> Stored:
        """The records as they are stored, merged ones too: for whoever writes, undoes, checks or copies them."""
        return Stored(self)

    def kinds(self) -> list[str]:
        """The kinds that have records, unknown ones among them."""
        with self._reading():
            self._picture.settle()
            return sorted({*segments.kinds(str(self.root)), *self._picture.pending.kinds})

    def new_id(self, at_ms: int | None = None) -> str:
        """An id for a record made now, or at a time in milliseconds since 1970."""
        return self.clock.new() if at_ms is None else self.clock.at(at_ms)

    def new_ids(self, count: int) -> list[str]:
        """Rising ids for so many records made now."""
        return self.clock.several(count) if count else []

    @quiet_gc()
    def commit(
        self,
        changes: Sequence[Change],
        /,
        *,
        by: str,
        note: str,
        expect: Mapping[tuple[str, str, str], str] | None = None,
        group: str = "",
        does: str = "do",
        of: Sequence[str] = (),
        undoable: bool = True,
    ) -> Receipt:
        """Make all changes or none, safe on disk when this returns; nothing is kept to undo what is not `undoable`.

        Raises Outdated when a leaf in `expect` (kind, id, path) is at another version, NotFound and Invalid for what
        cannot be done, Busy, ReadOnly or Damaged for what the disk or another process refuses.
        """
        keys = {(change.kind, change.id) for change in changes}
        keys.update((kind, id_) for kind, id_, _ in expect or ())
        for _, id_ in keys:
            check_id(id_)
        with self._writing() as folder:
            self._picture.catch_up(folder, keys)
            draft = work_out(
                changes, self._picture.current, self._picture.last_seen, self.clock, self._groups, by, expect
            )
            if not draft.entries:
                return Receipt("", ())
            line = journal.encode(draft.tx, by, note, draft.entries)
            cursor = self._append(folder, line)
            self._picture.took(draft.entries, draft.records, cursor)
            self._wrote = True
            if undoable:
                self._remember(folder, draft, by, note, group, does, of)
        return Receipt(draft.tx, draft.changed)

    def _append(self, folder: int, line: bytes | bytearray) -> journal.Cursor:
        cursor = self._picture.cursor
        if not cursor.generation:
            cursor = journal.start(folder, self.clock.new())
        try:
            return journal.append(folder, cursor, line)
        except journal.Unsure as error:
            cause = error.cause
            why = files.reason(cause) if isinstance(cause, OSError) else str(cause)
            self._broken = f"The disk did not confirm a change written to {self.private / 'journal'} ({why})."
            raise ReadOnly(self._broken, hint="Check the disk, then start again.") from error

    def _remember(
        self, folder: int, draft: Draft, by: str, note: str, group: str, does: str, of: Sequence[str]
    ) -> None:
        """Note how to undo it; the change itself is safe already, so a failure here is only reported."""
        if not draft.steps:
            return
        entry = UndoEntry(draft.tx, ms_of(draft.tx), by, note, group, does, tuple(of), draft.steps)  # type: ignore[arg-type]
        try:
            undolog.append(folder, entry)
        except OSError as error:
            self._noted.append(Problem(undolog.NAME, 0, f"a change cannot be undone later: {files.reason(error)}"))

    def refresh(self) -> tuple[tuple[str, str], ...]:
        """Catch up with other processes: (kind, id) of the loaded records that they changed since the last call.

        Never waits for a thread that is writing here: then there is nothing to tell yet.
        """
        if not self._guard.acquire(blocking=False):
            return ()
        try:
            with self._reading():
                self._picture.refresh()
                changed = tuple(sorted(self._picture.outside))
                self._picture.outside.clear()
                return changed
        finally:
            self._guard.release()

    @contextlib.contextmanager
    def in_turn(self, what: str, *, wait: float) -> Iterator[None]:
        """Let only one process of this machine at a time do what it first reads for and then writes, seeing the latest.

        Others may read and write meanwhile; those who want the same turn wait, and get Busy after `wait` seconds.
        """
        with contextlib.ExitStack() as stack:
            try:
                self._place.ensure()
                folder = stack.enter_context(self._place.opened())
                stack.enter_context(lock.held(folder, wait=wait, where=str(self.root), name=f"{what}.lock"))
            except OSError as error:
                raise files.unwritable(error, self._place.whole_path(error)) from error
            self.refresh()
            yield

    @quiet_gc()
    def checkpoint(self) -> None:
        """Carry the journal over into the data files; while git is at work it is left for later."""
        from tuicrm.store import kept
        from tuicrm.store.checkpoint import Checkpoint

        picture = self._picture
        with self._writing() as folder:
            picture.catch_up(folder)
            untidy = {kind: shelf.untidy for kind, shelf in picture.shelves.items() if shelf.untidy}
            if not picture.pending and not untidy:
                self._folded = kept.names(folder)
                return
            with gitlock.held(self._place, folder) as free:
                if not free:
                    return
                written = Checkpoint(str(self.root), folder).run(picture.pending, untidy)
                cursor = kept.rotate(folder, picture.cursor.generation, self.clock.new())
                self._folded = kept.names(folder)
            picture.checkpointed(written, cursor)

    def forget(self, ids: Collection[str], scrub: Callable[[str], str], *, keep: str) -> bool:
        """Take what this machine remembers of records out of its journals and its undo log, but for a transaction.

        `scrub` takes a note and returns it without what nobody may remember. False, with nothing done, while the
        journal could not be carried over into the files: then it is in use.
        """
        from tuicrm.store import forgetting

        self.checkpoint()
        with self._writing() as folder:
            self._picture.catch_up(folder)
            if self._picture.pending:
                return False
            forgetting.forget(folder, frozenset(ids), scrub, keep)
        return True

    def close(self) -> None:
        """Leave the workspace tidy; what cannot be written now stays safe in the journal."""
        if self._wrote and self._picture.pending and not self._broken:
            with contextlib.suppress(TuicrmError):
                self.checkpoint()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def undo_log(self, limit: int = 200) -> list[UndoEntry]:
        """The last transactions of this machine, newest last."""
        return self._ask(lambda folder: undolog.read(folder, limit), [])

    def behind(self) -> list[tuple[str, Record]]:
        """(kind, record) as this machine wrote it, where the files have less, as after a `git reset --hard`."""
        from tuicrm.store import kept

        wrote: dict[tuple[str, str], Record] = self._ask(kept.deltas, {})
        held = {key: self.stored.any(*key) for key in wrote}
        found = [(key[0], kept.ahead(held[key], delta)) for key, delta in wrote.items()]
        return [(kind, record) for kind, record in found if record is not None]

    def unreadable(self) -> list[Problem]:
        """The lines and files that are missing from what was read so far."""
        found: list[Problem] = []
        with self._reading():
            for kind, shelf in self._picture.shelves.items():
                found += shelf.refused
                for name, bad in shelf.bad.items():
                    found += [Problem(segments.show(kind, name), b.line_no, b.reason, b.raw) for b in bad]
        return found

    def problems(self, *, everything: bool = True) -> list[Problem]:
        """What a person should look at; reads every kind unless told to go by what is loaded."""
        from tuicrm.store import salvage

        if everything:
            for kind in self.kinds():
                self.all(kind)
        found = list(self._noted)
        found += self._ask(lost.problems, [])
        found += self._ask(lambda folder: salvage.dropped(folder, str(self.private / JOURNAL)), [])
        if self._place.has_foreign:
            why = "it is committed, or open to others, so it is not used as this machine's private folder"
            found.append(Problem(PLAIN, 0, why))
        return found + self.unreadable()

    @property
    def db(self) -> TinyDB:
        """The records as a TinyDB database."""
        from tuicrm.store.tables import open_db

        if self._db is None:
            self._db = open_db(self, by="")
        return self._db

    def table(self, kind: str) -> Table:
        """A kind as a TinyDB table."""
        return self.db.table(kind)
