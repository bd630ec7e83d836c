"""A workspace that stands still: read by whoever works on it for long, while others go on writing."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.leaves import Record
    from tuicrm.store.stored import Stored


class Still(Workspace):
    """What a workspace holds, as it was when `take` was last called; a kind is read when it is first asked for.

    Records are shared, as they are replaced and never changed. Writing raises ReadOnly.
    """

    def __init__(self, of: Workspace) -> None:
        super().__init__(of.root, of.id, of.name, of.clock, of._groups)
        self._broken = "This is a picture of the workspace, which is not written to."
        self._of = of
        self._seen = -1
        self._revision = 0
        self._live: dict[str, dict[str, Record]] = {}
        self._dead: dict[str, dict[str, Record]] = {}

    def take(self) -> bool:
        """Take in what the workspace holds now; False where nothing differs among the kinds that were asked for."""
        if self._seen == self._of.revision:
            return False
        before = self._live, self._dead
        self._live, self._dead = {}, {}
        for kind in before[0]:
            self._copy(kind)
        self._seen = self._of.revision
        # Records that are the same ones are not compared, so that this takes a few milliseconds.
        differs = before != (self._live, self._dead)
        self._revision += differs
        return differs

    def _copy(self, kind: str) -> None:
        with self._of._reading():
            self._live[kind], self._dead[kind] = dict(self._of.all(kind)), dict(self._of.dead(kind))

    @property
    def revision(self) -> int:
        return self._revision

    def all(self, kind: str) -> Mapping[str, Record]:
        if kind not in self._live:
            self._copy(kind)
        return MappingProxyType(self._live[kind])

    def dead(self, kind: str) -> Mapping[str, Record]:
        if kind not in self._live:
            self._copy(kind)
        return MappingProxyType(self._dead[kind])

    def get(self, kind: str, id_: str) -> Record | None:
        return self.all(kind).get(id_)

    def forwards(self, kind: str) -> Mapping[str, str]:
        return self._of.forwards(kind)

    @property
    def stored(self) -> Stored:
        """The records as they are stored by now: nothing that goes by them runs for long."""
        return self._of.stored

    def kinds(self) -> list[str]:
        return self._of.kinds()

    def refresh(self) -> tuple[tuple[str, str], ...]:
        """Return nothing: only `take` makes it another one."""
        return ()
