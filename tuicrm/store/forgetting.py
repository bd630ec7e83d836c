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
            lines = (_line(line, ids, scrub, keep) for line in before.split(b"\n") if line)
            after = b"".join(line + b"\n" for line in lines if line)
            if after != before:
                whole.store(folder, name, after, to=kept)
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
    told, entries = journal.payload(line), journal.transaction(line)
    if told is None or entries is None:
        return line
    if told.get("tx") == keep:
        # A deletion of its own names what was seen, which the erasure behind it does not.
        left = [one for one in entries if one.delta["id"] not in ids or "_del" not in one.delta or _erases(one.delta)]
    else:
        left = [one for one in entries if one.delta["id"] not in ids or _erases(one.delta)]
    note = str(told.get("note", ""))
    if len(left) == len(entries) and scrub(note) == note:
        return line
    return bytes(journal.encode(told["tx"], told["by"], scrub(note), left)).rstrip(b"\n") if left else b""


def _erases(delta: dict[str, Any]) -> bool:
    """Tell whether a change erased a record and wrote nothing, so that it has to be remembered."""
    tomb = delta.get("_del")
    return delta.keys() == {"id", "_del"} and isinstance(tomb, dict) and tomb.get("purged") is True
