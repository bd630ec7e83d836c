"""What leads wrote last, in a form or in an e-mail: what whoever decides about one wants to read first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.following import Following, followed
from tuicrm.crm.shapes import word
from tuicrm.crm.stopping import REPLIES
from tuicrm.crm.touches import at_ms
from tuicrm.records.kinds.activity import TOUCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]
LONGEST = 300
"""Characters of a message that are shown at most."""


class Heard(Following):
    """The last message by lead."""

    def _reset(self) -> None:
        self._last: dict[str, tuple[int, str]] = {}

    def _read(self, entries: Sequence[Record]) -> None:
        for one in entries:
            key = one.get("lead")
            if key.__class__ is not str or not (text := _message(one)):
                continue
            at, held = at_ms(one), self._last.get(str(key))
            if held is None or held[0] <= at:
                self._last[str(key)] = (at, text)

    def of(self, lead: str) -> str:
        """Return the message in one line; empty for none."""
        held = self._last.get(lead)
        return " ".join(held[1][:LONGEST].split()) if held else ""


def _message(one: Record) -> str:
    """Return what somebody outside said by an entry of the log; empty where it is the team that speaks."""
    sort = one.get("type")
    if sort == TOUCH:
        return word(one.get("body"))
    if sort != "email" or word(one.get("outcome")).casefold() not in REPLIES:
        return ""
    return ": ".join(filter(None, (word(one.get("subject")), word(one.get("body")))))


def heard(session: Session) -> Heard:
    """Return the index for the session's workspace as it is at this moment; reads the activities."""
    return followed(session, "heard", Heard)
