"""A second session, for figures that take long: it reads a picture of the workspace, so that no key waits for it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from tuicrm.crm.session import Session
    from tuicrm.store.still import Still


SLICE = 0.0002
"""Seconds after which the interpreter lets another thread go on; its own 5 ms add up in the many steps of a key."""


@contextmanager
def _yielding() -> Iterator[None]:
    """Let the keys have the interpreter soon, while something else goes on for long."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SLICE)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


class Aside:
    """One thread at a time works on it; `lock` is the desk's, held only for the moment of taking the picture."""

    def __init__(self, main: Session, lock: AbstractContextManager[object]) -> None:
        self._main = main
        self._lock = lock
        self._turn = RLock()
        self._still: Still | None = None
        self._session: Session | None = None

    @contextmanager
    def held(self) -> Iterator[Session]:
        """Give the session, on the workspace as it is now; what it worked out before is kept as far as it holds."""
        from tuicrm.store.still import Still

        with self._turn:
            with self._lock:
                if self._still is None or self._session is None:
                    self._still = Still(self._main.ws)
                    self._session = self._main.beside(self._still)
                self._still.take()
                self._session.at(self._main.now)
            with _yielding():
                yield self._session

    @property
    def session(self) -> Session:
        """The session, for the thread that holds it."""
        assert self._session is not None
        return self._session
