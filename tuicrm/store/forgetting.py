"""Taking erased records out of what this machine remembers: the journals that are kept, and the undo log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.store import files, journal, private, undolog, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.store.changes import UndoEntry

    Scrub = Callable[[str], str]


def forget(folder: int, ids: frozenset[str], scrub: Scrub, keep: str) -> None:
    """Drop what kept journals and the undo log hold of records, but for the transaction `keep`; raises OSError."""
    undolog.rewrite(folder, lambda entry: _without(entry, ids, scrub))
    try:
        kept = files.open_folder(private.KEPT, folder)
    except FileNotFoundError:
        return
    try:
        for name in sorted(entry.name for entry in files.scan(kept)):
            before = files.read_whole(name, kept)
            after = b"".join(_line(line, ids, scrub, keep) for line in before.splitlines(keepends=True))
            if after != before:
                whole.store(kept, name, after)
    finally:
        files.close(kept)


def _without(entry: UndoEntry, ids: frozenset[str], scrub: Scrub) -> UndoEntry | None:
    """Return an undo entry without the steps about records; None where no other step is left."""
    steps = tuple(step for step in entry.steps if step.id not in ids)
    if entry.steps and not steps:
        return None
    return entry._replace(steps=steps, note=scrub(entry.note))


def _line(line: bytes, ids: frozenset[str], scrub: Scrub, keep: str) -> bytes:
    """Return a line of a journal without what it wrote into records; a line that holds nothing else becomes empty."""
    told = journal.payload(line)
    if told is None or told.get("tx") == keep:
        return line
    entries = journal.transaction(line)
    if entries is None:
        return line
    left = [one for one in entries if one.delta["id"] not in ids or not _says(one.delta)]
    note = str(told.get("note", ""))
    if len(left) == len(entries) and scrub(note) == note:
        return line
    return journal.encode(told["tx"], told["by"], scrub(note), left) if left else b""


def _says(delta: dict[str, Any]) -> bool:
    """Tell whether a change wrote any field, and did not only delete."""
    return any(not name.startswith("_") for name in delta if name != "id") or "_v" in delta
