"""When each deal was last talked about and last changed its stage, from one pass over the log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tuicrm.crm.following import Following, followed
from tuicrm.records.kinds.activity import CHANGE, SILENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]

_DIGITS = str.maketrans("0123456789ABCDEFGHJKMNPQRSTVWXYZ", "0123456789abcdefghijklmnopqrstuv")


def id_ms(key: str) -> int:
    """Return the milliseconds since 1970 that a record's id carries; 0 for what is no id."""
    try:
        return int(key[:10].translate(_DIGITS), 32)
    except ValueError:
        return 0


def text_ms(instant: str) -> int:
    """Return the milliseconds since 1970 of a stored instant; 0 for what is none."""
    try:
        found = datetime.fromisoformat(instant)
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0


def at_ms(activity: Record) -> int:
    """Return when an activity happened, in milliseconds since 1970: its `at`, else the time in its id."""
    at = activity.get("at")
    return (text_ms(at) if isinstance(at, str) and at else 0) or id_ms(activity["id"])


class Touches(Following):
    """The last activity and the last change of stage of every deal, in milliseconds since 1970; 0 for none."""

    def _reset(self) -> None:
        # Ids and texts of instants both sort by time; only those of deals that are asked about are converted.
        self._talk: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self._stage: tuple[dict[str, str], dict[str, str]] = ({}, {})

    def _read(self, entries: Sequence[Record]) -> None:
        talk, stage = self._talk, self._stage
        for one in entries:
            deal = one.get("deal")
            if deal.__class__ is not str:
                continue
            if one.get("type") not in SILENT:
                by_id, by_at = talk
            elif one.get("type") == CHANGE and one.get("field") == "stage":
                by_id, by_at = stage
            else:
                continue
            at = one.get("at")
            if at.__class__ is str and at:
                if by_at.get(deal, "") < at:
                    by_at[deal] = at
            elif by_id.get(deal, "") < one["id"]:
                by_id[deal] = one["id"]

    def talked(self, deal: str) -> int:
        """Return when somebody last noted a call, an e-mail, a meeting or a note about the deal."""
        return _latest(self._talk, deal)

    def staged(self, deal: str) -> int:
        """Return when the deal last changed its stage."""
        return _latest(self._stage, deal)


def _latest(held: tuple[dict[str, str], dict[str, str]], deal: str) -> int:
    by_id, by_at = held
    key, at = by_id.get(deal), by_at.get(deal)
    return max(id_ms(key) if key else 0, text_ms(at) if at else 0)


def touches(session: Session) -> Touches:
    """Return the index for the session's workspace as it is at this moment; reads the activities."""
    return followed(session, "touches", Touches)
