"""One line about one or many records: what it logs, which follow-ups it answers, and what comes next, as one step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm.answering import MAILED, OUTCOMES, answered, unanswered
from tuicrm.crm.lookup import name_of
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word, words
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.about import About
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]


@dataclass(frozen=True)
class Typed:
    """What was typed."""

    sort: str
    """`call`, `email`, `meeting` or `note`."""
    text: str = ""
    """The first line is the subject, the rest the body."""
    outcome: str = ""
    next: str = ""
    """The next step in words; a bare date will do."""
    closes: bool = True
    """Whether a follow-up that this answers is done with it."""
    at: str = ""
    """When it happened, where that was not now."""


def outcomes(session: Session, typed: Typed, abouts: Sequence[About]) -> list[str]:
    """Return the outcomes that are offered for an entry, as people read them; of e-mails only where one ends something.

    An e-mail that came in ends the sequence of whoever wrote it.
    """
    from tuicrm.crm.enrolments import of_people

    held = OUTCOMES.get(typed.sort, ())
    if typed.sort == "email" and session.ws.all("enrolment"):
        people = [key for one in abouts for key in (*one.contacts, one.lead) if key]
        held = MAILED if of_people(session, people) else ()
    return [one.replace("_", " ") for one in held]


def entries(session: Session, typed: Typed, abouts: Sequence[About]) -> list[About]:
    """Return what each entry is about, with the people who took part.

    Every record has an entry of its own, but one meeting has all the people in it. Of a deal with several people it is
    those of the follow-up that is answered, else the first.
    """
    if typed.sort == "meeting" and len(abouts) > 1 and all(one.kind == "contact" for one in abouts):
        companies = {one.company for one in abouts}
        people = tuple(person for one in abouts for person in one.contacts)
        return [replace(abouts[0], contacts=people, company=companies.pop() if len(companies) == 1 else "")]
    return [_with_people(session, typed, one) for one in abouts]


def _with_people(session: Session, typed: Typed, one: About) -> About:
    if one.kind != "deal" or len(one.contacts) < 2:
        return one
    held = answered(session, typed.sort, one) if typed.closes else None
    meant = tuple(key for key in words((held or {}).get("contacts")) if session.ws.get("contact", key) is not None)
    return replace(one, contacts=meant or one.contacts[:1])


def answers(session: Session, typed: Typed, abouts: Sequence[About]) -> list[Record]:
    """Return the follow-ups that the entries would answer, each once."""
    found = (answered(session, typed.sort, one) for one in abouts)
    return list({str(one["id"]): one for one in found if one is not None}.values())


def called(session: Session, typed: Typed, one: About) -> str:
    """Return what the next step is called where only a date is given: `call Jane Roe`, `follow up: pricing`."""
    who = name_of(session, "contact", one.contacts[0]) if one.contacts else ""
    if typed.sort == "call" or unanswered(typed.outcome):
        who = who or name_of(session, "company", one.company) or name_of(session, "lead", one.lead) or one.title
        return f"{'call' if typed.sort == 'call' else 'meet'} {who}".strip()
    subject = typed.text.strip("\n").partition("\n")[0].strip()
    if subject:
        return f"follow up: {subject}"
    who = who or name_of(session, "lead", one.lead)
    return f"follow up with {who}" if who else "Follow up"


def log_about(session: Session, typed: Typed, abouts: Sequence[About]) -> Plan:
    """Return the plan that logs something about each record, or about nobody where none is given.

    A follow-up that an entry answers is done, unless nobody was reached: then a next step without words of its own
    puts it off, and without a next step it stays as it is.
    """
    if typed.sort == "note" and not typed.text.strip():
        raise Invalid("subject: a note needs a text", field="subject")
    made: list[Change] = []
    ids: list[str] = []
    said: dict[str, None] = {}
    notes: list[str] = []
    closed: set[str] = set()
    wanted: list[About | None] = [*entries(session, typed, abouts)]
    for one in wanted or [None]:
        plan = _one(session, typed, one, closed)
        made.extend(plan.changes)
        ids.extend(plan.ids)
        notes.append(plan.note)
        said.update(dict.fromkeys(plan.said))
    sort = "e-mail" if typed.sort == "email" else typed.sort
    note = notes[0] if len(notes) == 1 else f"logged {len(notes)} {sort}s"
    return Plan(tuple(made), note, ids=tuple(ids), said=tuple(said))


def _one(session: Session, typed: Typed, one: About | None, closed: set[str]) -> Plan:
    from tuicrm.crm.activities import log
    from tuicrm.crm.followups import reschedule

    held = answered(session, typed.sort, one) if one is not None and typed.closes else None
    if held is not None and held["id"] in closed:
        held = None
    text = typed.text
    if held is not None:
        closed.add(str(held["id"]))
        text = text if text.strip() else word(held.get("subject"))
    put_off = held if held is not None and waits(session, typed) else None
    done = held if put_off is None else None
    plan = log(
        session,
        typed.sort,
        text,
        contacts=one.contacts if one else (),
        deal=one.deal if one else "",
        company=one.company if one else "",
        lead=one.lead if one else "",
        at=typed.at,
        outcome=typed.outcome,
        next_step="" if put_off else typed.next,
        next_subject=called(session, typed, one) if one else "",
        followup=str(done["id"]) if done else "",
    )
    if done is not None:
        plan = replace(plan, said=(f"done: {word(done.get('subject'))}", *plan.said))
    if put_off is None or not typed.next.strip():
        return plan
    again = reschedule(session, [put_off], typed.next)
    said = f"put off: {', '.join((word(put_off.get('subject')), *again.said))}"
    return replace(plan, changes=plan.changes + again.changes, said=(*plan.said, said))


def waits(session: Session, typed: Typed) -> bool:
    """Tell whether a follow-up stays to be done: nobody was reached, and nothing else is planned."""
    if not unanswered(typed.outcome):
        return False
    from tuicrm.crm.oneline import read_line

    line = read_line(typed.next, session.reading, "\0")
    return not typed.next.strip() or (line.subject == "\0" and not line.repeat)


def echo(session: Session, typed: Typed, abouts: Sequence[About]) -> str:
    """Return what the next step is understood as, the date first, while it is typed; empty where there is none."""
    if not typed.next.strip():
        return ""
    from tuicrm.crm.oneline import read_line

    first = entries(session, typed, abouts)[:1]
    line = read_line(typed.next, session.reading, called(session, typed, first[0]) if first else "")
    when = line.when(session.reading)
    if when and typed.closes and waits(session, typed) and answers(session, typed, abouts):
        # What is put off is named beside its box.
        return when
    return f"{when}: {line.subject}" if when else line.said(session.reading)
