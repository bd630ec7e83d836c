"""Journals whose changes the data files have: kept, because a `git reset --hard` may still take those files back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.store import files, journal, private, whole
from tuicrm.store.join import canonical, is_dead, join
from tuicrm.store.leaves import versions

if TYPE_CHECKING:
    from tuicrm.store.leaves import Record

MOST = 1000
MOST_BYTES = 64 << 20


def rotate(folder: int, old: str, fresh: str) -> journal.Cursor:
    """Keep the journal under its generation's name and start a fresh one; to be called when the files hold it all."""
    kept = private.open_or_make(private.KEPT, folder)
    try:
        if old:
            _keep(folder, kept, old)
        cursor = journal.start(folder, fresh)
        _prune(kept)
    finally:
        files.close(kept)
    return cursor


def _keep(folder: int, kept: int, name: str) -> None:
    try:
        files.link(private.JOURNAL, folder, name, kept)
    except FileExistsError:
        return
    except OSError as error:
        if not files.lacks_hard_links(error):
            raise
        whole.store(folder, name, files.read_whole(private.JOURNAL, folder), to=kept)
    files.sync(kept)


def _prune(kept: int) -> None:
    """Drop the oldest kept journals beyond the limits; names begin with the time, so they sort by age."""
    names = sorted((entry.name for entry in files.scan(kept)), reverse=True)
    room = MOST_BYTES
    for number, name in enumerate(names):
        room -= files.stat_at(name, kept).st_size
        if number >= MOST or (room < 0 and number):
            files.remove(name, kept)


def names(folder: int) -> frozenset[str]:
    """The journals that are kept at this moment."""
    try:
        kept = files.open_folder(private.KEPT, folder)
    except FileNotFoundError:
        return frozenset()
    try:
        return frozenset(entry.name for entry in files.scan(kept))
    finally:
        files.close(kept)


def drop(folder: int, held: frozenset[str]) -> None:
    """Forget kept journals by name, because a commit holds their changes."""
    there = names(folder) & held
    if there:
        kept = files.open_folder(private.KEPT, folder)
        try:
            for name in sorted(there):
                files.remove(name, kept)
        finally:
            files.close(kept)


def deltas(folder: int) -> dict[tuple[str, str], Record]:
    """What the kept journals hold, joined per (kind, id); what cannot be read in them is passed over."""
    found: dict[tuple[str, str], Record] = {}
    try:
        kept = files.open_folder(private.KEPT, folder)
    except FileNotFoundError:
        return found
    try:
        for name in sorted(entry.name for entry in files.scan(kept)):
            for line in files.read_whole(name, kept).split(b"\n"):
                for entry in journal.transaction(line) or ():
                    key = (entry.kind, entry.delta["id"])
                    found[key] = join(found[key], entry.delta) if key in found else entry.delta
    finally:
        files.close(kept)
    return found


def ahead(current: Record | None, delta: Record) -> Record | None:
    """The record with what a kept journal has and the files lack; None where they lack nothing.

    Only versions count: a value that somebody edited by hand under an old version is not taken back.
    """
    if current is None:
        return canonical(delta)
    if "_v" not in delta and "_del" not in delta:
        return None
    joined = join(current, delta)
    same = versions(joined) == versions(canonical(current)) and is_dead(joined) == is_dead(current)
    return None if same else joined
