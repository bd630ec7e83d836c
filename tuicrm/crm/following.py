"""Indexes of the log that follow it: where it only grew at its end, no more than its new part is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]


class Following(ABC):
    """What one pass over the activities tells."""

    def __init__(self) -> None:
        self._seen: list[Record] = []
        self._reset()

    @abstractmethod
    def _reset(self) -> None:
        """Forget everything."""

    @abstractmethod
    def _read(self, entries: Sequence[Record]) -> None:
        """Take in entries that come after all that were read, in the order of their ids."""

    def follow(self, log: list[Record]) -> None:
        """Take in the whole log."""
        known = len(self._seen)
        # Records are replaced, never changed in place, so equal lists compare by identity, in about a millisecond.
        if log[:known] != self._seen:
            self._reset()
            known = 0
        self._read(log[known:])
        self._seen = log


F = TypeVar("F", bound=Following)


def followed(session: Session, name: str, make: Callable[[], F]) -> F:
    """Return an index for the session's workspace as it is at this moment; reads the activities."""

    def up_to_date() -> F:
        held: F = session.kept.get(name) or session.kept.setdefault(name, make())
        held.follow(list(session.ws.all("activity").values()))
        return held

    found: F = session.remember(name, up_to_date)
    return found
