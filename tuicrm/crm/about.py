"""Whom and what a record is about: the people, the company, the deal and the follow-up that a new entry links to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Record = dict[str, Any]

LINKED = ("deal", "company", "contact", "lead")


@dataclass(frozen=True)
class About:
    """Ids, empty where there is none."""

    kind: str
    id: str
    title: str
    deal: str = ""
    company: str = ""
    contacts: tuple[str, ...] = ()
    lead: str = ""
    followup: str = ""
    """The record itself where it is a follow-up, else its next one that is undone."""

    @property
    def subject(self) -> tuple[str, str]:
        """Kind and id of what it is about: the deal, the first person, the company or the lead, else itself."""
        held = (
            ("deal", self.deal),
            ("contact", next(iter(self.contacts), "")),
            ("company", self.company),
            ("lead", self.lead),
        )
        return next((pair for pair in held if pair[1]), (self.kind, self.id))


def about(session: Session, kind: str, record: Record) -> About:
    """Return what a record of any kind is about."""
    from tuicrm.crm.lookup import title
    from tuicrm.crm.nexts import next_followup

    key = str(record["id"])
    deal = key if kind == "deal" else _live(session, "deal", record.get("deal"))
    held = session.ws.get("deal", deal) if deal else None
    contacts = (key,) if kind == "contact" else _contacts(session, record) or _contacts(session, held or {})
    company = key if kind == "company" else _live(session, "company", record.get("company"))
    company = company or _live(session, "company", (held or {}).get("company"))
    if not company and contacts:
        company = _live(session, "company", (session.ws.get("contact", contacts[0]) or {}).get("company"))
    following = record if kind == "followup" else next_followup(session, kind, key) if kind in LINKED else None
    return About(
        kind=kind,
        id=key,
        title=title(session, kind, record),
        deal=deal,
        company=company,
        contacts=contacts,
        lead=key if kind == "lead" else _live(session, "lead", record.get("lead")),
        followup=str(following["id"]) if following else "",
    )


def _contacts(session: Session, record: Record) -> tuple[str, ...]:
    held = record.get("contacts")
    keys = held if isinstance(held, list) else ()
    return tuple(key for key in keys if isinstance(key, str) and session.ws.get("contact", key) is not None)


def _live(session: Session, kind: str, key: object) -> str:
    return key if isinstance(key, str) and key and session.ws.get(kind, key) is not None else ""
