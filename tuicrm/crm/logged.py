"""The logged activities of each deal, for whoever counts what a stage asks for: one pass, made when first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.records.kinds.activity import CHANGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]


class Logged:
    """Activities by deal, automatic entries left out."""

    def __init__(self) -> None:
        self._seen: list[Record] = []
        self._by: dict[str, list[Record]] = {}

    def follow(self, log: list[Record]) -> None:
        """Take in the whole log; where it only grew at its end, no more than that is read."""
        known = len(self._seen)
        # Records are replaced, never changed in place, so equal lists compare by identity, in about a millisecond.
        if log[:known] != self._seen:
            self._by, known = {}, 0
        for one in log[known:]:
            deal = one.get("deal")
            if deal.__class__ is str and one.get("type") != CHANGE:
                self._by.setdefault(str(deal), []).append(one)
        self._seen = log

    def of(self, deal: str) -> Sequence[Record]:
        """Return what was logged for a deal."""
        return self._by.get(deal, ())


def logged(session: Session) -> Logged:
    """Return the index for the session's workspace as it is at this moment; reads the activities."""

    def make() -> Logged:
        held: Logged = session.kept.setdefault("logged", Logged())
        held.follow(list(session.ws.all("activity").values()))
        return held

    found: Logged = session.remember("logged", make)
    return found
