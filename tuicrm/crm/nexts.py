"""What is to be done next for a deal, a contact or a company: the earliest follow-up that is undone and not snoozed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Record = dict[str, Any]

_NO_DATE = "9999"


class Nexts:
    """Undone follow-ups by what they concern, earliest first; snoozing is looked at when asked, as time goes by."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._by: dict[str, dict[str, list[Record]]] = {"deal": {}, "company": {}, "contact": {}, "lead": {}}
        waiting = [one for one in session.ws.all("followup").values() if not one.get("done_at")]
        waiting.sort(key=due_key)
        for one in waiting:
            self._add("deal", one, one.get("deal"))
            self._add("lead", one, one.get("lead"))
            self._add("company", one, one.get("company"))
            contacts = one.get("contacts")
            for contact in contacts if isinstance(contacts, list) else ():
                self._add("contact", one, contact)

    def _add(self, kind: str, followup: Record, key: object) -> None:
        if isinstance(key, str) and key:
            self._by[kind].setdefault(key, []).append(followup)

    def of(self, kind: str, key: str) -> Record | None:
        """Return the next follow-up of a deal, company or contact; None where nothing is planned."""
        for one in self._by[kind].get(key, ()):
            if not snoozed(self._session, one):
                return one
        return None

    def all_of(self, kind: str, key: str) -> list[Record]:
        """Return every undone follow-up of a deal, company or contact, earliest first, snoozed ones included."""
        return list(self._by[kind].get(key, ()))


def nexts(session: Session) -> Nexts:
    """Return the index of undone follow-ups for the workspace as it is at this moment."""
    found: Nexts = session.remember("nexts", lambda: Nexts(session))
    return found


def next_followup(session: Session, kind: str, key: str) -> Record | None:
    """Return the next follow-up of one deal, company or contact; None where nothing is planned."""
    return nexts(session).of(kind, key)


def due_key(followup: Record) -> str:
    """Return something that sorts follow-ups by when they are due; those without a date come last."""
    due = followup.get("due")
    return due if isinstance(due, str) and due else _NO_DATE


def snoozed(session: Session, followup: Record) -> bool:
    """Tell whether a follow-up is out of sight at the session's moment."""
    until = followup.get("snoozed_until")
    if not isinstance(until, str) or not until:
        return False
    if len(until) == 10:
        return until > session.today.isoformat()
    from tuicrm.errors import Invalid
    from tuicrm.when import Moment

    try:
        return Moment.parse(until).instant(session.zone) > session.now
    except Invalid:
        return False


def due_day(session: Session, followup: Record) -> int:
    """Return the day (an ordinal, in the session's zone) on which a follow-up is due; 0 without a date."""
    from tuicrm.crm.derive import day_ordinal, deals, wall_ms

    due = due_key(followup)
    if due == _NO_DATE:
        return 0
    if len(due) == 10 or due.endswith(f"[{session.zone}]"):
        return day_ordinal(due)
    moment = wall_ms(session, due)
    return deals(session).day_of(moment) if moment else 0


def lateness(session: Session, followup: Record | None) -> str:
    """Return `late` (from the day after it was due), `today`, `later` (also without a date), or `none`."""
    if followup is None:
        return "none"
    day, today = due_day(session, followup), session.today.toordinal()
    return "later" if not day or day > today else "today" if day == today else "late"
