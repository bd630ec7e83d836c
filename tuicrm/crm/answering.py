"""Which follow-up a call, a mail or a meeting answers, and what to try next where nobody was reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.crm.talks import MISSED

if TYPE_CHECKING:
    from datetime import date

    from tuicrm.crm.about import About
    from tuicrm.crm.session import Session

Record = dict[str, Any]

WORDS = {
    "call": frozenset({"call", "calls", "callback", "phone", "ring", "telephone", "dial", "follow"}),
    "email": frozenset({"mail", "email", "send", "write", "reply", "answer", "forward", "follow"}),
    "meeting": frozenset({"meet", "meeting", "demo", "visit", "lunch", "workshop", "presentation"}),
}
"""Words of a follow-up's subject that say how it is answered."""
OUTCOMES = {"call": ("reached", "no_answer", "left_message", "busy"), "meeting": ("held", "no_show")}
"""What a digit chooses, by type of entry."""
MAILED = ("received", "sent")
"""The same of an e-mail, where it matters: an answer ends the sequence that somebody is in."""
UNANSWERED = MISSED | {"no_show"}
_RETRIES = {"busy": 0, "no_answer": 1, "no_show": 1, "left_message": 2}
"""Days until another try."""
_HOURS = 2
"""Until another try where the line was busy."""
_EVENING = 17
_WEEKENDS = {0: (5, 6), 5: (3, 4), 6: (5, 6)}
"""Days without work, by the day that a week begins with; Monday is 0."""
_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def answered(session: Session, sort: str, one: About) -> Record | None:
    """Return the follow-up that an entry about a record answers: the record itself, else one that is due and says so.

    A note answers nothing.
    """
    wanted = WORDS.get(sort)
    if wanted is None:
        return None
    if one.kind == "followup":
        held = session.ws.get("followup", one.id)
        return held if held is not None and not held.get("done_at") else None
    from tuicrm.crm.nexts import lateness, nexts, snoozed

    kind, key = _place(one)
    for record in nexts(session).all_of(kind, key) if key else ():
        due = lateness(session, record) in ("late", "today") and not snoozed(session, record)
        if due and wanted & _words(word(record.get("subject"))):
            return record
    return None


def _place(one: About) -> tuple[str, str]:
    """Return the record whose follow-ups count: itself, or what an entry of the log is about."""
    if one.kind in ("deal", "contact", "company", "lead"):
        return one.kind, one.id
    for kind, key in (
        ("deal", one.deal),
        ("contact", one.contacts[0] if one.contacts else ""),
        ("company", one.company),
        ("lead", one.lead),
    ):
        if key:
            return kind, key
    return "deal", ""


def _words(subject: str) -> set[str]:
    import re

    return set(re.findall(r"\w+", subject.casefold().replace("e-mail", "email")))


def unanswered(outcome: str) -> bool:
    """Tell whether an outcome, as typed, means that nobody was reached."""
    return outcome.strip().casefold().replace(" ", "_").replace("-", "_") in UNANSWERED


def retry(session: Session, outcome: str) -> str:
    """Return when to try again after an outcome, in words, on a day of work; empty where somebody was reached."""
    from datetime import timedelta

    ahead = _RETRIES.get(outcome.strip().casefold().replace(" ", "_").replace("-", "_"))
    if ahead is None:
        return ""
    now = session.reading.now
    if ahead == 0 and now.hour + _HOURS <= _EVENING:
        return f"in {_HOURS} hours"
    day = workday(session, now.date() + timedelta(days=max(1, ahead)))
    days = (day - now.date()).days
    return "tomorrow" if days == 1 else _NAMES[day.weekday()] if days < 7 else day.isoformat()


def workday(session: Session, day: date) -> date:
    """Return a day, or the first one after it on which people work."""
    from datetime import timedelta

    while day.weekday() in _WEEKENDS.get(session.reading.week_start, ()):
        day += timedelta(days=1)
    return day
