"""A damaged journal: its readable transactions stay, the whole of it is copied aside."""

from __future__ import annotations

import contextlib
from zlib import crc32

from tuicrm.store import files, journal, private, whole
from tuicrm.store.quarantine import Problem


def damage(folder: int, path: str) -> list[Problem]:
    """What makes the journal unusable, line by line; nothing where it is sound, missing, or only torn at its end."""
    return _sift(_read(folder, path), path)[1]


def dropped(folder: int, path: str) -> list[Problem]:
    """Last lines that came to their end and whose checksum is wrong: the one that is there, and those cut off before.

    A power cut while writing can leave such a line as well as a disk that forgets; the change is not used.
    """
    found = []
    *lines, torn = (_read(folder, path) or b"").split(b"\n")
    if not torn and len(lines) > 1 and journal.transaction(lines[-1]) is None:
        found.append(Problem(path, len(lines), "the last change cannot be read: its checksum is wrong", lines[-1]))
    with contextlib.suppress(FileNotFoundError):
        aside = files.open_folder(private.QUARANTINE, folder)
        try:
            names = sorted(entry.name for entry in files.scan(aside) if entry.name.startswith(journal.LINE))
        finally:
            files.close(aside)
        why = "the journal's last change could not be read and was cut off; remove this file once you have looked at it"
        found += [Problem(f"{path.rpartition('/')[0]}/{private.QUARANTINE}/{name}", 0, why) for name in names]
    return found


def repair(folder: int, generation: str, path: str) -> list[Problem]:
    """Put a journal of the readable transactions in place of a damaged one; returns what was wrong with that.

    To be called under the workspace's lock. Replaying transactions in part is safe: a change that needs a lost one
    makes a record with fewer fields, never a wrong one.
    """
    data = _read(folder, path)
    kept, found = _sift(data, path)
    if found and data is not None:
        aside = private.open_or_make(private.QUARANTINE, folder)
        try:
            whole.store(aside, f"journal-{crc32(data):08x}", data)
            files.sync(aside)
        finally:
            files.close(aside)
        journal.put(folder, journal.header(generation) + b"".join([line + b"\n" for line in kept]))
    return found


def _read(folder: int, path: str) -> bytes | None:
    try:
        fd = files.open_read(private.JOURNAL, folder)
    except FileNotFoundError:
        return None
    try:
        return files.read_at(fd, files.stat(fd).st_size + 1, 0)
    except OSError as error:
        raise files.unreadable(error, path) from error
    finally:
        files.close(fd)


def _sift(data: bytes | None, path: str) -> tuple[list[bytes], list[Problem]]:
    """The lines that hold a transaction, and the problems of a journal that is damaged before its last line."""
    if data is None:
        return [], []
    *lines, torn = data.split(b"\n")
    kept: list[bytes] = []
    bad: list[Problem] = []
    if not lines or not journal.is_header(lines[0], path):
        bad.append(Problem(path, 1, "the journal's first line, which should name it, is missing or damaged"))
    for number, line in enumerate(lines, 1):
        if journal.transaction(line) is not None:
            kept.append(line)
        elif number > 1:
            bad.append(Problem(path, number, "a change cannot be read: its checksum or form is wrong", line))
    last = len(lines) if not torn else 0
    if len(bad) == 1 and bad[0].line == last > 1:
        return kept, []
    return kept, bad
