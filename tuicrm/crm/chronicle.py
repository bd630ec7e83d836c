"""What happened to a record as light entries, newest first: found quickly, put into words only where they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm import derive
from tuicrm.crm.lookup import name_of
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import at_ms, id_ms, text_ms
from tuicrm.records.kinds.activity import CHANGE, LOGGED, TOUCH

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Record = dict[str, Any]

DONE, ADDED, OPENED, CLOSED, MERGED, CONVERTED = "done", "added", "opened", "closed", "merged", "converted"
"""Sorts of entries beside the types of activities."""
_NOON_MS = 43_200_000
_DAY_MS = 86_400_000
_EPOCH = 719_163


class Told(NamedTuple):
    """An entry in words."""

    head: str
    """One word: what it was."""
    text: str
    tail: str
    """Who did it, and for which deal where that is not the record itself."""
    body: str


class Entry(NamedTuple):
    """One thing that happened; sorts by its time."""

    at: int
    """Milliseconds since 1970."""
    id: str
    kind: str
    """The kind of the record that tells of it."""
    sort: str
    """The type of the activity, or one of DONE, ADDED, OPENED, CLOSED."""
    told: Told | None = None
    """The entry in words where they are known from elsewhere."""


def chronicle(session: Session, kind: str, record: Record) -> list[Entry]:
    """Return what happened to a record, newest first; to a company, with all that concerns its people and deals."""
    key = str(record["id"])
    concerns = concerning(session, kind, key)
    log = [one for one in session.ws.all("activity").values() if concerns(one)]
    found = [Entry(at_ms(one), one["id"], "activity", word(one.get("type"))) for one in log]
    found += [
        Entry(text_ms(one["done_at"]), one["id"], "followup", DONE)
        for one in session.ws.all("followup").values()
        if word(one.get("done_at")) and (one["id"] == key or concerns(one))
    ]
    found += _own(session, kind, record, told=any(one.get("field") == "stage" for one in log))
    found.sort(reverse=True)
    return found


def _own(session: Session, kind: str, record: Record, *, told: bool) -> list[Entry]:
    """Return what the record itself says; `told` where its log has moves, of which closing is one."""
    key = str(record["id"])
    found = [Entry(id_ms(key), key, kind, ADDED), *_merges(session, kind, key)]
    if kind == "lead" and word(record.get("converted_at")):
        found.append(Entry(text_ms(record["converted_at"]), key, kind, CONVERTED))
    if kind != "deal":
        return found
    opened = derive.day_ordinal(record.get("opened_on"))
    if opened:
        found.append(Entry((opened - _EPOCH) * _DAY_MS + _NOON_MS, key, kind, OPENED))
    closed = derive.day_ordinal(record.get("closed_on"))
    if closed and not told and derive.deals(session).status(record) != "open":
        found.append(Entry((closed - _EPOCH) * _DAY_MS + _NOON_MS, key, kind, CLOSED))
    return found


def _merges(session: Session, kind: str, key: str) -> list[Entry]:
    """Return an entry for each record that was merged into this one."""
    if not session.ws.forwards(kind):
        return []
    from tuicrm.crm.forwarded import gone_into, unseen_fields
    from tuicrm.crm.lookup import title

    found = []
    for one in gone_into(session, kind, key):
        late = ", ".join(unseen_fields(session, one))
        text = f"{title(session, kind, one.record)}, one with this now" + (
            f"; edited there since: {late}" if late else ""
        )
        told = Told(MERGED, text, f" ({one.by})" if one.by else "", "")
        found.append(Entry(id_ms(one.version), one.record["id"], kind, MERGED, told))
    return found


def concerning(session: Session, kind: str, key: str) -> Callable[[Record], bool]:
    """Return the test whether an activity or a follow-up is about the record, or about a lead that it was."""
    from tuicrm.crm.stragglers import leads_of

    concerns = _concerning(session, kind, key)
    leads = leads_of(session, kind, key)
    return (lambda one: concerns(one) or one.get("lead") in leads) if leads else concerns


def _concerning(session: Session, kind: str, key: str) -> Callable[[Record], bool]:
    if kind == "contact":
        return lambda one: key in words(one.get("contacts"))
    if kind == "user":
        return lambda one: one.get("owner") == key
    if kind != "company":
        return lambda one: one.get(kind) == key
    deals = {one["id"] for one in session.ws.all("deal").values() if one.get("company") == key}
    people = {one["id"] for one in session.ws.all("contact").values() if one.get("company") == key}

    def concerned(one: Record) -> bool:
        company = one.get("company")
        if company:
            return bool(company == key)
        return one.get("deal") in deals or any(person in people for person in words(one.get("contacts")))

    return concerned


_HEADS = {"email": "mail", "meeting": "meet", "expected_close": "close", "stage": "move"}


def tell(session: Session, entry: Entry, seen_from: str, key: str) -> Told:
    """Return an entry in words, for the page of the record `key` of the kind `seen_from`."""
    if entry.told is not None:
        return entry.told
    record = session.ws.get(entry.kind, entry.id)
    if record is None:
        return Told(entry.sort, "(deleted)", "", "")
    if entry.kind == "activity" and entry.sort != ADDED:
        head, text = _activity(session, record, key)
        return Told(head, text, _tail(session, record, seen_from), word(record.get("body")).strip())
    if entry.sort == DONE:
        return Told(DONE, word(record.get("subject")), _tail(session, record, seen_from), "")
    if entry.sort == CLOSED:
        stage = derive.deals(session).stage(record)
        reason = word(record.get("lost_reason"))
        return Told(stage.kind if stage else CLOSED, f"{stage.name if stage else ''}{reason and ': '}{reason}", "", "")
    if entry.sort == CONVERTED:
        return Told("became", became(session, record), "", "")
    return Told(entry.sort, "", "", "")


def became(session: Session, lead: Record) -> str:
    """Return what a lead became: `deal Acme, contact Jane Roe, company Acme GmbH`."""
    named = ((kind, name_of(session, kind, word(lead.get(kind)))) for kind in ("deal", "contact", "company"))
    return ", ".join(f"{kind} {name}" for kind, name in named if name)


def _activity(session: Session, record: Record, key: str) -> tuple[str, str]:
    """Return one word for an activity and a line about it: `Jane Roe: wants the report (12 min, reached)`."""
    sort = word(record.get("type"))
    if sort == CHANGE:
        from tuicrm.crm.history import change_text

        field = word(record.get("field"))
        said = change_text(session, record)
        plain = field in ("stage", "value", "owner", "expected_close")
        return (_HEADS.get(field, field), said.partition(": ")[2]) if plain and ": " in said else (CHANGE, said)
    others = (one for one in words(record.get("contacts")) if one != key)
    people = ", ".join(filter(None, (name_of(session, "contact", one) for one in others)))
    if not people and (lead := word(record.get("lead"))) != key:
        people = name_of(session, "lead", lead)
    if sort == TOUCH:
        sort = word(record.get("touch")) or TOUCH
    duration = record.get("duration")
    subject, outcome = word(record.get("subject")), word(record.get("outcome")).replace("_", " ")
    told = outcome if outcome.casefold() != subject.casefold() else ""
    tail = ", ".join(filter(None, (f"{duration} min" if duration.__class__ is int and duration else "", told)))
    text = ": ".join(filter(None, (people, subject)))
    return _HEADS.get(sort, sort if sort in LOGGED else sort[:8]), ", ".join(filter(None, (text, tail)))


def _tail(session: Session, record: Record, seen_from: str) -> str:
    user = session.ws.get("user", word(record.get("owner"))) or {}
    by = word(user.get("handle")) or word(user.get("name"))
    deal = name_of(session, "deal", word(record.get("deal"))) if seen_from != "deal" else ""
    return (f" ({by})" if by else "") + (f" | {deal}" if deal else "")
