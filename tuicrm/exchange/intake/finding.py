"""Who a post is from: the contact or the lead with its e-mail address, else with its phone number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.crm.lookup import named, phone_cores
from tuicrm.crm.shapes import word, words
from tuicrm.folding import fold

if TYPE_CHECKING:
    from tuicrm.crm.session import Session
    from tuicrm.exchange.intake.meaning import Meant

Record = dict[str, Any]
KINDS = ("contact", "lead")


class Finding:
    """Finds people of the workspace, and those whom the same intake made."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.met: list[Record] = []
        """The leads that are about to be added."""

    def person(self, meant: Meant) -> tuple[str, Record] | None:
        """Return the kind and the record of whoever a post is from; None for somebody fresh.

        An address is enough. A number is one's own only where nothing speaks against it: switchboards have many people.
        """
        for email in meant.emails:
            held = [(kind, one) for kind in KINDS for one in named(self._session, kind, email)]
            held += [("lead", one) for one in self.met if fold(email) in _addresses(one)]
            if held:
                return self._became(
                    min(held, key=lambda pair: (pair[0], not _same_name(pair[1], meant), pair[1]["id"]))
                )
        for number in meant.phones:
            core = phones.core(number)
            held = [(kind, one) for kind in KINDS for one in self._with_number(kind, core)]
            held += [("lead", one) for one in self.met if _has_number(one, core)]
            if len(held) == 1 and _may_be(held[0][1], meant):
                return self._became(held[0])
        return None

    def news(self, record: Record, meant: Meant) -> list[tuple[str, str]]:
        """Return what a post says of a known person that the record does not: a stranger's word changes no record."""
        told = [("name", meant.name, not _same_name(record, meant))]
        told += [("e-mail", one, fold(one) not in _addresses(record)) for one in meant.emails]
        told += [("phone", one, not _has_number(record, phones.core(one))) for one in meant.phones]
        company = word(record.get("company_name")) or self._company(record)
        told.append(("company", meant.company, fold(company) != fold(meant.company)))
        return [(name, text) for name, text, fresh in told if text and fresh]

    def _company(self, record: Record) -> str:
        from tuicrm.crm.lookup import name_of

        return name_of(self._session, "company", word(record.get("company")))

    def _with_number(self, kind: str, core: str) -> list[Record]:
        records = self._session.ws.all(kind)
        found = dict.fromkeys(key for one, key in phone_cores(self._session, kind) if core and phones.same(one, core))
        return [records[key] for key in found]

    def _became(self, found: tuple[str, Record]) -> tuple[str, Record]:
        """Return the contact that a lead was converted to, in its place."""
        kind, record = found
        contact = self._session.ws.get("contact", word(record.get("contact"))) if kind == "lead" else None
        return ("contact", contact) if contact is not None else found


def _addresses(record: Record) -> list[str]:
    return [fold(one) for one in words(record.get("emails"))]


def _has_number(record: Record, core: str) -> bool:
    return any(phones.same(phones.core(one), core) for one in words(record.get("phones")))


def _same_name(record: Record, meant: Meant) -> bool:
    return fold(word(record.get("name"))).strip() == fold(meant.name).strip()


def _may_be(record: Record, meant: Meant) -> bool:
    return not meant.emails or not record.get("emails") or _same_name(record, meant)
