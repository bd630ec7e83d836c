"""From an e-mail to an entry of the log: its people found by their addresses, its time, its text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tuicrm.crm.about import About
from tuicrm.crm.logabout import Typed
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.crm.mail import Mail
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

_MOST_WORDS = 12


@dataclass(frozen=True)
class Letter:
    """An e-mail as it would be logged."""

    typed: Typed
    about: About
    strangers: tuple[str, ...] = ()
    """Addresses that nobody here has."""


def letter(session: Session, mail: Mail, target: About | None = None) -> Letter:
    """Return an e-mail as an entry about its people and, where one is given, about the deal of a record."""
    team = {word(one.get("email")).casefold() for one in session.ws.all("user").values()} - {""}
    contacts: dict[str, None] = {}
    strangers = []
    for address in mail.addresses:
        if address in team:
            continue
        found = _contact(session, address)
        if found:
            contacts[found] = None
        else:
            strangers.append(address)
    typed = Typed(
        sort="email",
        text=f"{mail.subject}\n{mail.body}",
        outcome="sent" if mail.sender[1] in team else "received" if mail.sender[1] else "",
        at=_moment(session, mail),
    )
    return Letter(typed, _about(session, mail, target, tuple(contacts)), tuple(strangers))


def _contact(session: Session, address: str) -> str:
    from tuicrm.crm.lookup import named

    found = named(session, "contact", address)
    return str(found[0]["id"]) if found else ""


def _about(session: Session, mail: Mail, target: About | None, contacts: tuple[str, ...]) -> About:
    if target is None:
        return About("", "", mail.subject, contacts=contacts)
    if not contacts or set(contacts) == set(target.contacts):
        return target
    if not _belong(session, contacts, target):
        # The cursor is somewhere else: a mail is not put down at a deal that its people have nothing to do with.
        return About("", "", mail.subject, company=_company(session, contacts[0]), contacts=contacts)
    # The people of the mail count; a person it was pasted at, and who is not among them, does not.
    company = target.company if target.deal or target.kind == "company" else ""
    return replace(target, kind="", id="", contacts=contacts, company=company)


def _belong(session: Session, contacts: tuple[str, ...], target: About) -> bool:
    """Return whether anyone of a mail is among the people of a record, or works at its company."""
    if not target.deal and not target.company:
        return True
    own = {_company(session, one) for one in contacts} - {""}
    return target.company in own or bool(set(contacts) & set(target.contacts))


def _company(session: Session, contact: str) -> str:
    return word((session.ws.get("contact", contact) or {}).get("company"))


def _moment(session: Session, mail: Mail) -> str:
    """Return when it was sent, as records hold it; empty where nobody can say."""
    from tuicrm.records.values import instant_text

    if mail.sent is not None:
        return instant_text(min(mail.sent, session.now))
    from tuicrm.when import parse_instant

    said = mail.date.replace(",", " ").replace(" at ", " ").split()[:_MOST_WORDS]
    for end in range(len(said), 1, -1):
        try:
            return instant_text(min(parse_instant(" ".join(said[:end]), session.reading), session.now))
        except Invalid:
            continue
    return ""


def log_letter(
    session: Session,
    mail: Mail,
    text: str = "",
    *,
    contacts: tuple[str, ...] = (),
    deal: str = "",
    company: str = "",
    lead: str = "",
    at: str = "",
    outcome: str = "",
    next_step: str = "",
    followup: str = "",
) -> Plan:
    """Return the plan that logs an e-mail as commands are asked to; what is given wins over what the mail says."""
    from tuicrm.crm.activities import log

    found = letter(session, mail)
    subject = text.strip() or found.typed.text.partition("\n")[0]
    plan = log(
        session,
        "email",
        f"{subject}\n{mail.body}",
        contacts=contacts or found.about.contacts,
        deal=deal,
        company=company,
        lead=lead,
        at=at or found.typed.at,
        outcome=outcome or found.typed.outcome,
        next_step=next_step,
        next_subject=f"follow up: {subject}",
        followup=followup,
    )
    said = tuple(f"nobody here has the address {one}" for one in found.strangers)
    return replace(plan, said=(*plan.said, *said))
