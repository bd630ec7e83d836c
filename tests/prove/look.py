"""What a workspace makes of a disk as some accident left it: opened, read, written to, tidied up, opened again."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, NamedTuple

from tests.prove.story import Account, shown
from tuicrm.errors import NotFound, TuicrmError
from tuicrm.store import journal, picture, private
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AFTER = "note"
"""A kind that no story uses: what is written after the accident."""


class Seen(NamedTuple):
    """What was found; `account` is None where there is no workspace, `trouble` says what must never be."""

    account: Account | None
    losers: frozenset[str]
    trouble: str = ""


class Expected(NamedTuple):
    """What may be there: the account before or after the step that was under way; both are one where none was."""

    before: Account | None
    after: Account
    losers: frozenset[str]
    by_file: bool = False


def judge(expected: Expected, seen: Seen) -> str:
    """What is wrong with what was found; "" where nothing is."""
    if seen.trouble:
        return seen.trouble
    if seen.account is None:
        return "" if expected.before is None else "no workspace is there any more"
    if gone := expected.losers - seen.losers:
        return f"nothing tells of {sorted(gone)}, which gave way"
    before = expected.before or {}
    if seen.account in (before, expected.after):
        return ""
    strange = {
        key
        for key in {*seen.account, *before, *expected.after}
        if seen.account.get(key) not in (before.get(key), expected.after.get(key))
    }
    if strange:
        key = min(strange)
        return f"{key[0]} {key[1]} is {seen.account.get(key)}, not {before.get(key)} or {expected.after.get(key)}"
    return "" if expected.by_file else "half of a transaction is there"


def look(root: Path) -> Seen:
    """Open what is there, and go on working in it."""
    try:
        with _in_no_hurry():
            return _look(root)
    except TuicrmError as error:
        return Seen({}, frozenset(), f"refused: {error}")
    except Exception as error:  # noqa: BLE001 - whatever it is, a person would see a traceback
        return Seen({}, frozenset(), f"traceback: {type(error).__name__}: {error}")


def _look(root: Path) -> Seen:
    try:
        ws = Workspace.open(root)
    except NotFound:
        made = Seen(None, frozenset())
        again = _goes_on(Workspace.create(root, name="Acme"), {})
        return made if again is not None else made._replace(trouble="it cannot be started again")
    account = shown(ws)
    if bad := ws.unreadable():
        return Seen(account, frozenset(), f"damaged: {bad[0]}")
    undoable = {entry.tx for entry in ws.undo_log()}
    if len(undoable) != len(ws.undo_log()):
        return Seen(account, frozenset(), "a step is in the undo log twice")
    ws.behind()
    tail = torn(ws.private / private.JOURNAL)
    losers = _goes_on(ws, account)
    if losers is None:
        return Seen(account, frozenset(), "a further change does not keep what was there")
    if (root / ".git" / "index.lock").exists():
        return Seen(account, losers, "git's lock is left behind")
    if tail and not any(tail == path.read_bytes() for path in (ws.private / private.QUARANTINE).glob("journal-*")):
        return Seen(account, losers, "the torn end of the journal is gone")
    return Seen(account, losers)


def _goes_on(ws: Workspace, account: Account) -> frozenset[str] | None:
    """Make a change and carry all over into the files; what gave way meanwhile, None where something is not right."""
    fresh = ws.new_id()
    ws.commit([Write(AFTER, fresh, {"n": "after"})], by="", note="")
    in_memory = shown(ws)
    ws.checkpoint()
    wanted = {**account, (AFTER, fresh): {"n": "after"}}
    again = Workspace.open(ws.root)
    if ws.has_unfolded or in_memory != wanted or shown(again) != wanted or again.unreadable():
        return None
    return frozenset(one.value for one in again.take_losers() if isinstance(one.value, str))


def torn(path: Path) -> bytes:
    """The end of a journal that is no whole transaction."""
    lines = path.read_bytes().split(b"\n") if path.exists() else [b""]
    sound = next((number for number, line in enumerate(lines) if number and journal.transaction(line) is None), 0)
    return b"\n".join(lines[sound:]) if sound else b""


@contextlib.contextmanager
def _in_no_hurry() -> Iterator[None]:
    """Nobody else is at work, so that nobody is waited for."""
    before = picture._PAUSE
    picture._PAUSE = 0.0
    try:
        yield
    finally:
        picture._PAUSE = before
