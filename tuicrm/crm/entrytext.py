"""An entry of the log in the words of a list: what it was, with whom, about which deal, how it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm import derive
from tuicrm.crm.lookup import name_of
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import at_ms
from tuicrm.records.kinds.activity import CHANGE, TOUCH

if TYPE_CHECKING:
    from datetime import datetime

    from tuicrm.crm.session import Session

Record = dict[str, Any]

_SORTS = {"email": "mail", "meeting": "meet", "campaign": "camp"}
_CHANGES = {"stage": "move", "expected_close": "close"}
_OUTCOMES = {"left_message": "message"}


class Row(NamedTuple):
    """The cells of one entry."""

    time: str
    sort: str
    who: str
    deal: str
    text: str
    outcome: str


def row(session: Session, record: Record) -> Row:
    """Return an entry as a list shows it."""
    outcome = word(record.get("outcome"))
    return Row(
        time=f"{moment(session, record):%H:%M}",
        sort=_sort(record),
        who=", ".join(people(session, record)) or name_of(session, "company", word(record.get("company"))),
        deal=name_of(session, "deal", word(record.get("deal"))),
        text=text(session, record),
        outcome=_OUTCOMES.get(outcome, outcome.replace("_", " ")),
    )


def _sort(record: Record) -> str:
    sort = word(record.get("type"))
    if sort == CHANGE:
        field = word(record.get("field"))
        return _CHANGES.get(field, field[:5] or CHANGE)
    if sort == TOUCH:
        sort = word(record.get("touch")) or TOUCH
    return _SORTS.get(sort, sort[:5])


def moment(session: Session, record: Record) -> datetime:
    """Return when an entry happened, in the session's zone."""
    from datetime import datetime

    from tuicrm.store.ulid import MAX_MS

    return datetime.fromtimestamp(min(at_ms(record), MAX_MS) // 1000, derive.zone_of(session))


def people(session: Session, record: Record) -> list[str]:
    """Return the names of those who took part; of the lead where nobody else did."""
    found = [name for key in words(record.get("contacts")) if (name := name_of(session, "contact", key))]
    lead = "" if found else name_of(session, "lead", word(record.get("lead")))
    return [lead] if lead else found


def text(session: Session, record: Record) -> str:
    """Return the line of an entry: its subject, or what changed."""
    if record.get("type") == CHANGE:
        from tuicrm.crm.history import change_text

        return change_text(session, record)
    return word(record.get("subject"))


def facts(session: Session, record: Record) -> list[str]:
    """Return what there is to say beside the text: `call with Jane Roe, 12 min`, deal, company, when and by whom."""
    from tuicrm.when import say_instant

    sort = word(record.get("type"))
    named = people(session, record)
    duration = record.get("duration")
    head = f"{sort} with {', '.join(named)}" if named else sort
    minutes = f"{duration} min" if duration.__class__ is int and duration else ""
    outcome = word(record.get("outcome")).replace("_", " ")
    at = moment(session, record)
    by = name_of(session, "user", word(record.get("owner")))
    return [
        ", ".join(filter(None, (head, minutes, outcome))),
        *filter(None, (name_of(session, kind, word(record.get(kind))) for kind in ("deal", "company"))),
        f"{say_instant(at, session.reading.zone, this_year=session.today.year)}{f', {by}' if by else ''}",
    ]


def whole(session: Session, record: Record) -> str:
    """Return all the text of an entry in one line."""
    return " / ".join(filter(None, (text(session, record), *word(record.get("body")).split("\n"))))
