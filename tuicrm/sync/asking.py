"""A fetch that goes on while this clone looks up what it holds itself."""

from __future__ import annotations

from copy import copy
from threading import Event, Thread
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from tuicrm.sync.git import Git
    from tuicrm.sync.remote import Remote


LONGEST_START = 10.0
"""Seconds for a fetch that was given up at its very start to have ended."""


class Asking:
    """What a remote is asked for, in a thread of its own; leaving the context ends it."""

    def __init__(self, git: Git, remote: Remote | None, said: Callable[[str], None]) -> None:
        self._gone, self._over = Event(), Event()
        self._tip = ""
        self._problem: TuicrmError | None = None
        self._failure: OSError | None = None
        self._thread: Thread | None = None
        if remote is None:
            self._over.set()
        else:
            own = copy(git)
            own.cancelled = lambda: self._gone.is_set() or git.cancelled()
            there = copy(remote)
            there.git = own
            self._thread = Thread(target=self._ask, args=(there, said), name="fetch", daemon=True)

    def __enter__(self) -> Asking:
        has_started = self._thread is None
        try:
            if self._thread is not None:
                self._thread.start()
                has_started = True
        finally:
            if not has_started:
                # ctrl+c while the thread starts: it may be at work already, or never begin.
                self._gone.set()
                self._over.wait(LONGEST_START)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # An event, not `join`: one that ctrl+c interrupts takes the thread for ended, and git would be left behind.
        self._gone.set()
        self._over.wait()

    def answer(self) -> tuple[str, TuicrmError | None]:
        """Wait for the fetch, and return the remote's tip ("" where it has none) or why it could not be asked."""
        self._over.wait()
        if self._failure is not None:
            raise self._failure
        return self._tip, self._problem

    def _ask(self, remote: Remote, said: Callable[[str], None]) -> None:
        try:
            self._tip = remote.fetch(said)
        except TuicrmError as error:
            self._problem = error
        except OSError as error:
            self._failure = error
        finally:
            self._over.set()
