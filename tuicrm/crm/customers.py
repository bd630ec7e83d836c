"""What follows for companies and people: their deals, when somebody last talked to them, what is next."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive, nexts
from tuicrm.crm.shapes import word, words
from tuicrm.crm.talks import talks

if TYPE_CHECKING:
    from decimal import Decimal

    from tuicrm.crm.session import Session

Record = dict[str, Any]


class Customers:
    """One revision of the workspace; what is asked for first is worked out first."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._talks = talks(session)
        self._facts = derive.deals(session)
        self._base = session.currency

    @cached_property
    def deals(self) -> dict[str, list[Record]]:
        """All deals by the company and by the people that they are with."""
        found: dict[str, list[Record]] = {}
        for deal in self._session.ws.all("deal").values():
            for key in {word(deal.get("company")), *words(deal.get("contacts"))}:
                found.setdefault(key, []).append(deal)
        return found

    @cached_property
    def people(self) -> dict[str, list[str]]:
        """The ids of people by their company."""
        found: dict[str, list[str]] = {}
        for key, one in self._session.ws.all("contact").items():
            found.setdefault(word(one.get("company")), []).append(key)
        return found

    @cached_property
    def _next(self) -> dict[str, Record]:
        """The next follow-up of each company and person, of a company also those of its deals and people."""
        ws, session = self._session.ws, self._session
        deals, contacts = ws.all("deal"), ws.all("contact")
        waiting = [one for one in ws.all("followup").values() if not one.get("done_at")]
        waiting.sort(key=nexts.due_key)
        found: dict[str, Record] = {}
        for one in waiting:
            if nexts.snoozed(session, one):
                continue
            people = words(one.get("contacts"))
            deal = deals.get(word(one.get("deal")), {})
            companies = [word(one.get("company")), word(deal.get("company"))]
            companies += [word(contacts.get(key, {}).get("company")) for key in people]
            for key in {*people, *companies}:
                found.setdefault(key, one)
        return found

    def ready(self) -> None:
        """Work out at once all that rows need, so that none of them has to wait."""
        self.next("")
        self.last("company", "")

    def next(self, key: str) -> Record | None:
        """Return the next follow-up of a company or a person."""
        return self._next.get(key)

    def last(self, kind: str, key: str) -> int:
        """Return when somebody last talked to a company or a person, in milliseconds since 1970; 0 for never."""
        if kind != "company":
            return self._talks.when((key,))
        return self._talks.when((key, *(one["id"] for one in self.deals.get(key, ())), *self.people.get(key, ())))

    def open(self, key: str) -> list[Record]:
        """Return the open deals of a company or a person."""
        return [one for one in self.deals.get(key, ()) if self._facts.status(one) == "open"]

    def worth(self, key: str) -> tuple[int, dict[str, Decimal]]:
        """Return how many deals are open, and what they are worth by currency, the base currency first."""
        found: dict[str, Decimal] = {}
        held = self.open(key)
        for one in held:
            value = derive.amount(one.get("value"))
            code = word(one.get("currency")) or self._base
            if value is not None:
                found[code] = found[code] + value if code in found else value
        return len(held), dict(sorted(found.items(), key=lambda pair: (pair[0] != self._base, pair[0])))

    def worth_text(self, key: str) -> str:
        """Return `2 61k`: the count and the sum of the open deals; empty without any."""
        from tuicrm.money import short

        count, sums = self.worth(key)
        said = " + ".join(short(value) + ("" if code == self._base else f" {code}") for code, value in sums.items())
        return f"{count} {said}".rstrip() if count else ""

    def rank(self, key: str) -> tuple[Decimal | int, ...]:
        """Return something that sorts by worth: the sum in the base currency, then in any other."""
        _, sums = self.worth(key)
        return (sums.get(self._base, 0), max(sums.values(), default=0))


def customers(session: Session) -> Customers:
    """Return what follows for companies and people as things stand."""
    found: Customers = session.remember(f"customers {session.today}", lambda: Customers(session))
    return found


def ago(session: Session, ms: int) -> str:
    """Return how long ago a moment was: `today`, `9d ago`, `5w ago`, `Mar 2026`; empty for 0."""
    if not ms:
        return ""
    from datetime import date

    day = derive.deals(session).day_of(ms)
    days = session.today.toordinal() - day
    if days < 0:
        return "ahead"
    if days < 2:
        return ("today", "yesterday")[days]
    return f"{days}d ago" if days < 15 else f"{days // 7}w ago" if days < 70 else f"{date.fromordinal(day):%b %Y}"
