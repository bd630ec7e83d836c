"""What ends a sequence by itself: an answer, a meeting, a deal that moved, and people who must not be written to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.enrolments import keys, of_entry, person, sequence_of
from tuicrm.crm.shapes import word, words
from tuicrm.crm.statuses import status_of
from tuicrm.crm.touches import at_ms, id_ms, text_ms
from tuicrm.records.kinds.activity import CHANGE
from tuicrm.records.status import UNQUALIFIED
from tuicrm.store.ulid import clamp, encode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]
REPLIES = frozenset({"received", "replied", "reply", "answered"})
"""Outcomes of an e-mail that came in."""
_TELLING = frozenset({"email", "meeting", CHANGE})
"""The types of entries that can end a sequence."""
_UNHELD = frozenset({"no_show", "cancelled", "canceled"})


def heard(entry: Record) -> str:
    """Return why an entry of the log ends the sequences of its people; empty where it does not."""
    outcome = word(entry.get("outcome")).strip().casefold().replace(" ", "_")
    if entry.get("type") == "email" and outcome in REPLIES:
        return "they answered"
    return "there was a meeting" if entry.get("type") == "meeting" and outcome not in _UNHELD else ""


def reasons(session: Session, enrolments: Sequence[Record]) -> dict[str, str]:
    """Return why each of some enrolments ends, by id; those that go on are left out."""
    found = {one["id"]: why for one in enrolments if (why := _standing(session, one))}
    going = [one for one in enrolments if one["id"] not in found]
    if going:
        found.update(_in_log(session, going))
    return found


def _standing(session: Session, enrolment: Record) -> str:
    """Return why somebody must not be in a sequence as things stand."""
    held = person(session, enrolment)
    if held is None:
        return "the person is no longer here"
    if held[1].get("do_not_contact") is True:
        return "they asked not to be contacted"
    if held[0] == "lead" and status_of(session, held[1]).meaning == UNQUALIFIED:
        return "the lead was disqualified"
    return "the sequence was removed" if sequence_of(session, enrolment) is None else ""


def start_ms(enrolment: Record) -> int:
    """Return when somebody was put into a sequence, in milliseconds since 1970."""
    return text_ms(word(enrolment.get("started_at"))) or id_ms(enrolment["id"])


def _in_log(session: Session, enrolments: Sequence[Record]) -> dict[str, str]:
    """Return what the log says since each was started; one pass over what is young enough."""
    starts = {one["id"]: start_ms(one) for one in enrolments}
    people: dict[str, list[str]] = {}
    for one in enrolments:
        for key in keys(session, one):
            people.setdefault(key, []).append(one["id"])
    oldest = encode(clamp(min(starts.values())), 0)
    found: dict[str, str] = {}
    for entry in session.ws.all("activity").values():
        if entry.get("type") not in _TELLING or (entry["id"] < oldest and not entry.get("at")):
            continue
        meant, why = _about(session, entry)
        for key in meant if why else ():
            for held in people.get(key, ()):
                if at_ms(entry) > starts[held] and held not in found:
                    found[held] = why
    return found


def _about(session: Session, entry: Record) -> tuple[list[str], str]:
    """Return whose sequences an entry of the log ends, and why."""
    if entry.get("type") != CHANGE:
        why = heard(entry)
        return (of_entry(entry), why) if why else ([], "")
    if entry.get("field") != "stage" or not entry.get("before"):
        return [], ""
    deal = session.ws.get("deal", word(entry.get("deal")))
    if deal is None:
        return [], ""
    return words(deal.get("contacts")), _moved(session, deal)


def _moved(session: Session, deal: Record) -> str:
    from tuicrm.crm.derive import deals
    from tuicrm.crm.lookup import title

    stage = deals(session).stage(deal)
    where = stage.name if stage else word(deal.get("stage"))
    how = {"won": "was won", "lost": "was lost"}.get(stage.kind if stage else "", f"moved to {where}")
    return f"{title(session, 'deal', deal)} {how}"
