"""A lead becomes a customer: contact and company are found or made, the deal is made, and all that is known goes along.

What is made gets ids that follow from the lead's, so that two clones that convert one lead at once make one contact,
one company and one deal of it, joined field by field, instead of two of each; where they typed different things,
every clone shows the same one, and the other is in the list of conflicts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.becoming import Become, Found, company_for, contact_for, fill_company
from tuicrm.crm.lookup import name_of, title
from tuicrm.crm.parsing import Typing
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word
from tuicrm.crm.statuses import first_of, status_of
from tuicrm.errors import Invalid
from tuicrm.records.status import OPEN, QUALIFIED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]


@dataclass(frozen=True)
class Wishes:
    """What was said about a conversion; empty texts leave it to what is known of the lead."""

    company: str = ""
    contact: str = ""
    deal: str = ""
    """The deal's name."""
    no_company: bool = False
    no_contact: bool = False
    no_deal: bool = False
    new_company: bool = False
    """Make one, whatever looks like it."""
    new_contact: bool = False
    typed: tuple[tuple[str, str], ...] = ()
    """Further fields of the deal: (field, typed text)."""


def convert(session: Session, lead: Record, wishes: Wishes | None = None) -> Plan:
    """Return the plan that converts one lead, as one step; Ambiguous where several records may be meant."""
    return _convert(Become(session, lead), wishes or Wishes())


def _convert(become: Become, wishes: Wishes) -> Plan:
    from tuicrm.records.values import instant_text
    from tuicrm.store.changes import Write

    session, lead = become.session, become.lead
    _refuse_converted(session, lead)
    company = Found() if wishes.no_company else company_for(become, wishes.company, fresh=wishes.new_company)
    contact = Found()
    if not wishes.no_contact:
        contact = contact_for(become, wishes.contact, company.id, fresh=wishes.new_contact)
    if wishes.no_contact and not company.id:
        raise Invalid("without a contact and a company there is nothing that the lead could become")
    company_id = company.id or word((session.ws.get("contact", contact.id) or {}).get("company"))
    fill_company(become, company_id)
    deal = "" if wishes.no_deal else _deal(become, wishes, company_id, contact.id)
    status = status_of(session, lead)
    key = status.key if status.meaning == QUALIFIED else first_of(session, QUALIFIED).key
    fields = {
        "status": key,
        "reason": None,
        "snoozed_until": None,
        "converted_at": instant_text(session.now),
        "contact": contact.id or None,
        "company": company_id or None,
        "deal": deal or None,
    }
    moved = _moved(session, lead["id"], company_id, contact.id, deal)
    made = (*become.made, Write("lead", lead["id"], fields), *moved)
    said = (*become.said, *(_what(len(moved)) if moved else ()))
    return Plan(
        made,
        f"converted {title(session, 'lead', lead)}",
        ids=tuple(filter(None, (deal, contact.id, company_id))),
        said=said,
    )


def convert_all(session: Session, leads: Sequence[Record]) -> Plan:
    """Return the plan that converts several leads alike, as one step; none where one of them needs an answer."""
    if len(leads) == 1:
        return convert(session, leads[0])
    made: list[Change] = []
    fresh: dict[tuple[str, str], Record] = {}
    for lead in leads:
        made.extend(_convert(Become(session, lead, fresh), Wishes()).changes)
    return Plan(tuple(made), f"converted {len(leads)} leads", ids=tuple(one["id"] for one in leads))


def _refuse_converted(session: Session, lead: Record) -> None:
    if not lead.get("converted_at"):
        return
    became = [
        f"the {kind} {name}"
        for kind in ("deal", "contact", "company")
        if (name := name_of(session, kind, word(lead.get(kind))))
    ]
    called, short = title(session, "lead", lead), str(lead["id"])[-4:]
    raise Invalid(
        f"{called} is converted already{': ' if became else ''}{', '.join(became)}",
        hint=f"tuicrm lead reopen {short} puts it back on the list",
    )


def _kept(session: Session, lead: Record, wishes: Wishes) -> dict[str, str]:
    """Return id and name of the open deal that the lead became before; nothing where another one is wished for."""
    from tuicrm.crm.derive import deals

    held = session.ws.get("deal", word(lead.get("deal")))
    if held is None or deals(session).status(held) != OPEN or wishes.deal.strip() or wishes.typed:
        return {}
    return {"id": str(held["id"]), "name": title(session, "deal", held)}


def _deal(become: Become, wishes: Wishes, company: str, contact: str) -> str:
    """Add the deal to what is made, and return its id; a lead that was put back on the list keeps its open deal."""
    from tuicrm.crm.edit import born

    session, lead = become.session, become.lead
    if kept := _kept(session, lead, wishes):
        become.say(f"deal {kept['name']}, which is here already")
        return kept["id"]
    ctx = Typing(session)
    # What is made by this very step answers to its id.
    ctx.expect("company", company, company)
    ctx.expect("contact", contact, contact)
    known = become.known("company", company)
    name = wishes.deal.strip() or word(known.get("name")) or title(session, "lead", lead)
    typed: dict[str, list[str]] = {"name": [name], "opened_on": [session.today.isoformat()]}
    for field, text in (("company", company), ("contacts", contact), ("source", word(lead.get("source")))):
        if text:
            typed[field] = [text]
    owner = word(lead.get("owner"))
    if owner and session.ws.get("user", owner) is not None:
        typed["owner"] = [owner]
    notes = word(lead.get("notes"))
    if notes:
        typed["notes"] = [notes]
    typed.update({field: [text] for field, text in wishes.typed if text.strip()})
    record = born(session, session.kind("deal"), typed, ctx, record_id=become.id_for("deal"))
    fields = {field: value for field, value in record.items() if field != "id"}
    become.carry("deal", fields)
    become.write("deal", record["id"], fields)
    become.say(*ctx.notes, f"deal {name}")
    return str(record["id"])


def _moved(session: Session, lead: str, company: str, contact: str, deal: str) -> list[Change]:
    """Return the changes that let what is about the lead be about the contact, the company and the deal as well."""
    from tuicrm.crm.stragglers import went_along
    from tuicrm.store.changes import Write

    about = [(kind, one) for kind in ("activity", "followup") for one in session.ws.all(kind).values()]
    held = ((kind, one, went_along(one, company, contact, deal)) for kind, one in about if one.get("lead") == lead)
    return [Write(kind, one["id"], fields) for kind, one, fields in held if fields]


def _what(count: int) -> tuple[str, ...]:
    return (f"{count} {'entry' if count == 1 else 'entries'} of its history and follow-ups went along",)


def preview(session: Session, lead: Record, wishes: Wishes) -> Mapping[str, str]:
    """Return what a conversion would find or make, by `company`, `contact` and `deal`; raises what it would raise.

    `asks` says what has to hold for a lead that is qualified.
    """
    _refuse_converted(session, lead)
    become = Become(session, lead)
    company = Found() if wishes.no_company else company_for(become, wishes.company, fresh=wishes.new_company)
    contact = contact_for(become, wishes.contact, company.id, fresh=wishes.new_contact)
    known, kept = become.known("company", company.id), _kept(session, lead, wishes)
    name = wishes.deal or kept.get("name") or word(known.get("name")) or title(session, "lead", lead)
    status = first_of(session, QUALIFIED)
    asks = f"{status.name}: {status.criteria}" if status.criteria else ""
    return {"company": company.said, "contact": contact.said, "deal": name, "asks": asks}
