"""What every part of a workspace's door stands on: its place, its picture, and the two ways to come in."""

from __future__ import annotations

import contextlib
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

from tuicrm.errors import ReadOnly
from tuicrm.store import files, gitlock, lock
from tuicrm.store.picture import Picture
from tuicrm.store.private import Private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuicrm.store.ulid import Clock

T = TypeVar("T")


class Core:
    """A folder of records, and who may look or write at this moment."""

    def __init__(self, root: Path, id_: str, name: str, clock: Clock) -> None:
        self.root = root
        self.id = id_
        self.name = name
        self.clock = clock
        self.wait = lock.WAIT
        self._place = Private(str(root))
        self._picture = Picture(str(root), self._place)
        self._guard = RLock()
        self._broken = ""
        self._folded: frozenset[str] = frozenset()

    @property
    def private(self) -> Path:
        """The folder for what belongs to this machine alone; made at the first change."""
        return Path(self._place.path)

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        with self._guard:
            try:
                yield
            except OSError as error:
                path = self._place.whole_path(error) if error.filename else str(self.root)
                raise files.unreadable(error, path) from error

    @contextlib.contextmanager
    def _writing(self) -> Iterator[int]:
        """The private folder, with the workspace's lock held."""
        with self._guard:
            if self._broken:
                raise ReadOnly(self._broken, hint="Check the disk, then start again.")
            try:
                with self._locked() as folder:
                    gitlock.clear_leftover(self._place)
                    yield folder
            except OSError as error:
                raise files.unwritable(error, self._place.whole_path(error)) from error

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        while True:
            self._place.ensure()
            with self._place.opened() as folder, lock.held(folder, wait=self.wait, where=str(self.root)):
                # The folder may have become another one while this process waited.
                if not self._place.look():
                    self._place.move_into_git()
                    yield folder
                    return

    def _ask(self, read: Callable[[int], T], otherwise: T) -> T:
        """What `read` finds in the private folder; `otherwise` where there is none yet."""
        with self._reading(), contextlib.suppress(FileNotFoundError), self._place.opened() as folder:
            return read(folder)
        return otherwise
