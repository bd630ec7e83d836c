"""Logging what happened, together with what comes next, as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.edit import born
from tuicrm.crm.parsing import Typing
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
REACHING_OUT = ("call", "email", "meeting")


def log(
    session: Session,
    kind: str,
    text: str,
    *,
    contacts: Sequence[str] = (),
    deal: str = "",
    company: str = "",
    lead: str = "",
    at: str = "",
    outcome: str = "",
    duration: str = "",
    next_step: str = "",
    next_subject: str = "",
    followup: str = "",
    more: Mapping[str, Sequence[str]] | None = None,
    ctx: Typing | None = None,
) -> Plan:
    """Return the plan that logs a call, an e-mail, a meeting or a note, all given as typed.

    The first line of `text` is the subject, the rest the body. `next_step` ("call in 3 days") becomes a follow-up,
    called `next_subject` where it is a bare date; `followup` names the one that this closes, from which contact and
    deal are taken where none are given. `more` has other fields; a `ctx` of one's own may know records that the same
    step adds.
    """
    from tuicrm.store.changes import Write

    ctx = ctx or Typing(session)
    subject, _, body = text.strip("\n").partition("\n")
    typed = {
        "type": [kind],
        "subject": [subject],
        "body": [body],
        "at": [at],
        "duration": [duration],
        "outcome": [outcome],
        "company": [company],
        "deal": [deal],
        "lead": [lead],
    }
    given = {name: texts for name, texts in typed.items() if texts[0].strip()}
    if contacts:
        people, of = _people(ctx, contacts, lead)
        given.update({name: texts for name, texts in (("contacts", people), ("lead", of)) if texts})
    given.update({name: list(texts) for name, texts in (more or {}).items()})
    closed = _find(session, followup) if followup else None
    if closed is not None:
        _take_over(closed, given)
    entry = born(session, session.kind("activity"), given, ctx)
    made: list[Change] = [Write("activity", entry["id"], _fields(entry))]
    if closed is not None:
        made.extend(_close(session, closed, entry, ctx))
    if next_step.strip():
        made.extend(_next(session, next_step, entry, ctx, next_subject))
    _warn(session, entry, ctx)
    if session.ws.all("enrolment"):
        made.extend(_heard(session, entry, closed, ctx))
    return Plan(tuple(made), _note(session, entry), ids=(entry["id"],), said=ctx.notes)


def _find(session: Session, ref: str) -> Record:
    from tuicrm.crm.lookup import find

    return find(session, "followup", ref)


def _people(ctx: Typing, texts: Sequence[str], lead: str) -> tuple[list[str], list[str]]:
    """Return which of the texts name contacts, and which one a lead: one of them will do to say who took part."""
    from tuicrm.errors import NotFound

    people, leads = [], [lead] if lead.strip() else []
    for text in texts:
        try:
            ctx.resolve("contact", text)
        except NotFound:
            try:
                ctx.resolve("lead", text)
            except NotFound:
                # What answers to nobody is refused as a contact, which it was most likely meant to be.
                people.append(text)
            else:
                leads.append(text)
        else:
            people.append(text)
    return people, leads


def _take_over(closed: Record, given: dict[str, list[str]]) -> None:
    """Let the entry be about what the follow-up was about, and be called the same where it has no text."""
    for name in ("contacts", "deal", "company", "lead", "subject"):
        value = words(closed.get(name))
        if value and name not in given:
            given[name] = value


def _close(session: Session, closed: Record, entry: Record, ctx: Typing) -> list[Change]:
    from tuicrm.crm.followups import close
    from tuicrm.crm.stopping import heard

    return close(session, closed, ctx, onwards=not heard(entry))


def _next(session: Session, text: str, entry: Record, ctx: Typing, subject: str) -> list[Change]:
    from tuicrm.crm.followups import following

    return following(session, text, entry, ctx, subject=subject)


def _heard(session: Session, entry: Record, closed: Record | None, ctx: Typing) -> list[Change]:
    """Return what the entry ends: the sequences of people who answered or were met."""
    from tuicrm.crm.sequences import hear

    return hear(session, entry, str(closed["id"]) if closed else "", ctx)


def _warn(session: Session, entry: Record, ctx: Typing) -> None:
    """Say which of the people asked not to be contacted, and whom this may not reach."""
    if entry.get("type") not in REACHING_OUT:
        return
    from tuicrm.crm.freshness import warning

    for one in words(entry.get("contacts")):
        contact = session.ws.get("contact", one) or {}
        if contact.get("do_not_contact") is True:
            ctx.note(f"{contact.get('name', one)} asked not to be contacted")
        if said := warning(contact, str(entry.get("type"))):
            ctx.note(said)


def _note(session: Session, entry: Record) -> str:
    """Return `logged call with Jane Roe`, or what tells most where nobody took part."""
    from tuicrm.crm.lookup import name_of

    people = [name_of(session, "contact", one) for one in words(entry.get("contacts"))]
    people = people or [name for name in (name_of(session, "lead", str(entry.get("lead", ""))),) if name]
    about = name_of(session, "deal", str(entry.get("deal", ""))) or str(entry.get("subject", ""))
    with_whom = f" with {', '.join(people)}" if people else f": {about}" if about else ""
    return f"logged {entry['type']}{with_whom}"


def _fields(record: Record) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "id"}
