"""A workspace's door for sync and for repairs: files put in from outside, and what is kept beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.store import gitlock, journal, lost
from tuicrm.store.core import Core
from tuicrm.store.private import JOURNAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.store.install import NewFile
    from tuicrm.store.lost import Lost
    from tuicrm.store.quarantine import Problem


class Handover(Core):
    """What sync and `doctor` ask of a workspace beyond reading and writing records."""

    def install(self, new: Sequence[NewFile], then: Callable[[], None] = lambda: None) -> bool:
        """Put what others changed into the files, as one step for every reader; False where git is at work.

        `then` runs under the workspace's lock and git's after the last file. Edits made since the files were read for
        the merge are carried over.
        """
        from tuicrm.store import install

        picture = self._picture
        with install.begun(str(self.root), self._place, new, wait=self.wait) as run, self._writing() as folder:
            picture.catch_up(folder)
            with gitlock.held(self._place, folder, covered=False) as free:
                if not free:
                    return False
                if run.swap(folder):
                    journal.renew(folder, picture.cursor, self.clock.new())
                then()
        with self._reading():
            picture.settle(scan=True)
        return True

    @property
    def has_unfolded(self) -> bool:
        """Whether the journal holds what the files do not: git kept its lock during the last checkpoint."""
        return bool(self._picture.pending)

    def take_losers(self) -> list[Lost]:
        """What joins on this machine left behind, for the ledger of conflicts; oldest first."""
        return self._ask(lost.read, [])

    def drop_losers(self, taken: Sequence[Lost]) -> None:
        """Forget what the ledger has; what was left behind since stays."""
        if taken:
            with self._writing() as folder:
                lost.drop(folder, taken)

    def trim_kept(self) -> None:
        """Forget the journals that were kept at this workspace's last checkpoint, as a commit holds their changes."""
        from tuicrm.store import kept

        if self._folded:
            with self._writing() as folder:
                kept.drop(folder, self._folded)
            self._folded = frozenset()

    def journal_damage(self, *, repair: bool = False) -> list[Problem]:
        """What makes the journal unusable; `repair` puts its readable part in place and copies the whole aside."""
        from tuicrm.store import salvage

        path = str(self.private / JOURNAL)
        if repair:
            with self._writing() as folder:
                return salvage.repair(folder, self.clock.new(), path)
        return self._ask(lambda folder: salvage.damage(folder, path), [])
