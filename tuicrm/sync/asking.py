"""A fetch, or a push, that goes on while this clone works on what it holds itself."""

from __future__ import annotations

from copy import copy
from threading import Event, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from tuicrm.sync.git import Git
    from tuicrm.sync.remote import Remote


LONGEST_START = 10.0
"""Seconds for a talk that was given up at its very start to have ended."""
Told = TypeVar("Told")


class Asking(Generic[Told]):
    """A talk with a remote, in a thread of its own; leaving the context ends it.

    `ask` gets the remote and returns its answer, which is `silence` where there is no remote, or none was given.
    """

    def __init__(self, git: Git, remote: Remote | None, ask: Callable[[Remote], Told], silence: Told) -> None:
        self._gone, self._over = Event(), Event()
        self._told = silence
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
            self._thread = Thread(target=self._ask, args=(there, ask), name="remote", daemon=True)

    def __enter__(self) -> Asking[Told]:
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

    def answer(self) -> tuple[Told, TuicrmError | None]:
        """Wait for the remote, and return what it told, or why it could not be asked."""
        self._over.wait()
        if self._failure is not None:
            raise self._failure
        return self._told, self._problem

    def _ask(self, remote: Remote, ask: Callable[[Remote], Told]) -> None:
        try:
            self._told = ask(remote)
        except TuicrmError as error:
            self._problem = error
        except OSError as error:
            self._failure = error
        finally:
            self._over.set()
