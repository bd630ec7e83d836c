"""Carrying the journal over into the data files: only touched files are rewritten, and each is swapped in whole."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from tuicrm.store import codec, files, lost, placing, private, segments
from tuicrm.store.pending import Loser, losers, settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.codec import Segment
    from tuicrm.store.pending import Owed, Pending

_TRIES = 20


class Swap:
    """One data file to be replaced: where its successor waits, where it goes, and what it was made of."""

    __slots__ = ("base", "ids", "inner", "kind", "name", "seen", "segment", "source", "temporary", "where")

    def __init__(self, kind: str, name: str, ids: set[str], inner: segments.Folder, *, same_disk: bool) -> None:
        self.kind = kind
        self.name = name
        self.ids = ids
        self.inner = inner
        self.where, self.base = inner.place(name)
        self.source = -1 if same_disk else self.where
        self.temporary = f"{kind}-{name.replace('/', '-')}" if same_disk else f".{self.base}.tuicrm"
        self.seen: segments.Stamp | None = None
        self.segment = codec.load(b"")

    def is_outdated(self) -> bool:
        """Whether the file has changed since its successor was made."""
        return self.inner.stamp(self.name) != self.seen


Written = dict[str, dict[str, "tuple[Segment, segments.Stamp]"]]
"""Kind -> file -> its content and stamp."""


class Checkpoint:
    """One run; to be used under the workspace's lock and git's."""

    def __init__(self, root: str, folder: int) -> None:
        self.root = root
        self.folder = folder
        self.written: Written = {}
        self._swaps: list[Swap] = []
        self._made: list[int] = []
        self._lost: list[Loser] = []
        self._stack = contextlib.ExitStack()

    def run(self, pending: Pending, untidy: Mapping[str, set[str]]) -> Written:
        """Write, sync, swap, sync the folders; an error leaves each file as it was or as it will be, never torn."""
        with self._stack:
            self._temporary = private.open_or_make(private.TEMPORARY, self.folder)
            self._stack.callback(files.close, self._temporary)
            for entry in files.scan(self._temporary):
                # What somebody who only reads puts aside may be in its place by now.
                with contextlib.suppress(FileNotFoundError):
                    files.remove(entry.name, self._temporary)
            touched = _touched(pending, untidy)
            many = sum(map(len, touched.values())) > placing.FEW
            try:
                for kind, names in touched.items():
                    self._write_kind(kind, names, pending, many=many)
                if many and not files.sync_file_system(self._temporary):
                    self._sync_each()
                lost.note(self.folder, self._lost)
            except OSError:
                self._discard()
                raise
            self._swap_all(pending)
        return self.written

    def _write_kind(self, kind: str, names: Mapping[str, set[str]], pending: Pending, *, many: bool) -> None:
        self._make_folders(kind, names)
        folder = self._stack.enter_context(segments.Folder(self.root, kind))
        owing = pending.of(kind)
        self.written.setdefault(kind, {})
        same_disk = files.stat(self._temporary).st_dev == files.stat(folder.fd).st_dev
        for name, ids in names.items():
            swap = Swap(kind, name, ids, folder, same_disk=same_disk)
            if swap.source < 0:
                swap.source = self._temporary
            if self._make(swap, owing, sync=not many or not same_disk):
                self._swaps.append(swap)

    def _make(self, swap: Swap, owing: Mapping[str, Owed], *, sync: bool) -> bool:
        """Write a file's successor from what the file holds at this moment; False where it would be the same."""
        swap.seen = swap.inner.stamp(swap.name)
        found = swap.inner.read(swap.name)
        data, stamp = found if found is not None else (b"", segments.UNSURE)
        segment = swap.segment = codec.load(data)
        self._lost.extend(Loser(swap.kind, *one, known=False) for one in segment.lost)
        for id_ in swap.ids:
            record = segment.records.get(id_)
            if record is not None:
                self._lost.extend(losers(swap.kind, record, owing[id_]))
            segment.records[id_] = settle(record, owing[id_]) or owing[id_].delta
        segment.canonical, segment.lost = True, ()
        after = codec.dump(segment.records.values(), [line.raw for line in segment.bad])
        if after == data:
            self.written[swap.kind][swap.name] = (segment, stamp)
            return False
        mode = files.stat_at(swap.base, swap.where).st_mode & 0o777 if found is not None else None
        placing.write(swap.source, swap.temporary, after, mode, sync=sync)
        return True

    def _make_folders(self, kind: str, names: Mapping[str, set[str]]) -> None:
        """Make the folders that these files need, each one synced into its parent."""
        root = files.open_root(self.root)
        self._stack.callback(files.close, root)
        data = self._folder(segments.DATA, root)
        own = self._folder(kind, data)
        for inner in sorted({name.rpartition("/")[0] for name in names} - {""}):
            self._made.append(self._folder(inner, own))
        self._made.append(own)

    def _folder(self, name: str, parent: int) -> int:
        fd = placing.open_folder(name, parent)
        self._stack.callback(files.close, fd)
        return fd

    def _swap_all(self, pending: Pending) -> None:
        swaps, self._lost = [], []
        for swap in self._swaps:
            differs = True
            for _ in range(_TRIES):
                # An editor, or a git that knows nothing of our lock, may have been here since.
                if not swap.is_outdated():
                    break
                differs = self._make(swap, pending.of(swap.kind), sync=True)
                lost.note(self.folder, self._lost)
                self._lost = []
            if differs:
                files.replace(swap.temporary, swap.source, swap.base, swap.where)
                swaps.append(swap)
        now = time.time_ns()
        for swap in swaps:
            stamp = segments.settled(files.stat_at(swap.base, swap.where), now)
            self.written[swap.kind][swap.name] = (swap.segment, stamp)
        for fd in self._made if self._swaps else ():
            files.sync(fd)

    def _sync_each(self) -> None:
        for swap in self._swaps:
            placing.sync_again(swap.source, swap.temporary)

    def _discard(self) -> None:
        for swap in self._swaps:
            with contextlib.suppress(OSError):
                files.remove(swap.temporary, swap.source)


def _touched(pending: Pending, untidy: Mapping[str, set[str]]) -> dict[str, dict[str, set[str]]]:
    """Kind -> file -> ids that the journal changes in it; files that only need tidying have no ids."""
    touched: dict[str, dict[str, set[str]]] = {}
    for kind, owing in pending.kinds.items():
        names = touched.setdefault(kind, {})
        for id_ in owing:
            names.setdefault(segments.home(kind, id_), set()).add(id_)
    for kind, tidied in untidy.items():
        for name in tidied:
            touched.setdefault(kind, {}).setdefault(name, set())
    return touched
