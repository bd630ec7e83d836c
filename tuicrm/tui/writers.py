"""Who wrote the values of a record, from the commits: asked in a thread once the keys have settled."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from textual.timer import Timer

    from tuicrm.crm.session import Session
    from tuicrm.sync.blame import Blame
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.program import Program

SETTLE_SECONDS = 0.3
ANY = ""
"""Stands for whichever path was written at a moment."""


class Writers:
    """`ask` begins to find out about a record; `of` tells what is known; `told` is called when more is."""

    def __init__(self, program: Program, told: Callable[[], None]) -> None:
        self._program = program
        self._told = told
        self._known: dict[Ref, dict[tuple[str, int], str]] = {}
        self._fresh: set[Ref] = set()
        """The records about which nothing has changed since they were asked for."""
        self._asked: Ref | None = None
        self._timer: Timer | None = None

    def forget(self) -> None:
        """Ask again from here on: there may be other commits. What is known stays until then."""
        self._fresh.clear()
        self._asked = None

    def of(self, ref: Ref, path: str, at: datetime | None) -> str:
        """Return the handle of who wrote a leaf at a moment; empty where that is not known, or not yet."""
        return self._known.get(ref, {}).get((path, _ms(at)), "") if at is not None else ""

    def ask(self, ref: Ref | None) -> None:
        """Find out about a record, unless that was done, or another one is asked for first."""
        if ref == self._asked:
            return
        self._asked = ref
        if self._timer is not None:
            self._timer.stop()
        if ref is not None and ref not in self._fresh:
            self._timer = self._program.set_timer(SETTLE_SECONDS, lambda: self._begin(ref))

    def _begin(self, ref: Ref) -> None:
        self._program.run_worker(lambda: self._read(ref), thread=True, group="writers", exit_on_error=False)

    def _read(self, ref: Ref) -> None:
        from tuicrm.sync.history import git_blame

        desk = self._program.desk
        found: dict[tuple[str, int], str] = {}
        # What cannot be read is not known: sync itself says what is wrong with the repository.
        with suppress(TuicrmError):
            with desk.lock:
                ledger = _entries(desk.session, ref)
            blame = git_blame(str(desk.session.ws.root), *ref, self._program.env, ledger)
            if blame is not None:
                with desk.lock:
                    found = _names(desk.session, blame)
        self._program.call_later(self._came, ref, found)

    def _came(self, ref: Ref, found: dict[tuple[str, int], str]) -> None:
        self._fresh.add(ref)
        if found and found != self._known.get(ref):
            self._known[ref] = found
            self._told()


def _entries(session: Session, ref: Ref) -> dict[tuple[str, str], str]:
    """Return the ledger's open entries about a record: path and version to the entry's id."""
    from tuicrm.crm.losers import edits
    from tuicrm.store.tombstone import DELETION

    waiting = (one.first for one in edits(session) if not one.resolved and ref == (one.first.kind, one.first.record))
    return {(one.path, one.version): one.id for one in waiting if one.path != DELETION}


def _names(session: Session, blame: Blame) -> dict[tuple[str, int], str]:
    """Return the handles of who wrote what, by path and milliseconds; what a record was born with goes by any path."""
    from tuicrm.store.ulid import ms_of
    from tuicrm.sync.telling import People

    people = People(session)
    found: dict[tuple[str, int], str] = {}
    for (path, version), by in blame.gave_way.items():
        found[path, ms_of(version)] = people.handle(by)
    for (path, version), change in blame.changes.items():
        name = people.handle(change.by)
        found[path, ms_of(version)] = name
        found.setdefault((ANY, ms_of(version)), name)
    return found


def _ms(at: datetime) -> int:
    from datetime import UTC, datetime, timedelta

    return (at - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
