"""Journals whose changes the data files have: kept, because a `git reset --hard` may still take those files back."""

from __future__ import annotations

from tuicrm.store import files, journal, private, quarantine

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
        fd = files.open_read(private.JOURNAL, folder)
        try:
            quarantine.store(kept, name, files.read_at(fd, files.stat(fd).st_size, 0))
        finally:
            files.close(fd)
    files.sync(kept)


def _prune(kept: int) -> None:
    """Drop the oldest kept journals beyond the limits; names begin with the time, so they sort by age."""
    names = sorted((entry.name for entry in files.scan(kept)), reverse=True)
    room = MOST_BYTES
    for number, name in enumerate(names):
        room -= files.stat_at(name, kept).st_size
        if number >= MOST or (room < 0 and number):
            files.remove(name, kept)
