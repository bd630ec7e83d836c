"""Records as the files hold them, whatever was merged into what."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.store.core import Core
    from tuicrm.store.leaves import Record


class Stored:
    """What a workspace's files and journal say, as one reads it who writes, undoes, checks or copies records."""

    def __init__(self, of: Core) -> None:
        self._of = of

    def all(self, kind: str) -> Mapping[str, Record]:
        """The live records of a kind by id, oldest id first."""
        with self._of._reading():
            return MappingProxyType(self._of._picture.shelf(kind).in_order())

    def dead(self, kind: str) -> Mapping[str, Record]:
        """The trash of a kind."""
        with self._of._reading():
            return MappingProxyType(self._of._picture.shelf(kind).dead)

    def get(self, kind: str, id_: str) -> Record | None:
        """A live record."""
        with self._of._reading():
            return self._of._picture.shelf(kind).live.get(id_)

    def any(self, kind: str, id_: str) -> Record | None:
        """A record, live or dead."""
        with self._of._reading():
            return self._of._picture.shelf(kind).get(id_)
