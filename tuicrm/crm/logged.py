"""The logged activities of each deal, for whoever counts what a stage asks for: one pass, made when first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.following import Following, followed
from tuicrm.records.kinds.activity import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]


class Logged(Following):
    """Activities by deal, automatic entries left out."""

    def _reset(self) -> None:
        self._by: dict[str, list[Record]] = {}

    def _read(self, entries: Sequence[Record]) -> None:
        for one in entries:
            deal = one.get("deal")
            if deal.__class__ is str and one.get("type") not in AUTOMATIC:
                self._by.setdefault(str(deal), []).append(one)

    def of(self, deal: str) -> Sequence[Record]:
        """Return what was logged for a deal."""
        return self._by.get(deal, ())


def logged(session: Session) -> Logged:
    """Return the index for the session's workspace as it is at this moment; reads the activities."""
    return followed(session, "logged", Logged)
